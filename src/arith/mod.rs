//! Exact and rigorous numbers.
//!
//! | type | what it holds | exactness |
//! |---|---|---|
//! | [`Integer`], [`Rational`] | any integer, any fraction in lowest terms | exact |
//!
//! Big-number crates enter by [`backend`](self) only; floats are read exactly ([`Rational::from_f64`]) and written
//! with a direction ([`Rational::to_f64_up`]). A function whose result is not a bound starts with `approx_`.
//!
//! This folder knows nothing of matrices and networks. To add a number system, implement [`Scalar`].

mod backend;
mod error;
mod float;
mod integer;
mod parse;
mod rational;
mod round;
mod scalar;

pub use error::ArithError;
pub use integer::Integer;
pub use parse::{MAX_EXPONENT, MAX_LENGTH};
pub use rational::Rational;
pub use scalar::Scalar;
