//! `certinet barrier list`: every experiment with its theorem, what a run proves, and what it only illustrates.

use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use crate::report::{Cell, Column, Format, Printable, Record, Table};

/// Says for each experiment which theorem it belongs to, what a run proves, and what it only illustrates.
#[derive(Debug, clap::Args)]
pub struct List;

struct Experiment {
    name: &'static str,
    theorem: &'static str,
    source: &'static str,
    proves: &'static str,
    illustrates: &'static str,
}

const EXPERIMENTS: [Experiment; 7] = [
    Experiment {
        name: "minimise",
        theorem: "the minimisers of |x|_1 under |A x - y| <= eps are the face of a polytope that a dual vector cuts out",
        source: "convex duality; numbers lie in one quadratic field",
        proves: "the least 1-norm, all minimisers and whether there is one only, for the rational data given; with a certificate",
        illustrates: "nothing: for data that are known exactly the problem is solvable",
    },
    Experiment {
        name: "duel",
        theorem: "for m < N, N >= 2, eps in (0, 1/4) no Banach-Mazur computable map stays within 1/4 of the minimisers",
        source: "Boche, Fono, Kutyniok, IEEE Trans. Inf. Theory 69 (2023), arXiv:2202.13490",
        proves: "this solver is wrong by this much on this rational instance, which agrees with all it has read; with a certificate",
        illustrates: "that no algorithm does better: a finite run beats one solver",
    },
    Experiment {
        name: "interval",
        theorem: "computable maps are continuous at computable points, minimisers and pseudoinverses are not",
        source: "Mazur 1963; Boche, Fono, Kutyniok, arXiv:2212.02940 (pseudoinverse), arXiv:2408.06212 (classification); \
                 Lee, Boche, Kutyniok, arXiv:2301.06148 (optimisers)",
        proves: "the bounds of the diameter of all solutions, for all data in the interval",
        illustrates: "the discontinuity in the limit: radii in a table are finitely many",
    },
    Experiment {
        name: "halting",
        theorem: "a solver within the breakdown error for all computable data would decide which Turing machines halt",
        source: "Turing, Proc. London Math. Soc. 42 (1937); Boche, Fono, Kutyniok, arXiv:2202.13490",
        proves: "steps of machines, loops that never end (by replay), and the answers on the instances that were read to k bits",
        illustrates: "undecidability: for a machine without verdict nothing is claimed",
    },
    Experiment {
        name: "bss",
        theorem: "finite-dimensional inverse problems are solvable on a machine of Blum, Shub and Smale",
        source: "Boche, Fono, Kutyniok, arXiv:2204.02066; Blum, Shub, Smale, Bull. AMS 21 (1989)",
        proves: "the exact outputs and step counts of a program on inputs with square roots",
        illustrates: "real inputs in general: a file holds algebraic numbers only",
    },
    Experiment {
        name: "blowup",
        theorem: "solutions of Laplace and diffusion equations with polynomial-time data are as hard to compute as counting",
        source: "Bacho, Boche, Kutyniok, arXiv:2212.00693; Friedman 1984, Ko 1991 (integration is #P-complete)",
        proves: "the enclosures of the solution value and the number of models; that a solver which skips a cell is wrong by this much",
        illustrates: "hardness for solvers that see the formula itself: that is the question whether FP = #P",
    },
    Experiment {
        name: "digits",
        theorem: "there are linear programs with bounded condition numbers of which K digits cannot be computed, K - 1 can, \
                  in unbounded time, and K - 2 fast",
        source: "Bastounis, Hansen, Vlacic, arXiv:2110.15734",
        proves: "the errors of the three algorithms on the family that is run, and the bounds of its condition numbers",
        illustrates: "the theorem for lasso, basis pursuit and other norms: one family of linear programs is run",
    },
];

impl Run for List {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let mut table = Table::new(
            ["experiment", "theorem", "source", "a run proves", "it only illustrates"].map(Column::left).to_vec(),
        );
        let mut records = Vec::new();
        for experiment in &EXPERIMENTS {
            let Experiment { name, theorem, source, proves, illustrates } = experiment;
            let json = json!({
                "experiment": name,
                "theorem": theorem,
                "source": source,
                "proves": proves,
                "illustrates": illustrates,
            });
            let words = [name, theorem, source, proves, illustrates];
            table.push(words.map(|text| Cell::text(*text)).to_vec(), json)?;
            let record = Record::new(Value::Null).with("experiment", Cell::text(format!("barrier {name}")));
            let fields = [
                ("theorem", theorem),
                ("source", source),
                ("a run proves", proves),
                ("it only illustrates", illustrates),
            ];
            records
                .push(fields.into_iter().fold(record, |record, (field, text)| record.with(field, Cell::text(*text))));
        }
        context.deliver(&Catalogue { table, records })?;
        Ok(Exit::Done)
    }
}

/// One block of lines an experiment for people, a table for everything else.
struct Catalogue {
    table: Table,
    records: Vec<Record>,
}

impl Printable for Catalogue {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Text => self.records.iter().map(|record| record.print(format)).collect::<Vec<_>>().join("\n"),
            _ => self.table.print(format),
        }
    }
}
