//! Constructions: one file for each theorem, each with its methods side by side.
//!
//! A construction returns a [`Construction`]: the network, the claim it satisfies with the reason in its docstring,
//! candidates for a witness, and what was published. Given an error instead of parameters, each chooses the smallest
//! parameters that certify it.
//!
//! Everything polynomial is a straight-line program (`program`) of affine combinations, squares and products: a family
//! writes its program, `levels` chooses how exact each square and product is, `realise` makes the network, `certified` the
//! claim. To add one: write the program, say by how much it misses the target, hand both to `certified`. Exact families
//! (`minimum`, `median`, `interpolation`) build their network themselves.

mod certified;
mod chebyshev;
mod construction;
mod error;
mod interpolation;
mod levels;
mod median;
mod minimum;
mod multivariate_polynomial;
mod polynomial;
mod power;
mod product;
mod product_of_many;
mod program;
mod range;
mod realise;
mod reciprocal;
mod squaring;

pub use construction::{Construction, Parameter, Published};
pub use error::ConstructError;
pub use interpolation::interpolation;
pub use median::median;
pub use minimum::{absolute_value, maximum, minimum};
pub use multivariate_polynomial::{multivariate_polynomial, multivariate_polynomial_for_error};
pub use polynomial::{PolynomialMethod, polynomial, polynomial_for_error};
pub use power::{PowerMethod, power, power_for_error};
pub use product::{ProductMethod, product, product_for_error, product_network};
pub use product_of_many::{product_of_many, product_of_many_for_error};
pub use reciprocal::{ReciprocalMethod, reciprocal, reciprocal_for_error};
pub use squaring::{SquaringMethod, squaring, squaring_for_error, squaring_network};
