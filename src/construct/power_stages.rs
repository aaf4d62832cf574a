//! Binary powering in stages that end with a ReLU, as networks and as exact counts.
//!
//! | stage of A^k | state before | state after |
//! |---|---|---|
//! | square | P | P^2 |
//! | square and carry | P, Q | P^2, Q |
//! | square and multiply | P, Q | P^2, Q P |
//! | multiply | P, Q | Q P |
//!
//! Q starts as a copy of P at the lowest set bit of k; P itself is the result when k is a power of two. All matrices
//! have norm at most 1, and max(x + 1, 0) - 1 ends each stage.

use std::sync::Arc;

use super::error::ConstructError;
use super::matrix_facts::{FactBuilder, Known};
use super::matrix_inverse::offset_relu;
use super::proved::Proved;
use crate::arith::Rational;
use crate::certify::rules::{block, matrix as rules};
use crate::network::{LayerCount, LinearMap, Network, NetworkError, Profile};

/// Stages of products in the network of A^k: floor(log2 k) squarings, and one more for a last product.
pub(super) fn stage_count(k: usize) -> usize {
    k.next_power_of_two().trailing_zeros() as usize
}

/// The networks of the stages, shared by all powers.
pub(super) struct Stages {
    /// (X, Y) -> X Y, the end of a power.
    last: Proved,
    /// The same through max(x + 1, 0) - 1, which ends a stage.
    inner: Proved,
}

impl Stages {
    /// The stages made from one product of d x d matrices of norm at most 1.
    pub(super) fn new(d: usize, product: Proved) -> Result<Self, ConstructError> {
        let one = Rational::one();
        let mut builder = Network::builder();
        let (x, y) = (builder.input(d * d), builder.input(d * d));
        let value = builder.call(1, &product.network, &[x, y])?;
        let output = offset_relu(&mut builder, value, &one)?;
        let network = Arc::new(builder.finish(output));
        let mut parts = product.parts.clone();
        parts.push(block::carried_product(&network, &one, &product.network));
        Ok(Self { last: product, inner: Proved { network, parts } })
    }
}

/// The network A -> A^k; `carried` when its result has to pass a ReLU at its end. `known` says what is known of the powers,
/// from A^0 on.
pub(super) fn power(
    mut facts: FactBuilder,
    stages: &Stages,
    k: usize,
    carried: bool,
    known: &[Known],
) -> Result<Proved, ConstructError> {
    let one = Rational::one();
    let input = facts.input();
    let (top, low) = (k.ilog2(), k.trailing_zeros());
    let (mut power, mut result) = (input, None);
    // Stages end with a ReLU, the last one only when the result is carried.
    let multiply = |facts: &mut FactBuilder, factors, made: usize| {
        let stage = if made < k || carried { &stages.inner } else { &stages.last };
        facts.product(stage, factors, &known[made])
    };
    for j in 0..=top {
        let before = power;
        if j < top {
            power = multiply(&mut facts, (before, before), 2 << j)?;
        }
        if low == top {
            continue;
        }
        if j == low {
            // The input has no sign yet; later powers come out of a ReLU and are carried as they are.
            result = Some(if j == 0 { facts.carry(before, &one)? } else { before });
        } else if let Some(lower) = result
            && k >> j & 1 == 1
        {
            // The bits of k up to bit j
            result = Some(multiply(&mut facts, (lower, before), k & ((2 << j) - 1))?);
        }
    }
    let mut output = result.unwrap_or(power);
    if k == 1 && carried {
        output = facts.carry(output, &one)?;
    }
    Ok(facts.finish(output, rules::conclude_polynomial()))
}

/// The exact counts of each kind of stage.
pub(super) struct StageProfile {
    /// Entries of a matrix, d^2.
    entries: u128,
    /// Layers of a stage.
    depth: usize,
    /// The first stage: a squaring of the input, through a ReLU and as the end.
    first_square: Profile,
    first_square_last: Profile,
    /// Later stages, which read max(x + 1, 0).
    square: Profile,
    square_last: Profile,
    both: Profile,
    multiply: Profile,
    multiply_last: Profile,
    /// Bias of the last layer of a product and of a carried result, as vectors.
    product_bias: LinearMap,
    carried_bias: LinearMap,
}

/// Lowers each kind of stage once.
pub(super) fn stage_profile(n: usize, product: &Arc<Network>, depth: usize) -> Result<StageProfile, ConstructError> {
    let one = Rational::one();
    // Inputs x = u - 1 with u = max(x + 1, 0) of the stage before; outputs x + 1, before the ReLU.
    let count = |inputs: usize,
                 shift: bool,
                 products: &[(usize, usize)],
                 last: bool|
     -> Result<Profile, NetworkError> {
        let mut builder = Network::builder();
        let values: Vec<_> = (0..inputs).map(|_| builder.input(n)).collect();
        let values: Vec<_> =
            if shift { values.iter().map(|&u| builder.shift(u, &-&one)).collect::<Result<_, _>>()? } else { values };
        let mut outputs = Vec::new();
        for &(x, y) in products {
            let product = builder.call(1, product, &[values[x], values[y]])?;
            outputs.push(if last { product } else { builder.shift(product, &one)? });
        }
        let output = builder.concatenate(&outputs)?;
        Profile::of(&builder.finish(output).layered()?)
    };
    let bias = product.layered()?.layers().last().map_or_else(|| LinearMap::zero(n, 1), |last| last.bias.clone());
    Ok(StageProfile {
        entries: n as u128,
        depth,
        first_square: count(1, false, &[(0, 0)], false)?,
        first_square_last: count(1, false, &[(0, 0)], true)?,
        square: count(1, true, &[(0, 0)], false)?,
        square_last: count(1, true, &[(0, 0)], true)?,
        both: count(2, true, &[(0, 0), (1, 0)], false)?,
        multiply: count(2, true, &[(1, 0)], false)?,
        multiply_last: count(2, true, &[(1, 0)], true)?,
        product_bias: bias,
        carried_bias: LinearMap::constant(n, -one),
    })
}

impl StageProfile {
    /// The counts of A^0 + A + .. + A^m, `identity` being A^0 as a vector.
    pub(super) fn sum_of_powers(&self, terms: usize, identity: &LinearMap) -> Result<Profile, NetworkError> {
        let n = self.entries;
        let stages = stage_count(terms);
        if stages == 0 {
            // A itself and the identity as a bias.
            let layer = LayerCount { neurons: n, matrix: n, bias: identity.nonzeros()? };
            return Ok(Profile { inputs: n, layers: vec![layer] });
        }
        let mut layers = vec![LayerCount::default(); stages * self.depth];
        let (mut ended_in_product, mut carried) = (0usize, 0usize);
        for k in 1..=terms {
            self.add_power(k, stages, &mut layers);
            if stage_count(k) == stages { ended_in_product += 1 } else { carried += 1 }
        }
        if let Some(last) = layers.last_mut() {
            // The results are added: their matrices side by side, their biases in one vector.
            let bias = self.product_bias.scale(&Rational::from(ended_in_product));
            let bias = bias.add(&self.carried_bias.scale(&Rational::from(carried)))?.add(identity)?;
            *last = LayerCount { neurons: n, matrix: last.matrix, bias: bias.nonzeros()? };
        }
        Ok(Profile { inputs: n, layers })
    }

    /// Adds the counts of A^k, carried to the last layer.
    fn add_power(&self, k: usize, stages: usize, layers: &mut [LayerCount]) {
        let (own, low, top) = (stage_count(k), k.trailing_zeros() as usize, k.ilog2() as usize);
        for j in 0..own {
            let here = &mut layers[j * self.depth..(j + 1) * self.depth];
            let final_stage = j + 1 == own && own == stages;
            let squares = j < top;
            let multiplies = low < top && j > low && k >> j & 1 == 1;
            let profile = match (squares, multiplies, j == 0, final_stage) {
                (true, false, true, false) => &self.first_square,
                (true, false, true, true) => &self.first_square_last,
                (true, false, false, false) => &self.square,
                (true, false, false, true) => &self.square_last,
                (true, true, _, _) => &self.both,
                (false, _, _, false) => &self.multiply,
                (false, _, _, true) => &self.multiply_last,
            };
            for (layer, count) in here.iter_mut().zip(&profile.layers) {
                *layer = layer.beside(*count);
            }
            // Q is carried where there is one and it is not multiplied.
            if low < top && j >= low && !multiplies {
                self.carry(here, j == 0);
            }
        }
        // The neurons of the very last layer are set by the sum.
        self.carry(&mut layers[own * self.depth..], own == 0);
    }

    /// Adds identity rows, the first of them with x + 1 of the input.
    fn carry(&self, layers: &mut [LayerCount], from_input: bool) {
        let n = self.entries;
        for (number, layer) in layers.iter_mut().enumerate() {
            let bias = if from_input && number == 0 { n } else { 0 };
            *layer = layer.beside(LayerCount { neurons: n, matrix: n, bias });
        }
    }
}
