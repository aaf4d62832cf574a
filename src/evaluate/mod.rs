//! Evaluation: one network over many number systems.
//!
//! [`function`] follows the graph, value by value; [`layered`] runs the layered form. The two share no code beyond the
//! tiles, so that each is a check of the other and of the lowering between them.
//!
//! Nothing here prints, reads files, or looks at the clock or the environment.

mod function;
mod layered;

pub use function::evaluate_graph;
pub use layered::{EvaluateError, Evaluator};
