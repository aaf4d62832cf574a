//! The largest error of a piecewise-linear network against a polynomial on a box, region by region.
//!
//! | file | object |
//! |---|---|
//! | this one | the question and the answer |
//! | `search` | the regions together: the search for the largest error |
//! | `prove` | one region: cells that are cut until sums of products of slacks prove the bound |
//! | `handelman` | such a sum, by an exact linear program |
//! | `interval` | the same in one dimension, in closed form |
//! | `ascent` | where the error is large: guessed in doubles, exact for quadratics |
//! | `leaf` | the proofs as lines of a cover |

mod ascent;
mod handelman;
mod interval;
mod leaf;
mod prove;
mod search;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::error::{PolyhedraError, expect_dimension};
use super::polynomial::Monomials;
use super::{Polynomial, Region, regions};
use crate::arith::Rational;
use crate::certify::Target;
use crate::network::Layered;
pub use leaf::write_error_cover;
use prove::CellProof;
use search::Search;

/// The most monomials of one linear program.
const MAX_MONOMIALS: u128 = 256;
/// The largest degree in one variable.
const MAX_DEGREE: u32 = 256;

/// What is asked of [`extremum()`].
#[derive(Debug, Clone)]
pub struct ExtremumOptions {
    /// The error that is to be proved; without it, the largest error is looked for.
    pub error: Option<Rational>,
    /// How far, relatively, a bound may lie above the largest error that was found; positive.
    pub gap: Rational,
    /// The most regions.
    pub max_regions: usize,
    /// The most cells that regions are cut into.
    pub max_cells: usize,
}

impl Default for ExtremumOptions {
    fn default() -> Self {
        Self { error: None, gap: Rational::ratio(1, 100), max_regions: 1_000_000, max_cells: 100_000 }
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Finding {
    /// The error is at most [`Extremum::upper`] on all of the domain, proved.
    Proved,
    /// At [`Extremum::witness`] the error is larger than what was to be proved.
    Refuted,
    /// There are more regions than the limit.
    OpenRegions,
    /// More cells than the limit would be needed.
    OpenCells,
}

/// What was found out about the largest error.
#[derive(Debug, Clone)]
pub struct Extremum {
    /// The answer.
    pub finding: Finding,
    /// The largest error that was found: the error at the witness, exactly.
    pub lower: Rational,
    /// A point of the domain.
    pub witness: Vec<Rational>,
    /// A proved bound of the error on the domain; nothing when there is none.
    pub upper: Option<Rational>,
    /// The regions of the network, as many as were found.
    pub regions: Vec<Region>,
    /// The cells that they were cut into.
    pub cells: usize,
    /// Of each region why the bound holds, when all are proved.
    proofs: Vec<RegionProof>,
}

impl Extremum {
    /// Whether the proved bound is attained: then it is the largest error.
    pub fn is_exact(&self) -> bool {
        self.finding == Finding::Proved && self.upper.as_ref() == Some(&self.lower)
    }
}

/// Why |q| <= error on a region.
#[derive(Debug, Clone)]
struct RegionProof {
    proof: CellProof,
    error: Rational,
}

/// What is known of a region.
#[derive(Debug, Clone, Default)]
struct State {
    proof: Option<RegionProof>,
    upper: Option<Rational>,
}

/// Finds the largest error of a network of one output against a polynomial on a box, or proves that it is at most a bound.
///
/// **Statement.** `Proved`: for all x of the domain |R(x) - p(x)| <= upper; with [`Extremum::is_exact`], upper is the maximum,
/// attained at the witness. `Refuted`: at the witness the error is `lower`, larger than what was asked for. In any case the error at
/// the witness is `lower`, and `upper`, where there is one, is a bound.
/// **Source.** On a region R is affine, so q = R - p is one polynomial on a polytope: sums of products of slacks (Han88) prove its
/// bounds. For degree 2 the maximum is a rational number, at a critical point of a face; cuts through that point along conjugate
/// directions make the sums exist. For higher degrees the bound is a little above the largest error found.
/// **Complexity.** One or two linear programs of binomial(n + D, D) unknowns a cell; closed forms for n = 1.
/// **Exactness.** Exact for degree at most 2 unless a limit is met, else an enclosure.
///
/// # Errors
/// [`PolyhedraError`]: a target that is no polynomial, of a degree too large, or dimensions or a domain that do not fit.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::certify::Target;
/// use certinet::network::{Layer, Layered, LinearMap};
/// use certinet::polyhedra::{ExtremumOptions, extremum};
/// // x against x^2 on [0, 1]: 1/4, at 1/2.
/// let line = Layered::new(vec![Layer { map: LinearMap::identity(1), bias: LinearMap::zero(1, 1) }])?;
/// let unit = [(Rational::zero(), Rational::one())];
/// let found = extremum(&line, &Target::Square, &unit, &ExtremumOptions::default())?;
/// assert!(found.is_exact() && found.lower == Rational::ratio(1, 4) && found.witness == [Rational::ratio(1, 2)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn extremum(
    network: &Layered,
    target: &Target,
    domain: &[(Rational, Rational)],
    options: &ExtremumOptions,
) -> Result<Extremum, PolyhedraError> {
    let p = Polynomial::of_target(target).ok_or_else(|| PolyhedraError::NoPolynomial { target: target.formula() })?;
    expect_dimension("the output of the network", network.output_dimension(), 1)?;
    expect_dimension("the target", p.variables, network.input_dimension())?;
    allow_degree(&p)?;
    let all = regions(network, Some(domain), options.max_regions)?;
    let complete = all.is_complete();
    let regions = all.found().to_vec();
    let on_region = |region: &Region| p.subtracted_from(region.matrix.row(0), &region.offset[0]);
    let pieces: Vec<Polynomial> = regions.par_iter().map(on_region).collect();
    let monomials = Monomials::new(p.variables, if p.variables == 1 { 1 } else { p.degree().max(1) });
    let mut search = Search::new(&regions, &pieces, monomials, p.degree() <= 2, options);
    search.look();
    let finding = if !complete {
        let refuted = options.error.as_ref().is_some_and(|error| search.best.0 > *error);
        if refuted { Finding::Refuted } else { Finding::OpenRegions }
    } else {
        search.run()
    };
    let Search { best: (lower, witness), states, left, .. } = search;
    let upper = states.iter().map(|state| state.upper.clone()).collect::<Option<Vec<_>>>();
    let upper = upper.filter(|_| complete).and_then(|upper| upper.into_iter().max());
    // What is asked for and proved on all regions is the bound that is shown.
    let upper = match (&options.error, finding) {
        (Some(error), Finding::Proved) => Some(error.clone()),
        _ => upper,
    };
    let proofs = states.into_iter().map(|state| state.proof).collect::<Option<Vec<_>>>().unwrap_or_default();
    let cells = regions.len() + (options.max_cells - left) / 2;
    Ok(Extremum { finding, lower, witness, upper, regions, cells, proofs })
}

/// Accepts a degree for which the linear programs are small.
fn allow_degree(p: &Polynomial) -> Result<(), PolyhedraError> {
    let (variables, degree) = (p.variables, p.degree());
    let fits = |degree: u32| match variables {
        1 => degree <= MAX_DEGREE,
        _ => Monomials::count(variables, degree) <= MAX_MONOMIALS,
    };
    if fits(degree) {
        return Ok(());
    }
    let limit = (0..=MAX_DEGREE).take_while(|&degree| fits(degree)).last().unwrap_or(0);
    Err(PolyhedraError::Degree { variables, degree, limit })
}
