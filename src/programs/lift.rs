//! Exact solutions of sparse integer systems by digits modulo powers of a prime (Dix82).
//!
//! One factorisation modulo a prime p gives as many digits of the solution as are asked for, each for one sparse solve
//! in machine words. Fractions are then read off the digits, and the system is multiplied out in integers: that, not
//! the number of digits, is the proof.

use super::factors::{Deficient, Factors};
use super::field::{Modulo, primes};
use super::integers::Integers;
use crate::arith::{Integer, Rational};

/// A regular matrix of columns of a program.
pub(super) struct Basis<'a> {
    columns: Vec<&'a [(usize, Integer)]>,
    /// The entries as machine words, where all of them are.
    words: Option<Vec<Vec<(usize, i64)>>>,
    prime: u64,
    factors: Factors<u64>,
}

/// numerators / denominator, the denominator positive.
pub(super) struct Fractions {
    pub(super) numerators: Vec<Integer>,
    pub(super) denominator: Integer,
}

impl Fractions {
    pub(super) fn rationals(&self) -> Vec<Rational> {
        let ratio = |n: &Integer| Rational::new(n.clone(), self.denominator.clone()).unwrap_or_default();
        self.numerators.iter().map(ratio).collect()
    }
}

/// Residuals below this size leave room for a product in 128 bits.
const SMALL: u64 = 100;

impl<'a> Basis<'a> {
    /// The matrix of these columns modulo the prime, or what it lacks there.
    ///
    /// A matrix that is regular modulo a prime is regular.
    pub(super) fn modulo(integers: &'a Integers, members: &[usize], prime: u64) -> Result<Self, Deficient> {
        let columns: Vec<&[(usize, Integer)]> = members.iter().map(|&j| integers.columns[j].as_slice()).collect();
        let p = Integer::from(prime);
        let reduced: Vec<Vec<(usize, u64)>> =
            columns.iter().map(|column| column.iter().map(|(i, a)| (*i, residue(a, &p))).collect()).collect();
        let factors = Factors::new(&Modulo(prime), &reduced)?;
        let word = |(i, a): &(usize, Integer)| a.to_i64().filter(|a| a.unsigned_abs() < 1 << 62).map(|a| (*i, a));
        let words = columns.iter().map(|column| column.iter().map(word).collect()).collect();
        Ok(Self { columns, words, prime, factors })
    }

    /// The matrix of columns that are known to be regular.
    pub(super) fn regular(integers: &'a Integers, members: &[usize]) -> Self {
        // Only the primes that divide the determinant fail, finitely many.
        let mut primes = primes();
        loop {
            let prime = primes.next().unwrap_or(2);
            if let Ok(basis) = Self::modulo(integers, members, prime) {
                return basis;
            }
        }
    }

    /// Solves B x = b.
    pub(super) fn solve(&self, b: &[Integer]) -> Fractions {
        self.lift(b, false)
    }

    /// Solves B^T y = c.
    pub(super) fn solve_transposed(&self, c: &[Integer]) -> Fractions {
        self.lift(c, true)
    }

    fn lift(&self, b: &[Integer], transposed: bool) -> Fractions {
        let mut residual = Residual::new(b.to_vec(), self.words.as_deref());
        let mut digits: Vec<Vec<u64>> = Vec::new();
        let mut next_try = 4;
        // With twice the digits of the determinants of Cramer's rule, the fractions are found: the loop ends.
        loop {
            let mut digit = residual.modulo(self.prime);
            match transposed {
                false => self.factors.solve(&Modulo(self.prime), &mut digit),
                true => self.factors.solve_transposed(&Modulo(self.prime), &mut digit),
            }
            residual = residual.step(self, &digit, transposed);
            digits.push(digit);
            if digits.len() == next_try {
                if let Some(found) = fractions(&digits, self.prime)
                    && self.proves(&found, b, transposed)
                {
                    return found;
                }
                next_try += next_try / 2;
            }
        }
    }

    /// Whether B numerators = denominator b, in integers.
    fn proves(&self, found: &Fractions, b: &[Integer], transposed: bool) -> bool {
        let mut rest: Vec<Integer> = b.iter().map(|b| b * &found.denominator).collect();
        for (j, column) in self.columns.iter().enumerate() {
            for (i, a) in *column {
                let (from, to) = if transposed { (*i, j) } else { (j, *i) };
                if !found.numerators[from].is_zero() {
                    rest[to] -= &(a * &found.numerators[from]);
                }
            }
        }
        rest.iter().all(Integer::is_zero)
    }
}

/// b - B (the digits so far), divided by the power of the prime: integers.
enum Residual<'a> {
    Large(Vec<Integer>),
    /// In machine words, with the matrix in machine words.
    Small(Vec<i128>, &'a [Vec<(usize, i64)>]),
}

impl<'a> Residual<'a> {
    /// In machine words where the numbers and the matrix fit into them.
    fn new(large: Vec<Integer>, words: Option<&'a [Vec<(usize, i64)>]>) -> Self {
        match words {
            Some(words) if large.iter().all(|r| r.bits() < SMALL) => {
                Self::Small(large.iter().filter_map(Integer::to_i128).collect(), words)
            }
            _ => Self::Large(large),
        }
    }

    fn modulo(&self, prime: u64) -> Vec<u64> {
        match self {
            Self::Large(large) => {
                let p = Integer::from(prime);
                large.iter().map(|r| residue(r, &p)).collect()
            }
            Self::Small(small, _) => small.iter().map(|r| r.rem_euclid(i128::from(prime)) as u64).collect(),
        }
    }

    /// r becomes (r - B digit) / p, without remainder because B digit = r modulo p.
    fn step(self, basis: &'a Basis<'_>, digit: &[u64], transposed: bool) -> Self {
        match self {
            Self::Small(mut small, words) => {
                for (j, column) in words.iter().enumerate() {
                    for &(i, a) in column {
                        let (from, to) = if transposed { (i, j) } else { (j, i) };
                        // |r| < 2^100, |a| < 2^62 and the digit < 2^31: the sums stay far below 2^127.
                        small[to] -= i128::from(a) * i128::from(digit[from]);
                    }
                }
                small.iter_mut().for_each(|r| *r /= i128::from(basis.prime));
                Self::Small(small, words)
            }
            Self::Large(mut large) => {
                for (j, column) in basis.columns.iter().enumerate() {
                    for (i, a) in *column {
                        let (from, to) = if transposed { (*i, j) } else { (j, *i) };
                        if digit[from] != 0 {
                            large[to] -= &(a * &Integer::from(digit[from]));
                        }
                    }
                }
                let p = Integer::from(basis.prime);
                Self::new(large.iter().map(|r| r.div_rem_euclid(&p).0).collect(), basis.words.as_deref())
            }
        }
    }
}

fn residue(a: &Integer, p: &Integer) -> u64 {
    // 0 <= remainder < p < 2^31.
    a.div_rem_euclid(p).1.to_i64().map_or(0, i64::unsigned_abs)
}

/// Fractions over one denominator with these digits, numerators and the denominator below the root of half the
/// modulus; `None` when there are none.
fn fractions(digits: &[Vec<u64>], prime: u64) -> Option<Fractions> {
    let p = Integer::from(prime);
    let modulus = p.pow(digits.len() as u32);
    // bound^2 <= modulus / 2: there is at most one fraction n / d with |n|, d <= bound.
    let bound = Integer::power_of_two((modulus.bits() - 2) / 2);
    let m = digits.first().map_or(0, Vec::len);
    let mut denominator = Integer::one();
    let mut found: Vec<(Integer, Integer)> = Vec::with_capacity(m);
    for i in 0..m {
        let mut x = Integer::zero();
        for digit in digits.iter().rev() {
            x = if x.is_zero() { Integer::from(digit[i]) } else { &(&x * &p) + &Integer::from(digit[i]) };
        }
        // Most entries have the denominator of those before them.
        let product = (&x * &denominator).div_rem_euclid(&modulus).1;
        let (numerator, more) = fraction(product, &modulus, &bound)?;
        if more != Integer::one() {
            denominator = &denominator * &more;
            if denominator > bound {
                return None;
            }
        }
        found.push((numerator, denominator.clone()));
    }
    // Every denominator divides the last one.
    let over = |(n, d): (Integer, Integer)| if d == denominator { n } else { n * denominator.div_rem_euclid(&d).0 };
    Some(Fractions { numerators: found.into_iter().map(over).collect(), denominator })
}

/// n / d = x modulo the modulus with |n|, d <= bound, by the extended algorithm of Euclid (Wan81).
fn fraction(x: Integer, modulus: &Integer, bound: &Integer) -> Option<(Integer, Integer)> {
    let (mut before, mut r) = (modulus.clone(), x);
    let (mut t_before, mut t) = (Integer::zero(), Integer::one());
    let negative = modulus - &r;
    if negative <= *bound {
        return Some((-negative, t));
    }
    while r > *bound {
        let (quotient, rest) = before.div_rem_euclid(&r);
        before = core::mem::replace(&mut r, rest);
        let next = &t_before - &(&quotient * &t);
        t_before = core::mem::replace(&mut t, next);
    }
    if t.abs() > *bound {
        return None;
    }
    Some(if t.signum() < 0 { (-r, -t) } else { (r, t) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fractions_come_back(p in -1_000_000_000i64..1_000_000_000, q in 1i64..1_000_000_000) {
            let modulus = Integer::from(2_147_483_647).pow(3);
            let bound = Integer::power_of_two((modulus.bits() - 2) / 2);
            let r = Rational::ratio(p, q);
            // q^-1 modulo the modulus, by trying: x with q x = p.
            let inverse = {
                let (mut a, mut b) = (r.denominator(), modulus.clone());
                let (mut s, mut t) = (Integer::one(), Integer::zero());
                while !b.is_zero() {
                    let (quotient, rest) = a.div_rem_euclid(&b);
                    a = core::mem::replace(&mut b, rest);
                    let next = &s - &(&quotient * &t);
                    s = core::mem::replace(&mut t, next);
                }
                s
            };
            let x = (&r.numerator() * &inverse).div_rem_euclid(&modulus).1;
            prop_assert_eq!(fraction(x, &modulus, &bound), Some((r.numerator(), r.denominator())));
        }
    }
}
