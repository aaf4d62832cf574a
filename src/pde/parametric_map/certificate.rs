//! The statement and the lines of the section `diffusion` (FORMAT.md, section 13).

use std::sync::Arc;

use crate::arith::{Integer, Rational};
use crate::certify::rules::diffusion;
use crate::certify::{Claim, Domain, ErrorKind, Line, Norm, Part, Proof, Target};
use crate::linalg::Matrix;

use super::super::DiscreteProblem;
use super::super::whole_box::{self, Classes, Cover, Mode, Step};
use super::map::ParametricMap;

/// What the network claims: the error over the whole box.
pub(super) fn claim(map: &ParametricMap, problem: &DiscreteProblem, classes: &Classes) -> Claim {
    let domain = &map.problem.system.domain;
    let cube = domain.iter().all(|side| *side == domain[0]);
    Claim {
        target: Target::Diffusion { parameters: domain.len(), problem: target(problem, classes).into() },
        domain: match domain.as_slice() {
            [(lower, upper), ..] if cube => {
                Domain::Cube { dimension: domain.len(), lower: lower.clone(), upper: upper.clone() }
            }
            sides => Domain::Box(sides.to_vec()),
        },
        norm: match map.norm {
            whole_box::Norm::Energy => Norm::RelativeEnergy,
            whole_box::Norm::H1 => Norm::RelativeH1,
        },
        error: map.budget.total.clone(),
        kind: ErrorKind::UpperBound,
        derivative_error: None,
    }
}

/// n p K, the numbers of the classes, the runs of triangles, the terms of the load.
fn target(problem: &DiscreteProblem, classes: &Classes) -> String {
    let numbers = classes.values();
    let mut text = format!("{} {} {}", problem.grid().cells(), classes.parameters(), numbers.len());
    let mut put = |x: &dyn std::fmt::Display| text.push_str(&format!(" {x}"));
    numbers.iter().flatten().for_each(|x| put(x));
    let runs: Vec<&[usize]> = classes.of_triangles().chunk_by(|a, b| a == b).collect();
    put(&runs.len());
    for run in runs {
        put(&run[0]);
        put(&run.len());
    }
    let terms = problem.load_terms();
    put(&terms.len());
    for (c, a, b) in terms {
        put(c);
        put(a);
        put(b);
    }
    text
}

/// Why the claim holds.
pub(super) fn proof(map: &ParametricMap, cover: &Cover) -> Proof {
    let mut parts = map.solution.parts.clone();
    let text = lines(map, cover);
    parts.push(Part { network: Arc::clone(&map.network), lines: text });
    Proof::new(parts)
}

fn lines(map: &ParametricMap, cover: &Cover) -> Vec<Line> {
    let problem = &map.problem;
    let system = &problem.system;
    let mut lines = vec![diffusion::diffusion(&map.solution.network)];
    lines.extend(system.matrices.iter().map(|matrix| diffusion::form(integers(&lower_triangle(matrix)))));
    lines.push(diffusion::load(integers(&system.load)));
    lines.push(diffusion::bounds([
        &system.lower,
        &system.upper,
        &problem.load_lower,
        &system.load_upper,
        &system.matrix_error,
        &system.load_error,
    ]));
    lines.extend(map.solution.lines.iter().cloned());
    let fluxes = &cover.fluxes;
    lines.extend(fluxes.fields.iter().map(|field| diffusion::flux(scaled(-fluxes.exponent, field))));
    let mode = match cover.mode {
        Mode::Faces => "faces",
        Mode::Box => "box",
    };
    lines.push(diffusion::cells(mode, &cover.rho));
    lines.extend(cover.steps.iter().map(|step| match step {
        Step::Cut { parameter, at } => diffusion::cut(*parameter, at),
        Step::Leaf(leaf) => {
            let mut numbers = leaf.below.clone();
            numbers.extend(&leaf.polynomials);
            diffusion::leaf(leaf.degree, scaled(leaf.exponent, &numbers))
        }
    }));
    lines.push(diffusion::conclude(&map.bound, &map.budget.exact));
    lines
}

fn lower_triangle(matrix: &Matrix) -> Vec<Rational> {
    (0..matrix.rows()).flat_map(|j| matrix.row(j)[..=j].to_vec()).collect()
}

/// The exponent e and integers m with m 2^e the numbers.
fn integers(numbers: &[Rational]) -> String {
    let bits = numbers.iter().filter_map(Rational::dyadic_exponent).max().unwrap_or(0) as i64;
    let mut text = format!("{}", -bits);
    for x in numbers {
        let whole: Integer = x.scale_by_power_of_two(bits).floor();
        text.push_str(&format!(" {whole}"));
    }
    text
}

/// The same for whole numbers times 2^exponent.
fn scaled(exponent: i64, numbers: &[i64]) -> String {
    let mut text = exponent.to_string();
    for n in numbers {
        text.push_str(&format!(" {n}"));
    }
    text
}
