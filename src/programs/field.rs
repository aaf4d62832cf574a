//! The two fields in which systems are eliminated.

/// Numbers that can be divided.
pub(super) trait Field {
    type Number: Copy;
    const ZERO: Self::Number;
    fn is_zero(&self, x: Self::Number) -> bool;
    /// a - b c.
    fn less_product(&self, a: Self::Number, b: Self::Number, c: Self::Number) -> Self::Number;
    /// a / b, b not 0.
    fn quotient(&self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// Whether x may be a pivot in a row whose largest entry is this large.
    fn may_divide(&self, x: Self::Number, largest: f64) -> bool;
    /// A size by which pivots are compared.
    fn size(&self, x: Self::Number) -> f64;
}

/// Doubles: approximate.
pub(super) struct Doubles;

impl Field for Doubles {
    type Number = f64;
    const ZERO: f64 = 0.0;
    fn is_zero(&self, x: f64) -> bool {
        x.abs() < 1e-14
    }
    fn less_product(&self, a: f64, b: f64, c: f64) -> f64 {
        a - b * c
    }
    fn quotient(&self, a: f64, b: f64) -> f64 {
        a / b
    }
    fn may_divide(&self, x: f64, largest: f64) -> bool {
        x.abs() > 1e-10 && x.abs() >= 0.1 * largest
    }
    fn size(&self, x: f64) -> f64 {
        x.abs()
    }
}

/// The integers modulo a prime below 2^31: exact.
pub(super) struct Modulo(pub(super) u64);

impl Modulo {
    fn power(&self, mut x: u64, mut k: u64) -> u64 {
        let mut result = 1;
        while k > 0 {
            if k & 1 == 1 {
                result = result * x % self.0;
            }
            x = x * x % self.0;
            k >>= 1;
        }
        result
    }
}

impl Field for Modulo {
    type Number = u64;
    const ZERO: u64 = 0;
    fn is_zero(&self, x: u64) -> bool {
        x == 0
    }
    fn less_product(&self, a: u64, b: u64, c: u64) -> u64 {
        // Below 2^31 + 2^62.
        (a + (self.0 - b) * c) % self.0
    }
    fn quotient(&self, a: u64, b: u64) -> u64 {
        // b^(p - 2) b = 1 (Fermat).
        a * self.power(b, self.0 - 2) % self.0
    }
    fn may_divide(&self, x: u64, _: f64) -> bool {
        x != 0
    }
    fn size(&self, x: u64) -> f64 {
        f64::from(u8::from(x != 0))
    }
}

/// The primes below 2^31, from the largest down.
pub(super) fn primes() -> impl Iterator<Item = u64> {
    let is_prime = |n: &u64| (2..).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (2..1u64 << 31).rev().filter(is_prime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_quotients() {
        assert_eq!(primes().take(3).collect::<Vec<_>>(), [2_147_483_647, 2_147_483_629, 2_147_483_587]);
        for p in [2, 3, 101, 2_147_483_647] {
            let field = Modulo(p);
            for (a, b) in [(1, 1), (p - 1, p - 1), (5 % p, 7 % p), (123_456_789 % p, 2_000_000_011 % p)] {
                if b != 0 {
                    assert_eq!(field.quotient(a, b) * b % p, a);
                }
                assert_eq!((field.less_product(a, b, b) + b * b) % p, a);
            }
        }
    }
}
