//! The reduced system of a rounded basis, rounded again to short weights, with bounds of what that changes.

use crate::arith::Rational;
use crate::construct::ParametricSystem;
use crate::linalg::{Matrix, dot};

use super::super::PdeError;
use super::super::reduced::{Form, ReducedModel};
use super::super::whole_box::Classes;

/// Significant bits of bounds.
const BITS: u64 = 48;
/// Significant bits of the ends of the spectrum.
const SPECTRUM_BITS: u64 = 32;

/// The reduced problem of a basis over the box of its parameters.
#[derive(Debug, Clone)]
pub struct ReducedProblem {
    /// The rounded system with its bounds.
    pub system: ParametricSystem,
    /// delta: the largest row sum of absolute values of V^T G V - I.
    pub defect: Rational,
    /// 0 < f <= |V^T f|
    pub load_lower: Rational,
}

impl ReducedProblem {
    /// The system with entries rounded to multiples of 2^-bits.
    ///
    /// **Statement.** All numbers satisfy what FORMAT.md, section 13, says of the lines `matrix`, `load`, `bounds` and S.
    ///
    /// # Errors
    /// As [`Classes::new`]; [`PdeError::Basis`] where the basis is too far from orthonormal.
    pub fn new(model: &ReducedModel, bits: i64) -> Result<Self, PdeError> {
        let classes = Classes::new(model.setting().problem().coefficient())?;
        let domain: Vec<(Rational, Rational)> =
            classes.domain().iter().map(|[lower, upper]| (lower.clone(), upper.clone())).collect();
        let (least, most) = range(&classes, &domain);
        let forms: Vec<Matrix> = model.system().forms().iter().map(matrix).collect();
        let d = model.basis().dimension();
        let difference = forms[0].sub(&Matrix::identity(d)).map_err(|_| PdeError::Basis)?;
        let (one, defect) = (Rational::one(), difference.max_row_sum_norm().round_up(BITS));
        // Far below 1 after orthonormalisation in doubles.
        if defect >= Rational::ratio(1, 1000) {
            return Err(PdeError::Basis);
        }
        // B'_0 = a_0 V^T G V + sum of l_i V^T A_i V, B'_i = (h_i - l_i) V^T A_i V
        let mut exact = vec![forms[0].scale(model.setting().affine().constant())];
        for (form, (lower, upper)) in forms[1..].iter().zip(&domain) {
            if !lower.is_zero() {
                exact[0] = exact[0].add(&form.scale(lower)).map_err(|_| PdeError::Basis)?;
            }
            exact.push(form.scale(&(upper - lower)));
        }
        let nearest = |x: &Rational| (x + &Rational::power_of_two(-bits - 1)).round_down_to_grid(bits);
        let matrices: Vec<Matrix> = exact.iter().map(|matrix| matrix.map(nearest)).collect();
        let mut matrix_error = Rational::zero();
        for (rounded, exact) in matrices.iter().zip(&exact) {
            let difference = rounded.sub(exact).map_err(|_| PdeError::Basis)?;
            matrix_error += &difference.frobenius_squared().sqrt_up(BITS);
        }
        let matrix_error = matrix_error.round_up(BITS);
        let (load, unit) = model.system().load();
        let load: Vec<Rational> = load.iter().map(|n| unit * &Rational::from(n)).collect();
        let rounded: Vec<Rational> = load.iter().map(nearest).collect();
        let difference: Vec<Rational> = load.iter().zip(&rounded).map(|(x, y)| x - y).collect();
        let square = dot(&load, &load);
        let load_error = dot(&difference, &difference).sqrt_up(BITS).round_up(BITS);
        let load_lower = square.sqrt_down(BITS);
        if !load_lower.is_positive() {
            return Err(PdeError::NoSnapshot);
        }
        let coupling = coupling(&classes, &domain).sqrt_up(BITS) * (&one + &defect) + &matrix_error;
        Ok(Self {
            system: ParametricSystem {
                lower: (&least * &(&one - &defect)).round_down(SPECTRUM_BITS),
                upper: (&most * &(&one + &defect)).round_up(SPECTRUM_BITS),
                load_upper: (square.sqrt_up(BITS) + &load_error).round_up(BITS),
                matrix_error,
                coupling: coupling.round_up(BITS),
                matrices,
                load: rounded,
                load_error,
                domain,
            },
            defect,
            load_lower,
        })
    }
}

/// T with |\[B'_1 .. B'_p\]| <= (1 + delta) T^(1/2).
///
/// With 0 <= a_i <= theta_i the matrices B'_i are between 0 and theta_i (1 + delta), so that the sum of their squares is at most
/// max theta_i (1 + delta) times their sum, which is at most theta (1 + delta). Otherwise |B'_i| <= theta_i (1 + delta).
fn coupling(classes: &Classes, domain: &[(Rational, Rational)]) -> Rational {
    let lengths: Vec<Rational> = domain.iter().map(|(lower, upper)| upper - lower).collect();
    let scaled = |i: usize| classes.values().iter().map(move |numbers| &numbers[i + 1]);
    let theta: Vec<Rational> =
        (0..domain.len()).map(|i| scaled(i).map(Rational::abs).max().unwrap_or_default() * &lengths[i]).collect();
    if classes.values().iter().flat_map(|numbers| &numbers[1..]).any(Rational::is_negative) {
        return dot(&theta, &theta);
    }
    let together = classes.values().iter().map(|numbers| dot(&numbers[1..], &lengths)).max().unwrap_or_default();
    together * theta.into_iter().max().unwrap_or_default()
}

/// The least and the largest a_y over all triangles and parameters: an affine function takes its extrema at corners, one
/// parameter at a time.
fn range(classes: &Classes, domain: &[(Rational, Rational)]) -> (Rational, Rational) {
    let ends = |numbers: &Vec<Rational>| {
        let (mut least, mut most) = (numbers[0].clone(), numbers[0].clone());
        for (a, (lower, upper)) in numbers[1..].iter().zip(domain) {
            let (x, y) = (a * lower, a * upper);
            let (low, high) = if x <= y { (x, y) } else { (y, x) };
            least += &low;
            most += &high;
        }
        (least, most)
    };
    let (least, most): (Vec<Rational>, Vec<Rational>) = classes.values().iter().map(ends).unzip();
    (least.into_iter().min().unwrap_or_default(), most.into_iter().max().unwrap_or_default())
}

/// The numbers of a form.
fn matrix(form: &Form) -> Matrix {
    let d = form.entries.len();
    Matrix::from_fn(d, d, |j, k| &form.unit * &Rational::from(&form.entries[j][k]))
}
