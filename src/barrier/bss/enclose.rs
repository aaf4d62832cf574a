//! Rational enclosures of numbers, and numbers as text.

use super::{Number, Tower};
use crate::arith::{Integer, Rational};
use crate::barrier::real::dyadic;

/// Radicands up to this many characters are written where their root stands, longer ones are named.
const INLINE: usize = 200;

impl Tower {
    /// Rationals lo <= a <= hi with hi - lo <= 2^-bits |a|; equal ones for a rational a.
    ///
    /// **Complexity.** The precision is doubled until it suffices, which it does in the end: the ends converge to a, and
    /// an irrational a is not 0.
    pub fn enclosure(&self, a: &Number, bits: u32) -> (Rational, Rational) {
        let mut precision = 64 + u64::from(bits);
        loop {
            let (lo, hi) = self.enclosure_at(a, precision);
            let least = if lo.is_positive() { lo.clone() } else { -&hi };
            if lo == hi || &hi - &lo <= &least * &Rational::power_of_two(-i64::from(bits)) {
                return (lo, hi);
            }
            precision *= 2;
        }
    }

    /// A dyadic number within 2^-bits of a: what a digital computer reads.
    pub fn approximation(&self, a: &Number, bits: u32) -> Rational {
        let (lo, hi) = self.enclosure(a, 8);
        // |a| < 2^size, so an enclosure of relative width 2^-(bits + 1 + size) is at most 2^-(bits + 1) wide; rounding
        // adds no more than half of 2^-bits.
        let size = lo.abs().max(hi.abs()).ceil_log2().unwrap_or(0).max(0);
        let (lo, _) = self.enclosure(a, bits + 1 + u32::try_from(size).unwrap_or(u32::MAX / 2));
        dyadic(&lo, u64::from(bits))
    }

    /// Rationals lo <= a <= hi from roots known to `precision` bits behind the point.
    fn enclosure_at(&self, a: &Number, precision: u64) -> (Rational, Rational) {
        let mut roots: Vec<(Rational, Rational)> = Vec::new();
        for radicand in &self.radicands()[..a.level()] {
            let (lo, hi) = value(radicand, &roots);
            // floor(sqrt(floor(lo 4^p))) <= 2^p sqrt(lo), and 2^p sqrt(hi) < floor(sqrt(ceil(hi 4^p))) + 1; a lower end
            // below 0 gives way to 0, as a root is positive.
            let four = Rational::power_of_two(2 * precision as i64);
            let low = (&lo.relu() * &four).floor().sqrt_floor();
            let high = (&hi.relu() * &four).ceil().sqrt_floor() + Integer::one();
            let scale = Rational::power_of_two(-(precision as i64));
            roots.push((Rational::from(low) * &scale, Rational::from(high) * &scale));
        }
        value(a, &roots)
    }

    /// The number as text, such as `1/2 + 3/4*sqrt(2)`; the reader of numbers reads it back.
    ///
    /// Where a radicand is longer than 200 characters, its root is written `root3`, the third of [`Tower::radicands`];
    /// such a text is for people only.
    pub fn text(&self, a: &Number) -> String {
        let names = self.root_names(a.level());
        text(a, &names)
    }

    /// The name of every root up to this level.
    fn root_names(&self, level: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (i, radicand) in self.radicands()[..level].iter().enumerate() {
            let inner = text(radicand, &names);
            names.push(if inner.len() <= INLINE { format!("sqrt({inner})") } else { format!("root{}", i + 1) });
        }
        names
    }
}

fn text(a: &Number, names: &[String]) -> String {
    let mut out = String::new();
    for (b, coefficient) in a.coefficients().iter().enumerate().filter(|(_, x)| !x.is_zero()) {
        let negative = coefficient.is_negative();
        out.push_str(match (out.is_empty(), negative) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        });
        let size = coefficient.abs();
        let mut factors: Vec<String> = Vec::new();
        if b == 0 || size != Rational::one() {
            factors.push(size.to_string());
        }
        factors.extend(names.iter().enumerate().filter(|(i, _)| b >> i & 1 == 1).map(|(_, name)| name.clone()));
        out.push_str(&factors.join("*"));
    }
    if out.is_empty() { "0".to_owned() } else { out }
}

/// The sum over all coefficients of coefficient times product of its roots, over intervals [lo, hi] with 0 <= lo.
fn value(a: &Number, roots: &[(Rational, Rational)]) -> (Rational, Rational) {
    let (mut low, mut high) = (Rational::zero(), Rational::zero());
    for (b, coefficient) in a.coefficients().iter().enumerate().filter(|(_, x)| !x.is_zero()) {
        let (mut lo, mut hi) = (Rational::one(), Rational::one());
        for (root_lo, root_hi) in roots.iter().enumerate().filter(|(i, _)| b >> i & 1 == 1).map(|(_, root)| root) {
            // Roots are not negative, so products of lower ends are below products of the roots.
            lo *= root_lo;
            hi *= root_hi;
        }
        if coefficient.is_negative() {
            core::mem::swap(&mut lo, &mut hi);
        }
        low += coefficient * &lo;
        high += coefficient * &hi;
    }
    (low, high)
}
