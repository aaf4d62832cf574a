//! What is wrong with an ONNX file.

use crate::network::NetworkError;

/// Bytes that are no network that is read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// No protocol buffer of a model.
    #[error("the bytes are no ONNX model ({problem})")]
    Decode {
        /// What the decoder met.
        problem: String,
    },
    /// A part that a model must have.
    #[error("the model has no {what}")]
    Missing {
        /// The part.
        what: &'static str,
    },
    /// A number of parts that is not read.
    #[error("the graph has {found} {what}; accepted is {expected}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are accepted.
        expected: usize,
    },
    /// A version of the operators that is not read.
    #[error("the operators are those of version {version}; accepted are versions from {least}")]
    Version {
        /// The version found.
        version: i64,
        /// The least version that is read.
        least: i64,
    },
    /// An operation that is not read.
    #[error(
        "{node}: the operation is {operation}; accepted are Gemm, MatMul, Add, Relu, LeakyRelu, Flatten, Identity and Constant"
    )]
    Operation {
        /// The node.
        node: String,
        /// Its operation.
        operation: String,
    },
    /// Arguments, attributes or an order that are not read.
    #[error("{node}: {problem}; accepted is {accepted}")]
    Node {
        /// The node.
        node: String,
        /// What is wrong.
        problem: String,
        /// What is read.
        accepted: &'static str,
    },
    /// An array that is not read.
    #[error("array '{name}': {problem}; accepted is {accepted}")]
    Tensor {
        /// The array.
        name: String,
        /// What is wrong.
        problem: String,
        /// What is read.
        accepted: &'static str,
    },
    /// Layers that make no network.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// A name for a message.
pub(super) fn cut(name: &str) -> String {
    name.chars().take(60).collect()
}
