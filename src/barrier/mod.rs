//! Barriers: what no digital computer can do, or only at a price, and what other machines can; as programs.
//!
//! | file | object |
//! |---|---|
//! | [`Formula`] | a formula in conjunctive normal form, evaluated 64 assignments at a time |
//! | [`real`] | computable real numbers: approximations, logs of what was read, oracles that know only so much |
//! | [`l1`] | minimisers of the 1-norm under a bound on the residual, exactly |
//! | [`mod@duel`] | an adversary that finds the problem on which a given solver of the 1-norm fails |
//! | [`blowup`] | boundary-value problems whose solution at one point counts the models of a formula |
//! | [`intervals`] | how far solutions lie apart when the data are known to k bits |
//! | [`bss`] | a machine of Blum, Shub and Smale: programs over an exact ordered field |
//! | [`digits`] | linear programs of which K digits cannot be computed, K - 1 can, and K - 2 without reading |
//! | [`turing`] | Turing machines, the real number of a machine, problems that would say whether it halts |
//!
//! A barrier here is always an instance with numbers: rational data, exact solutions, and the distance by which a solver
//! is wrong. Nothing here sees a clock, and floats are seen by the solvers only that are put to the test. To add a
//! barrier, give it a file and a line in this table.

pub mod blowup;
pub mod bss;
pub mod digits;
pub mod duel;
mod error;
mod formula;
pub mod intervals;
pub mod l1;
pub mod real;
pub mod turing;

pub use error::BarrierError;
pub use formula::Formula;
