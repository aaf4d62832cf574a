//! The largest error of a piecewise-linear network against a polynomial on a box, region by region.
//!
//! | file | object |
//! |---|---|
//! | this one | the regions together: the search for the largest error, what is proved in the end |
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
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::cell::Cell;
use super::error::{PolyhedraError, expect_dimension};
use super::polynomial::{FloatPolynomial, Monomials};
use super::{Halfspace, Polynomial, Region, regions};
use crate::arith::Rational;
use crate::certify::Target;
use crate::network::Layered;
use ascent::approx_ascend;
use interval::{End, Line, coefficients, vertex};
pub use leaf::write_error_cover;
use prove::{Attempt, CellProof, Prover, exact_point};

/// Regions that are proved together before cells are counted.
const CHUNK: usize = 64;
/// Guesses that are made exact before anything is proved.
const CANDIDATES: usize = 16;
/// How often a larger error may be found while the bound is proved.
const MAX_ROUNDS: usize = 1000;
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
    let mut search = Search {
        regions: &regions,
        pieces: &pieces,
        monomials,
        exact: p.degree() <= 2,
        options,
        best: (Rational::from(-1), Vec::new()),
        states: vec![State::default(); regions.len()],
        left: options.max_cells,
    };
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

/// The state of a search.
struct Search<'a> {
    regions: &'a [Region],
    /// q = R - p on each region.
    pieces: &'a [Polynomial],
    monomials: Monomials,
    /// Whether the maximum is a rational number that is found.
    exact: bool,
    options: &'a ExtremumOptions,
    /// The largest error found, with its point.
    best: (Rational, Vec<Rational>),
    states: Vec<State>,
    /// Cells that may still be made.
    left: usize,
}

impl Search<'_> {
    /// Looks for points with a large error.
    fn look(&mut self) {
        let inner = self.regions.first().map(|region| (0, region.interior.clone()));
        let points: Vec<(usize, Vec<Rational>)> = if self.exact && self.monomials.list[0].len() == 1 {
            // Ends and vertices: the maximum is among them.
            let all = self.regions.par_iter().zip(self.pieces).enumerate().flat_map_iter(|(number, (region, q))| {
                let ends = ends(&region.halfspaces);
                let [a, b] = ends.map_or([None, None], |[a, b]| [Some(a.x), Some(b.x)]);
                let middle = vertex(&coefficients(q)).filter(|x| Some(x) > a.as_ref() && b.as_ref() > Some(x));
                [a, b, middle].into_iter().flatten().map(move |x| (number, vec![x]))
            });
            all.collect()
        } else {
            self.guesses()
        };
        let value = |(number, x): (usize, Vec<Rational>)| (self.pieces[number].value(&x).abs(), x);
        let points: Vec<(usize, Vec<Rational>)> = inner.into_iter().chain(points).collect();
        let values: Vec<(Rational, Vec<Rational>)> = points.into_par_iter().map(value).collect();
        for (value, x) in values {
            self.offer(value, x);
        }
    }

    /// The most promising ends of ascents, one a region and side.
    fn guesses(&self) -> Vec<(usize, Vec<Rational>)> {
        let climb = |(number, region): (usize, &Region)| {
            let cell = Cell::new(&region.halfspaces, region.interior.clone());
            let of_side = |sign: i32| {
                let q = FloatPolynomial::approx(&self.pieces[number], sign);
                let (near, active) = approx_ascend(&cell.float_rows(), &q, cell.approx_point());
                (q.approx_value(&near), number, sign, near, active)
            };
            [of_side(1), of_side(-1)]
        };
        let mut ends: Vec<_> = self.regions.par_iter().enumerate().flat_map_iter(climb).collect();
        // Stable: ties stay in the order of regions.
        ends.sort_by(|a, b| b.0.total_cmp(&a.0));
        ends.truncate(CANDIDATES);
        let exact = |(_, number, sign, near, mut active): (f64, usize, i32, Vec<f64>, Vec<usize>)| {
            let region = &self.regions[number];
            let cell = Cell::new(&region.halfspaces, region.interior.clone());
            let facets: Vec<&Halfspace> = cell.halfspaces().collect();
            let q = signed(&self.pieces[number], sign);
            exact_point(&q, &cell, &facets, &near, &mut active).map(|(x, _)| (number, x))
        };
        ends.into_par_iter().filter_map(exact).collect()
    }

    fn offer(&mut self, value: Rational, x: Vec<Rational>) {
        if value > self.best.0 {
            self.best = (value, x);
        }
    }

    /// Proves the error that is asked for, or finds the one that can be proved.
    fn run(&mut self) -> Finding {
        if self.options.error.as_ref().is_some_and(|error| self.best.0 > *error) {
            return Finding::Refuted;
        }
        let finding = self.prove(self.exact);
        if finding == Finding::OpenCells && self.exact && self.options.error.is_none() {
            // A little more than the largest error may be proved where that itself is not.
            self.left = self.options.max_cells;
            return self.prove(false);
        }
        finding
    }

    /// The bound to prove: asked for, or the largest error found, or a short number a little above it.
    fn goal(&self, exact: bool) -> Rational {
        match &self.options.error {
            Some(error) => error.clone(),
            None if exact => self.best.0.clone(),
            None => {
                // best (1 + gap / 2) (1 + 2^(1 - bits)) <= best (1 + gap), for 2^(1 - bits) <= gap / 4 and gap <= 1.
                let gap = self.options.gap.clone().min(Rational::one());
                let bits = 3 - gap.floor_log2().unwrap_or(0);
                let half = Rational::one() + gap * Rational::ratio(1, 2);
                (&self.best.0 * half).round_up(bits.max(1) as u64)
            }
        }
    }

    fn prove(&mut self, exact: bool) -> Finding {
        let mut goal = self.goal(exact);
        let mut rounds = 0;
        let pending: Vec<usize> = (0..self.regions.len()).filter(|&k| self.states[k].proof.is_none()).collect();
        for chunk in pending.chunks(CHUNK) {
            let mut chunk = chunk.to_vec();
            while !chunk.is_empty() {
                let attempts: Vec<(Attempt, usize)> =
                    chunk.par_iter().map(|&number| self.attempt(number, &goal)).collect();
                let mut again = Vec::new();
                for (&number, (mut attempt, mut used)) in chunk.iter().zip(attempts) {
                    if used > self.left {
                        // The regions before it have used what this one had: it makes do with what is left.
                        (attempt, used) = self.attempt(number, &goal);
                    }
                    self.left -= used;
                    if let Some(x) = attempt.beyond {
                        let value = self.pieces[number].value(&x).abs();
                        self.offer(value, x);
                        again.push(number);
                        continue;
                    }
                    let proof = attempt.proof.map(|proof| RegionProof { proof, error: goal.clone() });
                    let upper = if proof.is_some() { Some(goal.clone()) } else { attempt.upper };
                    self.states[number] = State { proof, upper };
                }
                if !again.is_empty() && self.options.error.is_some() {
                    return Finding::Refuted;
                }
                rounds += usize::from(!again.is_empty());
                if rounds > MAX_ROUNDS {
                    return Finding::OpenCells;
                }
                goal = self.goal(exact);
                chunk = again;
            }
        }
        if self.states.iter().all(|state| state.proof.is_some()) { Finding::Proved } else { Finding::OpenCells }
    }

    /// Tries to prove the bound on a region; returns how many cells were made.
    fn attempt(&self, number: usize, error: &Rational) -> (Attempt, usize) {
        let (region, q) = (&self.regions[number], &self.pieces[number]);
        let mut left = self.left;
        let attempt = match (q.variables, ends(&region.halfspaces)) {
            (1, Some(ends)) => {
                let c = coefficients(q);
                let line = Line { sides: [c.clone(), c.iter().map(|c| -c).collect()], error };
                line.prove(&ends, region.halfspaces.len(), &mut left)
            }
            _ => {
                let sides = [1, -1].map(|sign| signed(q, sign));
                let floats = [1, -1].map(|sign| FloatPolynomial::approx(q, sign));
                let prover = Prover { monomials: &self.monomials, sides, floats, error };
                let cell = Cell::new(&region.halfspaces, region.interior.clone());
                prover.prove(&cell, &mut region.halfspaces.clone(), [None, None], &mut left)
            }
        };
        (attempt, self.left - left)
    }
}

fn signed(q: &Polynomial, sign: i32) -> Polynomial {
    let terms = q.terms.iter().map(|(exponents, c)| (exponents.clone(), if sign < 0 { -c } else { c.clone() }));
    Polynomial { variables: q.variables, terms: terms.collect() }
}

/// The ends of a bounded interval, left and right.
fn ends(facets: &[Halfspace]) -> Option<[End; 2]> {
    let end = |sign: i32| {
        facets.iter().enumerate().find_map(|(wall, half)| {
            let [normal] = half.normal() else { return None };
            let scale = Rational::from(&normal.abs());
            let x = Rational::from(half.offset()).checked_div(&Rational::from(normal))?;
            (normal.signum() == sign).then_some(End { x, wall, scale })
        })
    };
    Some([end(-1)?, end(1)?])
}
