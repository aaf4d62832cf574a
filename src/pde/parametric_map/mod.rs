//! Networks for the parametric map y -> u_y of a discrete diffusion problem, with an error proved for all parameters.
//!
//! The error has three parts (FORMAT.md, section 13): the reduced basis, by a cover of the parameter box
//! ([`whole_box`](super::whole_box)); the iteration that solves the reduced system, in closed form; the products of the network.
//!
//! | file | object |
//! |---|---|
//! | `system` | [`ReducedProblem`]: the rounded reduced system with bounds of what rounding changed |
//! | `total` | [`Budget`]: the three parts and their sum |
//! | `network` | the network of coefficients with the basis behind it |
//! | `certified_map` | [`CertifiedMap`]: basis, cover and network for an error |
//! | `map` | [`ParametricMap`]: the smallest network within an error |
//! | `methods` | [`ComposedMap`]: the same by solvers and inverses of any matrix |
//! | `certificate` | the lines that prove it |
//! | `published` | the published bound beside it |
//!
//! Start at [`CertifiedMap::new`].

mod certificate;
mod certified_map;
mod map;
mod methods;
mod network;
mod published;
mod system;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod total;

pub use certified_map::{CertifiedMap, MapOptions, Stage};
pub use map::ParametricMap;
pub use methods::{ComposedMap, ComposedMethod};
pub use system::ReducedProblem;
pub use total::Budget;
