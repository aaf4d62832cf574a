//! Exact and rigorous numbers.
//!
//! | type | what it holds | exactness |
//! |---|---|---|
//! | [`Integer`], [`Rational`] | any integer, any fraction in lowest terms | exact |
//! | [`Dyadic`] | integers over powers of two, not reduced | exact, for dyadic numbers only |
//! | [`Enclosure`] | intervals with rational ends | exact ranges; [`elementary`] functions to any accuracy |
//! | [`Interval`] | intervals with f64 ends | enclosure, rounded outward |
//! | [`SplitMix64`] | numbers that look random, the same everywhere | reproducible |
//! | `f64` | doubles | approximate, for guesses |
//!
//! Big-number crates enter by `backend` only, inari by `interval` only; floats are read exactly
//! ([`Rational::from_f64`]) and written with a direction ([`Rational::to_f64_up`]). A function whose result is not a
//! bound starts with `approx_`.
//!
//! This folder knows nothing of matrices and networks. To add a number system, implement [`Scalar`].

mod backend;
#[cfg(test)]
mod backend_tests;
mod dyadic;
pub mod elementary;
mod enclosure;
mod error;
mod float;
mod integer;
mod interval;
mod parse;
mod random;
mod rational;
mod round;
mod scalar;

pub use dyadic::Dyadic;
pub use enclosure::Enclosure;
pub use error::ArithError;
pub use integer::Integer;
pub use interval::Interval;
pub use parse::{MAX_EXPONENT, MAX_LENGTH};
pub use random::SplitMix64;
pub use rational::Rational;
pub use scalar::Scalar;
