//! Numbers of the field from text: `1/2`, `sqrt(2)`, `3*(1 + sqrt(5))/2`.

use super::error::{ExpressionError, FieldError, cut};
use super::tower::limited;
use super::{Number, Tower};
use crate::arith::Rational;

/// The most brackets inside brackets.
const MAX_DEPTH: usize = 32;

/// Reads one number.
///
/// ```text
/// sum     = product { (+ | -) product }
/// product = factor { (* | /) factor }
/// factor  = - factor | number | ( sum ) | sqrt ( sum )
/// number  = digits [ . digits ] [ e exponent ] | digits ^ exponent
/// ```
///
/// # Errors
/// [`ExpressionError`] where the text is none, has no value, or meets a limit of [`Tower`].
///
/// ```
/// use certinet::barrier::bss::{Tower, read_number};
/// let mut tower = Tower::new();
/// let golden = read_number("(1 + sqrt(5))/2", &mut tower)?;
/// let square = tower.multiply(&golden, &golden)?;
/// assert_eq!(tower.text(&square), "3/2 + 1/2*sqrt(5)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_number(text: &str, tower: &mut Tower) -> Result<Number, ExpressionError> {
    let mut reader = Reader { text, at: 0, tower };
    let number = reader.sum(0)?;
    reader.blanks();
    if reader.at < text.len() { Err(reader.form()) } else { Ok(number) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    tower: &'a mut Tower,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
    fn form(&self) -> ExpressionError {
        let position = 1 + self.text.get(..self.at).unwrap_or_default().chars().count();
        ExpressionError::Form { text: cut(self.text), position }
    }
    fn field(&self, error: FieldError) -> ExpressionError {
        ExpressionError::Field { text: cut(self.text), error }
    }
    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }
    /// Whether this comes next; then it is read.
    fn next(&mut self, word: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn sum(&mut self, depth: usize) -> Result<Number, ExpressionError> {
        let mut sum = self.product(depth)?;
        loop {
            let result = if self.next("+") {
                let term = self.product(depth)?;
                self.tower.add(&sum, &term)
            } else if self.next("-") {
                let term = self.product(depth)?;
                self.tower.subtract(&sum, &term)
            } else {
                return Ok(sum);
            };
            sum = result.map_err(|error| self.field(error))?;
        }
    }

    fn product(&mut self, depth: usize) -> Result<Number, ExpressionError> {
        let mut product = self.factor(depth)?;
        loop {
            let result = if self.next("*") {
                let factor = self.factor(depth)?;
                self.tower.multiply(&product, &factor)
            } else if self.next("/") {
                let factor = self.factor(depth)?;
                self.tower.divide(&product, &factor)
            } else {
                return Ok(product);
            };
            product = result.map_err(|error| self.field(error))?;
        }
    }

    fn factor(&mut self, depth: usize) -> Result<Number, ExpressionError> {
        if depth > MAX_DEPTH {
            return Err(ExpressionError::Depth { limit: MAX_DEPTH });
        }
        if self.next("-") {
            return Ok(-&self.factor(depth + 1)?);
        }
        let root = self.next("sqrt");
        if self.next("(") {
            let inner = self.sum(depth + 1)?;
            if !self.next(")") {
                return Err(self.form());
            }
            if !root {
                return Ok(inner);
            }
            return self.tower.sqrt(&inner).map_err(|error| self.field(error));
        }
        if root {
            return Err(self.form());
        }
        let length = literal(self.rest());
        let number: Rational = self.rest()[..length].parse().map_err(|_| self.form())?;
        self.at += length;
        limited(Number::from(number)).map_err(|error| self.field(error))
    }
}

/// Bytes of the number without a sign at the start of the text.
fn literal(text: &str) -> usize {
    let mut length = 0;
    let mut last = ' ';
    for c in text.chars() {
        let sign_of_exponent = matches!(c, '+' | '-') && matches!(last, 'e' | 'E' | '^');
        if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '^') || sign_of_exponent) {
            break;
        }
        length += c.len_utf8();
        last = c;
    }
    length
}
