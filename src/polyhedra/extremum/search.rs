//! The largest error over all regions: found, and proved region by region.

use rayon::prelude::*;

use super::ascent::approx_ascend;
use super::interval::{End, Line, coefficients, vertex};
use super::prove::{Attempt, Prover, exact_point};
use super::{ExtremumOptions, Finding, RegionProof, State};
use crate::arith::Rational;
use crate::polyhedra::cell::Cell;
use crate::polyhedra::polynomial::{FloatPolynomial, Monomials};
use crate::polyhedra::{Halfspace, Polynomial, Region};

/// Regions that are proved together before cells are counted.
const CHUNK: usize = 64;
/// Guesses that are made exact before anything is proved.
const CANDIDATES: usize = 16;
/// How often a larger error may be found while the bound is proved.
const MAX_ROUNDS: usize = 1000;

/// The state of a search.
pub(super) struct Search<'a> {
    regions: &'a [Region],
    /// q = R - p on each region.
    pieces: &'a [Polynomial],
    monomials: Monomials,
    /// Whether the maximum is a rational number that is found.
    exact: bool,
    options: &'a ExtremumOptions,
    /// The largest error found, with its point.
    pub(super) best: (Rational, Vec<Rational>),
    pub(super) states: Vec<State>,
    /// Cells that may still be made.
    pub(super) left: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        regions: &'a [Region],
        pieces: &'a [Polynomial],
        monomials: Monomials,
        exact: bool,
        options: &'a ExtremumOptions,
    ) -> Self {
        let (best, states) = ((Rational::from(-1), Vec::new()), vec![State::default(); regions.len()]);
        Self { regions, pieces, monomials, exact, options, best, states, left: options.max_cells }
    }

    /// Looks for points with a large error.
    pub(super) fn look(&mut self) {
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
    pub(super) fn run(&mut self) -> Finding {
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
