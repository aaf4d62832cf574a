//! A cover, from the fluxes to the last cell.

use core::ops::ControlFlow;

use crate::arith::Rational;

use super::super::PdeError;
use super::super::reduced::ReducedModel;
use super::blocks::Block;
use super::bound::Bounds;
use super::cell::Cell;
use super::classes::Classes;
use super::fields::Differences;
use super::fit::Fits;
use super::indices::Indices;
use super::tree::Problem;
use super::{Cover, CoverOptions, Decision, Fluxes, Mode, Progress, dual};

/// Significant bits of the bound.
const BITS: u64 = 40;
/// The least target: below it defects of fluxes are all that is seen.
const LEAST: f64 = 1e-12;
/// The longest basis, and the most fluxes.
const MAX_DIMENSION: usize = 1 << 10;
/// What of a gap may be rounding.
const GAP_NOISE: f64 = 1e-6;
/// Degrees that are tried.
const DEGREES: core::ops::RangeInclusive<u32> = 3..=12;
/// The highest degree that is accepted.
const MAX_DEGREE: u32 = 64;
/// Random ways down for each root and degree.
const WAYS: usize = 4;
/// Up to this many variables all degrees are tried.
const FEW: usize = 4;
/// The most multi-indices of a leaf.
const MAX_INDICES: usize = 1 << 16;

/// Covers the box of a model's parameters with cells, on each of which the relative error of the reduced solution is proved
/// to be below the target.
///
/// **Statement.** For all y of the box |u_y - u_G| <= rho |u_y|, u_G the Galerkin solution in the span of the rounded basis;
/// in the norm of A_y, or in that of G for [`super::Norm::H1`].
///
/// **Source.** Section 13 of the certificate format has the proof; the leaves pass the conditions there with this rho.
///
/// **Complexity.** For p parameters, degree t and K = binomial(p + t, t): O(K (d + q)^2) operations a cell and block.
///
/// **Exactness.** Upper bound.
///
/// # Errors
/// [`PdeError::NotAffine`], [`PdeError::Coefficient`], [`PdeError::Target`], [`PdeError::Size`]; [`PdeError::Doubles`] for
/// numbers that doubles do not hold; [`PdeError::Gap`] where no cover can reach the target,
/// [`PdeError::Cells`] where it has too many cells, [`PdeError::Stopped`] where `report` breaks.
pub fn cover(
    model: &ReducedModel,
    options: &CoverOptions,
    report: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Cover, PdeError> {
    resume(model, options, &[], report)
}

/// As [`cover`], from the decisions that an earlier run with the same model and options reported. They are believed; with
/// [`CoverOptions::keep`] cells that are done are computed again, for their polynomials.
///
/// # Errors
/// As [`cover`].
pub fn resume(
    model: &ReducedModel,
    options: &CoverOptions,
    known: &[Decision],
    report: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Cover, PdeError> {
    let Start { problem, roots, mode, classes, fluxes, gaps } = Start::new(model, options)?;
    let tree = problem.tree(roots, known, report)?;
    // The checker rounds roots and quotients to multiples of 2^-100; the margin is far above.
    let rho = Rational::from_f64(tree.bound() * (1.0 + 1e-9)).map_err(|_| PdeError::Doubles)?.round_up(BITS);
    Ok(Cover {
        mode,
        norm: options.norm,
        rho,
        fluxes,
        degree: problem.indices.degree(),
        cells: tree.leaves(),
        steps: tree.steps(),
        gaps,
        classes,
    })
}

/// An estimate of the number of cells, from random ways down the trees; infinite where one of them goes far beyond the most
/// cells of the options.
///
/// **Source.** Knu75.
///
/// **Exactness.** Approximate.
///
/// # Errors
/// As [`cover`].
pub fn approx_cells(model: &ReducedModel, options: &CoverOptions, ways: usize) -> Result<f64, PdeError> {
    let Start { problem, roots, .. } = Start::new(model, options)?;
    Ok(problem.approx_leaves(&roots, ways))
}

/// What a cover starts from.
struct Start<'a> {
    problem: Problem<'a>,
    roots: Vec<Cell>,
    mode: Mode,
    classes: Classes,
    fluxes: Fluxes,
    gaps: Vec<f64>,
}

impl<'a> Start<'a> {
    fn new(model: &ReducedModel, options: &'a CoverOptions) -> Result<Self, PdeError> {
        if !(LEAST..=1.0).contains(&options.target) {
            return Err(PdeError::Target { target: options.target, least: LEAST });
        }
        let limits =
            [("the dimension of the basis", model.basis().dimension()), ("the number of fluxes", options.fluxes)];
        for (what, given) in limits {
            if given > MAX_DIMENSION {
                return Err(PdeError::Size { what, given, least: 1, most: MAX_DIMENSION });
            }
        }
        let setting = model.setting();
        let classes = Classes::new(setting.problem().coefficient())?;
        let mode = classes.mode();
        let choice = dual::approx_fluxes(model, &classes, options)?;
        let gap = choice.gaps.last().copied().unwrap_or(0.0);
        // A gap is the root of a difference of energies, whose digits end there.
        if gap > options.target + GAP_NOISE {
            return Err(PdeError::Gap { gap, target: options.target, fluxes: choice.fields.len() - 1 });
        }
        // Defects of equilibrium are to be small against the target.
        let bits = (32.0 - options.target.log2()).ceil().clamp(38.0, 50.0) as i64;
        let fluxes = dual::round(&choice.fields, bits)?;
        let differences = Differences::new(setting.grid());
        let gradients: Vec<Vec<i64>> =
            model.basis().columns().iter().map(|column| differences.gradient(column)).collect();
        let blocks = Block::all(&classes, &fluxes, model.basis(), &gradients).ok_or(PdeError::Doubles)?;
        let cells = Rational::from(setting.grid().cells()) / Rational::from(8).sqrt_down(BITS * 2);
        let bounds = Bounds {
            defects: differences.defects_upper(setting, &fluxes.fields, fluxes.exponent),
            cells: cells.to_f64_up(),
            norm: options.norm,
        };
        let fits = Fits::new(model, &blocks, fluxes.fields.len() - 1);
        let roots = Cell::roots(&classes, mode).ok_or(PdeError::Doubles)?;
        let variables = roots.first().map_or(0, |root| root.variables.len());
        let numbers = classes.values().iter().map(|row| row.iter().map(Rational::approx_f64).collect()).collect();
        let mut problem =
            Problem { fits, bounds, blocks, indices: Indices::new(variables, 0), classes: numbers, options };
        if variables > 0 {
            match options.degree {
                Some(degree) => {
                    let most = (1..=MAX_DEGREE)
                        .take_while(|degree| count(variables, *degree) <= MAX_INDICES)
                        .last()
                        .unwrap_or(1);
                    if !(1..=most).contains(&degree) {
                        let (given, most) = (degree as usize, most as usize);
                        return Err(PdeError::Size { what: "the degree of polynomials", given, least: 1, most });
                    }
                    set_degree(&mut problem, variables, degree);
                }
                None => choose_degree(&mut problem, variables, &roots),
            }
        }
        Ok(Self { problem, roots, mode, classes, fluxes, gaps: choice.gaps })
    }
}

/// The multi-indices of a total degree and one more: binomial(variables + degree + 1, variables).
fn count(variables: usize, degree: u32) -> usize {
    (1..=variables).fold(1usize, |product, i| product.saturating_mul(degree as usize + 1 + i) / i)
}

fn set_degree(problem: &mut Problem<'_>, variables: usize, degree: u32) {
    problem.indices = Indices::new(variables, degree);
}

/// Takes the degree with the least estimate of the numbers in all leaves.
fn choose_degree(problem: &mut Problem<'_>, variables: usize, roots: &[Cell]) {
    let mut best = (f64::INFINITY, *DEGREES.start());
    for degree in DEGREES {
        let count = count(variables, degree);
        // Not even one cell a root would be less.
        if count > MAX_INDICES || (count * roots.len()) as f64 > best.0 {
            break;
        }
        set_degree(problem, variables, degree);
        let many = variables > FEW;
        let ways = if many { roots.len() } else { WAYS * roots.len() };
        let work = problem.approx_leaves(roots, ways) * count as f64;
        if work < best.0 {
            best = (work, degree);
        } else if many && best.0.is_finite() {
            // The next degrees would take long to try.
            break;
        }
    }
    set_degree(problem, variables, best.1);
}
