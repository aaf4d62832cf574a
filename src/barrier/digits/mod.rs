//! Correct digits: programs of which no algorithm gives K digits, all give K - 2, and K - 1 take as long as they take.
//!
//! | file | object |
//! |---|---|
//! | [`Family`], [`Instance`], [`Condition`] | the linear programs, their solutions, their condition numbers |
//! | [`Norm`] | p = 1, 2 or infinity, without roots |
//! | [`Oracle`], [`Patient`], [`fool`] | entries read to finitely many bits, algorithms, the adversary |
//!
//! # The family
//!
//! For K >= 1 and p in {1, 2, infinity}: minimise the sum of x = (u1, v1, w1, u2, v2, w2, z) >= 0 subject to
//!
//! ```text
//! (1 - max(s1, 0))/4 u1 + (1 - max(-s1, 0))/4 v1 - w1                                 + z = 1 + t1/4
//!                 (1 - max(s2, 0))/4 u2 + (1 - max(-s2, 0))/4 v2 - w2                 + z = 1 + t2/4
//!                                                                                       z = 1
//! ```
//!
//! with t1 = c 10^-K and t2 = c 10^(1-K), c slightly above 2^(1 - 1/p). The shifts: s1 is 0, 2^-n or -2^-n, and s2 is 2^-n
//! or -2^-n, for any n >= 1. An algorithm knows all of this and reads the entries with s1 and s2 to as many bits as it
//! asks for; to k bits means within 2^-k. It must end, and its answer depends on its readings only.
//!
//! **Solutions.** z = 1, w = 0, and in each block (0, t) for s > 0, (t, 0) for s < 0, the segment between them for s = 0.
//! *Proof.* As z = 1 and the larger entry is 1/4, u + v >= t + 4 w, with equality only where the smaller entry is not used;
//! so the cost of a block is at least t + 5 w, and t is attained for w = 0 only.
//!
//! **K digits: no algorithm.** Two programs that differ in the sign of s1 have solutions t1 2^(1/p) apart; half of that
//! is c 2^(1/p - 1) 10^-K > 10^-K. [`fool`] says why one of two such programs is answered with a larger error.
//!
//! **K - 1 digits: possible, without a bound on the reading.** [`Patient::SIGN_OF_SECOND`] reads until it sees the sign of
//! s2, which is not 0: it always ends. Its error is that of the middle of the first block, c 2^(1/p - 1) 10^-K, below
//! 10^(1-K). But every algorithm that gives K - 1 digits for all programs of the family reads, for every n, more than n
//! bits for some: on the programs with s2 = 2^-n and -2^-n an [`Oracle`] may answer 1/4 to all readings of so few bits, so
//! that it would answer the same, and be wrong by more than 10^(1-K) on one of them.
//!
//! **K - 2 digits: without reading.** [`Patient::MIDDLES`] has at most the sum of both errors,
//! c 2^(1/p - 1) (10^-K + 10^(1-K)) < 10^(2-K).
//!
//! **Condition.** The largest entry of A is 1 and that of y at most 3/2 + 1/1000; the condition number of A A' and that of
//! feasibility are bounded by constants that do not grow with K: [`Family::condition`]. The digits are not lost by
//! ill conditioning.
//!
//! **Source.** The theorem is that of Bastounis, Hansen and Vlacic (BHV21), who have it for linear programs, basis pursuit
//! and the lasso, in a model that contains this one, with K - 2 digits in polynomial time and randomised algorithms, too;
//! their lemma on min u + v is used in each block. This family, its two blocks, the variables w and z that keep it well
//! conditioned, and all constants are our own; what is proved here is proved for this family.

mod family;
mod norm;
mod reading;
#[cfg(test)]
mod tests;

pub use family::{COLUMNS, Condition, Family, Instance, ROWS};
pub use norm::Norm;
pub use reading::{Algorithm, Fooled, MOST_BITS, Oracle, Patient, Query, fool};
