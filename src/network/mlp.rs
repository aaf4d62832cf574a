//! Fully connected networks as training leaves them: matrices of floats, an activation between layers.

use std::sync::Arc;

use super::{Block, Layer, Layered, LinearMap, NetworkError, Tile};
use crate::arith::Rational;

/// The widths of a fully connected network: inputs, hidden layers, outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widths(Vec<usize>);

impl Widths {
    /// At least two widths, none of them 0.
    ///
    /// # Errors
    /// [`NetworkError::Empty`] for fewer, [`NetworkError::Dimension`] for a width of 0.
    pub fn new(widths: Vec<usize>) -> Result<Self, NetworkError> {
        if widths.len() < 2 {
            return Err(NetworkError::Empty);
        }
        match widths.iter().position(|width| *width == 0) {
            Some(at) => Err(NetworkError::Dimension { place: format!("width {}", at + 1), found: 0, expected: 1 }),
            None => Ok(Self(widths)),
        }
    }
    /// The architecture of GPRSK21: p inputs, ten layers of 300 neurons, one output a node of 101 x 101.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] for p = 0.
    pub fn published(p: usize) -> Result<Self, NetworkError> {
        Self::new(std::iter::once(p).chain([300; 10]).chain([101 * 101]).collect())
    }
    /// The widths.
    pub fn as_slice(&self) -> &[usize] {
        &self.0
    }
    /// The number L of affine maps.
    pub fn layers(&self) -> usize {
        self.0.len() - 1
    }
    /// The number of neurons, inputs and outputs included.
    pub fn neurons(&self) -> u128 {
        self.0.iter().map(|width| *width as u128).sum()
    }
    /// Entries of the matrices, 0 or not; saturating.
    pub fn weights(&self) -> u128 {
        let product = |pair: &[usize]| pair[0] as u128 * pair[1] as u128;
        self.0.windows(2).map(product).fold(0, u128::saturating_add)
    }
    /// Entries of the biases.
    pub fn biases(&self) -> u128 {
        self.0[1..].iter().map(|width| *width as u128).sum()
    }
    /// Weights and biases.
    pub fn parameters(&self) -> u128 {
        self.weights().saturating_add(self.biases())
    }
}

/// The floats a network is stored in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

impl Precision {
    /// Whether a double is a number of this precision.
    pub fn holds(self, x: f64) -> bool {
        x.is_finite() && (self == Self::Double || f64::from(x as f32).to_bits() == x.to_bits())
    }
}

/// One affine map x -> W x + b of floats.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseLayer {
    inputs: usize,
    weights: Vec<f64>,
    bias: Vec<f64>,
}

impl DenseLayer {
    /// The map with the matrix `weights`, row by row, and this bias.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] where the weights are not one number for each input and output,
    /// [`NetworkError::NotFinite`].
    pub fn new(inputs: usize, weights: Vec<f64>, bias: Vec<f64>) -> Result<Self, NetworkError> {
        let expected = inputs.saturating_mul(bias.len());
        if weights.len() != expected || inputs == 0 || bias.is_empty() {
            return Err(NetworkError::Dimension { place: "weights".to_owned(), found: weights.len(), expected });
        }
        if let Some(at) = weights.iter().chain(&bias).position(|x| !x.is_finite()) {
            return Err(NetworkError::NotFinite { index: at });
        }
        Ok(Self { inputs, weights, bias })
    }
    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }
    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }
    /// The matrix, row by row.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
    /// Row i of the matrix.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.weights[i * self.inputs..(i + 1) * self.inputs]
    }
    /// b
    pub fn bias(&self) -> &[f64] {
        &self.bias
    }
}

/// A fully connected network with one activation x -> max(x, 0) - s max(-x, 0) between its layers and none at its end.
///
/// s = 0 is ReLU. A float is a rational number, so the network is a function of real numbers, and that function is what
/// this type stands for: a program that evaluates it in floats rounds.
///
/// **Exactness.** Exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp {
    layers: Vec<DenseLayer>,
    slope: Rational,
    precision: Precision,
}

impl Mlp {
    /// The network of these layers with the slope s for negative numbers.
    ///
    /// # Errors
    /// [`NetworkError::Empty`] without layers, [`NetworkError::Dimension`] where neighbours do not fit,
    /// [`NetworkError::NotOfPrecision`] for a number that is longer than the precision.
    pub fn new(layers: Vec<DenseLayer>, slope: Rational, precision: Precision) -> Result<Self, NetworkError> {
        if layers.is_empty() {
            return Err(NetworkError::Empty);
        }
        for (number, pair) in layers.windows(2).enumerate() {
            let (found, expected) = (pair[1].inputs(), pair[0].outputs());
            if found != expected {
                let place = format!("layer {}, columns", number + 2);
                return Err(NetworkError::Dimension { place, found, expected });
            }
        }
        for (number, layer) in layers.iter().enumerate() {
            if layer.weights.iter().chain(&layer.bias).any(|x| !precision.holds(*x)) {
                return Err(NetworkError::NotOfPrecision { layer: number + 1 });
            }
        }
        Ok(Self { layers, slope, precision })
    }
    /// The layers, first to last.
    pub fn layers(&self) -> &[DenseLayer] {
        &self.layers
    }
    /// s
    pub fn slope(&self) -> &Rational {
        &self.slope
    }
    /// The precision of the numbers.
    pub fn precision(&self) -> Precision {
        self.precision
    }
    /// Dimension of the input.
    pub fn input_dimension(&self) -> usize {
        self.layers[0].inputs()
    }
    /// Dimension of the output.
    pub fn output_dimension(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs()
    }
    /// The widths.
    pub fn widths(&self) -> Widths {
        let outputs = self.layers.iter().map(DenseLayer::outputs);
        Widths(std::iter::once(self.input_dimension()).chain(outputs).collect())
    }
    /// Entries that [`Self::to_layered`] writes out, at most.
    pub fn layered_entries(&self) -> u128 {
        let doubled = |number: usize, width: usize| {
            let inner = number > 0 && number < self.layers.len() && !self.slope.is_zero();
            width as u128 * if inner { 2 } else { 1 }
        };
        let widths = self.widths();
        let sizes: Vec<u128> = widths.as_slice().iter().enumerate().map(|(i, width)| doubled(i, *width)).collect();
        sizes.windows(2).map(|pair| (pair[0] + 1).saturating_mul(pair[1])).fold(0, u128::saturating_add)
    }

    /// The same function as a ReLU network.
    ///
    /// **Statement.** max(x, 0) - s max(-x, 0) takes two neurons: W becomes the rows of W above those of -W, and the next
    /// matrix V becomes V beside -s V. For s = 0 nothing is doubled.
    ///
    /// **Size.** L layers; with s != 0 twice the hidden neurons, and at most four times the weights.
    ///
    /// # Errors
    /// Never: the dimensions fit.
    pub fn to_layered(&self) -> Result<Layered, NetworkError> {
        let mut layers = Vec::with_capacity(self.layers.len());
        for (number, layer) in self.layers.iter().enumerate() {
            let entries: Vec<(usize, usize, Rational)> = nonzero(&layer.weights, layer.inputs)?;
            let matrix = Block::new(layer.outputs(), layer.inputs, entries)?;
            let bias = Block::new(layer.outputs(), 1, nonzero(&layer.bias, 1)?)?;
            let twice = !self.slope.is_zero();
            let (above, before) = (twice && number + 1 < self.layers.len(), twice && number > 0);
            let (mut map, mut shift) = (vec![matrix], bias);
            if before {
                let other = map[0].scale(&-&self.slope);
                map.push(other);
            }
            // Positions of the blocks: columns first, then the same rows again with the other sign.
            let columns = map.iter().enumerate().map(|(j, block)| (0, j * layer.inputs, block.clone()));
            let mut tiles: Vec<Tile> = columns.map(|(row, column, block)| tile(row, column, block)).collect();
            let mut rows = layer.outputs();
            let mut bias_tiles = vec![tile(0, 0, shift.clone())];
            if above {
                let minus = Rational::from(-1);
                let below: Vec<Tile> = map
                    .iter()
                    .enumerate()
                    .map(|(j, block)| tile(rows, j * layer.inputs, block.scale(&minus)))
                    .collect();
                tiles.extend(below);
                shift = shift.scale(&minus);
                bias_tiles.push(tile(rows, 0, shift));
                rows *= 2;
            }
            let width = layer.inputs * if before { 2 } else { 1 };
            layers.push(Layer {
                map: LinearMap::from_tiles(rows, width, tiles),
                bias: LinearMap::from_tiles(rows, 1, bias_tiles),
            });
        }
        Layered::new(layers)
    }

    /// A ReLU network of which every weight is a double, written out; the precision is the least that holds all weights.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] beyond `max_weights` entries, zeros included; [`NetworkError::NoDouble`] for a weight that
    /// no double equals.
    pub fn from_layered(network: &Layered, max_weights: u128) -> Result<Self, NetworkError> {
        let size = |layer: &Layer| layer.map.rows() as u128 * (layer.map.columns() as u128 + 1);
        let needed = network.layers().iter().map(size).fold(0, u128::saturating_add);
        if needed > max_weights {
            return Err(NetworkError::Budget { what: "the network", needed, budget: max_weights });
        }
        let mut layers = Vec::new();
        for (number, layer) in network.layers().iter().enumerate() {
            let [weights, bias] = [written(&layer.map, number)?, written(&layer.bias, number)?];
            layers.push(DenseLayer::new(layer.map.columns(), weights, bias)?);
        }
        let all = || layers.iter().flat_map(|layer| layer.weights.iter().chain(&layer.bias));
        let single = all().all(|x| Precision::Single.holds(*x));
        Self::new(layers, Rational::zero(), if single { Precision::Single } else { Precision::Double })
    }
}

fn tile(row: usize, column: usize, block: Block) -> Tile {
    Tile { row, column, ..Tile::once(Arc::new(block)) }
}

/// The entries other than 0 of a matrix given row by row, as numbers.
fn nonzero(values: &[f64], columns: usize) -> Result<Vec<(usize, usize, Rational)>, NetworkError> {
    let entry = |(at, x): (usize, &f64)| {
        let x = Rational::from_f64(*x).map_err(|_| NetworkError::NotFinite { index: at })?;
        Ok((at / columns, at % columns, x))
    };
    let all = values.iter().enumerate().map(entry);
    all.filter(|entry| entry.as_ref().map_or(true, |(_, _, x)| !x.is_zero())).collect()
}

/// A map written out row by row, where entries that meet are added.
fn written(map: &LinearMap, layer: usize) -> Result<Vec<f64>, NetworkError> {
    let columns = map.columns();
    let mut sums = vec![Rational::zero(); map.rows() * columns];
    for tile in map.tiles() {
        tile.for_each_position(|row, column| {
            for (i, j, x) in tile.block.entries() {
                sums[(row + i * tile.row_step) * columns + column + j * tile.column_step] += x;
            }
        });
    }
    let double = |x: &Rational| {
        if x.is_zero() {
            return Ok(0.0);
        }
        let [down, up] = [x.to_f64_down(), x.to_f64_up()];
        let exact = down.is_finite() && down.to_bits() == up.to_bits();
        let weight = || x.to_string().chars().take(60).collect();
        if exact { Ok(down) } else { Err(NetworkError::NoDouble { layer: layer + 1, weight: weight() }) }
    };
    sums.iter().map(double).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_published_architecture_is_counted() {
        let widths = Widths::published(91).unwrap();
        // 300 p + 9 300^2 + 300 10201, and 10 300 + 10201
        assert_eq!((widths.weights(), widths.biases()), (27_300 + 810_000 + 3_060_300, 13_201));
        assert_eq!((widths.parameters(), widths.layers()), (3_910_801, 11));
        assert_eq!(widths.neurons(), 91 + 3000 + 10_201);
        assert!(Widths::new(vec![3]).is_err() && Widths::new(vec![3, 0, 1]).is_err());
    }

    fn network(slope: Rational) -> Mlp {
        let first = DenseLayer::new(2, vec![1.0, -0.5, 0.0, 0.25, 3.0, 1.5], vec![0.5, 0.0, -1.0]).unwrap();
        let second = DenseLayer::new(3, vec![1.0, 2.0, -0.125], vec![0.75]).unwrap();
        Mlp::new(vec![first, second], slope, Precision::Single).unwrap()
    }

    #[test]
    fn sizes_of_the_relu_network() {
        // 5 weights and 2 biases are not 0, then 3 and 1; doubling takes the first twice, then the matrix alone twice.
        let plain = network(Rational::zero());
        let size = plain.to_layered().unwrap().size().unwrap();
        assert_eq!((size.layers, size.neurons, size.weights), (2, 6, 5 + 2 + 3 + 1));
        let leaky = network(Rational::ratio(1, 5));
        let size = leaky.to_layered().unwrap().size().unwrap();
        assert_eq!((size.layers, size.neurons, size.weights), (2, 9, 2 * (5 + 2) + 2 * 3 + 1));
        assert_eq!(size.dense_parameters, leaky.layered_entries());
        assert_eq!(plain.layered_entries(), plain.widths().parameters());
    }

    #[test]
    fn relu_networks_come_back() {
        let plain = network(Rational::zero());
        let layered = plain.to_layered().unwrap();
        assert_eq!(Mlp::from_layered(&layered, 100).unwrap(), plain);
        assert!(matches!(Mlp::from_layered(&layered, 12), Err(NetworkError::Budget { needed: 13, .. })));
        let third = network(Rational::ratio(1, 3)).to_layered().unwrap();
        let error = Mlp::from_layered(&third, 100).unwrap_err().to_string();
        assert_eq!(error, "layer 2 holds the weight -1/3, which no double equals");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let layer = |inputs: usize, outputs: usize, x: f64| {
            DenseLayer::new(inputs, vec![x; inputs * outputs], vec![0.0; outputs])
        };
        assert!(matches!(layer(2, 2, f64::NAN), Err(NetworkError::NotFinite { index: 0 })));
        assert!(DenseLayer::new(2, vec![0.0; 3], vec![0.0; 2]).is_err());
        let pair = vec![layer(2, 2, 0.5).unwrap(), layer(3, 1, 0.5).unwrap()];
        assert!(matches!(Mlp::new(pair, Rational::zero(), Precision::Single), Err(NetworkError::Dimension { .. })));
        let long = vec![layer(1, 1, 0.1).unwrap()];
        assert!(Mlp::new(long.clone(), Rational::zero(), Precision::Double).is_ok());
        let error = Mlp::new(long, Rational::zero(), Precision::Single).unwrap_err();
        assert_eq!(error, NetworkError::NotOfPrecision { layer: 1 });
    }
}
