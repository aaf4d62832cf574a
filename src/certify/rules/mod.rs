//! The rules of certificates, as their producer: one function for each rule, under the name that `proofs/FORMAT.md` and the
//! checker give it.
//!
//! A function lays out a line and decides nothing; what the rule means, and when it holds, is said in `FORMAT.md`. Claims
//! must be dyadic. To add a rule: its statement and proof in `FORMAT.md`, its test in the checker with accepting and
//! rejecting cases, its function here.

pub mod block;
pub mod diffusion;
pub mod matrix;
pub mod scalar;
pub mod solve;
pub mod spiking;
