//! The right-hand side: a polynomial, tested against the hat functions.

use crate::arith::Rational;

use super::Grid;

/// A polynomial in x1 and x2, as (coefficient, power of x1, power of x2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load(Vec<(Rational, u32, u32)>);

impl Load {
    /// The polynomial with these terms.
    pub fn new(terms: Vec<(Rational, u32, u32)>) -> Self {
        Self(terms)
    }
    /// f = 20 + 10 x1 - 5 x2, the load of GPRSK21.
    pub fn published() -> Self {
        let term = |c: i64, a, b| (Rational::from(c), a, b);
        Self(vec![term(20, 0, 0), term(10, 1, 0), term(-5, 0, 1)])
    }
    /// The terms.
    pub fn terms(&self) -> &[(Rational, u32, u32)] {
        &self.0
    }
    /// The degree.
    pub fn degree(&self) -> u32 {
        self.0.iter().map(|(_, a, b)| a + b).max().unwrap_or(0)
    }

    /// The integrals of f times the hat function of each interior node, exactly.
    ///
    /// **Statement.** With x = (i + s) h, y = (j + t) h the integral of x1^a x2^b times the hat at (i, j) is h^2 times the
    /// sum over k, l of binomials, i^(a-k) j^(b-l) h^(a+b), and the moment of s^k t^l against the hat at the origin
    /// (`moment`). Odd moments vanish, as the hat is symmetric: for a linear f the value is h^2 f(node).
    ///
    /// **Complexity.** One sum of (a + 1)(b + 1) terms a node and a term of f.
    pub fn integrals(&self, grid: &Grid) -> Vec<Rational> {
        let h = Rational::one() / Rational::from(grid.cells());
        let mut integrals = vec![Rational::zero(); grid.unknowns()];
        for (coefficient, a, b) in &self.0 {
            let scale = coefficient * &power(&h, a + b + 2);
            let moments: Vec<Vec<Rational>> = (0..=*a)
                .map(|k| (0..=*b).map(|l| binomial(*a, k) * binomial(*b, l) * moment(k, l)).collect())
                .collect();
            for j in 1..=grid.side() {
                for i in 1..=grid.side() {
                    let mut sum = Rational::zero();
                    for (k, row) in (0..=*a).zip(&moments) {
                        for (l, moment) in (0..=*b).zip(row).filter(|(_, moment)| !moment.is_zero()) {
                            sum += &(moment * &(power(&Rational::from(i), a - k) * power(&Rational::from(j), b - l)));
                        }
                    }
                    integrals[(j - 1) * grid.side() + i - 1] += &(&scale * &sum);
                }
            }
        }
        integrals
    }
}

/// x^k
pub(super) fn power(x: &Rational, k: u32) -> Rational {
    x.pow(k as i32).unwrap_or_default()
}

fn binomial(n: u32, k: u32) -> Rational {
    (0..k).fold(Rational::one(), |product, i| product * Rational::from(n - i) / Rational::from(i + 1))
}

fn factorial(n: u32) -> Rational {
    (1..=n).fold(Rational::one(), |product, i| product * Rational::from(i))
}

/// The integral of s^k t^l times the hat function at the origin, over the six triangles around it, for h = 1.
///
/// *Derivation.* The hat is 1 - max(s, t, 0, s - t, ..): on the triangle with corners 0, u, v it is 1 - alpha - beta in the
/// coordinates (s, t) = alpha u + beta v, and the determinant of (u, v) is 1 for all six. s^k t^l is expanded in alpha and
/// beta, and the integral of alpha^p beta^q (1 - alpha - beta) over alpha, beta >= 0, alpha + beta <= 1 is
/// p! q! / (p + q + 3)! (Dirichlet).
fn moment(k: u32, l: u32) -> Rational {
    // By symmetry under (s, t) -> (-s, -t) three triangles count twice for even k + l and cancel for odd.
    if (k + l) % 2 == 1 {
        return Rational::zero();
    }
    let triangles: [[[i64; 2]; 2]; 3] = [[[1, 0], [1, 1]], [[1, 1], [0, 1]], [[0, 1], [-1, 0]]];
    let mut sum = Rational::zero();
    for [u, v] in triangles {
        for p in 0..=k {
            for q in 0..=l {
                // (u0 alpha + v0 beta)^k (u1 alpha + v1 beta)^l, the term alpha^(p + q) beta^(k - p + l - q)
                let sign = power(&Rational::from(u[0]), p)
                    * power(&Rational::from(v[0]), k - p)
                    * power(&Rational::from(u[1]), q)
                    * power(&Rational::from(v[1]), l - q);
                let (alpha, beta) = (p + q, k + l - p - q);
                let weight = factorial(alpha) * factorial(beta) / factorial(alpha + beta + 3);
                sum += &(binomial(k, p) * binomial(l, q) * sign * weight);
            }
        }
    }
    sum * Rational::from(2)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn linear_loads_are_values_at_nodes() {
        let grid = Grid::new(7).unwrap();
        let integrals = Load::published().integrals(&grid);
        for j in 1..=5i64 {
            for i in 1..=5i64 {
                let f = Rational::from(20) + Rational::ratio(10 * i, 6) - Rational::ratio(5 * j, 6);
                assert_eq!(integrals[((j - 1) * 5 + i - 1) as usize], f / Rational::from(36));
            }
        }
    }

    /// The moments by a sum over a fine grid of the hat 1 - max(|s|, |t|, |s - t|).
    #[test]
    fn moments_against_sums() {
        let n = 400;
        for (k, l) in [(0, 0), (1, 0), (2, 0), (1, 1), (0, 2), (3, 1), (2, 2), (4, 0)] {
            let mut sum = 0.0;
            for a in -n..n {
                for b in -n..n {
                    let (s, t) = ((f64::from(a) + 0.5) / f64::from(n), (f64::from(b) + 0.5) / f64::from(n));
                    let hat = (1.0 - s.abs().max(t.abs()).max((s - t).abs())).max(0.0);
                    sum += hat * s.powi(k) * t.powi(l) / f64::from(n * n);
                }
            }
            let exact = moment(k as u32, l as u32);
            let value = exact.numerator().to_i64().unwrap() as f64 / exact.denominator().to_i64().unwrap() as f64;
            assert!((value - sum).abs() < 1e-4, "({k}, {l}): {value} and {sum}");
        }
    }
}
