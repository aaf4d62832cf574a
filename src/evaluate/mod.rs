//! Evaluation: one network over many number systems.
//!
//! | file | what it evaluates | exactness |
//! |---|---|---|
//! | `function` | the graph, value by value, in rationals | exact |
//! | `layered` | the layered form over any [`Scalar`](crate::arith::Scalar) | that of the scalar |
//! | `fixed` | the layered form in 64- and 128-bit integers, in batches | exact |
//! | `mlp` | fully connected networks of floats over any scalar | that of the scalar |
//! | `mlp_range` | the same on a box of inputs, by affine forms | enclosure |
//! | `float` | the layered form in f64, in batches | approximate, or with an upper bound on the error |
//!
//! The first two share no code beyond the tiles, so that each is a check of the other and of the lowering between them.
//!
//! Nothing here prints, reads files, or looks at the clock or the environment.

mod fixed;
mod fixed_bounds;
mod fixed_kernel;
mod fixed_plan;
mod fixed_terms;
mod float;
mod float_kernel;
#[cfg(test)]
mod float_tests;
mod function;
mod layered;
mod mlp;
mod mlp_range;
#[cfg(test)]
mod tests;

pub use fixed::{FixedPlan, InputFormat, PlanOptions};
pub use fixed_plan::Width;
pub use float::{Bounded, FloatNetwork};
pub use function::evaluate_graph;
pub use layered::{EvaluateError, Evaluator};
pub use mlp::MlpEvaluator;
pub use mlp_range::MlpRange;
