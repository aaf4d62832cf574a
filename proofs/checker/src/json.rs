//! A streaming JSON reader: values are pulled one after the other, nothing is kept.
//!
//! Whatever is malformed, too long or not what was asked for is a [`Problem`] that says the byte.

use std::io::BufRead;

use crate::problem::{Problem, problem};

/// The deepest nesting of arrays and objects.
const DEPTH: usize = 64;
/// The longest string or number.
const LENGTH: usize = 1 << 20;

/// A reader that knows its place.
pub struct Json<R> {
    reader: R,
    position: u64,
    depth: usize,
    text: Vec<u8>,
}

impl<R: BufRead> Json<R> {
    /// Reads from the start of a JSON text.
    pub fn new(reader: R) -> Self {
        Self { reader, position: 0, depth: 0, text: Vec::new() }
    }

    /// An error at this place.
    pub fn fail<T>(&self, what: impl std::fmt::Display) -> Result<T, Problem> {
        problem(format!("byte {}: {what}", self.position))
    }

    fn next(&mut self) -> Result<Option<u8>, Problem> {
        match self.reader.fill_buf() {
            Ok(buffer) => Ok(buffer.first().copied()),
            Err(error) => self.fail(error),
        }
    }
    fn skip(&mut self) {
        self.reader.consume(1);
        self.position += 1;
    }
    /// The next byte that is no white space.
    pub fn peek(&mut self) -> Result<Option<u8>, Problem> {
        loop {
            match self.next()? {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.skip(),
                byte => return Ok(byte),
            }
        }
    }
    /// Takes this byte if it is next.
    fn take(&mut self, byte: u8) -> Result<bool, Problem> {
        let found = self.peek()? == Some(byte);
        if found {
            self.skip();
        }
        Ok(found)
    }
    fn expect(&mut self, byte: u8) -> Result<(), Problem> {
        if self.take(byte)? { Ok(()) } else { self.fail(format_args!("'{}' expected", char::from(byte))) }
    }

    /// Opens an array or an object.
    pub fn open(&mut self, bracket: u8) -> Result<(), Problem> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEPTH { self.fail("nested too deeply") } else { Ok(()) }
    }
    /// Moves to the next element; false when this bracket closes the list. `first` says whether it is the first one.
    pub fn element(&mut self, bracket: u8, first: &mut bool) -> Result<bool, Problem> {
        if self.take(bracket)? {
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.expect(b',')?;
            if self.peek()? == Some(bracket) {
                return self.fail("an element expected after ','");
            }
        }
        Ok(true)
    }
    /// Moves to the next element of an array that must have one.
    pub fn one_more(&mut self, first: &mut bool) -> Result<(), Problem> {
        if self.element(b']', first)? { Ok(()) } else { self.fail("one more element expected") }
    }
    /// Goes through an array.
    pub fn array(&mut self, mut read: impl FnMut(&mut Self) -> Result<(), Problem>) -> Result<(), Problem> {
        self.open(b'[')?;
        let mut first = true;
        while self.element(b']', &mut first)? {
            read(self)?;
        }
        Ok(())
    }
    /// Goes through an object whose keys are among these, each at most once; `optional` ones may be missing.
    pub fn object(
        &mut self,
        keys: &[&str],
        optional: &[&str],
        mut read: impl FnMut(&mut Self, usize) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.open(b'{')?;
        let (mut first, mut seen) = (true, 0u64);
        while self.element(b'}', &mut first)? {
            let text = self.string()?;
            let Some(key) = keys.iter().position(|key| key.as_bytes() == text) else {
                let key = String::from_utf8_lossy(text.get(..60).unwrap_or(text)).into_owned();
                return self.fail(format_args!("the key {key:?} is not known here"));
            };
            if seen & 1 << key != 0 {
                return self.fail(format_args!("the key {:?} is repeated", keys.get(key).unwrap_or(&"")));
            }
            seen |= 1 << key;
            self.expect(b':')?;
            read(self, key)?;
        }
        match keys.iter().enumerate().find(|(number, key)| seen & 1 << number == 0 && !optional.contains(key)) {
            Some((_, key)) => self.fail(format_args!("the key {key:?} is missing")),
            None => Ok(()),
        }
    }

    /// A string without escapes: all strings of our formats are digits and names.
    pub fn string(&mut self) -> Result<&[u8], Problem> {
        self.expect(b'"')?;
        self.text.clear();
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) => return problem(format!("byte {}: {error}", self.position)),
            };
            let end = buffer.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=31));
            let part = buffer.get(..end.unwrap_or(buffer.len()).min(LENGTH + 1)).unwrap_or(buffer);
            self.text.extend_from_slice(part);
            let (length, empty) = (part.len(), buffer.is_empty());
            let stop = end.and_then(|end| buffer.get(end)).copied();
            self.reader.consume(length);
            self.position += length as u64;
            let long = self.text.len() > LENGTH;
            if stop == Some(b'"') && !long {
                self.skip();
                return Ok(&self.text);
            }
            if empty || long || stop.is_some() {
                return self.fail("a string ends early, is too long or has an escape");
            }
        }
    }
    /// An integer from 0 to 2^64 - 1.
    pub fn integer(&mut self) -> Result<u64, Problem> {
        let (mut value, mut digits) = (Some(0u64), 0u32);
        self.peek()?;
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) => return problem(format!("byte {}: {error}", self.position)),
            };
            let mut length = 0;
            for byte in buffer.iter().take_while(|byte| byte.is_ascii_digit()) {
                let leading_zero = digits == 1 && value == Some(0);
                let next = value.filter(|_| !leading_zero).and_then(|value| value.checked_mul(10));
                value = next.and_then(|value| value.checked_add(u64::from(byte - b'0')));
                (length, digits) = (length + 1, digits.saturating_add(1));
            }
            let more = length > 0 && length == buffer.len();
            self.reader.consume(length);
            self.position += length as u64;
            if !more {
                break;
            }
        }
        let fraction = matches!(self.next()?, Some(b'.' | b'e' | b'E'));
        match value.filter(|_| digits > 0 && !fraction) {
            Some(value) => Ok(value),
            None => self.fail("an integer from 0 to 2^64 - 1 expected"),
        }
    }

    /// The word null.
    pub fn null(&mut self) -> Result<(), Problem> {
        self.peek()?;
        for byte in *b"null" {
            if self.next()? != Some(byte) {
                return self.fail("null expected");
            }
            self.skip();
        }
        Ok(())
    }

    /// Passes over any value, whose numbers and keys are not looked at.
    pub fn pass(&mut self) -> Result<(), Problem> {
        match self.peek()? {
            Some(b'[') => self.array(Self::pass),
            Some(b'{') => {
                self.open(b'{')?;
                let mut first = true;
                while self.element(b'}', &mut first)? {
                    self.pass_string()?;
                    self.expect(b':')?;
                    self.pass()?;
                }
                Ok(())
            }
            Some(b'"') => self.pass_string(),
            // A number or a word, whichever it is.
            Some(b'a'..=b'z' | b'0'..=b'9' | b'-') => {
                while let Some(b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'E') = self.next()? {
                    self.skip();
                }
                Ok(())
            }
            _ => self.fail("a value expected"),
        }
    }
    fn pass_string(&mut self) -> Result<(), Problem> {
        self.expect(b'"')?;
        loop {
            match self.next()? {
                None | Some(0..=31) => return self.fail("a string ends early"),
                Some(b'"') => break,
                Some(b'\\') => self.skip(),
                Some(_) => {}
            }
            if self.next()?.is_some() {
                self.skip();
            }
        }
        self.skip();
        Ok(())
    }

    /// Accepts the end of the text and white space before it.
    pub fn end(&mut self) -> Result<(), Problem> {
        if self.peek()?.is_some() { self.fail("the text goes on after its value") } else { Ok(()) }
    }
}
