//! Integer points of a box that solve one linear equation, as a disjoint union of smaller boxes.
//!
//! This is the one search behind products (which column of A is which row of B) and counts (which tiles share a place).

use crate::problem::{Problem, problem};

/// An unknown 0 <= k < count with its coefficient in the equation, and what each step adds to three other sums.
#[derive(Debug, Clone, Copy)]
pub struct Unknown {
    /// Number of values.
    pub count: i128,
    /// Coefficient in the equation.
    pub step: i128,
    /// Coefficients in the carried sums.
    pub carried: [i128; 3],
}

impl Unknown {
    /// The least and the greatest value of k step.
    fn reach(&self) -> (i128, i128) {
        let far = (self.count - 1) * self.step;
        (far.min(0), far.max(0))
    }
}

/// Receives a box of solutions: the carried sums at its corner, and its free directions.
pub type Visit<'v> = dyn FnMut([i128; 3], &[Unknown]) -> Result<(), Problem> + 'v;

/// A search with a limit on its trials. All numbers that go in are below 2^57, so that sums stay far inside an i128.
pub struct Search<'a> {
    /// What is left to try.
    pub trials: u64,
    /// Receives each box of solutions.
    pub visit: &'a mut Visit<'a>,
}

impl Search<'_> {
    /// Visits boxes of solutions of sum k step = target; every solution lies in exactly one of them.
    pub fn solve(&mut self, unknowns: &[Unknown], target: i128, corner: [i128; 3]) -> Result<(), Problem> {
        let (free, open): (Vec<_>, Vec<_>) = unknowns.iter().partition(|unknown| unknown.step == 0);
        self.open(open, target, corner, free)
    }

    fn open(
        &mut self,
        mut open: Vec<Unknown>,
        target: i128,
        corner: [i128; 3],
        mut free: Vec<Unknown>,
    ) -> Result<(), Problem> {
        let Some(left) = self.trials.checked_sub(1) else { return problem("no structure applies to these tiles") };
        self.trials = left;
        let (least, greatest) = reach(&open);
        if target < least || target > greatest {
            return Ok(());
        }
        let longest = (0..open.len()).max_by_key(|&i| open.get(i).map_or(0, |unknown| unknown.step.abs()));
        let Some(longest) = longest else { return (self.visit)(corner, &free) };
        let x = open.swap_remove(longest);
        let (first, last) = range(x.step, target, reach(&open), 0, x.count - 1);
        // k and l with opposite steps: k = l + d for few d. A finer l is split where it runs on long enough.
        let partner = (0..open.len())
            .filter(|&i| open.get(i).is_some_and(|y| runs_on(&x, y)))
            .max_by_key(|&i| open.get(i).map_or(0, |y| y.step.abs()));
        if let (true, Some(partner)) = (last > first, partner) {
            let y = open.swap_remove(partner);
            let times = x.step.abs() / y.step.abs();
            if times == 1 {
                return self.pair(x, y, &open, target, corner, &free);
            }
            // l = times l' + l'' with l'' < times, and the tail that does not fill a step of x.
            let (whole, tail) = (y.count / times, y.count % times);
            let coarse = Unknown { count: whole, step: times * y.step, carried: y.carried.map(|c| c * times) };
            let mut split = open.clone();
            split.extend([x, coarse, Unknown { count: times, ..y }]);
            self.open(split, target, corner, free.clone())?;
            if tail > 0 {
                open.extend([x, Unknown { count: tail, ..y }]);
                let start = whole * times;
                self.open(open, target - start * y.step, moved(corner, y.carried, start), free)?;
            }
            return Ok(());
        }
        let mut k = first;
        while k <= last {
            let value = (target - k * x.step, moved(corner, x.carried, k));
            if k == last {
                return self.open(std::mem::take(&mut open), value.0, value.1, std::mem::take(&mut free));
            }
            self.open(open.clone(), value.0, value.1, free.clone())?;
            k += 1;
        }
        Ok(())
    }

    /// x and y with opposite steps: for each d = k - l that the rest allows, l (or k) stays free.
    fn pair(
        &mut self,
        x: Unknown,
        y: Unknown,
        rest: &[Unknown],
        target: i128,
        corner: [i128; 3],
        free: &[Unknown],
    ) -> Result<(), Problem> {
        let (first, last) = range(x.step, target, reach(rest), 1 - y.count, x.count - 1);
        let mut d = first;
        while d <= last {
            let (k, l) = (d.max(0), (-d).max(0));
            let corner = moved(moved(corner, x.carried, k), y.carried, l);
            let mut free = free.to_vec();
            let count = (x.count - k).min(y.count - l);
            free.push(Unknown { count, step: 0, carried: moved(x.carried, y.carried, 1) });
            self.open(rest.to_vec(), target - d * x.step, corner, free)?;
            d += 1;
        }
        Ok(())
    }
}

fn reach(unknowns: &[Unknown]) -> (i128, i128) {
    unknowns.iter().map(Unknown::reach).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

fn moved([a, b, c]: [i128; 3], [d, e, f]: [i128; 3], k: i128) -> [i128; 3] {
    [a + k * d, b + k * e, c + k * f]
}

/// Whether y steps against x, by a divisor of x's step, for at least two (or as many as x has) steps of x.
fn runs_on(x: &Unknown, y: &Unknown) -> bool {
    let (s, t) = (x.step.abs(), y.step.abs());
    (x.step < 0) != (y.step < 0) && s % t == 0 && (s == t || y.count / (s / t) >= 2)
}

/// The k in [low, high] with target - k step inside the reach of the rest.
fn range(step: i128, target: i128, (least, greatest): (i128, i128), low: i128, high: i128) -> (i128, i128) {
    let (from, to) = if step > 0 { (target - greatest, target - least) } else { (least - target, greatest - target) };
    let s = step.abs();
    ((-(-from).div_euclid(s)).max(low), to.div_euclid(s).min(high))
}
