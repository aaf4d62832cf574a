//! Errors of derivatives: how far the slopes of a network for a program are from those of the program.

use super::facts::{Fact, bound};
use super::program::{Node, Program, Step};
use crate::arith::Rational;

/// Significant bits kept of a bound.
const SLOPE_BITS: u64 = 48;

impl Program {
    /// Bounds, for each input, the error of the first partial derivative of the result, almost everywhere.
    ///
    /// With D >= |x'| and E >= |y' - x'| for a computed y = x + e:
    /// square: |R'(y) y' - 2 x x'| <= |R'(y) - 2y| |y'| + 2 |y| |y' - x'| + 2 |e| |x'|, where |R' - 2y| <= B 2^-m;
    /// product: the same for each of the two factors, where |R_u - v| <= B2 2^-m and |R_v - u| <= B1 2^-m.
    /// Where y moves along a fold of R, the gradients on both sides give the same derivative along it.
    pub(super) fn derivative_errors(&self, levels: &[usize]) -> Vec<Rational> {
        let facts = self.facts(levels).steps;
        let inputs = self.steps.iter().filter(|step| matches!(step, Step::Input)).count();
        (0..inputs).map(|input| self.derivative_error(levels, &facts, input)).collect()
    }

    fn derivative_error(&self, levels: &[usize], facts: &[Fact], input: usize) -> Rational {
        // (D, E) of every node
        let mut slopes: Vec<(Rational, Rational)> = Vec::with_capacity(self.steps.len());
        let mut inputs = 0;
        for step in &self.steps {
            // Most nodes of a program of many inputs do not depend on this one.
            let still = |x: &Node| slopes[x.0].0.is_zero() && slopes[x.0].1.is_zero();
            let constant = match step {
                Step::Input => false,
                Step::Affine { terms, .. } => terms.iter().all(|(x, _)| still(x)),
                Step::Square { of, .. } => still(of),
                Step::Product { left, right, .. } => still(left) && still(right),
            };
            if constant {
                slopes.push((Rational::zero(), Rational::zero()));
                continue;
            }
            let slope = match step {
                Step::Input => {
                    inputs += 1;
                    (Rational::from(i64::from(inputs - 1 == input)), Rational::zero())
                }
                Step::Affine { terms, .. } => {
                    terms.iter().fold((Rational::zero(), Rational::zero()), |(d, e), (x, c)| {
                        (d + &c.abs() * &slopes[x.0].0, e + &c.abs() * &slopes[x.0].1)
                    })
                }
                Step::Square { of, group } => {
                    let two = Rational::from(2);
                    let factor = bound(&facts[of.0].value).scale_by_power_of_two(-(levels[*group] as i64));
                    factor_slope(&slopes[of.0], &facts[of.0], &factor, &two)
                }
                Step::Product { left, right, group } => {
                    let m = levels[*group] as i64;
                    let (u, v) = (&facts[left.0], &facts[right.0]);
                    let (p, q) = (bound(&v.value), bound(&u.value));
                    let (p, q) = (p.scale_by_power_of_two(-m), q.scale_by_power_of_two(-m));
                    let one = Rational::one();
                    let (d1, e1) = factor_slope(&slopes[left.0], v, &p, &one);
                    let (d2, e2) = factor_slope(&slopes[right.0], u, &q, &one);
                    (d1 + d2, e1 + e2)
                }
            };
            slopes.push((slope.0.round_up(SLOPE_BITS), slope.1.round_up(SLOPE_BITS)));
        }
        slopes.pop().map_or(Rational::zero(), |slope| slope.1)
    }
}

/// For the term k x' z of a derivative, x' with (D, E) and z another node computed as w: bounds on |k x' z| and on its
/// error, where the network's own gradient is off by at most `gradient`.
fn factor_slope((d, e): &(Rational, Rational), w: &Fact, gradient: &Rational, k: &Rational) -> (Rational, Rational) {
    let z = w.exact.magnitude();
    // gradient |y'| + k |w| |y' - x'| + k |w - z| |x'|
    let error = gradient * &(d + e) + k * &(&w.value.magnitude() * e) + k * &(&w.error.magnitude() * d);
    (k * &(d * &z), error)
}
