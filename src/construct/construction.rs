//! What every construction returns.

use std::sync::Arc;

use crate::arith::Rational;
use crate::certify::{Claim, Proof};
use crate::network::{Network, Size};

/// A network with the claim that its theorem proves.
///
/// `N` is what is built: a ReLU network, or what a higher folder builds.
#[derive(Debug, Clone)]
pub struct Construction<N = Arc<Network>> {
    /// The family, as on the command line.
    pub family: &'static str,
    /// The method, as on the command line.
    pub method: &'static str,
    /// The parameters that were chosen, in order, with the names of the command line.
    pub parameters: Vec<(&'static str, Parameter)>,
    /// The network.
    pub network: N,
    /// What is proved about it.
    pub claim: Claim,
    /// Why it holds, line by line.
    pub proof: Proof,
    /// Inputs of the domain at which the error is likely largest.
    pub candidates: Vec<Vec<Rational>>,
    /// The published bound for the same task.
    pub published: Option<Published>,
    /// Neurons that any ReLU network with this error needs, inputs and outputs counted, where known.
    pub lower_bound: Option<u128>,
    /// The exact size, where it is known without lowering the network.
    pub size: Option<Size>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameter {
    /// A count.
    Count(u64),
    /// A number.
    Number(Rational),
    /// A list of numbers.
    Numbers(Vec<Rational>),
    /// A word.
    Word(String),
}

/// A published bound on the size, as far as its constants are explicit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Key into the bibliography.
    pub source: &'static str,
    /// The published bound as a formula.
    pub formula: String,
    /// Layers by the published construction, where its constants are explicit.
    pub layers: Option<u128>,
    /// Neurons by the published construction, where its constants are explicit.
    pub neurons: Option<u128>,
    /// Weights by the published construction, where its constants are explicit.
    pub weights: Option<u128>,
    /// Where the paper leaves a constant C open in weights <= C * scale: a certified lower bound on the scale.
    pub weights_scale: Option<Rational>,
    /// The same for layers.
    pub layers_scale: Option<Rational>,
}
