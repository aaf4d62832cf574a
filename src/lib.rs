//! certinet: neural networks you can prove.
//!
//! A library that builds ReLU networks from theorems of approximation theory as exact computation graphs, counts their
//! layers, neurons and weights exactly, and certifies their error in exact arithmetic.
//!
//! ```
//! use certinet::arith::Rational;
//! use certinet::certify::measure;
//! use certinet::construct::{SquaringMethod, squaring_for_error};
//!
//! // The smallest of our networks for x^2 on [0, 1] with error at most 2^-40.
//! let square = squaring_for_error(&Rational::power_of_two(-40), None, SquaringMethod::Delayed)?;
//! let layered = square.network.layered()?;
//! assert_eq!(layered.size()?.weights, 131);
//! assert_eq!(square.claim.error, Rational::power_of_two(-40));
//!
//! // The bound is attained: here is an input at which the exact error is the bound.
//! let witness = measure(&layered, &square.claim, &square.candidates)?;
//! assert_eq!(witness.map(|witness| witness.error), Some(square.claim.error));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where to start: [`construct`] for the theorems, [`network`] for what a network is and how it is counted,
//! [`evaluate`] for evaluation over many number systems, [`certify`] for claims, [`arith`] and [`linalg`] for exact
//! numbers and matrices, [`spiking`] for spiking networks, [`barrier`] for limits of computation, [`mod@format`] for files.
//! [`bibliography`] lists sources and the status of every theorem.

pub mod arith;
pub mod barrier;
pub mod certify;
pub mod cli;
pub mod construct;
pub mod evaluate;
pub mod format;
pub mod linalg;
pub mod network;
pub mod pde;
pub mod polyhedra;
pub mod programs;
pub mod report;
pub mod spiking;

#[doc = include_str!("bibliography.md")]
pub mod bibliography {}
