//! The parametric diffusion problem -div(a_y grad u) = f on the unit square, u = 0 on the boundary.
//!
//! The discrete problem is exact: linear elements on a uniform grid, coefficients that are rational numbers on triangles,
//! integrals of the load as rational numbers. Solutions are computed in doubles, and what is wrong with them is bounded
//! by exact residuals. Nothing here reads files or looks at a clock.
//!
//! | file | object |
//! |---|---|
//! | `grid` | [`Grid`], [`Triangle`]: the triangulation |
//! | `case` | [`Shape`], [`Coefficient`]: five parametrisations |
//! | `load` | [`Load`]: polynomial right-hand sides, integrated exactly |
//! | `stiffness` | [`Stiffness`]: the matrix as a network of conductances |
//! | `approx_stiffness` | [`ApproxStiffness`]: the same matrix in doubles, filled again and again |
//! | `solver` | [`Solver`]: sparse Cholesky in doubles |
//! | `discrete` | [`DiscreteProblem`]: a coefficient and a load, with what all parameters share |
//! | `certified` | [`Certified`]: a solution with bounds |
//! | `approx`, `approx_points` | [`ApproxCoefficient`]: the values of a coefficient in doubles |
//! | `dataset` | [`Dataset`]: many solutions in doubles |
//! | [`parametric_map`] | networks for y -> u_y, errors proved for all parameters |
//! | `coefficient_range` | the values of a coefficient over a box of parameters |
//! | `nodal_range` | [`NodalRange`]: functions of which ranges are known, boundary included |
//! | `verified` | [`Verified`]: the error of a network, at parameters and on boxes of them |
//! | [`reduced`] | reduced bases of affine cases, errors at single parameters bounded |
//! | [`whole_box`] | their errors over the whole box of parameters bounded |
//!
//! Source: GPRSK21 (the five cases, the load). Start at [`Certified::new`]; a sixth case is a variant of [`Shape`].

mod approx;
mod approx_points;
mod approx_stiffness;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod approx_tests;
mod case;
mod certified;
mod coefficient_range;
mod dataset;
mod discrete;
mod error;
mod grid;
mod load;
mod nodal_range;
pub mod parametric_map;
pub mod reduced;
mod solver;
mod stiffness;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod verified;
pub mod whole_box;

pub use approx::{ApproxCoefficient, CoefficientMemory};
pub use approx_stiffness::ApproxStiffness;
pub use case::{Coefficient, Shape, TermValues};
pub use certified::Certified;
pub use dataset::{Dataset, DatasetMemory};
pub use discrete::{DiscreteProblem, least_eigenvalue};
pub use error::PdeError;
pub use grid::{Grid, MAX_NODES, Triangle};
pub use load::Load;
pub use nodal_range::NodalRange;
pub use solver::{Factor, Solver, SolverMemory};
pub use stiffness::{Field, Stiffness};
pub use verified::{ErrorBounds, NodalNetwork, Verified, VerifyError};
