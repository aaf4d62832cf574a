//! One region: |R - p| <= E by sums of products of slacks, on cells that are cut until they are small enough.

use std::sync::Arc;

use super::ascent::{approx_ascend, critical_point};
use super::handelman::{Term, handelman_bound};
use crate::arith::Rational;
use crate::polyhedra::cell::{Cell, Split};
use crate::polyhedra::lp::{Solution, maximise};
use crate::polyhedra::polynomial::{FloatPolynomial, Monomials};
use crate::polyhedra::row::Row;
use crate::polyhedra::{Halfspace, Polynomial};

/// The deepest cell: beyond it a cell counts as open.
pub(super) const MAX_DEPTH: usize = 256;

/// Why |q| <= E on a cell. Slacks are numbered: the facets of the region, then the cuts from the region to the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::polyhedra) enum CellProof {
    /// E - q and E + q as sums.
    Leaf([Vec<Term>; 2]),
    /// Inside the halfspace, and inside its opposite.
    Cut(Halfspace, Box<[CellProof; 2]>),
}

/// What was found out about |q| <= E on a cell.
pub(super) struct Attempt {
    /// The proof, unless the cell is open.
    pub(super) proof: Option<CellProof>,
    /// A proved bound on |q| on the cell; nothing when there is none.
    pub(super) upper: Option<Rational>,
    /// A point of the cell with |q| > E: the end of the attempt.
    pub(super) beyond: Option<Vec<Rational>>,
}

impl Attempt {
    pub(super) fn beyond(point: Vec<Rational>) -> Self {
        Self { proof: None, upper: None, beyond: Some(point) }
    }
    /// The attempt for a cell from those for its two parts.
    pub(super) fn join(wall: Halfspace, first: Self, second: Self) -> Self {
        let upper = first.upper.zip(second.upper).map(|(first, second)| first.max(second));
        let parts = first.proof.zip(second.proof).map(|(first, second)| Box::new([first, second]));
        let proof = parts.map(|parts| CellProof::Cut(wall, parts));
        Self { proof, upper, beyond: first.beyond.or(second.beyond) }
    }
}

/// q on the polytopes of one region.
pub(super) struct Prover<'a> {
    pub(super) monomials: &'a Monomials,
    /// q and -q.
    pub(super) sides: [Polynomial; 2],
    pub(super) floats: [FloatPolynomial; 2],
    pub(super) error: &'a Rational,
}

/// A side of a cell: not looked at yet, or a proved bound with its sum.
type Side = Option<(Rational, Vec<Term>)>;

impl Prover<'_> {
    /// Tries to prove |q| <= E on a cell. `walls` are the numbered slacks, `left` the cells that may still be made.
    pub(super) fn prove(&self, cell: &Cell, walls: &mut Vec<Halfspace>, known: [Side; 2], left: &mut usize) -> Attempt {
        let facets: Vec<&Halfspace> = cell.halfspaces().collect();
        let mut bounds = known;
        let mut guesses: [Option<Vec<f64>>; 2] = [None, None];
        let mut unbounded = false;
        for side in 0..2 {
            if bounds[side].is_some() {
                continue;
            }
            let Some(bound) = handelman_bound(self.monomials, &self.sides[side], &facets) else {
                unbounded = true;
                continue;
            };
            // The program's point lies in the cell, as L is not negative on slacks; at a vertex it is exact, however badly
            // the cell is scaled.
            if bound.value > *self.error && self.sides[side].value(&bound.point) > *self.error {
                return Attempt::beyond(bound.point);
            }
            guesses[side] = Some(bound.point.iter().map(Rational::approx_f64).collect());
            let number = |k: usize| walls.iter().position(|wall| wall == facets[k]);
            let terms: Option<Vec<Term>> = bound
                .terms
                .into_iter()
                .map(|(c, factors)| Some((c, factors.into_iter().map(number).collect::<Option<Vec<_>>>()?)))
                .collect();
            bounds[side] = terms.map(|terms| (bound.value, terms));
        }
        let closed = |side: &Side| side.as_ref().is_some_and(|(value, _)| value <= self.error);
        let upper = match &bounds {
            [Some((up, _)), Some((down, _))] => Some(up.clone().max(down.clone())),
            _ => None,
        };
        if bounds.iter().all(closed) {
            let sums = bounds.map(|side| {
                let (value, mut terms) = side.unwrap_or_default();
                // E - q = (E - value) + (value - q)
                let spare = self.error - value;
                if spare.is_positive() {
                    terms.push((spare, Vec::new()));
                }
                terms
            });
            return Attempt { proof: Some(CellProof::Leaf(sums)), upper, beyond: None };
        }
        let mut cuts = Vec::new();
        for side in (0..2).filter(|&side| !closed(&bounds[side])) {
            match self.look(cell, &facets, side, guesses[side].as_deref()) {
                Found::Beyond(point) => return Attempt::beyond(point),
                Found::Cuts(more) => cuts.extend(more),
            }
        }
        let open = Attempt { proof: None, upper: upper.clone(), beyond: None };
        if unbounded || *left < 2 || walls.len() > MAX_DEPTH {
            return open;
        }
        cuts.extend(middle(&facets, cell.approx_point().len()));
        let halves = cuts.into_iter().find_map(|wall| {
            let (inside, outside) = (Row::new(wall.clone()), Row::new(wall.opposite()));
            match cell.split(&inside, &outside) {
                Split::Both(inner, outer) => {
                    let mut parts = [cell.with(&Arc::new(inside), inner), cell.with(&Arc::new(outside), outer)];
                    parts.iter_mut().for_each(Cell::reduce);
                    Some((wall, parts))
                }
                Split::Inside | Split::Outside => None,
            }
        });
        let Some((wall, [first, second])) = halves else { return open };
        *left -= 2;
        // What is proved of the cell holds on its parts, with the same slacks.
        let kept = bounds.map(|side| side.filter(|(value, _)| value <= self.error));
        let mut part = |cell: &Cell, wall: Halfspace| {
            walls.push(wall);
            let attempt = self.prove(cell, walls, kept.clone(), left);
            walls.pop();
            attempt
        };
        let first = part(&first, wall.clone());
        if first.beyond.is_some() {
            return first;
        }
        let second = part(&second, wall.opposite());
        let mut joined = Attempt::join(wall, first, second);
        // The bound of the whole cell may be the better one.
        joined.upper = match (joined.upper, upper) {
            (Some(parts), Some(whole)) => Some(parts.min(whole)),
            (parts, whole) => parts.or(whole),
        };
        joined
    }

    /// Looks for a point where the side is beyond E; else for cuts through the point where it is largest.
    fn look(&self, cell: &Cell, facets: &[&Halfspace], side: usize, guess: Option<&[f64]>) -> Found {
        let (q, float) = (&self.sides[side], &self.floats[side]);
        let rows = cell.float_rows();
        let mut best: Option<(Rational, Vec<Rational>, Vec<usize>)> = None;
        for start in [Some(cell.approx_point()), guess].into_iter().flatten() {
            let (near, mut active) = approx_ascend(&rows, float, start);
            let point = exact_point(q, cell, facets, &near, &mut active);
            let Some((point, value)) = point else { continue };
            if value > *self.error {
                return Found::Beyond(point);
            }
            if best.as_ref().is_none_or(|(old, ..)| *old < value) {
                best = Some((value, point, active));
            }
        }
        match best {
            Some((_, point, active)) if q.degree() == 2 => Found::Cuts(conjugate_cuts(q, facets, &point, &active)),
            _ => Found::Cuts(Vec::new()),
        }
    }
}

/// What a look at a cell brings.
enum Found {
    Beyond(Vec<Rational>),
    Cuts(Vec<Halfspace>),
}

/// A point of the cell near a guess, with the value there: for degree 2 the exact critical point where there is one.
pub(super) fn exact_point(
    q: &Polynomial,
    cell: &Cell,
    facets: &[&Halfspace],
    near: &[f64],
    active: &mut Vec<usize>,
) -> Option<(Vec<Rational>, Rational)> {
    let inside = |x: &[Rational]| facets.iter().all(|half| half.contains(x));
    if q.degree() <= 2
        && let Some(x) = critical_point(q, facets, &cell.float_rows(), near, active)
        && inside(&x)
    {
        let value = q.value(&x);
        return Some((x, value));
    }
    active.clear();
    // Short coordinates, or moved a little towards an inner point.
    let inner = cell.short_point();
    let near = near.iter().map(|&x| Rational::from_f64(x).ok()).collect::<Option<Vec<_>>>()?;
    let short: Vec<Rational> = near.iter().map(|x| x.round_down(24)).collect();
    let moved = [0i64, 40, 20, 10].into_iter().map(|bits| {
        let t = if bits == 0 { Rational::zero() } else { Rational::power_of_two(-bits) };
        near.iter().zip(&inner).map(|(x, p)| x + &t * (p - x)).collect()
    });
    [short].into_iter().chain(moved).find_map(|x: Vec<Rational>| {
        inside(&x).then(|| {
            let value = q.value(&x);
            (x, value)
        })
    })
}

/// Cuts through a maximum of q on the face of the active facets, along conjugate directions of the face.
///
/// For g = E - q, its matrix H, v along the face with h = v^T H v > 0 and t = v^T H (x - x*): g = t^2 / h + g' with g' constant
/// along v. On both sides of t = 0 the first term is a multiple of the square of a slack.
fn conjugate_cuts(q: &Polynomial, facets: &[&Halfspace], point: &[Rational], active: &[usize]) -> Vec<Halfspace> {
    let hessian = q.hessian();
    let apply = |v: &[Rational]| -> Vec<Rational> {
        hessian.iter().map(|row| -row.iter().zip(v).map(|(h, v)| h * v).sum::<Rational>()).collect()
    };
    let product = |u: &[Rational], v: &[Rational]| -> Rational { u.iter().zip(v).map(|(u, v)| u * v).sum() };
    let normals: Vec<Vec<Rational>> =
        active.iter().map(|&k| facets[k].normal().iter().map(Rational::from).collect()).collect();
    let cut = |v: Vec<Rational>| {
        let normal = apply(&v);
        let bend = product(&v, &normal);
        bend.is_positive().then(|| Halfspace::from_rationals(&normal, &product(&normal, point)))
    };
    kernel(normals, point.len()).into_iter().filter_map(cut).collect()
}

/// A basis of the vectors that are orthogonal to all rows. Exact.
fn kernel(mut rows: Vec<Vec<Rational>>, n: usize) -> Vec<Vec<Rational>> {
    let mut pivots: Vec<usize> = Vec::new();
    for column in 0..n {
        let done = pivots.len();
        let Some(found) = (done..rows.len()).find(|&i| !rows[i][column].is_zero()) else { continue };
        rows.swap(done, found);
        let pivot = rows[done][column].clone();
        rows[done].iter_mut().for_each(|entry| *entry = &*entry / &pivot);
        let top = rows[done].clone();
        for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != done) {
            let factor = row[column].clone();
            debug_assert!(i != done);
            row.iter_mut().zip(&top).for_each(|(entry, top)| *entry = &*entry - &factor * top);
        }
        pivots.push(column);
    }
    let free = (0..n).filter(|column| !pivots.contains(column));
    free.map(|column| {
        let entry = |j: usize| match pivots.iter().position(|&pivot| pivot == j) {
            Some(row) => -&rows[row][column],
            None => Rational::from(i64::from(j == column)),
        };
        (0..n).map(entry).collect()
    })
    .collect()
}

/// The cut across the longest side of the smallest box around a polytope.
fn middle(facets: &[&Halfspace], n: usize) -> Option<Halfspace> {
    let walls: Vec<Halfspace> = facets.iter().map(|&half| half.clone()).collect();
    let unit =
        |axis: usize, sign: i64| (0..n).map(|j| Rational::from(if j == axis { sign } else { 0 })).collect::<Vec<_>>();
    let end = |axis: usize, sign: i64| match maximise(&unit(axis, sign), &walls) {
        Ok(Solution::Optimal { value, .. }) => Some(value * Rational::from(sign)),
        _ => None,
    };
    let sides: Vec<(Rational, Rational)> =
        (0..n).map(|axis| Some((end(axis, -1)?, end(axis, 1)?))).collect::<Option<_>>()?;
    let axis = (0..n).max_by_key(|&axis| (&sides[axis].1 - &sides[axis].0, core::cmp::Reverse(axis)))?;
    Some(Halfspace::from_rationals(&unit(axis, 1), &short_middle(&sides[axis].0, &sides[axis].1)))
}

/// A number with few bits in the middle half of [lo, hi], lo < hi.
pub(super) fn short_middle(lo: &Rational, hi: &Rational) -> Rational {
    let quarter = (hi - lo) * Rational::ratio(1, 4);
    // A grid of at most half the width has a point in the middle half; the one next to its lower end is there.
    let step = (&quarter + &quarter).floor_log2().unwrap_or(0);
    (lo + quarter).round_up_to_grid(-step)
}
