//! Exact vectors and matrices, exact elimination, proved bounds on norms and eigenvalues.
//!
//! | file | what | exactness |
//! |---|---|---|
//! | `vector` | [`dot`], [`norm_squared`], [`norm_upper`], ... of slices | exact; square roots rounded in the named direction |
//! | `matrix` | [`Matrix`], dense, row-major | exact |
//! | `sparse` | [`SparseMatrix`], rows of non-zero entries | exact |
//! | `integer_form` | one denominator a row, a column or a matrix: integers inside | exact |
//! | `elimination` | [`determinant`], [`solve`], [`inverse`] by fraction-free elimination | exact, with a kernel vector when singular |
//! | `ldlt` | [`ldlt()`], [`definiteness`] | exact decision, with a witness when not |
//! | `congruence` | quick proofs of positive definiteness | proofs, checked in integers |
//! | `jacobi` | floating-point eigenvectors | guesses, never returned as bounds |
//! | `spectrum` | [`eigenvalue_bounds`], [`spectral_norm_upper`], [`spectral_norm_lower`] | proved bounds around those guesses |
//!
//! Floats guess and exact arithmetic decides: no float reaches a result before an exact computation has proved it.
//! This folder knows nothing of networks and files. Start at [`Matrix`]; to add a decomposition, give it a file and one
//! identity that a test can check exactly.

mod congruence;
mod elimination;
mod error;
mod integer_form;
mod jacobi;
mod ldlt;
mod matrix;
mod sparse;
mod spectrum;
mod vector;

pub use elimination::{determinant, inverse, solve, solve_vector};
pub use error::LinalgError;
pub use integer_form::clear_denominators;
pub use ldlt::{Definiteness, Ldlt, definiteness, ldlt};
pub use matrix::Matrix;
pub use sparse::SparseMatrix;
pub use spectrum::{
    EigenvalueBounds, eigenvalue_bounds, spectral_norm_direction, spectral_norm_lower, spectral_norm_upper,
};
pub use vector::{add, dot, max_norm, norm_lower, norm_squared, norm_upper, one_norm, scale, sub};
