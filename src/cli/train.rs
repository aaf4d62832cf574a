//! `certinet train`: fits a fully connected network to a dataset of solutions. Nothing here is proved.

#[cfg(feature = "train")]
mod fit;
#[cfg(feature = "train")]
mod h1;

use std::path::PathBuf;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::options::{count, whole_number};

/// The most epochs and the largest batch.
const MAX_EPOCHS: u64 = 1_000_000;
const MAX_BATCH: u64 = 1 << 16;

/// Trains a network of floats on a dataset that `certinet pde dataset` wrote, and writes it as ONNX (--output NET.onnx).
///
/// Weights and biases start as N(0, 1/100); 0.2-LReLU; Adam; the loss is the mean relative error in H1. Errors that are
/// printed are samples; `certinet pde verify` proves errors. Needs a program built with the feature `train`.
#[derive(Debug, clap::Args)]
pub struct Train {
    /// The dataset: .npz with the arrays `parameters` and `solutions`.
    dataset: PathBuf,
    /// Widths from inputs to outputs: parameters, hidden layers, nodes.
    #[arg(long, value_name = "LIST", value_delimiter = ',', required = true, value_parser = whole_number(1, 1 << 24))]
    widths: Vec<u64>,
    /// How often all samples are used.
    #[arg(long, value_name = "N", default_value = "100", value_parser = count(MAX_EPOCHS))]
    epochs: u64,
    /// Where the random numbers start; the result depends on it and not on the clock.
    #[arg(long, value_name = "SEED", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Samples that one step looks at.
    #[arg(long, value_name = "N", default_value = "64", value_parser = count(MAX_BATCH))]
    batch: u64,
    /// The rate of Adam in the first half; it falls to 0 over the second.
    #[arg(long, value_name = "X", default_value = "0.001", value_parser = rate)]
    rate: f64,
    /// Keep the last N samples for the test [default: a tenth].
    #[arg(long, value_name = "N", value_parser = whole_number(1, 1 << 32))]
    test: Option<u64>,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|x: &f64| x.is_finite() && *x > 0.0 && *x <= 1.0);
    rate.ok_or_else(|| "accepted are numbers above 0 and up to 1".to_owned())
}

#[cfg(not(feature = "train"))]
impl Run for Train {
    fn run(self, _: &Context) -> Result<Exit, CliError> {
        Err(CliError::new("this program was built without training")
            .accepted("build it with cargo build --release --features train"))
    }
}

#[cfg(feature = "train")]
impl Run for Train {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let output = context.artefact()?;
        if !output.to_string_lossy().to_ascii_lowercase().ends_with(".onnx") {
            return Err(CliError::new("networks are trained into ONNX files")
                .at("option --output")
                .accepted("a name that ends in .onnx is accepted"));
        }
        context.spare(&self.dataset)?;
        let data = self.data()?;
        let test = self.test.unwrap_or((data.count as u64 / 10).max(1));
        let held = usize::try_from(test).ok().filter(|test| *test < data.count).ok_or_else(|| {
            CliError::new(format!("{test} of {} samples leave none for training", data.count)).at("option --test")
        })?;
        let settings = fit::Settings {
            widths: self.widths.iter().map(|width| usize::try_from(*width).unwrap_or(usize::MAX)).collect(),
            epochs: self.epochs,
            batch: usize::try_from(self.batch).unwrap_or(usize::MAX),
            rate: self.rate,
            seed: self.seed,
            held,
        };
        let progress = context.progress("epochs", self.epochs);
        let fitted = fit::approx_fit(&data, &settings, || progress.advance(1)).map_err(|error| {
            CliError::new(format!("the training broke down ({})", error.to_string().lines().next().unwrap_or_default()))
        })?;
        drop(progress);
        let network = fitted.network.ok_or_else(|| {
            CliError::new("the training left numbers that are not finite").accepted("give a smaller --rate")
        })?;
        context.write_artefact(|writer| crate::format::onnx::write(&network, writer).map_err(CliError::new))?;
        self.report(context, &data, &network, &settings, [fitted.training, fitted.mean, fitted.largest])
    }
}

#[cfg(feature = "train")]
impl Train {
    /// The arrays of the dataset, in the order of its samples.
    fn data(&self) -> Result<fit::Data, CliError> {
        use crate::format::npz_read::NpzReader;
        let place = || format!("file {}", self.dataset.display());
        let file = std::fs::File::open(&self.dataset).map_err(|error| CliError::from(error).at(place()))?;
        let wrong = |error| CliError::new(error).at(place());
        let mut reader = NpzReader::new(file).map_err(wrong)?;
        // 4 GiB, as for everything that a command keeps in memory.
        let [parameters, solutions] = [reader.doubles("parameters", 1 << 32), reader.doubles("solutions", 1 << 32)];
        let (parameters, solutions) = (parameters.map_err(wrong)?, solutions.map_err(wrong)?);
        let ([count, p], [rows, values]) = (parameters.shape, solutions.shape);
        if count != rows || count < 2 {
            return Err(CliError::new(format!("{count} parameters and {rows} solutions"))
                .at(place())
                .accepted("one solution a parameter, and at least 2"));
        }
        let nodes = values.isqrt();
        if nodes * nodes != values || nodes < 3 {
            return Err(CliError::new(format!("solutions of {values} values"))
                .at(place())
                .accepted("the values at n x n nodes"));
        }
        let expected = [p as u64, values as u64];
        let given = [self.widths.first().copied().unwrap_or(0), self.widths.last().copied().unwrap_or(0)];
        if self.widths.len() < 2 || given != expected {
            return Err(CliError::new("the widths do not fit the dataset")
                .at("option --widths")
                .accepted(format!("lists that begin with {p} and end with {values} are accepted")));
        }
        let single = |values: Vec<f64>| values.into_iter().map(|x| x as f32).collect();
        Ok(fit::Data { inputs: single(parameters.values), outputs: single(solutions.values), count, p, nodes })
    }

    fn report(
        &self,
        context: &Context,
        data: &fit::Data,
        network: &crate::network::Mlp,
        settings: &fit::Settings,
        [training, mean, largest]: [f64; 3],
    ) -> Result<Exit, CliError> {
        use crate::report::{Cell, Record};
        use serde_json::json;
        let widths = network.widths();
        let output = context.artefact()?.display().to_string();
        let json = json!({
            "output": output,
            "widths": widths.as_slice(),
            "weights": widths.weights().to_string(),
            "biases": widths.biases().to_string(),
            "samples": data.count - settings.held,
            "test_samples": settings.held,
            "epochs": settings.epochs,
            "batch": settings.batch,
            "rate": settings.rate,
            "seed": settings.seed.to_string(),
            "training_error": training,
            "test_error": {"mean": mean, "max": largest},
            "error_kind": "sampled",
        });
        let sampled = |x: f64| Cell::text(format!("about {x:.3e} (sampled, in floats)"));
        let record = Record::new(json)
            .with("output", Cell::text(output))
            .with("weights", Cell::count(widths.weights()))
            .with("biases", Cell::count(widths.biases()))
            .with("training samples", Cell::count((data.count - settings.held) as u64))
            .with("test samples", Cell::count(settings.held as u64))
            .with("mean relative H1 error, last epoch", sampled(training))
            .with("mean relative H1 error, test", sampled(mean))
            .with("largest", sampled(largest));
        context.print(&record)?;
        Ok(Exit::Done)
    }
}
