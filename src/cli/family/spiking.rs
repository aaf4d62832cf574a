//! The families of spiking networks with their options.

use clap::{Args, ValueEnum};

use super::super::options::{RationalList, count, positive_rational};
use super::ErrorOrLevels;
use crate::arith::Rational;
use crate::cli::error::CliError;
use crate::construct::{Construction, SquaringMethod, product, product_for_error, squaring, squaring_for_error};
use crate::spiking::{
    FromReluMethod, SpikingConstruction, SpikingError, ToReluMethod, neuron_to_relu, relu_to_spiking, spiking_minimum,
    spiking_minimum_for_error,
};

/// The ReLU networks that are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Source {
    /// x^2 by the method delayed.
    Squaring,
    /// x y.
    Product,
}

/// Options of `relu-to-spiking`.
#[derive(Debug, Clone, Args)]
pub struct ReluToSpikingOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// The ReLU network that is converted.
    #[arg(long, value_name = "FAMILY", default_value = "squaring")]
    of: Source,
    /// The domain is [-B, B], for each factor of a product; without it [0, 1] for a square, B = 1 for a product.
    #[arg(long, value_name = "B", value_parser = positive_rational, allow_hyphen_values = true)]
    bound: Option<Rational>,
    /// compact (two layers a hidden layer) or published (three).
    #[arg(long, value_name = "METHOD", default_value = "compact")]
    method: FromReluMethod,
}

impl ReluToSpikingOptions {
    pub(super) fn build(&self) -> Result<SpikingConstruction, CliError> {
        let one = Rational::one();
        let (bound, both) = (self.bound.as_ref(), self.bound.as_ref().unwrap_or(&one));
        let method = SquaringMethod::Delayed;
        let relu: Construction = match self.of {
            Source::Squaring => self
                .accuracy
                .build(|error| squaring_for_error(error, bound, method), |levels| squaring(levels, bound, method)),
            Source::Product => {
                self.accuracy.build(|error| product_for_error(error, both, both), |levels| product(levels, both, both))
            }
        }
        .map_err(CliError::new)?;
        relu_to_spiking(relu, self.method).map_err(CliError::new)
    }
}

/// The weights of the synapses of a neuron.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct NeuronWeights {
    /// Number of synapses, all of one weight.
    #[arg(long, value_name = "D", value_parser = count(255))]
    size: Option<u64>,
    /// The weights of the synapses w1,w2,.., all positive.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, conflicts_with = "weight")]
    weights: Option<RationalList>,
}

/// Options of `spiking-to-relu`.
#[derive(Debug, Clone, Args)]
pub struct SpikingToReluOptions {
    #[command(flatten)]
    synapses: NeuronWeights,
    /// The weight of every synapse, with --size.
    #[arg(long, value_name = "W", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    weight: Rational,
    /// The threshold of the neuron.
    #[arg(long, value_name = "THETA", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    threshold: Rational,
    /// tree (any positive weights) or sorting (equal weights); without it, sorting where it fits.
    #[arg(long, value_name = "METHOD")]
    method: Option<ToReluMethod>,
}

impl SpikingToReluOptions {
    pub(super) fn build(&self) -> Result<Construction, CliError> {
        let weights = match (&self.synapses.weights, self.synapses.size) {
            (Some(weights), _) => weights.0.clone(),
            (None, size) => vec![self.weight.clone(); size.unwrap_or(1) as usize],
        };
        neuron_to_relu(&weights, &self.threshold, self.method).map_err(CliError::new)
    }
}

/// Either an error or a threshold.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct ErrorOrThreshold {
    /// The error; the largest threshold that has it is taken.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Option<Rational>,
    /// The threshold of the neuron.
    #[arg(long, value_name = "THETA", value_parser = positive_rational, allow_hyphen_values = true)]
    threshold: Option<Rational>,
}

/// Options of `spiking-minimum`.
#[derive(Debug, Clone, Args)]
pub struct SpikingMinimumOptions {
    #[command(flatten)]
    accuracy: ErrorOrThreshold,
    /// How many numbers.
    #[arg(long, value_name = "D", value_parser = count(4096))]
    size: u64,
    /// The weight of every synapse.
    #[arg(long, value_name = "W", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    weight: Rational,
}

impl SpikingMinimumOptions {
    pub(super) fn build(&self) -> Result<SpikingConstruction, CliError> {
        let size = self.size as usize;
        let built: Result<_, SpikingError> = match (&self.accuracy.error, &self.accuracy.threshold) {
            (Some(error), _) => spiking_minimum_for_error(size, &self.weight, error),
            (None, Some(threshold)) => spiking_minimum(size, &self.weight, threshold),
            (None, None) => spiking_minimum(size, &self.weight, &Rational::one()),
        };
        built.map_err(CliError::new)
    }
}
