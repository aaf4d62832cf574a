//! Constructions: one file for each theorem, each with its methods side by side.
//!
//! A construction returns a [`Construction`]: the network, the claim it satisfies with the reason in its docstring,
//! candidates for a witness, and what was published. Given an error instead of parameters, each chooses the smallest
//! parameters that certify it.

mod construction;
mod error;
mod kprs_inverse;
mod levels;
mod linear_solve;
mod logarithm;
mod matrix_inverse;
mod matrix_power;
mod matrix_product;
mod neumann;
mod newton_schulz;
mod power_stages;
mod product;
mod solve_network;
mod squares;
mod squaring;
mod strassen;

pub use construction::{Construction, Parameter, Published};
pub use error::ConstructError;
pub use kprs_inverse::{kprs_inverse, published_size};
pub use linear_solve::{SolveMethod, SolveRequest, linear_solve};
pub use matrix_power::matrix_power;
pub use matrix_product::{
    MatrixProductMethod, ProductShape, matrix_product, matrix_product_for_error, matrix_product_network,
};
pub use neumann::neumann_inverse;
pub use newton_schulz::newton_schulz_inverse;
pub use product::{ProductMethod, product, product_for_error, product_network};
pub use squaring::{SquaringMethod, squaring, squaring_for_error, squaring_network};
