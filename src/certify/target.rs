//! Targets: the functions that networks approximate, evaluated exactly.

use std::sync::Arc;

use crate::arith::Rational;
use crate::evaluate::evaluate_graph;
use crate::linalg::{Matrix, inverse, solve_vector};
use crate::network::Network;

/// One term of a polynomial in several variables: a coefficient and the exponent of each variable.
pub type Monomial = (Rational, Vec<u32>);

/// A network as a target: the same one is the same in memory.
#[derive(Debug, Clone)]
pub struct NetworkTarget(pub Arc<Network>);

impl PartialEq for NetworkTarget {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for NetworkTarget {}

/// A function with exact rational values at rational points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// x^2.
    Square,
    /// x_1 x_2 .. x_n.
    Product {
        /// Number of factors.
        factors: usize,
    },
    /// x^n.
    Power {
        /// The exponent n.
        exponent: u32,
    },
    /// c_0 + c_1 x + .. + c_n x^n.
    Polynomial {
        /// The coefficients, c_0 first.
        coefficients: Vec<Rational>,
    },
    /// A sum of terms c x_1^(k_1) .. x_n^(k_n).
    MultivariatePolynomial {
        /// Number of variables.
        variables: usize,
        /// The terms, with one exponent for each variable.
        terms: Vec<Monomial>,
    },
    /// 1 / x, not defined at 0.
    Reciprocal,
    /// A B, matrices row by row.
    MatrixProduct {
        /// Rows of A.
        rows: usize,
        /// Columns of A, rows of B.
        inner: usize,
        /// Columns of B.
        columns: usize,
    },
    /// (I - A)^-1, matrices row by row.
    MatrixInverse {
        /// Rows of A.
        size: usize,
    },
    /// B^-1 for symmetric B, matrices row by row.
    SymmetricInverse {
        /// Rows of B.
        size: usize,
    },
    /// A^n, matrices row by row.
    MatrixPower {
        /// Rows of A.
        size: usize,
        /// The exponent n.
        exponent: usize,
    },
    /// B^-1 f: the matrix B row by row, then the vector f.
    LinearSolve {
        /// Rows of B.
        size: usize,
    },
    /// The smallest input.
    Minimum {
        /// Number of inputs.
        size: usize,
    },
    /// The largest input.
    Maximum {
        /// Number of inputs.
        size: usize,
    },
    /// |x|.
    AbsoluteValue,
    /// The middle one of an odd number of inputs, sorted.
    Median {
        /// Number of inputs, odd.
        size: usize,
    },
    /// The piecewise-linear interpolant of points, constant to their left and right.
    Interpolation {
        /// The points (x, y), x strictly increasing.
        points: Vec<(Rational, Rational)>,
    },
    /// The function of a network.
    Network(NetworkTarget),
    /// The solutions of a parametric diffusion problem, which is solved where such problems are known.
    Diffusion {
        /// Number of parameters.
        parameters: usize,
        /// The problem in the words of FORMAT.md, section 13, after `diffusion`.
        problem: Arc<str>,
    },
    /// The function of the spiking network of the proof, which is evaluated where neurons are known.
    Spiking {
        /// Number of inputs.
        inputs: usize,
    },
}

impl Target {
    /// The exact value at an input; `None` where the target is not defined, or the input has the wrong dimension.
    ///
    /// # Shapes
    /// The input is laid out as the network's; so is the output.
    pub fn evaluate(&self, x: &[Rational]) -> Option<Vec<Rational>> {
        if x.len() != self.dimension() {
            return None;
        }
        let value = match self {
            Self::Square => &x[0] * &x[0],
            Self::Product { .. } => x.iter().fold(Rational::one(), |p, factor| p * factor),
            Self::Power { exponent } => power(&x[0], *exponent)?,
            // Horner: c_0 + x (c_1 + x (..))
            Self::Polynomial { coefficients } => {
                coefficients.iter().rev().fold(Rational::zero(), |sum, c| &(&sum * &x[0]) + c)
            }
            Self::MultivariatePolynomial { terms, .. } => {
                let mut sum = Rational::zero();
                for (c, exponents) in terms {
                    let mut product = c.clone();
                    for (x, &k) in x.iter().zip(exponents) {
                        product *= &power(x, k)?;
                    }
                    sum += product;
                }
                sum
            }
            Self::Reciprocal => x[0].recip()?,
            Self::Minimum { .. } => x.iter().min()?.clone(),
            Self::Maximum { .. } => x.iter().max()?.clone(),
            Self::AbsoluteValue => x[0].abs(),
            Self::Median { size } => {
                let mut sorted = x.to_vec();
                sorted.sort();
                sorted.swap_remove(size / 2)
            }
            Self::Interpolation { points } => interpolate(points, &x[0])?,
            Self::Network(NetworkTarget(network)) => {
                let mut rest = x;
                let parts = network.input_dimensions().into_iter().map(|dimension| {
                    let (part, after) = rest.split_at(dimension);
                    rest = after;
                    part.to_vec()
                });
                let parts: Vec<Vec<Rational>> = parts.collect();
                return evaluate_graph(network, &parts).ok();
            }
            Self::Spiking { .. } | Self::Diffusion { .. } => return None,
            Self::MatrixProduct { rows, inner, columns } => {
                let (a, b) = x.split_at(rows * inner);
                let product = matrix(*rows, *inner, a).product(&matrix(*inner, *columns, b)).ok()?;
                return Some(product.entries().to_vec());
            }
            Self::MatrixInverse { size } => {
                let difference = Matrix::identity(*size).sub(&matrix(*size, *size, x)).ok()?;
                return Some(inverse(&difference).ok()?.entries().to_vec());
            }
            Self::SymmetricInverse { size } => {
                return Some(inverse(&matrix(*size, *size, x)).ok()?.entries().to_vec());
            }
            Self::MatrixPower { size, exponent } => {
                let a = matrix(*size, *size, x);
                // One factor after another: plain, and not the way networks take powers.
                let power = (0..*exponent).try_fold(Matrix::identity(*size), |power, _| power.product(&a)).ok()?;
                return Some(power.entries().to_vec());
            }
            Self::LinearSolve { size } => {
                let (b, f) = x.split_at(size * size);
                return solve_vector(&matrix(*size, *size, b), f).ok();
            }
        };
        Some(vec![value])
    }
    /// Number of inputs.
    pub fn dimension(&self) -> usize {
        match self {
            Self::Product { factors } => *factors,
            Self::MultivariatePolynomial { variables, .. } => *variables,
            Self::Minimum { size } | Self::Maximum { size } | Self::Median { size } => *size,
            Self::MatrixProduct { rows, inner, columns } => rows * inner + inner * columns,
            Self::MatrixInverse { size } | Self::SymmetricInverse { size } | Self::MatrixPower { size, .. } => {
                size * size
            }
            Self::LinearSolve { size } => size * size + size,
            Self::Network(NetworkTarget(network)) => network.input_dimensions().into_iter().sum(),
            Self::Spiking { inputs } => *inputs,
            Self::Diffusion { parameters, .. } => *parameters,
            Self::Square
            | Self::Power { .. }
            | Self::Polynomial { .. }
            | Self::Reciprocal
            | Self::AbsoluteValue
            | Self::Interpolation { .. } => 1,
        }
    }
    /// The formula, for reading.
    pub fn formula(&self) -> String {
        match self {
            Self::Square => "x^2".to_owned(),
            Self::Product { factors: 2 } => "x y".to_owned(),
            Self::Product { factors } => format!("x_1 .. x_{factors}"),
            Self::Power { exponent } => format!("x^{exponent}"),
            Self::Polynomial { coefficients } => {
                sum(coefficients.iter().enumerate().map(|(k, c)| (c, factor("x", k as u64))))
            }
            Self::MultivariatePolynomial { terms, .. } => sum(terms.iter().map(|(c, exponents)| {
                let factors = exponents.iter().enumerate().filter(|(_, k)| **k > 0);
                let factors: Vec<String> =
                    factors.map(|(i, &k)| factor(&format!("x_{}", i + 1), u64::from(k))).collect();
                (c, factors.join(" "))
            })),
            Self::MatrixProduct { .. } => "A B".to_owned(),
            Self::MatrixInverse { .. } => "(I - A)^-1".to_owned(),
            Self::SymmetricInverse { .. } => "B^-1".to_owned(),
            Self::MatrixPower { exponent, .. } => format!("A^{exponent}"),
            Self::LinearSolve { .. } => "B^-1 f".to_owned(),
            Self::Reciprocal => "1 / x".to_owned(),
            Self::Minimum { size } => format!("min(x_1, .., x_{size})"),
            Self::Maximum { size } => format!("max(x_1, .., x_{size})"),
            Self::AbsoluteValue => "|x|".to_owned(),
            Self::Median { size } => format!("median(x_1, .., x_{size})"),
            Self::Interpolation { points } => format!("interpolant of {} points", points.len()),
            Self::Network(_) => "the network".to_owned(),
            Self::Spiking { .. } => "firing times".to_owned(),
            Self::Diffusion { .. } => "u_y".to_owned(),
        }
    }
}

/// Entries row by row as a matrix.
fn matrix(rows: usize, columns: usize, entries: &[Rational]) -> Matrix {
    Matrix::from_fn(rows, columns, |i, j| entries[i * columns + j].clone())
}

/// x^k, with 0^0 = 1.
fn power(x: &Rational, k: u32) -> Option<Rational> {
    x.pow(i32::try_from(k).ok()?)
}

/// x^k in writing; empty for k = 0.
fn factor(x: &str, k: u64) -> String {
    match k {
        0 => String::new(),
        1 => x.to_owned(),
        _ => format!("{x}^{k}"),
    }
}

/// A sum of terms (coefficient, product of powers) in writing.
fn sum<'a>(terms: impl Iterator<Item = (&'a Rational, String)>) -> String {
    let mut text = String::new();
    for (c, product) in terms.filter(|term| !term.0.is_zero()) {
        text.push_str(match (text.is_empty(), c.is_negative()) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        });
        let one = c.abs() == Rational::one();
        text.push_str(&match (one, product.is_empty()) {
            (_, true) => c.abs().to_string(),
            (true, false) => product,
            (false, false) => format!("{} {product}", c.abs()),
        });
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// The value of the piecewise-linear interpolant, constant outside; `None` without points.
fn interpolate(points: &[(Rational, Rational)], x: &Rational) -> Option<Rational> {
    let right = points.partition_point(|point| point.0 <= *x);
    let Some(left) = right.checked_sub(1) else {
        return points.first().map(|point| point.1.clone());
    };
    let (a, b) = (points.get(left)?, points.get(right));
    // A convex combination of the neighbours.
    let Some(b) = b else { return Some(a.1.clone()) };
    let t = (x - &a.0).checked_div(&(&b.0 - &a.0))?;
    Some(&(&a.1 * &(&Rational::one() - &t)) + &(&b.1 * &t))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn numbers(list: &[(i64, i64)]) -> Vec<Rational> {
        list.iter().map(|&(p, q)| Rational::ratio(p, q)).collect()
    }

    #[test]
    fn values_are_the_textbook_ones() {
        let value = |target: &Target, x: &[(i64, i64)]| target.evaluate(&numbers(x)).map(|mut y| y.remove(0));
        let polynomial = Target::Polynomial { coefficients: numbers(&[(1, 2), (-3, 1), (0, 1), (2, 1)]) };
        // 1/2 - 3 (1/2) + 2 / 8
        assert_eq!(value(&polynomial, &[(1, 2)]), Some(Rational::ratio(-3, 4)));
        assert_eq!(polynomial.formula(), "1/2 - 3 x + 2 x^3");
        let terms = vec![(Rational::ratio(-1, 2), vec![2, 1]), (Rational::from(3), vec![0, 0])];
        let several = Target::MultivariatePolynomial { variables: 2, terms };
        assert_eq!(value(&several, &[(2, 1), (3, 1)]), Some(Rational::from(-3)));
        assert_eq!(several.formula(), "-1/2 x_1^2 x_2 + 3");
        assert_eq!(value(&Target::Reciprocal, &[(2, 3)]), Some(Rational::ratio(3, 2)));
        assert_eq!(value(&Target::Reciprocal, &[(0, 1)]), None);
        assert_eq!(value(&Target::Power { exponent: 3 }, &[(-2, 1)]), Some(Rational::from(-8)));
        assert_eq!(value(&Target::Median { size: 3 }, &[(5, 1), (-1, 1), (2, 1)]), Some(Rational::from(2)));
        assert_eq!(value(&Target::Median { size: 3 }, &[(5, 1)]), None);
        let points = [((0, 1), (1, 1)), ((1, 1), (3, 1)), ((4, 1), (0, 1))];
        let points = points.map(|((a, b), (c, d))| (Rational::ratio(a, b), Rational::ratio(c, d))).to_vec();
        let interpolant = Target::Interpolation { points };
        for (x, y) in [((-7, 1), (1, 1)), ((1, 4), (3, 2)), ((1, 1), (3, 1)), ((2, 1), (2, 1)), ((9, 1), (0, 1))] {
            assert_eq!(value(&interpolant, &[x]), Some(Rational::ratio(y.0, y.1)));
        }
    }
}
