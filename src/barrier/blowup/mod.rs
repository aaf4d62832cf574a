//! Complexity blow-up: a solution value that counts the models of a formula.
//!
//! A formula of n variables becomes a function of one variable, one bump for each model,
//!
//! ```text
//! F(t) = sum over k < 2^n of phi(k) b(2^n t - k),   b(s) = 15 s^2 (1 - s)^2 on [0, 1], 0 elsewhere,   0 <= t <= 1
//! ```
//!
//! F is continuously differentiable, a polynomial of degree 4 on each of 2^n cells, 0 <= F <= 15/16, and one value of it
//! costs one evaluation of the formula. Its integral is M 2^-(n+1) for M models, as b has the integral 1/2. F is the data
//! of four problems, and the solution at one point is a fixed multiple of that integral, plus a constant in the last:
//!
//! | [`Problem`] | equation | data | value |
//! |---|---|---|---|
//! | `interval` | -u'' = g on (0, 1), u(0) = u(1) = 0 | g(x) = F(4 d(x)), d the distance to 0, 1/2 or 1 | u(1/2) = M 2^-(n+4) |
//! | `disk` | -Laplace u = g on the unit disk, u = 0 on the circle | g = r^2 F(turn) in polar coordinates | u(0) = M 2^-(n+5) |
//! | `laplace` | Laplace u = 0 on the unit disk | u = F(turn) on the circle | u(0) = M 2^-(n+1) |
//! | `diffusion` | -(a u')' = 1 on (0, 1), u(0) = u(1) = 0 | 1/a(x) = 1 + F(4 d(x)) | u(1/2) = 1/8 + M 2^-(n+4) |
//!
//! *Proofs.* Interval: u(1/2) is the integral of g(y) min(y, 1 - y) / 2 (Green). g is the same at y, 1/2 - y, 1 - y and
//! 1/2 + y; the mean of the Green function over these four is (y/2 + (1/2 - y)/2) / 2 = 1/8. So every bump has the same
//! weight, and u(1/2) is 1/8 of the integral of g, which is the integral of F. Disk: u(0) is the integral of
//! g log(1/r) / (2 pi), that is the integral of r^3 log(1/r) over [0, 1], 1/16, times that of F. Laplace: the mean value
//! property. Diffusion: a is the same at x and 1 - x, and so is u; the flux a u' falls with slope 1 and is 0 at 1/2, so it
//! is 1/2 - x, and u(1/2) is the integral of (1/2 - y) / a = (1/2 - y) (1 + g) over [0, 1/2], g as above. The 1 gives 1/8.
//! g is the same at y and 1/2 - y, where the mean of 1/2 - y is 1/4: g gives 1/4 of its integral over [0, 1/2], which is
//! half the integral of F. The coefficient is continuously differentiable, 16/31 <= a <= 1. No logarithm and no pi is left: the values are exact, and the last binary digits of u are the number M.
//!
//! **Counting.** An approximation of u nearer than half the weight of one bump, n + O(1) correct bits, gives M by
//! rounding: a polynomial algorithm for these values would count models in polynomial time (#P). The problem is well
//! conditioned, |u - v| <= sup |g - h| / 8 for data g, h on the interval (1/a - 1 for the diffusion equation): the price is
//! not one of rounding.
//!
//! **Reading.** [`Enclosed`]: who knows the formula in E cells, m of them models, knows u to within
//! [m, m + 2^n - E] times the weight, and no better: both ends are taken by formulas that agree with all that was read.
//! [`duel`] runs a solver against these two. That bound needs no conjecture; it is about solvers that read values of
//! the data. A program that looks into the formula (a model counter) can be faster.
//!
//! **Growth.** [`growth`] does this for [`random_formula`]s of more and more variables: the bits of the value grow by one
//! with each variable, the evaluations double.
//!
//! **Source.** The statement about Laplace's and the diffusion equation is BBK24, the integral that is hard Fri84; the
//! instances here are our own.

mod data;
mod duel;
mod enclosed;
mod growth;
mod solvers;
#[cfg(test)]
mod tests;

pub use data::{Data, bump};
pub use duel::{Duel, Oracle, Solver, duel};
pub use enclosed::{Enclosed, enclosures, enclosures_at};
pub use growth::{Growth, growth, random_formula};
pub use solvers::{InOrder, MidpointRule, RandomCells};

use crate::arith::{Integer, Rational};

/// A boundary-value problem whose data are a function F on [0, 1]; see the table of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Poisson's equation on (0, 1).
    Interval,
    /// Poisson's equation on the unit disk.
    Disk,
    /// Laplace's equation on the unit disk.
    Laplace,
    /// The diffusion equation on (0, 1), the formula in its coefficient.
    Diffusion,
}

impl Problem {
    /// Every problem.
    pub const ALL: [Self; 4] = [Self::Interval, Self::Disk, Self::Laplace, Self::Diffusion];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interval => "interval",
            Self::Disk => "disk",
            Self::Laplace => "laplace",
            Self::Diffusion => "diffusion",
        }
    }

    /// Equation and data, in one line.
    pub fn equation(self) -> &'static str {
        match self {
            Self::Interval => "-u'' = F(4 d(x)) on (0, 1), d(x) the distance to 0, 1/2 or 1, u(0) = u(1) = 0",
            Self::Disk => "-Laplace u = r^2 F(turn) on the unit disk, u = 0 on the circle",
            Self::Laplace => "Laplace u = 0 on the unit disk, u = F(turn) on the circle",
            Self::Diffusion => {
                "-(a u')' = 1 on (0, 1), 1/a = 1 + F(4 d(x)), d(x) the distance to 0, 1/2 or 1, u(0) = u(1) = 0"
            }
        }
    }

    /// Where the solution is asked for.
    pub fn place(self) -> &'static str {
        match self {
            Self::Interval | Self::Diffusion => "u(1/2)",
            Self::Disk | Self::Laplace => "u(0)",
        }
    }

    /// -log2 of what data of integral 1 add to the value.
    fn scale(self) -> i64 {
        match self {
            Self::Interval | Self::Diffusion => 3,
            Self::Disk => 4,
            Self::Laplace => 0,
        }
    }

    /// The value for F = 0.
    pub fn offset(self) -> Rational {
        match self {
            Self::Interval | Self::Disk | Self::Laplace => Rational::zero(),
            Self::Diffusion => Rational::ratio(1, 8),
        }
    }

    /// What one model of a formula of n variables adds to the value: 2^-(n+4), 2^-(n+5), 2^-(n+1), 2^-(n+4).
    pub fn weight(self, variables: u32) -> Rational {
        // A bump in one of 2^n cells has the integral 2^-n / 2.
        Rational::power_of_two(-self.scale() - 1 - i64::from(variables))
    }

    /// The value for F of this integral.
    pub fn value_of_integral(self, integral: &Rational) -> Rational {
        self.offset() + integral.scale_by_power_of_two(-self.scale())
    }

    /// The value for so many models of a formula of n variables.
    pub fn value_of_models(self, variables: u32, models: u64) -> Rational {
        self.offset() + self.weight(variables) * Rational::from(models)
    }

    /// The number of models that belongs to a value; `None` where the value is no offset plus a multiple of the weight.
    pub fn models(self, variables: u32, value: &Rational) -> Option<Integer> {
        let count = (value - &self.offset()) / self.weight(variables);
        count.is_integer().then(|| count.numerator())
    }

    /// The data at x in [0, 1] on the interval, at radius and turn (angle / 2 pi) in [0, 1] on the disk, at the turn on
    /// the circle: the argument of F and the factor before it. For the diffusion equation the data are 1/a - 1.
    ///
    /// `None` for points of another dimension or outside the domain.
    pub fn reduce(self, point: &[Rational]) -> Option<(Rational, Rational)> {
        if point.iter().any(|x| x.is_negative() || *x > Rational::one()) {
            return None;
        }
        match (self, point) {
            (Self::Interval | Self::Diffusion, [x]) => {
                let half = Rational::ratio(1, 2);
                let folded = x.clone().min(Rational::one() - x);
                let distance = folded.clone().min(half - folded);
                Some((distance.scale_by_power_of_two(2), Rational::one()))
            }
            (Self::Disk, [radius, turn]) => Some((turn.clone(), radius * radius)),
            (Self::Laplace, [turn]) => Some((turn.clone(), Rational::one())),
            _ => None,
        }
    }
}
