//! Training in floats of 32 bits on the processor. The crates candle-core and candle-nn enter here and in `h1`.

use candle_core::{Device, Result, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, ops::leaky_relu};

use super::h1::H1;
use crate::arith::{Rational, SplitMix64};
use crate::network::{DenseLayer, Mlp, Precision};

/// The slope of the activation for negative numbers, and the standard deviation of the first weights.
const SLOPE: f32 = 0.2;
const DEVIATION: f64 = 0.1;

/// Samples: parameters and nodal values.
pub struct Data {
    /// Row by row, p a row.
    pub inputs: Vec<f32>,
    /// Row by row, n^2 a row.
    pub outputs: Vec<f32>,
    /// How many rows.
    pub count: usize,
    /// p
    pub p: usize,
    /// n
    pub nodes: usize,
}

/// How to train.
pub struct Settings {
    pub widths: Vec<usize>,
    pub epochs: u64,
    pub batch: usize,
    pub rate: f64,
    pub seed: u64,
    /// Samples at the end that are kept for the test.
    pub held: usize,
}

/// What came out.
pub struct Fitted {
    /// `None` where a number is not finite.
    pub network: Option<Mlp>,
    /// The mean of the loss over the last epoch.
    pub training: f64,
    /// The mean relative error in H1 over the test samples.
    pub mean: f64,
    /// The largest among them.
    pub largest: f64,
}

/// Fits a network, step by step with Adam; the loss is the mean over a batch of |Phi(y) - u_y| / |u_y| in H1.
///
/// **Exactness.** Approximate: floats of 32 bits. The result depends on data and settings only; on another kind of
/// processor sums may be rounded in another order.
pub fn approx_fit(data: &Data, settings: &Settings, mut epoch_done: impl FnMut()) -> Result<Fitted> {
    let norm = H1::new(data.nodes)?;
    let trained = data.count - settings.held;
    let mut random = SplitMix64::new(settings.seed);
    let model = Model::new(&settings.widths, &mut random)?;
    let parameters = ParamsAdamW { lr: settings.rate, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
    let mut adam = AdamW::new(model.variables(), parameters)?;
    let mut order: Vec<usize> = (0..trained).collect();
    let mut training = f64::NAN;
    for epoch in 0..settings.epochs {
        // Constant over the first half, then a line to 0.
        let left = (settings.epochs - epoch) as f64 / settings.epochs as f64;
        adam.set_learning_rate(settings.rate * (2.0 * left).min(1.0));
        shuffle(&mut order, &mut random);
        let mut sum = 0.0;
        for batch in order.chunks(settings.batch) {
            let errors = relative_errors(&model, &norm, data, batch)?;
            let loss = errors.mean(0)?;
            adam.backward_step(&loss)?;
            sum += f64::from(loss.to_scalar::<f32>()?) * batch.len() as f64;
        }
        training = sum / trained as f64;
        epoch_done();
    }
    let (mut mean, mut largest) = (0.0, 0.0f64);
    let held: Vec<usize> = (trained..data.count).collect();
    for batch in held.chunks(settings.batch) {
        for error in relative_errors(&model, &norm, data, batch)?.to_vec1::<f32>()? {
            mean += f64::from(error) / held.len() as f64;
            largest = largest.max(f64::from(error));
        }
    }
    Ok(Fitted { network: model.network()?, training, mean, largest })
}

/// |Phi(y) - u_y| / |u_y| in H1 for the samples with these numbers.
fn relative_errors(model: &Model, norm: &H1, data: &Data, samples: &[usize]) -> Result<Tensor> {
    let rows = |all: &[f32], width: usize| {
        let rows: Vec<f32> = samples.iter().flat_map(|k| &all[k * width..(k + 1) * width]).copied().collect();
        Tensor::from_vec(rows, (samples.len(), width), &Device::Cpu)
    };
    let expected = rows(&data.outputs, data.nodes * data.nodes)?;
    let difference = (model.forward(&rows(&data.inputs, data.p)?)? - &expected)?;
    // The square root has no derivative at 0.
    let tiny = f64::from(f32::MIN_POSITIVE);
    norm.squared(&difference)?.affine(1.0, tiny)?.sqrt()? / norm.squared(&expected)?.affine(1.0, tiny)?.sqrt()?
}

/// Fisher and Yates.
fn shuffle(order: &mut [usize], random: &mut SplitMix64) {
    for last in (1..order.len()).rev() {
        order.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
}

/// The network as variables: matrices [outputs, inputs] and biases.
struct Model(Vec<(Var, Var)>);

impl Model {
    fn new(widths: &[usize], random: &mut SplitMix64) -> Result<Self> {
        let mut variable = |shape: &[usize]| {
            let count = shape.iter().product();
            let values: Vec<f32> = (0..count).map(|_| (DEVIATION * normal(random)) as f32).collect();
            Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu)?)
        };
        let layers = widths.windows(2).map(|pair| Ok((variable(&[pair[1], pair[0]])?, variable(&[pair[1]])?)));
        Ok(Self(layers.collect::<Result<_>>()?))
    }
    fn variables(&self) -> Vec<Var> {
        self.0.iter().flat_map(|(weights, bias)| [weights.clone(), bias.clone()]).collect()
    }
    fn forward(&self, inputs: &Tensor) -> Result<Tensor> {
        let mut x = inputs.clone();
        for (number, (weights, bias)) in self.0.iter().enumerate() {
            if number > 0 {
                x = leaky_relu(&x, f64::from(SLOPE))?;
            }
            x = x.matmul(&weights.t()?)?.broadcast_add(bias)?;
        }
        Ok(x)
    }
    /// The same as numbers; `None` where one is not finite.
    fn network(&self) -> Result<Option<Mlp>> {
        let doubles = |variable: &Var| -> Result<Vec<f64>> {
            Ok(variable.flatten_all()?.to_vec1::<f32>()?.into_iter().map(f64::from).collect())
        };
        let mut layers = Vec::new();
        for (weights, bias) in &self.0 {
            match DenseLayer::new(weights.dim(1)?, doubles(weights)?, doubles(bias)?) {
                Ok(layer) => layers.push(layer),
                Err(_) => return Ok(None),
            }
        }
        let slope = Rational::from_f32(SLOPE).unwrap_or_default();
        Ok(Mlp::new(layers, slope, Precision::Single).ok())
    }
}

/// A number that looks drawn from N(0, 1): Box and Muller.
fn normal(random: &mut SplitMix64) -> f64 {
    // 53 bits, and never 0 under the logarithm.
    let mut unit = || ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    let (u, v) = (unit(), unit());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
