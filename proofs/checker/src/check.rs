//! From a file to a verdict.

use std::io::{self, BufRead};

use num_bigint::BigInt;

use crate::lexer::Source;
use crate::lower::layered;
use crate::network::Network;
use crate::problem::{Problem, problem};
use crate::reader;
use crate::rules::{self, Kind, Proof, Section, Standalone, assume, block, qed};
use crate::spiking::SpikingNetwork;
use crate::statement::Statement;

/// What the checker says.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every line holds.
    Verified,
    /// Every line holds but so many that were taken on trust.
    Holey(u64),
    /// A line does not hold.
    Rejected {
        /// The number of the line, 0 for a network file.
        step: u64,
        /// The rule that fails.
        rule: &'static str,
        /// Why.
        why: String,
    },
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Verified => f.write_str("verified"),
            Self::Holey(count) => write!(f, "holey {count}"),
            Self::Rejected { step, rule, why } => write!(f, "rejected step {step} rule {rule}: {why}"),
        }
    }
}

/// A verdict and what it is about.
#[derive(Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// What is claimed, as far as it was read; proved by a verdict that is not a rejection.
    pub statement: Option<Statement>,
    /// As `statement`, of a certificate without a network.
    pub standalone: Option<Standalone>,
    /// The networks, as far as they were read.
    pub networks: Vec<Network>,
    /// The spiking network, if there is one.
    pub spiking: Option<SpikingNetwork>,
}

impl Outcome {
    /// What is claimed, in words.
    pub fn claim(&self) -> Option<String> {
        let standalone = self.standalone.as_ref().map(ToString::to_string);
        self.statement.as_ref().map(ToString::to_string).or(standalone)
    }
    /// Whether the verdict is a rejection.
    pub fn is_rejected(&self) -> bool {
        matches!(self.verdict, Verdict::Rejected { .. })
    }
}

/// Checks a certificate.
///
/// # Errors
/// When the file cannot be read; everything else is a verdict.
pub fn check(reader: impl BufRead) -> io::Result<Outcome> {
    let source = Source::new(reader);
    let mut check = Check { source, rule: "text", statement: None, standalone: None, proof: Proof::default() };
    let result = check.run();
    let step = check.source.step();
    let Check { source, rule, statement, standalone, proof } = check;
    if let Some(error) = source.failure() {
        return Err(error);
    }
    let verdict = match result {
        Ok(0) => Verdict::Verified,
        Ok(holes) => Verdict::Holey(holes),
        Err(problem) => Verdict::Rejected { step, rule, why: problem.0 },
    };
    let Proof { networks, spiking, .. } = proof;
    Ok(Outcome { verdict, statement, standalone, networks, spiking })
}

struct Check<R> {
    source: Source<R>,
    /// The rule of the current line.
    rule: &'static str,
    statement: Option<Statement>,
    standalone: Option<Standalone>,
    proof: Proof,
}

impl<R: BufRead> Check<R> {
    /// The number of holes.
    fn run(&mut self) -> Result<u64, Problem> {
        self.source.advance()?;
        let mut tokens = self.source.tokens();
        tokens.expect("certinet-certificate")?;
        tokens.expect("1")?;
        if !tokens.is_empty() {
            let kind = Kind::read(tokens)?;
            return self.standalone(kind);
        }
        self.rule = "statement";
        let statement = Statement::read(&mut self.source)?;
        self.statement = Some(statement.clone());
        self.rule = "network";
        let networks = reader::networks(&mut self.source, statement.spiking)?;
        let has_spiking = statement.has_spiking_network();
        let spiking = if has_spiking { Some(SpikingNetwork::read(&mut self.source)?) } else { None };
        self.proof = Proof::new(networks, spiking);
        let holes = self.steps(&statement)?;
        self.rule = "size";
        let found = match &self.proof.spiking {
            Some(spiking) if statement.spiking => spiking.size(),
            _ => {
                let found = layered(&self.proof.networks)?.size;
                [found.layers, found.neurons, found.weights].map(BigInt::from)
            }
        };
        if found != statement.size {
            let [layers, neurons, weights] = found;
            return problem(format!("the network has {layers} layers, {neurons} neurons and {weights} weights"));
        }
        self.end()?;
        Ok(holes)
    }

    /// A certificate without a network: it has no holes.
    fn standalone(&mut self, kind: Kind) -> Result<u64, Problem> {
        self.rule = "statement";
        let statement = Standalone::read(kind, &mut self.source)?;
        self.standalone = Some(statement.clone());
        self.rule = kind.rule();
        statement.prove(&mut self.source)?;
        self.rule = "qed";
        let mut tokens = self.source.tokens();
        tokens.expect("qed")?;
        tokens.end()?;
        self.end()?;
        Ok(0)
    }

    /// The last line.
    fn end(&mut self) -> Result<(), Problem> {
        self.rule = "end";
        let lines = self.source.step();
        self.source.advance()?;
        let mut tokens = self.source.tokens();
        tokens.expect("end")?;
        if tokens.natural()? != lines {
            return problem(format!("{lines} lines come before the end"));
        }
        tokens.end()?;
        if !self.source.is_last()? {
            return problem("something follows the end");
        }
        Ok(())
    }

    /// The proof, from the current line to `qed`.
    fn steps(&mut self, statement: &Statement) -> Result<u64, Problem> {
        let (mut holes, mut section) = (0, None::<Box<dyn Section>>);
        loop {
            let mut tokens = self.source.tokens();
            let keyword = tokens.word()?;
            self.rule = rules::name(keyword);
            let given = match (&mut section, keyword) {
                (Some(_), opening) if rules::OUTSIDE.contains(&opening) => {
                    return problem("the section before is not concluded");
                }
                (Some(open), _) => open.line(&self.proof, keyword, tokens)?,
                (None, "spec") => {
                    self.rule = rules::block_name(tokens.peek(1));
                    Some(block(&self.proof, tokens)?)
                }
                (None, "approximate-minimum") => Some(rules::approximate_minimum(&self.proof, tokens)?),
                (None, "assume") => {
                    holes += 1;
                    Some(assume(&self.proof, tokens)?)
                }
                (None, "qed") => {
                    qed(&self.proof, statement, tokens)?;
                    return Ok(holes);
                }
                (None, _) => {
                    section = Some(rules::open(&self.proof, statement, keyword, tokens)?);
                    None
                }
            };
            if let Some((number, specification)) = given {
                self.proof.give(number, specification)?;
                section = None;
            }
            self.rule = "text";
            self.source.advance()?;
        }
    }
}
