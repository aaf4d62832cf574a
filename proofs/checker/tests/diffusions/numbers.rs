//! Claims of certificates: dyadic numbers above or below exact ones.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::oracle::Q;

/// 2^e
pub fn power(e: i64) -> Q {
    let power = Q::from(BigInt::one() << e.unsigned_abs());
    if e < 0 { power.recip() } else { power }
}

pub fn int(n: i64) -> Q {
    Q::from(BigInt::from(n))
}

/// The least multiple of 2^-bits that is not below.
pub fn up(x: &Q, bits: i64) -> Q {
    (x * power(bits)).ceil() * power(-bits)
}

pub fn down(x: &Q, bits: i64) -> Q {
    -up(&-x, bits)
}

/// The least multiple of 2^-bits whose square is not below.
pub fn root(x: &Q, bits: i64) -> Q {
    let scaled = (x * power(2 * bits)).ceil().to_integer();
    let root = scaled.sqrt();
    let root = if &root * &root < scaled { root + 1 } else { root };
    Q::from(root) * power(-bits)
}

/// The spelling of a dyadic number.
pub fn dyadic(x: &Q) -> String {
    if x.is_zero() {
        return "0".to_owned();
    }
    let (mut m, mut e) = (x.numer().clone(), -(x.denom().bits() as i64 - 1));
    assert_eq!(*x.denom(), BigInt::one() << -e, "{x} is not dyadic");
    while m.is_even() {
        (m, e) = (m / 2, e + 1);
    }
    if e == 0 { m.to_string() } else { format!("{m}*2^{e}") }
}

/// A dyadic number by its spelling.
pub fn number(word: &str) -> Q {
    let (m, e) = word.split_once("*2^").unwrap_or((word, "0"));
    Q::from(m.parse::<BigInt>().unwrap()) * power(e.parse().unwrap())
}

/// The integer next to x 2^bits.
pub fn rounded(x: f64, bits: i32) -> BigInt {
    BigInt::from((x * 2f64.powi(bits)).round() as i128)
}

pub fn float(x: &Q) -> f64 {
    // Numerators and denominators may be far beyond doubles.
    let shift = (x.numer().abs().bits().max(x.denom().bits()) as i64 - 900).max(0);
    (x.numer() >> shift).to_f64().unwrap() / (x.denom() >> shift).to_f64().unwrap()
}

/// The solution of a small system of doubles by elimination with pivots.
pub fn solve(mut rows: Vec<Vec<f64>>, f: &[f64]) -> Vec<f64> {
    let n = f.len();
    rows.iter_mut().zip(f).for_each(|(row, f)| row.push(*f));
    for k in 0..n {
        let pivot = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs())).unwrap();
        rows.swap(k, pivot);
        for i in 0..n {
            if i != k {
                let factor = rows[i][k] / rows[k][k];
                let pivot = rows[k].clone();
                rows[i].iter_mut().zip(&pivot).for_each(|(entry, p)| *entry -= factor * p);
            }
        }
    }
    (0..n).map(|k| rows[k][n] / rows[k][k]).collect()
}
