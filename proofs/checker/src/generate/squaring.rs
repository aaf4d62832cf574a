//! f_m(x) = x - sum_{s=1}^m g_s(x) / 4^s, the interpolant of x^2 at k / 2^m, g_s the s-th iterate of the tooth
//! g(x) = 2 min(x, 1 - x) = 2 x - 4 relu(x - 1/2) on \[0, 1\].
//!
//! Why: on a cell \[a, b\] of length 2^-m, f_m(x) - x^2 = (x - a)(b - x), from 0 to 2^(-2m-2); on \[-B, B\] the network is
//! B^2 f_m(|x| / B); accumulators are f_k(x) >= x^2 >= 0 and teeth are >= 0, so their ReLUs change nothing.

use num_traits::{One, Zero};

use super::{chain, four_to_minus, integers, ratio, rows};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// How x^2 is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Squaring {
    /// (g_k, g_k - 1/2, accumulator of the levels before k).
    Delayed,
    /// `Delayed`, shifted by half the error.
    Centred,
    /// (4^-k g_k, its part above the fold, f_k).
    BoundedWeights,
    /// (g_k, g_k - 1/2, g_k - 1, f_k).
    FourWide,
}

type Layers = Vec<(Map, Map)>;

/// The squaring network of m levels on \[0, 1\] (no bound) or \[-B, B\].
///
/// # Errors
/// When the network is too large.
pub fn squaring(levels: u64, bound: Option<&Weight>, method: Squaring) -> Result<Network, Problem> {
    let mut layers = match method {
        Squaring::Delayed | Squaring::Centred => delayed(levels)?,
        Squaring::BoundedWeights => bounded_weights(levels)?,
        Squaring::FourWide => four_wide(levels)?,
    };
    if let (Squaring::Centred, Some(last)) = (method, layers.last_mut()) {
        last.1 = Map::constant(1, -four_to_minus(levels, 3))?;
    }
    if let Some(b) = bound {
        // First relu(x), relu(-x); their sum over B in place of x; the result times B^2.
        if let Some(first) = layers.first_mut() {
            first.0 = first.0.product(&rows(&[[b.recip(), b.recip()]])?)?;
        }
        if let Some(last) = layers.last_mut() {
            *last = (last.0.scale(&(b * b)), last.1.scale(&(b * b)));
        }
        layers.insert(0, (integers(&[[1], [-1]])?, Map::zero(2, 1)));
    }
    Ok(chain(layers))
}

fn bias(entries: &[Weight]) -> Result<Map, Problem> {
    Map::vector(entries)
}

fn delayed(m: u64) -> Result<Layers, Problem> {
    let (zero, one, fold) = (Weight::zero(), Weight::one(), ratio(-1, 2));
    let mut layers = vec![(integers(&[[1], [1]])?, bias(&[zero.clone(), fold.clone()])?)];
    if m == 1 {
        // x - g(x) / 4 = x / 2 + relu(x - 1/2)
        layers.push((rows(&[[ratio(1, 2), one]])?, Map::zero(1, 1)));
        return Ok(layers);
    }
    let three = bias(&[zero.clone(), fold, zero.clone()])?;
    layers.push((integers(&[[2, -4], [2, -4], [1, 0]])?, three.clone()));
    let tooth = [ratio(2, 1), ratio(-4, 1), zero.clone()];
    for k in 1..m - 1 {
        // the accumulator takes - g_k / 4^k while g_{k+1} becomes g_{k+2}
        let last = [-four_to_minus(k, 0), zero.clone(), one.clone()];
        layers.push((rows(&[tooth.clone(), tooth.clone(), last])?, three.clone()));
    }
    // - g_{m-1} / 4^(m-1) - g_m / 4^m with g_m = 2 g_{m-1} - 4 relu(g_{m-1} - 1/2)
    let unit = four_to_minus(m, 0);
    layers.push((rows(&[[&unit * ratio(-6, 1), unit * ratio(4, 1), one]])?, Map::zero(1, 1)));
    Ok(layers)
}

fn bounded_weights(m: u64) -> Result<Layers, Problem> {
    let (zero, one, half) = (Weight::zero(), Weight::one(), ratio(1, 2));
    let first = bias(&[zero.clone(), ratio(-1, 2), zero.clone()])?;
    let mut layers = vec![(integers(&[[1], [1], [1]])?, first)];
    // h_k = 4^-k g_k folds at 4^-k / 2: h_{k+1} = h_k / 2 - relu(h_k - 4^-k / 2), f_{k+1} = f_k - h_{k+1}
    let tooth = [half.clone(), -&one, zero.clone()];
    let sum = [-half, one.clone(), one];
    for k in 1..m {
        let map = rows(&[tooth.clone(), tooth.clone(), sum.clone()])?;
        layers.push((map, bias(&[zero.clone(), -four_to_minus(k, 1), zero.clone()])?));
    }
    layers.push((rows(&[sum])?, Map::zero(1, 1)));
    Ok(layers)
}

fn four_wide(m: u64) -> Result<Layers, Problem> {
    let (zero, one) = (Weight::zero(), Weight::one());
    let folds = bias(&[zero.clone(), ratio(-1, 2), -&one, zero.clone()])?;
    let mut layers = vec![(integers(&[[1], [1], [1], [1]])?, folds.clone())];
    // g = 2 relu(y) - 4 relu(y - 1/2) + 2 relu(y - 1)
    let tooth = [ratio(2, 1), ratio(-4, 1), ratio(2, 1), zero];
    let sum = |k: u64| {
        let c = four_to_minus(k, -1);
        [-&c, &c * ratio(2, 1), -c, one.clone()]
    };
    for k in 1..m {
        layers.push((rows(&[tooth.clone(), tooth.clone(), tooth.clone(), sum(k)])?, folds.clone()));
    }
    layers.push((rows(&[sum(m)])?, Map::zero(1, 1)));
    Ok(layers)
}
