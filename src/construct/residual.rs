//! Exact expansions of a polynomial q(t) and of the residual 1 - x f q(t), x = h (l - t).

use super::reciprocal::ReciprocalMethod;
use super::reciprocal_program::pole;
use crate::arith::{Integer, Rational};

/// q = 2^-exponent sum_j c_j v_j, where v_j is T_j(t) or t^j.
pub(super) struct Expansion {
    coefficients: Vec<Integer>,
    exponent: u64,
    powers: bool,
}

impl Expansion {
    /// sum_j c_j T_j with multiples c_j of 2^-exponent.
    pub(super) fn sum(coefficients: &[Rational], exponent: u64) -> Self {
        let coefficients = coefficients.iter().map(|c| c.scale_by_power_of_two(exponent as i64).floor()).collect();
        Self { coefficients, exponent, powers: false }
    }

    /// prod_k (1 + w_k v_(2^k)) with dyadic w_k, where v_j is t^j for Newton.
    ///
    /// # Complexity
    /// 2n multiplications of integers for degree n.
    pub(super) fn product(weights: &[Rational], method: ReciprocalMethod) -> Self {
        let powers = method == ReciprocalMethod::Newton;
        let mut q = Self { coefficients: vec![Integer::one()], exponent: 0, powers };
        for weight in weights {
            q.multiply(weight);
        }
        q
    }

    /// q (1 + w v_n) for q of degree n - 1: v_j v_n is v_{n+j}, or (v_{n+j} + v_{n-j}) / 2 for T.
    fn multiply(&mut self, weight: &Rational) {
        let n = self.coefficients.len();
        let half = u64::from(!self.powers);
        let exponent = weight.dyadic_exponent().unwrap_or(0);
        let products: Vec<Integer> = self.coefficients.iter().map(|c| c * &weight.numerator()).collect();
        let mut sum: Vec<Integer> = self.coefficients.iter().map(|c| c.shl(exponent + half)).collect();
        sum.extend(products.iter().cloned());
        if !self.powers {
            // T_0 T_n = (T_n + T_n) / 2
            for (j, product) in products.iter().enumerate() {
                sum[n - j] += product;
            }
        }
        self.coefficients = sum;
        self.exponent += exponent + half;
    }

    /// An upper bound of the sum of |r_k| where 1 - x f q = sum_k r_k T_k on \[a, b\].
    ///
    /// # Exactness
    /// Exact for sums in T; for powers the sum of the coefficients of t^k, each a sum of T_j with weights >= 0 that add up
    /// to 1.
    pub(super) fn residual(&self, f: &Rational, domain: (&Rational, &Rational)) -> Rational {
        let (a, b) = domain;
        // x f q = f h l q - f h t q, over the denominator 2^(exponent + 1) D
        let slope = f * &(b - a).scale_by_power_of_two(-1);
        let constant = &slope * &pole(domain);
        let denominator = slope.denominator().lcm(&constant.denominator());
        let over = |x: &Rational| (x * &Rational::from(denominator.clone())).floor();
        let (slope, constant) = (over(&slope), over(&constant).shl(1));
        let unit = denominator.shl(self.exponent + 1);
        let n = self.coefficients.len();
        let mut r = vec![Integer::zero(); n + 1];
        r[0] = unit.clone();
        for (j, c) in self.coefficients.iter().enumerate() {
            r[j] -= &(c * &constant);
            let moved = c * &slope;
            if self.powers || j == 0 {
                // t v_j = v_{j+1}
                r[j + 1] += &moved.shl(1);
            } else {
                // t T_j = (T_{j+1} + T_{j-1}) / 2
                r[j + 1] += &moved;
                r[j - 1] += &moved;
            }
        }
        let sum = r.iter().fold(Integer::zero(), |sum, r| sum + r.abs());
        &Rational::from(sum) / &Rational::from(unit)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::chebyshev::values;
    use super::*;

    #[test]
    fn the_residual_of_exact_factors_is_one_term() {
        // 1 - x prod (1 + v_k / v_k(l)) scale = T_n(t) / T_n(l), or t^n / l^n, where x = h (l - t), l = 2.
        let (a, b) = (Rational::one(), Rational::from(3));
        // t / 2, t^2 / 4, t^4 / 16: dyadic
        let weights: Vec<Rational> = [1, 2, 4].map(|k: i64| Rational::power_of_two(-k)).to_vec();
        let newton = Expansion::product(&weights, ReciprocalMethod::Newton);
        assert_eq!(newton.residual(&Rational::ratio(1, 2), (&a, &b)), Rational::power_of_two(-8));
        // One factor: p = (1 + t / 2) 2 l^2 / (2 l^2 - 1) / 2 with T_2(2) = 7.
        let chebyshev = Expansion::product(&weights[..1], ReciprocalMethod::ChebyshevProduct);
        assert_eq!(chebyshev.residual(&Rational::ratio(4, 7), (&a, &b)), Rational::ratio(1, 7));
    }

    #[test]
    fn the_expansion_has_the_values_of_the_product() {
        let weights: Vec<Rational> = [3, 5, 1, 7].map(|k: i64| Rational::ratio(k, 16)).to_vec();
        let (f, a, b) = (Rational::ratio(2, 3), Rational::ratio(1, 3), Rational::from(2));
        for method in [ReciprocalMethod::Newton, ReciprocalMethod::ChebyshevProduct] {
            let q = Expansion::product(&weights, method);
            let most = q.residual(&f, (&a, &b));
            for k in -8..9 {
                let t = Rational::ratio(k, 8);
                let v = values(&t, 16);
                let v = |j: usize| if q.powers { t.pow(j as i32).unwrap() } else { v[j].clone() };
                let product = weights
                    .iter()
                    .enumerate()
                    .fold(Rational::one(), |p, (k, w)| p * (Rational::one() + w * &v(1 << k)));
                let sum: Rational =
                    q.coefficients.iter().enumerate().map(|(j, c)| Rational::from(c.clone()) * v(j)).sum();
                assert_eq!(sum.scale_by_power_of_two(-(q.exponent as i64)), product);
                let x = (&(&a + &b) - &(&(&b - &a) * &t)).scale_by_power_of_two(-1);
                assert!((Rational::one() - x * &f * product).abs() <= most);
            }
        }
    }
}
