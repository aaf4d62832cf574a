//! Constructions: one file for each theorem, each with its methods side by side.
//!
//! A construction returns a [`Construction`]: the network, the claim it satisfies with the reason in its docstring,
//! candidates for a witness, and what was published. Given an error instead of parameters, each chooses the smallest
//! parameters that certify it.
//!
//! Everything polynomial is a straight-line program (`program`) of affine combinations, squares and products: a family
//! writes its program, `facts` says what is known of every number of its network, `program_levels` chooses how exact each
//! square and product is, `realise` makes the network and its proof, `certified` the claim. To add one: write the program, say by how much it misses the target, hand both to `certified`. Exact families
//! (`minimum`, `median`, `sorting`, `interpolation`) build their network themselves.

mod certified;
mod chebyshev;
mod construction;
mod error;
mod facts;
mod interpolation;
mod inverse;
mod kprs_inverse;
mod levels;
mod linear_solve;
mod logarithm;
mod matrix_facts;
mod matrix_inverse;
mod matrix_power;
mod matrix_product;
mod median;
mod minimum;
mod multivariate_polynomial;
mod neumann;
mod newton_schulz;
mod parametric;
mod parametric_iteration;
mod polynomial;
mod power;
mod power_stages;
mod product;
mod product_of_many;
mod program;
mod program_levels;
mod proved;
mod range;
mod realise;
mod reciprocal;
mod reciprocal_program;
mod residual;
mod slopes;
mod solve_iteration;
mod solve_network;
mod sorting;
mod squares;
mod squaring;
mod strassen;
mod symmetric_inverse;

pub use construction::{Construction, Parameter, Published};
pub use error::ConstructError;
pub use interpolation::interpolation;
pub use inverse::{InverseMethod, matrix_inverse};
pub use kprs_inverse::{kprs_inverse, published_size};
pub use linear_solve::{SolveMethod, SolveRequest, linear_solve};
pub use logarithm::log2_down;
pub use matrix_power::matrix_power;
pub use matrix_product::{
    MatrixProductMethod, ProductShape, matrix_product, matrix_product_for_error, matrix_product_network,
};
pub use median::median;
pub use minimum::{absolute_value, maximum, minimum};
pub use multivariate_polynomial::{multivariate_polynomial, multivariate_polynomial_for_error};
pub use neumann::neumann_inverse;
pub use newton_schulz::newton_schulz_inverse;
pub use parametric::{ParametricSolution, ParametricSystem, parametric_solutions};
pub use polynomial::{PolynomialMethod, polynomial, polynomial_for_error};
pub use power::{PowerMethod, power, power_for_error};
pub use product::{ProductMethod, dot_product_network, product, product_for_error, product_network};
pub use product_of_many::{product_of_many, product_of_many_for_error};
pub use reciprocal::{ReciprocalMethod, reciprocal, reciprocal_for_error};
pub use sorting::sorting_network;
pub use squaring::{MAX_LEVELS, SquaringMethod, square_neurons_lower, squaring, squaring_for_error, squaring_network};
pub use symmetric_inverse::{SymmetricInverse, symmetric_inverse};
