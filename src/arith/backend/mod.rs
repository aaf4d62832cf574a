//! The door for big-number crates: the few functions the rest of `arith` needs, once a backend.
//!
//! [`dashu`] is the default; `gmp` (rug) takes its place under the feature of that name. Both are compiled when the
//! feature is on, so that tests hold them against each other. A backend computes; it decides nothing: every function
//! here has one exact answer.

#[cfg_attr(feature = "gmp", allow(dead_code, reason = "only the tests use both backends"))]
pub(crate) mod dashu;
#[cfg(feature = "gmp")]
pub(crate) mod gmp;

#[cfg(not(feature = "gmp"))]
pub(crate) use dashu as active;
#[cfg(feature = "gmp")]
pub(crate) use gmp as active;
