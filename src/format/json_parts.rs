//! What the JSON readers share: exact numbers, and lists whose errors say the place.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::arith::Rational;

/// The most entries a file may list, in all.
pub(super) const MAX_ENTRIES: u128 = 1 << 26;
/// The most bits that the numbers of a list may take.
const MAX_BITS: u64 = 1 << 33;

/// An exact number: a string in any form the parser takes, or a JSON integer.
pub(super) struct Number(pub Rational);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an exact number, a string such as \"1/2\" or an integer")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map(Number).map_err(E::custom)
    }
    fn visit_i64<E: Error>(self, n: i64) -> Result<Number, E> {
        Ok(Number(Rational::from(n)))
    }
    fn visit_u64<E: Error>(self, n: u64) -> Result<Number, E> {
        Ok(Number(Rational::from(n)))
    }
    fn visit_f64<E: Error>(self, x: f64) -> Result<Number, E> {
        Err(E::custom(format_args!("{x} is a float, which is not exact: write a string such as \"1/2\"")))
    }
}

/// One element of a [`List`].
pub(super) trait Item {
    /// The name of the list, for messages.
    const LIST: &'static str;
    /// The bits of the numbers inside.
    fn bits(&self) -> u64 {
        0
    }
}

/// A list that says in front of an error which element it is.
pub(super) struct List<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de> + Item> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Item> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", T::LIST)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        let mut bits = 0u64;
        loop {
            let number = list.len();
            let next = sequence.next_element::<T>();
            // The reader's own text ends in the position, which it takes out of ours again.
            let next = next.map_err(|error| A::Error::custom(format_args!("{}[{number}], {error}", T::LIST)))?;
            let Some(element) = next else { return Ok(List(list)) };
            bits += element.bits();
            if list.len() as u128 >= MAX_ENTRIES || bits > MAX_BITS {
                let limit = format_args!("{}: at most {MAX_ENTRIES} elements of {MAX_BITS} bits are accepted", T::LIST);
                return Err(A::Error::custom(limit));
            }
            list.push(element);
        }
    }
}

/// An entry [row, column, value] of a matrix.
pub(super) struct MatrixEntry(pub usize, pub usize, pub Rational);

impl Item for MatrixEntry {
    const LIST: &'static str = "weights";
    fn bits(&self) -> u64 {
        bits(&self.2)
    }
}

impl<'de> Deserialize<'de> for MatrixEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <(usize, usize, Number)>::deserialize(deserializer).map(|(row, column, value)| Self(row, column, value.0))
    }
}

/// An entry [row, value] of a bias.
pub(super) struct BiasEntry(pub usize, pub Rational);

impl Item for BiasEntry {
    const LIST: &'static str = "bias";
    fn bits(&self) -> u64 {
        bits(&self.1)
    }
}

impl<'de> Deserialize<'de> for BiasEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <(usize, Number)>::deserialize(deserializer).map(|(row, value)| Self(row, value.0))
    }
}

pub(super) fn bits(x: &Rational) -> u64 {
    // Small numbers are the rule; their two words are counted without taking them apart.
    if x.is_integer() { x.numerator().bits() } else { x.numerator().bits() + x.denominator().bits() }
}

/// A text with some letters changed, inserted, removed or cut off.
#[cfg(test)]
pub(super) fn mutated(text: &str, edits: &[(usize, u8, char, String)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (place, kind, letter, near) in edits {
        if letters.is_empty() {
            break;
        }
        let place = place % letters.len();
        match kind {
            0 => letters[place] = *letter,
            1 => letters.splice(place..=place, near.chars()).for_each(drop),
            2 => drop(letters.remove(place)),
            3 => letters.splice(place..place, near.chars()).for_each(drop),
            _ => letters.truncate(place.max(letters.len() / 2)),
        }
    }
    letters.into_iter().collect()
}
