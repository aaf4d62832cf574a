//! The exact simplex method from a guessed basis.

use super::field::primes;
use super::integers::Integers;
use super::lift::{Basis, Fractions};
use super::walk::{Place, Position, walk};
use super::{Answer, LinearProgram, Range};
use crate::arith::{Integer, Rational};

/// Steps of no length after which Bland's rule is followed until the next step that has one.
const STILL: usize = 20;

/// Solves a linear program exactly.
///
/// **Statement.** The answer is certified: [`Answer::holds`] is true for it.
/// **Source.** The simplex method with bounded variables; the basis that it starts from is the last one of the same
/// method in doubles (as QSopt_ex does, ACDE07), exact solutions of sparse systems come from digits modulo powers of a
/// prime (Dix82), and Bland's rule (Bla77) ends every sequence of steps without progress.
/// **Complexity.** Three sparse exact solutions for each pivot that the doubles missed; finite in any case.
/// **Exactness.** Exact; the same on every machine.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve};
/// // Maximise x + 2 y over x + y <= 4, x and y in [0, 3].
/// let row = Row { name: "sum".to_owned(), range: Range::at_most(Rational::from(4)) };
/// let column = |name: &str, cost: i64| Column {
///     name: name.to_owned(),
///     cost: Rational::from(cost),
///     range: Range { lower: Some(Rational::zero()), upper: Some(Rational::from(3)) },
///     entries: vec![(0, Rational::one())],
/// };
/// let columns = vec![column("x", 1), column("y", 2)];
/// let program = LinearProgram::new(Sense::Maximise, Rational::zero(), vec![row], columns)?;
/// let answer = solve(&program);
/// assert!(answer.holds(&program));
/// assert!(matches!(answer, Answer::Optimal { value, .. } if value == Rational::from(7)));
/// # Ok::<(), certinet::programs::ProgramError>(())
/// ```
pub fn solve(program: &LinearProgram) -> Answer {
    let integers = Integers::new(program);
    let position = walk(&integers);
    solve_from(program, &integers, position)
}

/// As [`solve()`], started from any position.
pub(super) fn solve_from(program: &LinearProgram, integers: &Integers, position: Position) -> Answer {
    let answer = match Simplex::new(integers, position).run() {
        Ending::Optimal { x, y } => {
            let point = x[..program.columns().len()].to_vec();
            Answer::Optimal { value: program.value(&point), point, multipliers: integers.multipliers(&y) }
        }
        Ending::Infeasible { y } => Answer::Infeasible { multipliers: integers.farkas(&y) },
        Ending::Unbounded { x, ray } => {
            let n = program.columns().len();
            Answer::Unbounded { point: x[..n].to_vec(), ray: ray[..n].to_vec() }
        }
    };
    assert!(answer.holds(program), "an exact answer passes the test of its definition");
    answer
}

/// Where the method stopped: values of all variables, multipliers of M x = 0.
enum Ending {
    Optimal { x: Vec<Rational>, y: Vec<Rational> },
    Infeasible { y: Vec<Rational> },
    Unbounded { x: Vec<Rational>, ray: Vec<Rational> },
}

struct Simplex<'a> {
    integers: &'a Integers,
    position: Position,
    /// Steps of no length in a row.
    still: usize,
}

/// What stops the entering variable.
struct Stop {
    step: Rational,
    /// The place in the basis and the end at which its variable stops; `None` for the other end of the entering one.
    leaving: Option<(usize, Place)>,
}

impl<'a> Simplex<'a> {
    /// Starts from a position; where its columns seem dependent, values of rows take places in the basis.
    fn new(integers: &'a Integers, mut position: Position) -> Self {
        let n = integers.variables() - integers.rows;
        if let Some(prime) = primes().next()
            && let Err(deficient) = Basis::modulo(integers, &position.basis, prime)
        {
            // Regular afterwards: what had pivots modulo the prime keeps them, the rest becomes -I.
            for (place, row) in deficient.columns.into_iter().zip(deficient.rows) {
                let left = position.basis[place];
                position.places[left] = Place::rest(&integers.ranges[left]);
                position.basis[place] = n + row;
                position.places[n + row] = Place::Basic;
            }
        }
        Self { integers, position, still: 0 }
    }

    fn run(mut self) -> Ending {
        loop {
            let basis = Basis::regular(self.integers, &self.position.basis);
            let x = self.values(&basis);
            // Outside their ranges: minimise the sum of the distances, each variable kept on its side until it is in.
            let sides: Vec<i32> = self.position.basis.iter().map(|&j| side(&self.integers.ranges[j], &x[j])).collect();
            let outside = sides.iter().any(|&side| side != 0);
            let costs: Vec<Integer> = if outside {
                sides.iter().map(|&side| Integer::from(side)).collect()
            } else {
                self.position.basis.iter().map(|&j| self.integers.costs[j].clone()).collect()
            };
            let y = basis.solve_transposed(&costs);
            let Some((entering, up)) = self.entering(&y, outside) else {
                let y = y.rationals();
                return if outside { Ending::Infeasible { y } } else { Ending::Optimal { x, y } };
            };
            let mut column = vec![Integer::zero(); self.integers.rows];
            for (i, a) in &self.integers.columns[entering] {
                column[*i] = a.clone();
            }
            // The basic values change by -direction for each unit that the entering variable grows.
            let mut direction = basis.solve(&column);
            if !up {
                direction.numerators.iter_mut().for_each(|d| *d = -core::mem::replace(d, Integer::zero()));
            }
            match self.stop(entering, &direction, &sides, &x) {
                Some(stop) => self.pivot(entering, up, &stop),
                // The sum of distances is at least 0, so this is the objective.
                None => return Ending::Unbounded { x, ray: self.ray(entering, up, &direction) },
            }
        }
    }

    /// The values of all variables.
    fn values(&self, basis: &Basis<'_>) -> Vec<Rational> {
        let ranges = &self.integers.ranges;
        let resting = |(place, range): (&Place, &Range)| match place {
            Place::Lower => range.lower.clone().unwrap_or_default(),
            Place::Upper => range.upper.clone().unwrap_or_default(),
            Place::Basic | Place::Zero => Rational::zero(),
        };
        let mut x: Vec<Rational> = self.position.places.iter().zip(ranges).map(resting).collect();
        // B x_B = -N x_N, over one denominator.
        let mut rest = vec![Rational::zero(); self.integers.rows];
        for (x, column) in x.iter().zip(&self.integers.columns).filter(|(x, _)| !x.is_zero()) {
            column.iter().for_each(|(i, a)| rest[*i] -= &(x * Rational::from(a)));
        }
        let common = rest.iter().fold(Integer::one(), |common, r| common.lcm(&r.denominator()));
        let scale = Rational::from(&common);
        let cleared: Vec<Integer> = rest.iter().map(|r| (r * &scale).numerator()).collect();
        let mut solution = basis.solve(&cleared);
        solution.denominator = &solution.denominator * &common;
        for (&j, value) in self.position.basis.iter().zip(solution.rationals()) {
            x[j] = value;
        }
        x
    }

    /// The variable that enters and whether it grows.
    fn entering(&self, y: &Fractions, outside: bool) -> Option<(usize, bool)> {
        let mut best: Option<(Rational, usize, bool)> = None;
        for j in 0..self.integers.variables() {
            let place = self.position.places[j];
            if place == Place::Basic || self.integers.ranges[j].is_point() {
                continue;
            }
            // d_j times the positive denominator.
            let mut d = if outside { Integer::zero() } else { &self.integers.costs[j] * &y.denominator };
            for (i, a) in &self.integers.columns[j] {
                if !y.numerators[*i].is_zero() {
                    d -= &(a * &y.numerators[*i]);
                }
            }
            let improves = match place {
                Place::Lower => d.signum() < 0,
                Place::Upper => d.signum() > 0,
                Place::Zero => !d.is_zero(),
                Place::Basic => false,
            };
            if improves {
                let up = d.signum() < 0;
                if self.still >= STILL {
                    // Bland: the first one.
                    return Some((j, up));
                }
                let size = Rational::from(d.abs());
                if best.as_ref().is_none_or(|best| size > best.0) {
                    best = Some((size, j, up));
                }
            }
        }
        best.map(|(_, j, up)| (j, up))
    }

    /// What stops the entering variable first, ties by the smallest variable; `None` when nothing does.
    fn stop(&self, entering: usize, direction: &Fractions, sides: &[i32], x: &[Rational]) -> Option<Stop> {
        let range = &self.integers.ranges[entering];
        let own = range.lower.as_ref().zip(range.upper.as_ref()).map(|(lower, upper)| upper - lower);
        let mut first = own.map(|step| (step, entering, None));
        for (k, d) in direction.numerators.iter().enumerate() {
            // This basic value moves by -d a unit.
            let (j, end) = (
                self.position.basis[k],
                match (d.signum(), sides[k]) {
                    (-1, -1) | (1, 0) => Place::Lower,
                    (-1, 0) | (1, 1) => Place::Upper,
                    _ => continue,
                },
            );
            let range = &self.integers.ranges[j];
            let Some(bound) = (if end == Place::Lower { &range.lower } else { &range.upper }) else { continue };
            let rate = Rational::new(d.abs(), direction.denominator.clone()).unwrap_or_default();
            let step = (bound - &x[j]).abs() / rate;
            let sooner = first.as_ref().is_none_or(|(least, name, _)| step < *least || (step == *least && j < *name));
            if sooner {
                first = Some((step, j, Some((k, end))));
            }
        }
        first.map(|(step, _, leaving)| Stop { step, leaving })
    }

    fn pivot(&mut self, entering: usize, up: bool, stop: &Stop) {
        self.still = if stop.step.is_zero() { self.still + 1 } else { 0 };
        match stop.leaving {
            None => self.position.places[entering] = if up { Place::Upper } else { Place::Lower },
            Some((k, end)) => {
                self.position.places[self.position.basis[k]] = end;
                self.position.places[entering] = Place::Basic;
                self.position.basis[k] = entering;
            }
        }
    }

    fn ray(&self, entering: usize, up: bool, direction: &Fractions) -> Vec<Rational> {
        let mut ray = vec![Rational::zero(); self.integers.variables()];
        ray[entering] = Rational::from(if up { 1 } else { -1 });
        for (&j, d) in self.position.basis.iter().zip(direction.rationals()) {
            ray[j] = -d;
        }
        ray
    }
}

/// -1 below a range, 1 above it, 0 in it.
fn side(range: &Range, x: &Rational) -> i32 {
    if range.lower.as_ref().is_some_and(|lower| x < lower) {
        -1
    } else if range.upper.as_ref().is_some_and(|upper| x > upper) {
        1
    } else {
        0
    }
}
