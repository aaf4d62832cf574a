//! Layer by layer counts, and the calculus of networks in terms of them alone.
//!
//! | operation | layers | what each layer counts |
//! |---|---|---|
//! | through a ReLU | L1 + L2 | the layers of both, one after another |
//! | sparse (+-) composition | L1 + L2 | inner last layer doubled, outer first matrix doubled |
//! | parallel, separate or same input | L | sums |
//! | copies | L | multiples |
//! | identity extension | L + k | twice the last layer, then 2n a layer |
//!
//! Merged composition and sums merge weights, so that only the merged maps tell their count; `calculus` counts those.
//! A profile is exact: the tests hold it against the written-out network.

use super::{Layered, NetworkError, Size};

/// The counts of one layer x -> A x + b.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LayerCount {
    /// Neurons: rows of A.
    pub neurons: u128,
    /// Non-zero entries of A.
    pub matrix: u128,
    /// Non-zero entries of b.
    pub bias: u128,
}

impl LayerCount {
    /// The counts of `self` beside `other`, each on its own neurons.
    pub fn beside(self, other: Self) -> Self {
        Self { neurons: self.neurons + other.neurons, matrix: self.matrix + other.matrix, bias: self.bias + other.bias }
    }
    /// n times the counts.
    pub fn times(self, n: u128) -> Self {
        Self { neurons: n * self.neurons, matrix: n * self.matrix, bias: n * self.bias }
    }
}

/// The dimension of the input and the counts of every layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Dimension of the input.
    pub inputs: u128,
    /// The counts, first layer to last.
    pub layers: Vec<LayerCount>,
}

impl Profile {
    /// Counts a layered network.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] when a layer's count cannot be had without writing it out beyond the budget.
    pub fn of(layered: &Layered) -> Result<Self, NetworkError> {
        let layers = layered.layers().iter().map(|layer| {
            let (matrix, bias) = (layer.map.nonzeros()?, layer.bias.nonzeros()?);
            Ok(LayerCount { neurons: layer.map.rows() as u128, matrix, bias })
        });
        Ok(Self { inputs: layered.input_dimension() as u128, layers: layers.collect::<Result<_, NetworkError>>()? })
    }

    /// The size that these counts add up to.
    ///
    /// # Errors
    /// [`NetworkError::Uncountable`] when the dense parameters are 2^128 or more.
    pub fn size(&self) -> Result<Size, NetworkError> {
        let weights = |layer: &LayerCount| layer.matrix + layer.bias;
        let mut size = Size { layers: self.layers.len(), ..Size::default() };
        let mut columns = self.inputs;
        (size.neurons, size.width) = (columns, columns);
        for layer in &self.layers {
            size.weights += weights(layer);
            size.neurons += layer.neurons;
            size.width = size.width.max(layer.neurons);
            size.add_dense(layer.neurons, columns)?;
            columns = layer.neurons;
        }
        size.first_layer_weights = self.layers.first().map_or(0, weights);
        size.last_layer_weights = self.layers.last().map_or(0, weights);
        Ok(size)
    }

    /// The counts of outer(relu(inner(x))): both add up exactly, nothing is merged.
    pub fn through_relu(inner: &Self, outer: &Self) -> Self {
        let layers = inner.layers.iter().chain(&outer.layers).copied().collect();
        Self { inputs: inner.inputs, layers }
    }

    /// The counts of the sparse composition outer(relu(v) - relu(-v)), v = inner(x).
    ///
    /// Statement: L = L1 + L2 and M = M(outer) + M(inner) + M_last(inner) + |A_first(outer)|_0. The last layer of
    /// `inner` is there twice, with both signs, and so is the matrix, but not the bias, of the first layer of `outer`.
    pub fn sparse(inner: &Self, outer: &Self) -> Self {
        let mut composed = Self::through_relu(inner, outer);
        let junction = inner.layers.len();
        composed.layers[..junction].iter_mut().next_back().into_iter().for_each(|last| *last = last.times(2));
        composed.layers[junction..].iter_mut().next().into_iter().for_each(|first| first.matrix *= 2);
        composed
    }

    /// The counts of two networks of one depth side by side on separate inputs; `None` for different depths.
    pub fn parallel_separate(&self, other: &Self) -> Option<Self> {
        (self.layers.len() == other.layers.len()).then(|| {
            let layers = self.layers.iter().zip(&other.layers).map(|(a, b)| a.beside(*b)).collect();
            Self { inputs: self.inputs + other.inputs, layers }
        })
    }

    /// The counts of two networks of one depth side by side on the same input; `None` where they do not fit.
    pub fn parallel_shared(&self, other: &Self) -> Option<Self> {
        let both = self.parallel_separate(other)?;
        (self.inputs == other.inputs).then_some(Self { inputs: self.inputs, ..both })
    }

    /// The counts of n copies on separate inputs.
    pub fn copies(&self, n: u128) -> Self {
        Self { inputs: n * self.inputs, layers: self.layers.iter().map(|layer| layer.times(n)).collect() }
    }

    /// The counts after extension by k >= 1 layers of identities v = relu(v) - relu(-v); the profile itself for k = 0.
    ///
    /// Statement: L + k layers. The last layer doubles; k - 1 identity layers of 2n weights and a last one of 2n follow,
    /// so that M grows by M_last + 2nk.
    pub fn extend(&self, k: usize) -> Self {
        let mut extended = self.clone();
        let Some(last) = extended.layers.last_mut().filter(|_| k > 0) else { return extended };
        let n = last.neurons;
        *last = last.times(2);
        extended.layers.extend((1..k).map(|_| LayerCount { neurons: 2 * n, matrix: 2 * n, bias: 0 }));
        extended.layers.push(LayerCount { neurons: n, matrix: 2 * n, bias: 0 });
        extended
    }
}
