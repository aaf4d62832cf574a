//! What digital computers cannot do, and what other machines can: the barriers of computability, to be run.
//!
//! | folder | object |
//! |---|---|
//! | [`bss`] | a machine of Blum, Shub and Smale: programs over an exact ordered field |

pub mod bss;
