//! Numbers of a certificate, changed.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

/// What a word is, as far as it is a number.
pub fn kind(word: &str) -> Option<&'static str> {
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let integer = |word: &str| digits(word.strip_prefix('-').unwrap_or(word));
    if integer(word) {
        return Some("integer");
    }
    match (word.split_once("*2^"), word.split_once('/')) {
        (Some((m, e)), _) if integer(m) && integer(e) => Some("dyadic"),
        (_, Some((p, q))) if integer(p) && digits(q) => Some("rational"),
        _ => None,
    }
}

/// Other numbers in its place.
pub fn changes(word: &str, kind: &str) -> Vec<String> {
    match kind {
        "integer" => integers(word),
        "dyadic" => dyadics(word),
        _ => rationals(word),
    }
}

fn big(word: &str) -> BigInt {
    word.parse().unwrap_or_default()
}

/// In the one spelling of the format.
fn dyadic(mut m: BigInt, mut e: i64) -> String {
    if m.is_zero() {
        return "0".to_owned();
    }
    while m.is_even() {
        (m, e) = (m / 2, e + 1);
    }
    match e {
        0 => m.to_string(),
        _ => format!("{m}*2^{e}"),
    }
}

fn ratio(p: BigInt, q: BigInt) -> String {
    if q.is_zero() {
        return format!("{p}/0");
    }
    let divisor = p.gcd(&q);
    let (p, q) = (p / &divisor, q / divisor);
    if q.is_one() { p.to_string() } else { format!("{p}/{q}") }
}

fn integers(word: &str) -> Vec<String> {
    let n = big(word);
    let mut all: Vec<String> =
        [&n + 1, &n - 1, -n.clone(), &n * 2, BigInt::zero()].iter().map(BigInt::to_string).collect();
    all.push(dyadic((&n << 20) - 1, -20));
    all.push(ratio(n.clone() * 3, 2.into()));
    all.push(format!("0{n}"));
    all.push(format!("{n}*2^0"));
    all
}

fn dyadics(word: &str) -> Vec<String> {
    let (m, e) = word.split_once("*2^").unwrap_or((word, "0"));
    let (m, e) = (big(m), e.parse::<i64>().unwrap_or(0));
    vec![
        dyadic(&m + 2, e),
        dyadic(&m - 2, e),
        dyadic(&m - 1, e),
        dyadic(m.clone(), e + 1),
        dyadic(m.clone(), e - 1),
        dyadic(m.clone(), -e),
        dyadic(-m.clone(), e),
        // The next values down and up.
        dyadic((&m << 40) - 1, e - 40),
        dyadic((&m << 40) + 1, e - 40),
        "0".to_owned(),
        format!("{}*2^{}", &m * 2, e - 1),
        m.to_string(),
    ]
}

fn rationals(word: &str) -> Vec<String> {
    let (p, q) = word.split_once('/').unwrap_or((word, "1"));
    let (p, q) = (big(p), big(q));
    let mut all = vec![
        ratio(&p + 1, q.clone()),
        ratio(&p - 1, q.clone()),
        ratio(p.clone(), &q + 1),
        ratio(p.clone(), &q - 1),
        ratio(-p.clone(), q.clone()),
        ratio(&p * 2, q.clone()),
        ratio(p.clone(), &q * 2),
        ratio((&p << 40) - 1, &q << 40),
        ratio((&p << 40) + 1, &q << 40),
        p.to_string(),
        "0".to_owned(),
        format!("{}/{}", &p * 2, &q * 2),
    ];
    if !p.is_zero() {
        all.push(format!("{q}/{p}"));
    }
    all
}
