//! Halting: Turing machines, the real number of a machine, and problems whose solutions would say whether it halts.
//!
//! | file | object |
//! |---|---|
//! | [`Machine`] | the standard text, the table of transitions |
//! | [`Run`] | the fast simulator |
//! | [`Loop`] | a proof that a machine never halts: a stretch that repeats, in place or shifted |
//! | [`Verdict`] | halts, never halts, unknown |
//! | [`HaltingReal`], [`SignedPower`] | s = +-2^-h for a machine that halts at step h, 0 for one that never does |
//! | [`Problem`] | what a solver that reads k bits of s answers, and how far it is from the truth |
//! | [`NAMED`] | machines of the literature |
//!
//! # Reductions
//!
//! s is computable ([`HaltingReal`]), uniformly in the machine. Its sign is + for machines that halt with an odd number of
//! cells that are not blank (the set O) and - for an even number (the set E), on a blank tape. O and E are recursively
//! inseparable: no program D that always ends says *odd* on O and *even* on E. *Proof.* By the recursion theorem there is
//! a machine that computes what D says about it, and then halts with the other parity (it may write one cell more).
//!
//! Suppose a program P is given s (as a program) and answers with a rational number, or with a vector of such, within E of
//! a true solution for every machine. Then:
//!
//! * **l1, linear program** (solutions (g, 0) for s < 0, (0, g/(1 + s)) for s > 0, the segment between for s = 0; g = 7/8
//!   and 1): impossible for E < g/sqrt(2). Choose m with g sqrt(1 + (1 + 2^-m)^-2) > 2 E. Run the machine for m steps; if
//!   it has halted, look. Else |s| < 2^-m: answers within E of (g, 0), and answers within E of a point (0, g/(1 + s)),
//!   exclude each other, as these points are more than 2 E apart. Say *even* where the answer is within E of (g, 0), else
//!   *odd*: that is D.
//! * **optimiser** (minimisers beyond -1 for s > 0, beyond 1 for s < 0): impossible for E < 1, by the sign of the answer.
//! * **classifier**: impossible, though both labels count as right for s = 0. It is D.
//! * **pseudoinverse** of diag(1, |s|) (last entry 2^h, or 0 where the machine never halts): impossible for every finite
//!   E, even halting itself would be decided. Run the machine for m steps with 2^m > 2 E. If it has not halted, the
//!   entry is 0 or more than 2 E, and the answer is at most E exactly in the first case.
//! * Laplace's equation is the subject of [`blowup`](super::blowup), where the price is counted instead.
//!
//! What is executed here is the other side: a solver that reads k bits of s is right on a machine that halts at step h as
//! soon as k >= h, whatever h is; it reads 0 before, which is also what it reads of a machine that never halts. No finite
//! run shows that a problem is not computable: that is what the proofs above are for.
//!
//! **Source.** The reduction by inseparable sets is the classical one of computable analysis (PR89); the statements on
//! l1 minimisation, the pseudoinverse, optimisers and classifiers are those of the papers BFK23, BFK22, LBK24, BFK24; the
//! linear program is a lemma of BHV21. The instances and constants are our own.
//!
//! Nothing here sees a float or a clock: limits are steps and cells. To add a problem, add a variant to [`Problem`].

mod error;
mod forever;
mod halting_real;
mod machine;
mod named;
mod reduction;
mod run;
#[cfg(test)]
mod tests;
mod verdict;

pub use error::MachineError;
pub use forever::Loop;
pub use halting_real::{HaltingReal, SignedPower};
pub use machine::{Machine, Transition};
pub use named::{NAMED, Named, machine_named};
pub use reduction::{Distance, Judgement, Problem};
pub use run::{Run, Stop};
pub use verdict::Verdict;
