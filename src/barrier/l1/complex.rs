//! Minimisers over the complex numbers, for one equation.

use super::Surd;
use crate::arith::{Integer, Rational};
use crate::barrier::BarrierError;

/// A number re + i im.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complex<T> {
    /// The real part.
    pub re: T,
    /// The imaginary part.
    pub im: T,
}

impl Complex<Rational> {
    /// |z|^2.
    pub fn norm_squared(&self) -> Rational {
        &self.re * &self.re + &self.im * &self.im
    }
    fn is_zero(&self) -> bool {
        self.re.is_zero() && self.im.is_zero()
    }
    /// conj(self) times other.
    fn conjugate_times(&self, other: &Self) -> Self {
        Self { re: &self.re * &other.re + &self.im * &other.im, im: &self.re * &other.im - &self.im * &other.re }
    }
}

impl From<Rational> for Complex<Rational> {
    fn from(re: Rational) -> Self {
        Self { re, im: Rational::zero() }
    }
}

/// The minimisers of |x|_1 = |x_1| + .. + |x_N| over complex x; numbers are a + b sqrt(q) for one q.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplexOptimum {
    /// q
    pub q: Integer,
    /// The square of the least |x|_1.
    pub value_squared: Surd,
    /// The minimisers are the convex hull of these points, its corners.
    pub vertices: Vec<Vec<Complex<Surd>>>,
}

/// The outcome for a complex problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComplexSolution {
    /// There are minimisers.
    Optimal(ComplexOptimum),
    /// The first row is 0 and |y_1| > epsilon.
    Infeasible,
}

/// Minimises |x|_1 subject to |A x - y| <= epsilon over complex x, exactly, for a first row a of A below which there are unit
/// rows only, on different coordinates where a is 0, with data 0.
///
/// **Statement.** Coordinates with a unit row are 0 in every minimiser: setting them to 0 lowers the norm and no residual
/// grows. For |y| <= epsilon x = 0 is the minimiser. Else let d = |y| - epsilon > 0 and M = max |a_j|. A feasible x has
/// d <= |a . x| <= sum |a_j| |x_j| <= M |x|_1, so d / M is the least norm. Equality holds iff x_j = 0 where |a_j| < M, all
/// a_j x_j have one phase, and |a . x| = d, which leaves a . x = d y / |y|: so x_j = l_j conj(a_j) y d / (|y| M^2) with l_j >= 0 of sum
/// 1 over the j with |a_j| = M, a simplex.
/// **Exactness.** Exact, in Q(sqrt q) with sqrt(q) a multiple of |y|; |a_j| are compared by their squares.
///
/// # Errors
/// [`BarrierError::Data`] where y does not fit A, [`BarrierError::Epsilon`] below 0, [`BarrierError::Family`] for another A or y.
pub fn solve_complex(
    rows: &[Vec<Complex<Rational>>],
    data: &[Complex<Rational>],
    epsilon: &Rational,
) -> Result<ComplexSolution, BarrierError> {
    if data.len() != rows.len() {
        return Err(BarrierError::Data { rows: rows.len(), entries: data.len() });
    }
    if epsilon.is_negative() {
        return Err(BarrierError::Epsilon { epsilon: epsilon.clone() });
    }
    let (Some((a, unit_rows)), Some((y, zeros))) = (rows.split_first(), data.split_first()) else {
        return Err(BarrierError::Family { row: 0 });
    };
    if !zeros.iter().all(Complex::is_zero) {
        return Err(BarrierError::Family { row: 1 + zeros.iter().take_while(|y| y.is_zero()).count() });
    }
    let mut taken = vec![false; a.len()];
    for (i, row) in unit_rows.iter().enumerate() {
        let fits = |j: usize| a[j].is_zero() && !taken[j] && row[j] == Complex::from(Rational::one());
        match row.iter().position(|x| !x.is_zero()) {
            Some(j) if row.len() == a.len() && fits(j) && row[j + 1..].iter().all(Complex::is_zero) => taken[j] = true,
            _ => return Err(BarrierError::Family { row: i + 1 }),
        }
    }
    Ok(one_equation(a, y, epsilon))
}

fn one_equation(a: &[Complex<Rational>], y: &Complex<Rational>, epsilon: &Rational) -> ComplexSolution {
    let zero = || Complex { re: Surd::zero(), im: Surd::zero() };
    let length = y.norm_squared();
    if length <= epsilon * epsilon {
        let vertices = vec![a.iter().map(|_| zero()).collect()];
        return ComplexSolution::Optimal(ComplexOptimum { q: Integer::zero(), value_squared: Surd::zero(), vertices });
    }
    let largest = a.iter().map(Complex::norm_squared).max().unwrap_or_default();
    let (Some(inverse), Some((root, q)), Some(of_length)) =
        (largest.recip(), Surd::square_root(&length), length.recip())
    else {
        return ComplexSolution::Infeasible;
    };
    // d / |y| = 1 - epsilon |y| / |y|^2
    let share = &Surd::from(Rational::one()) - &root.scaled(&(epsilon * &of_length));
    // d^2 = |y|^2 - 2 epsilon |y| + epsilon^2
    let square = &Surd::from(&length + &(epsilon * epsilon)) - &root.scaled(&(epsilon + epsilon));
    let ends = (0..a.len()).filter(|&j| a[j].norm_squared() == largest);
    let corner = |j: usize| {
        let mut x: Vec<Complex<Surd>> = a.iter().map(|_| zero()).collect();
        let direction = a[j].conjugate_times(y);
        x[j] = Complex { re: share.scaled(&(direction.re * &inverse)), im: share.scaled(&(direction.im * &inverse)) };
        x
    };
    ComplexSolution::Optimal(ComplexOptimum {
        value_squared: square.scaled(&inverse),
        vertices: ends.map(corner).collect(),
        q,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Instance, Solution, solve};
    use super::*;
    use crate::linalg::Matrix;
    use proptest::prelude::*;

    fn complex() -> impl Strategy<Value = Complex<Rational>> {
        (-3i64..=3, -3i64..=3).prop_map(|(re, im)| Complex { re: Rational::from(re), im: Rational::from(im) })
    }

    fn approx(z: &Complex<Rational>) -> (f64, f64) {
        (z.re.approx_f64(), z.im.approx_f64())
    }

    fn optimum(solution: ComplexSolution) -> ComplexOptimum {
        match solution {
            ComplexSolution::Optimal(optimum) => optimum,
            ComplexSolution::Infeasible => panic!("feasible"),
        }
    }

    proptest! {
        #[test]
        fn corners_are_feasible_and_nothing_feasible_is_smaller(
            a in prop::collection::vec(complex(), 1..5), y in complex(), k in 0i64..4,
            points in prop::collection::vec(prop::collection::vec((-2.0..2.0f64, -2.0..2.0f64), 4), 20),
        ) {
            let epsilon = Rational::ratio(k, 2);
            let square = &epsilon * &epsilon;
            match solve_complex(std::slice::from_ref(&a), std::slice::from_ref(&y), &epsilon).unwrap() {
                ComplexSolution::Infeasible => {
                    prop_assert!(a.iter().all(Complex::is_zero) && y.norm_squared() > square);
                }
                ComplexSolution::Optimal(optimum) => {
                    let q = Rational::from(&optimum.q);
                    for x in &optimum.vertices {
                        // a . x - y and the one entry that is not 0, exactly.
                        let (mut re, mut im) = (Surd::from(-&y.re), Surd::from(-&y.im));
                        let mut norm = Surd::zero();
                        for (a, x) in a.iter().zip(x) {
                            re = &(&re + &x.re.scaled(&a.re)) - &x.im.scaled(&a.im);
                            im = &(&im + &x.re.scaled(&a.im)) + &x.im.scaled(&a.re);
                            norm = &norm + &(&x.re.times(&x.re, &q) + &x.im.times(&x.im, &q));
                        }
                        let residual = &re.times(&re, &q) + &im.times(&im, &q);
                        prop_assert!(residual.compare(&Surd::from(square.clone()), &q).is_le());
                        prop_assert_eq!(norm.compare(&optimum.value_squared, &q), core::cmp::Ordering::Equal);
                    }
                    let least = optimum.value_squared.enclosure(&q, 60).0.approx_f64().sqrt();
                    for point in points {
                        let (mut re, mut im, mut norm) = (0.0, 0.0, 0.0);
                        for (a, (u, v)) in a.iter().map(approx).zip(&point) {
                            re += a.0 * u - a.1 * v;
                            im += a.0 * v + a.1 * u;
                            norm += u.hypot(*v);
                        }
                        // Scaled so that it is feasible as far as its direction allows.
                        let (c, d) = approx(&y);
                        let scale = (re * c + im * d) / (re * re + im * im);
                        let residual = (scale * re - c).hypot(scale * im - d);
                        if scale > 0.0 && residual <= epsilon.approx_f64() {
                            let short = (epsilon.approx_f64().powi(2) - residual.powi(2)).sqrt();
                            let factor = (scale - short / re.hypot(im)).max(0.0);
                            prop_assert!(factor * norm >= least - 1e-9);
                        }
                    }
                }
            }
        }
        #[test]
        fn real_problems_agree_with_the_real_solver(
            a in prop::collection::vec(-3i64..=3, 1..5), y in -4i64..=4, k in 0i64..4,
        ) {
            let epsilon = Rational::ratio(k, 2);
            let real = |x: i64| Complex::from(Rational::from(x));
            let row: Vec<Complex<Rational>> = a.iter().copied().map(real).collect();
            let matrix = Matrix::from_fn(1, a.len(), |_, j| Rational::from(a[j]));
            let instance = Instance::new(matrix, vec![Rational::from(y)], epsilon.clone()).unwrap();
            match (solve_complex(&[row], &[real(y)], &epsilon).unwrap(), solve(&instance).unwrap()) {
                (ComplexSolution::Infeasible, Solution::Infeasible { .. }) => {}
                (ComplexSolution::Optimal(complex), Solution::Optimal(known)) => {
                    let value = &known.value.rational;
                    prop_assert_eq!(&complex.value_squared.rational, &(value * value));
                    let text = |x: &[&Surd]| x.iter().map(|x| x.rational.to_string()).collect::<Vec<_>>();
                    let mut left: Vec<_> =
                        complex.vertices.iter().map(|x| text(&x.iter().map(|x| &x.re).collect::<Vec<_>>())).collect();
                    let mut right: Vec<_> = known.vertices.iter().map(|x| text(&x.iter().collect::<Vec<_>>())).collect();
                    left.sort();
                    right.sort();
                    prop_assert_eq!(left, right);
                }
                (left, right) => prop_assert!(false, "{:?} {:?}", left, right),
            }
        }
    }

    #[test]
    fn unit_rows_change_nothing_and_other_rows_are_refused() {
        let z = |re: i64, im: i64| Complex { re: Rational::from(re), im: Rational::from(im) };
        let family = vec![vec![z(1, 1), z(0, 1), z(0, 0)], vec![z(0, 0), z(0, 0), z(1, 0)]];
        let data = [z(3, 0), z(0, 0)];
        let found = optimum(solve_complex(&family, &data, &Rational::one()).unwrap());
        // (1 + i) x = 2: x = 1 - i of norm sqrt(2).
        let entry =
            |re: i64, im: i64| Complex { re: Surd::from(Rational::from(re)), im: Surd::from(Rational::from(im)) };
        assert_eq!(found.vertices, [[entry(1, -1), entry(0, 0), entry(0, 0)]]);
        assert_eq!(found.value_squared, Surd::from(Rational::from(2)));
        let refused = |rows: &[Vec<Complex<Rational>>], data: &[Complex<Rational>]| {
            solve_complex(rows, data, &Rational::one()).unwrap_err()
        };
        let mut other = family.clone();
        other[1][1] = z(1, 0);
        assert_eq!(refused(&other, &data), BarrierError::Family { row: 1 });
        assert_eq!(refused(&family, &[z(3, 0), z(1, 0)]), BarrierError::Family { row: 1 });
        assert_eq!(refused(&[], &[]), BarrierError::Family { row: 0 });
        assert_eq!(refused(&family, &data[..1]), BarrierError::Data { rows: 2, entries: 1 });
    }
}
