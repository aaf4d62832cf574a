//! Lines and tokens: every number has exactly one spelling, and nothing is skipped.

use std::io::{self, BufRead, Read};

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};

/// The most bytes of a line, its line feed left out.
pub const LINE_BYTES: u64 = 1 << 26;
/// The most lines of a file.
pub const LINES: u64 = 1 << 24;
/// The most bits of an integer that is written.
pub const NUMBER_BITS: u64 = 1 << 16;
/// The most decimal digits that a number of [`NUMBER_BITS`] can have: 2^16 log10(2) = 19728.3.
const DIGITS: usize = 19_729;
/// The largest size of an exponent of two.
pub const EXPONENT: u64 = 1 << 20;

/// A file read line by line.
pub struct Source<R> {
    reader: R,
    line: Vec<u8>,
    step: u64,
    failure: Option<io::Error>,
}

impl<R: BufRead> Source<R> {
    /// Starts before the first line.
    pub fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), step: 0, failure: None }
    }
    /// The number of the current line, counted from 1.
    pub fn step(&self) -> u64 {
        self.step
    }
    /// What the operating system said, if reading failed.
    pub fn failure(self) -> Option<io::Error> {
        self.failure
    }
    /// Goes to the next line; there must be one.
    ///
    /// # Errors
    /// For a file that ends here, bytes outside printable ASCII, a line that is empty, too long or without its end.
    pub fn advance(&mut self) -> Result<(), Problem> {
        self.step += 1;
        if !self.read()? {
            return problem("the file ends here");
        }
        if self.step > LINES {
            return problem(format!("more than {LINES} lines"));
        }
        if self.line.pop() != Some(b'\n') {
            let long = self.line.len() as u64 >= LINE_BYTES;
            return problem(if long { "the line is too long" } else { "the last line does not end with a line feed" });
        }
        if self.line.is_empty() {
            return problem("the line is empty");
        }
        match self.line.iter().find(|byte| !(b' '..=b'~').contains(byte)) {
            Some(byte) => problem(format!("byte {byte} is not printable ASCII")),
            None => Ok(()),
        }
    }
    /// Whether nothing follows the current line.
    ///
    /// # Errors
    /// When reading fails.
    pub fn is_last(&mut self) -> Result<bool, Problem> {
        Ok(!self.read()?)
    }
    /// The current line.
    pub fn text(&self) -> &str {
        core::str::from_utf8(&self.line).unwrap_or_default()
    }
    /// The tokens of the current line.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens { words: self.line.split(|byte| *byte == b' ') }
    }
    fn read(&mut self) -> Result<bool, Problem> {
        self.line.clear();
        match (&mut self.reader).take(LINE_BYTES + 1).read_until(b'\n', &mut self.line) {
            Ok(bytes) => Ok(bytes > 0),
            Err(error) => {
                let sentence = format!("the file cannot be read: {error}");
                self.failure = Some(error);
                problem(sentence)
            }
        }
    }
}

/// The tokens of a line, each separated from the next by one space.
#[derive(Clone)]
pub struct Tokens<'a> {
    words: core::slice::Split<'a, u8, fn(&u8) -> bool>,
}

fn wrong<T>(what: &str, found: &[u8]) -> Result<T, Problem> {
    let shown: String = found.iter().take(40).map(|&byte| char::from(byte)).collect();
    let dots = if found.len() > 40 { ".." } else { "" };
    problem(format!("'{shown}{dots}' is not {what}"))
}

impl<'a> Tokens<'a> {
    /// The next token.
    ///
    /// # Errors
    /// When the line ends here or two spaces follow one another.
    pub fn word(&mut self) -> Result<&'a str, Problem> {
        match self.words.next() {
            None => problem("the line ends too early"),
            Some([]) => problem("tokens are separated by exactly one space"),
            // Printable ASCII is valid UTF-8.
            Some(bytes) => core::str::from_utf8(bytes).or_else(|_| wrong("ASCII", bytes)),
        }
    }
    /// The n-th token after this place, from 0; empty where there is none.
    pub fn peek(&self, n: usize) -> &'a str {
        self.words.clone().nth(n).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
    /// The next token, which must be this one.
    ///
    /// # Errors
    /// When it is another one.
    pub fn expect(&mut self, word: &str) -> Result<(), Problem> {
        let found = self.word()?;
        if found == word { Ok(()) } else { wrong(&format!("'{word}'"), found.as_bytes()) }
    }
    /// Whether all tokens are read.
    pub fn is_empty(&self) -> bool {
        self.words.clone().next().is_none()
    }
    /// Ends the line.
    ///
    /// # Errors
    /// When tokens are left.
    pub fn end(mut self) -> Result<(), Problem> {
        match self.words.next() {
            None => Ok(()),
            Some(bytes) => wrong("expected: the line ends before it", bytes),
        }
    }
    /// A natural number below 2^63.
    ///
    /// # Errors
    /// For anything else.
    pub fn natural(&mut self) -> Result<u64, Problem> {
        let word = self.word()?.as_bytes();
        if word.len() < 20 && is_natural(word) {
            let value = word.iter().fold(0u128, |n, digit| 10 * n + u128::from(digit - b'0'));
            if let Some(value) = u64::try_from(value).ok().filter(|value| *value < 1 << 63) {
                return Ok(value);
            }
        }
        wrong("a natural number below 2^63", word)
    }
    /// An integer.
    ///
    /// # Errors
    /// For anything else.
    pub fn integer(&mut self) -> Result<BigInt, Problem> {
        integer(self.word()?.as_bytes())
    }
    /// A fraction in lowest terms.
    ///
    /// # Errors
    /// For anything else.
    pub fn rational(&mut self) -> Result<Weight, Problem> {
        let word = self.word()?.as_bytes();
        let mut parts = word.splitn(2, |byte| *byte == b'/');
        let numerator = integer(parts.next().unwrap_or_default())?;
        let Some(denominator) = parts.next() else { return Ok(Weight::from(numerator)) };
        let denominator = integer(denominator)?;
        // Most numbers are short: then the greatest common divisor is found without new integers.
        let common = match (numerator.abs().to_u128(), denominator.to_u128()) {
            (Some(n), Some(d)) => BigInt::from(num_integer::gcd(n, d)),
            _ => numerator.gcd(&denominator),
        };
        if denominator > BigInt::one() && common.is_one() {
            Ok(Weight::new_raw(numerator, denominator))
        } else {
            wrong("a fraction in lowest terms with a denominator of at least 2", word)
        }
    }
    /// A fraction in lowest terms, for comparisons.
    ///
    /// # Errors
    /// For anything else.
    pub fn fraction(&mut self) -> Result<Number, Problem> {
        Ok(Number::from(&self.rational()?))
    }
    /// A fraction above 0.
    ///
    /// # Errors
    /// For anything else.
    pub fn positive(&mut self) -> Result<Weight, Problem> {
        let value = self.rational()?;
        if value.is_positive() { Ok(value) } else { problem(format!("{value} is not positive")) }
    }
    /// A dyadic number.
    ///
    /// # Errors
    /// For anything else.
    pub fn dyadic(&mut self) -> Result<Number, Problem> {
        let word = self.word()?.as_bytes();
        let mut parts = word.splitn(2, |byte| *byte == b'*');
        let m = integer(parts.next().unwrap_or_default())?;
        let exponent = parts.next().map(|power| power.strip_prefix(b"2^").and_then(signed));
        match exponent {
            None if m.is_odd() || m.is_zero() => Ok(Number::dyadic(m, 0)),
            Some(Some(e)) if m.is_odd() && e != 0 && e.unsigned_abs() <= EXPONENT => Ok(Number::dyadic(m, e)),
            _ => wrong("a dyadic number m*2^e, m odd, e not 0 and at most 2^20", word),
        }
    }
    /// A claim that is not negative.
    ///
    /// # Errors
    /// For anything else.
    pub fn size(&mut self) -> Result<Number, Problem> {
        let value = self.dyadic()?;
        if value.is_negative() { problem("a size is claimed to be negative") } else { Ok(value) }
    }
}

/// `0`, or digits without leading zero.
fn is_natural(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit) && !word.is_empty() && (word.len() == 1 || !word.starts_with(b"0"))
}

/// A small integer.
fn signed(word: &[u8]) -> Option<i64> {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    if !is_natural(digits) || digits.len() > 18 || word == b"-0" {
        return None;
    }
    let size = digits.iter().fold(0, |n, digit| 10 * n + i64::from(digit - b'0'));
    Some(if digits.len() < word.len() { -size } else { size })
}

fn integer(word: &[u8]) -> Result<BigInt, Problem> {
    if let Some(value) = signed(word) {
        return Ok(BigInt::from(value));
    }
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    if !is_natural(digits) || word == b"-0" {
        return wrong("an integer", word);
    }
    if digits.len() <= 38 {
        // 10^38 < 2^127
        let size = digits.iter().fold(0, |n, digit| 10 * n + i128::from(digit - b'0'));
        return Ok(BigInt::from(if digits.len() < word.len() { -size } else { size }));
    }
    match BigInt::parse_bytes(if digits.len() <= DIGITS { word } else { b"" }, 10) {
        Some(value) if value.bits() <= NUMBER_BITS => Ok(value),
        _ => wrong("an integer of at most 2^16 bits", word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, f: impl FnOnce(&mut Tokens<'_>) -> Result<T, Problem>) -> Option<T> {
        let text = format!("{text}\n");
        let mut source = Source::new(text.as_bytes());
        source.advance().ok()?;
        let mut tokens = source.tokens();
        let value = f(&mut tokens).ok()?;
        tokens.end().ok()?;
        Some(value)
    }

    #[test]
    fn every_number_has_one_spelling() {
        for (text, value) in [("0", Some(0)), ("17", Some(17)), ("9223372036854775807", Some((1 << 63) - 1))] {
            assert_eq!(read(text, |t| t.natural()), value);
        }
        for text in
            ["", "00", "01", "-0", "-1", "+1", "9223372036854775808", "1 ", " 1", "1  1", "99999999999999999999"]
        {
            assert_eq!(read(text, |t| t.natural()), None, "{text}");
        }
        for text in ["-0", "--1", "1.0", "1e3", "1/1", "2/4", "1/-2", "1/0", "1/", "/2", "0/2", "1/2/3", "-", "0x1"] {
            assert_eq!(read(text, |t| t.rational()), None, "{text}");
        }
        for text in
            ["2", "6*2^1", "3*2^0", "3*2^-0", "0*2^3", "3*2^1048577", "3*2^", "3*2", "3*", "*2^1", "1/2", "3*2^01"]
        {
            assert_eq!(read(text, |t| t.dyadic()), None, "{text}");
        }
        assert_eq!(read("-3*2^-1048576", |t| t.dyadic()), Some(Number::dyadic(BigInt::from(-3), -1_048_576)));
        assert_eq!(read("-6/35", |t| t.rational()), Some(Weight::new(BigInt::from(-6), BigInt::from(35))));
        for digits in [17, 18, 19, 37, 38, 39, 40, 200] {
            let text = "-".to_owned() + &"7".repeat(digits);
            assert_eq!(read(&text, |t| t.integer()).map(|n| n.to_string()), Some(text));
        }
        // 2^(2^16) - 1 has 2^16 bits, its double one more.
        let most: BigInt = (BigInt::one() << NUMBER_BITS) - 1;
        assert_eq!(read(&most.to_string(), |t| t.integer()), Some(most.clone()));
        let more: BigInt = most * 2;
        assert_eq!(read(&more.to_string(), |t| t.integer()), None);
    }

    #[test]
    fn lines_are_ascii_and_end() {
        for (text, good) in
            [("a\n", true), ("a", false), ("\n", false), ("", false), ("\u{e9}\n", false), ("a\t\n", false)]
        {
            let mut source = Source::new(text.as_bytes());
            assert_eq!(source.advance().is_ok(), good, "{text:?}");
        }
        let long = vec![b'a'; LINE_BYTES as usize + 2];
        assert_eq!(Source::new(long.as_slice()).advance(), problem("the line is too long"));
    }
}
