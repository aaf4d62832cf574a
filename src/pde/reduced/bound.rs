//! The error of a reduced solution at one parameter, proved.

use crate::arith::{Integer, Rational};

use super::super::PdeError;
use super::ReducedModel;
use super::basis::{Coefficients, Nodal, exponent_for, mantissa};
use super::conductance::{inner_product, over};
use super::setting::Setting;

/// Significant bits of bounds.
const BITS: u64 = 64;
/// Bits of the residual and of its representer that later steps see.
const RESIDUAL_BITS: u64 = 62;
const REPRESENTER_BITS: i64 = 50;

/// A reduced solution v = V c for one parameter, with bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reduced {
    /// c
    pub coefficients: Coefficients,
    /// v at the interior nodes.
    pub solution: Nodal,
    /// An upper bound of |u - v| in the energy norm |v|_a^2 = v . A_y v; u is the exact solution of A_y u = f.
    pub energy_error: Rational,
    /// A lower bound of |u|_a.
    pub energy_norm: Rational,
}

impl Reduced {
    /// Solves the reduced system in doubles and bounds the error of v = V c for the rounded c.
    ///
    /// **Statement.** With r = f - A_y v: |u - v|_a^2 = r . A_y^-1 r <= r . G^-1 r / a_min, since A_y - a_min G is positive
    /// semidefinite (conductances are at least a_min times those of a = 1), so that inverses are ordered the other way.
    /// The norm of r is bounded by [`dual_norm_upper`].
    ///
    /// **Complexity.** One substitution in doubles, and O(D d) integer operations for D unknowns.
    ///
    /// **Exactness.** Upper bound: v, r and everything that the bound is made of are exact or rounded outwards.
    ///
    /// # Errors
    /// [`PdeError::Length`], [`PdeError::Coefficient`].
    pub fn new(model: &ReducedModel, y: &[Rational]) -> Result<Self, PdeError> {
        let setting = model.setting();
        let (matrix, least) = setting.affine().at(y)?;
        let coefficients = model.system().approx_solve(y);
        let solution = model.basis().combination(&coefficients);
        // f - A v = phi / F - S w 2^-e / Q = (m phi - n S w) / (F m) with F 2^-e / Q = n / m.
        let (right, denominator) = setting.right();
        let ratio = over(denominator, matrix.denominator()).scale_by_power_of_two(-solution.exponent);
        let (n, m) = (ratio.numerator(), ratio.denominator());
        let image = matrix.apply(&solution.mantissas);
        let residual: Vec<Integer> = right.iter().zip(&image).map(|(f, x)| f * &m - x * &n).collect();
        let unit = Rational::one() / Rational::from(denominator * &m);
        let dual = dual_norm_upper(setting, &residual) * unit;
        // |r|_(A^-1) <= |r|_(G^-1) / sqrt(a_min)
        let energy_error = (dual / least.sqrt_down(2 * BITS)).round_up(BITS);
        let energy_norm = model.system().energy_lower(y, &coefficients).relu().sqrt_down(BITS);
        Ok(Self { coefficients, solution, energy_error, energy_norm })
    }
    /// An upper bound of |u - v|_a / |u|_a; `None` where the lower bound of |u|_a is 0.
    pub fn relative_error(&self) -> Option<Rational> {
        self.energy_error.checked_div(&self.energy_norm).map(|x| x.round_up(BITS))
    }
}

/// An upper bound of the norm (r . G^-1 r)^(1/2) of an integer vector.
///
/// **Statement.** For any R, with s = r - G R: |r| <= |G R| + |s| <= (R . G R)^(1/2) + |s|_2 / lambda^(1/2) in that norm,
/// lambda at most the least eigenvalue of G. A solution R of G R = r in doubles makes s small. Here r is 2^shift (q + t)
/// with whole q and 0 <= t_i < 1, and |t|_2 <= D^(1/2) joins |s|_2.
///
/// **Exactness.** Upper bound.
pub fn dual_norm_upper(setting: &Setting, r: &[Integer]) -> Rational {
    let bits = r.iter().map(Integer::bits).max().unwrap_or(0);
    if bits == 0 {
        return Rational::zero();
    }
    let shift = bits as i64 - RESIDUAL_BITS as i64;
    // Shifting up loses nothing; shifting down takes the floor.
    let cut = |x: &Integer| if shift > 0 { x.shr_floor(shift as u64) } else { x.shl(shift.unsigned_abs()) };
    // |q| <= 2^62
    let q: Vec<i128> = r.iter().map(|x| cut(x).to_i128().unwrap_or_default()).collect();
    let cut_off = if shift > 0 { Rational::from(r.len()).sqrt_up(BITS) } else { Rational::zero() };
    let guess = setting.approx_riesz(&q.iter().map(|x| *x as f64).collect::<Vec<_>>());
    // R = 2^power z with whole |z| <= 2^50, for a power that keeps everything whole; z = 0 is always right.
    let power = exponent_for(guess.iter(), REPRESENTER_BITS).map_or(0, |k| -k);
    let usable = (0..=60).contains(&power) && guess.iter().all(|x| x.is_finite());
    let z: Vec<i128> = guess.iter().map(|x| if usable { i128::from(mantissa(*x, -power)) } else { 0 }).collect();
    let power = if usable { power } else { 0 };
    // |2 G z| <= 8 2^51, as rows of 2 G have absolute sums of at most 16.
    let image = super::affine::doubled_one(setting.grid(), &z);
    // z . G z = (z . 2 G z) / 2
    let energy = Rational::from(inner_product(&z, &image)).scale_by_power_of_two(-1);
    let s: Vec<i128> = q.iter().zip(&image).map(|(q, g)| q - ((g >> 1) << power)).collect();
    let rest = Rational::from(inner_product(&s, &s)).sqrt_up(BITS) + cut_off;
    let sum = energy.sqrt_up(BITS).scale_by_power_of_two(power) + rest / setting.problem().eigenvalue().sqrt_down(BITS);
    sum.scale_by_power_of_two(shift)
}
