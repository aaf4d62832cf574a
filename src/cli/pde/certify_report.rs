//! What `certinet pde certify` prints.

use std::path::Path;

use serde_json::{Value, json};

use super::super::built::BuiltSize;
use super::super::error::CliError;
use super::super::result::{implied_constant, size_json};
use super::problem::Problem;
use crate::arith::Rational;
use crate::network::Size;
use crate::pde::parametric_map::{Budget, CertifiedMap, ComposedMap, ComposedMethod};
use crate::pde::whole_box::Norm;
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Column, Summary, Table};

/// Significant digits of decimals.
const DIGITS: u32 = 4;

/// Errors at random parameters.
#[derive(Debug)]
pub struct Sampled {
    /// How many parameters.
    pub count: u64,
    /// The largest relative error, in doubles.
    pub largest: f64,
}

/// Everything that is reported.
#[derive(Debug)]
pub struct Report<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The network with its proof.
    pub found: &'a CertifiedMap,
    /// The size of the network of nodal values.
    pub size: Size,
    /// Errors at random parameters.
    pub sampled: Option<&'a Sampled>,
    /// The other methods.
    pub others: &'a [(ComposedMethod, ComposedMap)],
    /// Where the certificate is.
    pub certificate: Option<&'a Path>,
}

impl Report<'_> {
    /// The facts, and the parts of the error; the methods side by side where they were asked for.
    ///
    /// # Errors
    /// [`CliError`] from the table.
    pub fn summary(&self) -> Result<Summary, CliError> {
        let (map, cover) = (&self.found.map, &self.found.cover);
        let norm = match map.norm {
            Norm::Energy => "energy norm",
            Norm::H1 => "H1 norm",
        };
        let nodal = BuiltSize::Relu(self.size);
        let reduced = BuiltSize::Relu(map.reduced_size);
        let d = self.found.model.basis().dimension();
        let fluxes = cover.fluxes.fields.len() - 1;
        let published = self.found.published();
        let constant = implied_constant(map.reduced_size.weights, published.weights_scale.as_ref());
        let mut record = self
            .problem
            .record()
            .with("reduced dimension", Cell::count(d as u64))
            .with("dual dimension", Cell::count(fluxes as u64))
            .with(
                "cells of the box",
                Cell::text(format!("{} with polynomials of degree {}", cover.cells, cover.degree)),
            )
            .with("iterates", Cell::count(map.solution.iterates as u64))
            .with("weights, parameters to coefficients", Cell::count(reduced.weights()))
            .with("its layers", Cell::count(reduced.layers()))
            .with("its neurons", Cell::count(reduced.neurons()))
            .with("weights, parameters to nodal values", Cell::count(nodal.weights()))
            .with("its layers ", Cell::count(nodal.layers()))
            .with("its neurons ", Cell::count(nodal.neurons()))
            .with("constant that the published bound would need", constant.clone().map_or(Cell::None, Cell::UpperBound))
            .with(format!("relative error, {norm}, all parameters"), Cell::UpperBound(map.budget.total.clone()));
        let mut json = self.problem.json();
        let mut put = |key: &str, value: Value| json[key] = value;
        put(
            "norm",
            json!(match map.norm {
                Norm::Energy => "relative-energy",
                Norm::H1 => "relative-h1",
            }),
        );
        put("reduced_dimension", json!(d));
        put("dual_dimension", json!(fluxes));
        put("cells", json!(cover.cells));
        put("cell_degree", json!(cover.degree));
        put("iterates", json!(map.solution.iterates));
        put("levels", json!(map.solution.levels));
        put("coefficient_network", Value::Object(size_json(&map.reduced_size)));
        put("nodal_network", Value::Object(size_json(&self.size)));
        put("error", json!(map.budget.total.to_string()));
        put("error_kind", json!("bound"));
        put("terms", terms_json(&map.budget));
        put(
            "published",
            json!({
                "source": published.source,
                "formula": published.formula,
                "implied_weights_constant": constant.map(|c| c.to_string()),
            }),
        );
        put("certificate", json!(self.certificate.map(|path| path.to_string_lossy())));
        if let Some(sampled) = self.sampled {
            let total = map.budget.total.approx_f64();
            let ratio = total / sampled.largest;
            record = record
                .with("sampled parameters", Cell::count(sampled.count))
                .with("largest error among them", Cell::text(format!("about {:.3e} (sampled)", sampled.largest)))
                .with("bound over it", Cell::text(format!("about {ratio:.2}")));
            put(
                "sampled",
                json!({
                    "parameters": sampled.count,
                    "largest_relative_error": sampled.largest,
                    "bound_over_largest": ratio,
                    "error_kind": "sampled",
                }),
            );
        }
        let table = if self.others.is_empty() { self.terms()? } else { self.methods(&mut json)? };
        Ok(Summary { record: record.with_json(json), table })
    }

    /// The parts of the error with their shares.
    fn terms(&self) -> Result<Table, CliError> {
        let budget = &self.found.map.budget;
        let mut table = Table::new(vec![
            Column::left("part of the error"),
            Column::right("bound"),
            Column::right("share").with_legend("of the sum; basis and iteration add in squares in the energy norm"),
        ]);
        for (name, value) in parts(budget) {
            let share = 100.0 * value.approx_f64() / budget.total.approx_f64();
            let cells = vec![
                Cell::text(name),
                Cell::text(format!("<= {}", Printed::decimal(value, DIGITS, Direction::Up))),
                Cell::text(format!("{share:.0} %")),
            ];
            table.push(cells, json!({"part": name, "bound": value.to_string(), "share": share}))?;
        }
        Ok(table)
    }

    /// The methods with their sizes.
    fn methods(&self, json: &mut Value) -> Result<Table, CliError> {
        let map = &self.found.map;
        let mut table = Table::new(vec![
            Column::left("method"),
            Column::left("source"),
            Column::right("layers"),
            Column::right("weights"),
            Column::right("times affine"),
            Column::right("error").with_legend("relative, all parameters"),
        ]);
        let mut list = Vec::new();
        let mut push = |name: &str, source: &str, size: Size, budget: &Budget| -> Result<(), CliError> {
            let times = size.weights as f64 / map.reduced_size.weights as f64;
            let cells = vec![
                Cell::text(name),
                Cell::text(source),
                Cell::count(size.layers),
                Cell::count(size.weights),
                Cell::text(format!("{times:.1}")),
                Cell::UpperBound(budget.total.clone()),
            ];
            let row = json!({
                "method": name,
                "source": source,
                "size": size_json(&size),
                "times_affine": times,
                "error": budget.total.to_string(),
                "error_kind": "bound",
            });
            list.push(row.clone());
            Ok(table.push(cells, row)?)
        };
        push("affine", "certinet", map.reduced_size, &map.budget)?;
        for (method, composed) in self.others {
            push(method.name(), method.source(), composed.size, &composed.budget)?;
        }
        json["methods"] = json!(list);
        Ok(table)
    }
}

fn parts(budget: &Budget) -> [(&'static str, &Rational); 3] {
    [("reduced basis", &budget.basis), ("iteration", &budget.iteration), ("products", &budget.products)]
}

fn terms_json(budget: &Budget) -> Value {
    let terms = parts(budget).map(|(name, value)| json!({"part": name, "bound": value.to_string()}));
    json!(terms)
}
