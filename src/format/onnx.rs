//! ONNX: fully connected networks as training programs write them. The crate prost enters here.
//!
//! Source: the ONNX project, *Open Neural Network Exchange intermediate representation* and its operator schemas. What is
//! read is a chain of affine maps with one activation between them; a graph of another form is refused, never guessed.

mod error;
mod messages;
mod read;
mod tensor;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod write;

pub use error::OnnxError;
pub use read::read;
pub use write::write;
