//! The calculus of networks: composition, parallel, sum, scaling, extension.
//!
//! The operations of textbooks act on the layered form, so each part is lowered first, its inputs one under another.
//! [`Profile`] has the exact counts from the counts of the parts; the tests hold both against the network written out.

use std::sync::Arc;

use super::{LinearMap, Network, NetworkError, Profile, Value};
use crate::arith::Rational;

/// The chain of layers of a network, with one input.
fn chain(network: &Network) -> Result<Arc<Network>, NetworkError> {
    Ok(Arc::new(Network::from(&network.layered()?)))
}

/// outer(inner(x)), the last map of `inner` merged with the first of `outer`.
///
/// Size: L = L1 + L2 - 1. The merged layer has the weights of the product of the two maps, which may be dense:
/// at most rows times columns, not bounded by M1 + M2. See [`merged_profile`].
///
/// # Errors
/// [`NetworkError::Dimension`] when the dimensions do not fit, or as [`Network::layered`].
pub fn compose_merged(outer: &Network, inner: &Network) -> Result<Network, NetworkError> {
    let mut builder = Network::builder();
    let x = builder.input(inner.input_dimension());
    let v = builder.call(1, &chain(inner)?, &[x])?;
    let y = builder.call(1, &chain(outer)?, &[v])?;
    Ok(builder.finish(y))
}

/// outer(relu(v) - relu(-v)) with v = inner(x): nothing is merged.
///
/// Size: L = L1 + L2, M = M1 + M2 + M_last(inner) + |A_first(outer)|_0, as [`Profile::sparse`]. An interior network of
/// one layer (A, b) in a chain is doubled from both sides, \[A, -A; -A, A\] and two biases: 4 |A|_0 + 2 |b|_0 weights, so
/// that a chain has at most 4 times, not 3 times, the weights of its parts; at most twice when all have two layers.
///
/// # Errors
/// As [`compose_merged`].
pub fn compose_sparse(outer: &Network, inner: &Network) -> Result<Network, NetworkError> {
    let mut builder = Network::builder();
    let x = builder.input(inner.input_dimension());
    let v = builder.call(1, &chain(inner)?, &[x])?;
    let v = split(&mut builder, v, 1)?;
    let y = builder.call(1, &chain(outer)?, &[v])?;
    Ok(builder.finish(y))
}

/// v = relu(v) - relu(-v), carried through k >= 1 ReLU levels.
fn split(builder: &mut super::Builder, v: Value, k: usize) -> Result<Value, NetworkError> {
    let n = builder.dimension(v);
    let signs = LinearMap::stack(&[LinearMap::identity(n), LinearMap::identity(n).negate()]);
    let mut halves = builder.linear(v, signs)?;
    for _ in 0..k {
        halves = builder.relu(halves);
    }
    let difference = LinearMap::beside(&[LinearMap::identity(n), LinearMap::identity(n).negate()]);
    builder.linear(halves, difference)
}

/// The parts brought to one depth, as identity extensions of the shallower ones.
fn level(parts: &[Arc<Network>]) -> Result<Vec<Arc<Network>>, NetworkError> {
    let depths =
        parts.iter().map(|part| Ok(part.layered()?.layers().len())).collect::<Result<Vec<_>, NetworkError>>()?;
    let depth = depths.iter().copied().max().unwrap_or(0);
    let deepened = |(part, own): (&Arc<Network>, usize)| {
        if own == depth { chain(part) } else { extend(part, depth - own).map(Arc::new) }
    };
    parts.iter().zip(depths).map(deepened).collect()
}

/// (f_1(x), .., f_k(x)): side by side on the same input.
///
/// Size: the largest depth; layer by layer the sum of the parts, shallower parts extended by [`extend`].
/// [`Profile::parallel_shared`] counts it.
///
/// # Errors
/// [`NetworkError::Dimension`] for different input dimensions, [`NetworkError::Arguments`] for an empty list.
pub fn parallel_shared(parts: &[Arc<Network>]) -> Result<Network, NetworkError> {
    let parts = level(parts)?;
    let mut builder = Network::builder();
    let x = builder.input(parts.first().map_or(0, |part| part.input_dimension()));
    let outputs = parts.iter().map(|part| builder.call(1, part, &[x])).collect::<Result<Vec<_>, _>>()?;
    let y = builder.concatenate(&outputs)?;
    Ok(builder.finish(y))
}

/// (f_1(x_1), .., f_k(x_k)): side by side, each on its own part of the input x = (x_1, .., x_k).
///
/// Size: as [`parallel_shared`], with all inputs; [`Profile::parallel_separate`] counts it.
///
/// # Errors
/// [`NetworkError::Arguments`] for an empty list, or as [`Network::layered`].
pub fn parallel_separate(parts: &[Arc<Network>]) -> Result<Network, NetworkError> {
    let parts = level(parts)?;
    let dimension = parts.iter().map(|part| part.input_dimension()).sum();
    let mut builder = Network::builder();
    let x = builder.input(dimension);
    let (mut offset, mut outputs) = (0, Vec::new());
    for part in &parts {
        let length = part.input_dimension();
        let own = builder.linear(x, LinearMap::slice(dimension, offset, length))?;
        outputs.push(builder.call(1, part, &[own])?);
        offset += length;
    }
    let y = builder.concatenate(&outputs)?;
    Ok(builder.finish(y))
}

/// c_1 f_1(x) + .. + c_k f_k(x) on the same input, for coefficients c_i.
///
/// Size: as [`parallel_shared`], with one last layer: its matrices stand side by side and keep their weights, its
/// biases are added and may cancel. See [`sum_profile`].
///
/// # Errors
/// [`NetworkError::Dimension`] for different dimensions, [`NetworkError::Arguments`] for an empty list.
pub fn sum(parts: &[(Rational, Arc<Network>)]) -> Result<Network, NetworkError> {
    let networks = level(&parts.iter().map(|part| Arc::clone(&part.1)).collect::<Vec<_>>())?;
    let mut builder = Network::builder();
    let x = builder.input(networks.first().map_or(0, |part| part.input_dimension()));
    let mut terms = Vec::new();
    for (part, (c, _)) in networks.iter().zip(parts) {
        terms.push((builder.call(1, part, &[x])?, c.clone()));
    }
    let y = builder.combination(&terms)?;
    Ok(builder.finish(y))
}

/// c f(x). Size: that of f for c != 0; the last layer is empty for c = 0.
///
/// # Errors
/// As [`Network::layered`].
pub fn scale(network: &Network, c: &Rational) -> Result<Network, NetworkError> {
    sum(&[(c.clone(), chain(network)?)])
}

/// The same function with k more layers, values carried as relu(v) - relu(-v).
///
/// Size: L + k layers, M + M_last + 2nk weights for output dimension n, as [`Profile::extend`].
///
/// # Errors
/// As [`Network::layered`].
pub fn extend(network: &Network, k: usize) -> Result<Network, NetworkError> {
    let mut builder = Network::builder();
    let x = builder.input(network.input_dimension());
    let mut y = builder.call(1, &chain(network)?, &[x])?;
    if k > 0 {
        y = split(&mut builder, y, k)?;
    }
    Ok(builder.finish(y))
}

/// The counts of [`compose_merged`]: both profiles, the junction counted from the merged map.
///
/// # Errors
/// [`NetworkError::Budget`] when the merged map is too large to count.
pub fn merged_profile(outer: &Network, inner: &Network) -> Result<Profile, NetworkError> {
    let (last, first) = (inner.layered()?, outer.layered()?);
    let (mut profile, mut rest) = (Profile::of(&last)?, Profile::of(&first)?);
    let (Some(inner), Some(outer)) = (last.layers().last(), first.layers().first()) else {
        return Err(NetworkError::Empty);
    };
    // A_2 (A_1 x + b_1) + b_2 = (A_2 A_1) x + (A_2 b_1 + b_2)
    rest.layers[0].matrix = outer.map.product(&inner.map)?.nonzeros()?;
    rest.layers[0].bias = outer.map.product(&inner.bias)?.add(&outer.bias)?.nonzeros()?;
    profile.layers.pop();
    profile.layers.append(&mut rest.layers);
    Ok(profile)
}

/// The counts of [`sum`] for parts of one depth: last matrices side by side, last biases added; `None` for different depths.
///
/// # Errors
/// [`NetworkError::Budget`] when the last layer is too large to count, [`NetworkError::Dimension`] when it does not fit.
pub fn sum_profile(parts: &[(Rational, Arc<Network>)]) -> Result<Option<Profile>, NetworkError> {
    let mut total: Option<Profile> = None;
    let mut bias: Option<LinearMap> = None;
    for (c, part) in parts {
        let layered = part.layered()?;
        let mut profile = Profile::of(&layered)?;
        let Some(last) = layered.layers().last() else { return Err(NetworkError::Empty) };
        if let Some(count) = profile.layers.last_mut().filter(|_| c.is_zero()) {
            count.matrix = 0;
        }
        let scaled = last.bias.scale(c);
        bias = Some(bias.map_or(Ok(scaled.clone()), |bias| bias.add(&scaled))?);
        total = match total {
            None => Some(profile),
            Some(sum) => match sum.parallel_shared(&profile) {
                Some(both) => Some(both),
                None => return Ok(None),
            },
        };
    }
    let (Some(mut total), Some(bias)) = (total, bias) else { return Ok(None) };
    if let Some(last) = total.layers.last_mut() {
        last.neurons = bias.rows() as u128;
        last.bias = bias.nonzeros()?;
        if total.layers.len() == 1 {
            // One layer: the matrices share their columns and add up, so only the sum tells.
            let mut map = LinearMap::zero(bias.rows(), total.inputs as usize);
            for (c, part) in parts {
                map = map.add(&part.layered()?.layers()[0].map.scale(c))?;
            }
            total.layers[0].matrix = map.nonzeros()?;
        }
    }
    Ok(Some(total))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Block, LayerCount, Unrolled};
    use super::*;

    /// A network from R^n to R^m with the given hidden widths, some zero weights, and a skip connection inside.
    fn example(dimensions: &[usize], seed: usize) -> Arc<Network> {
        let value = |k: usize| Rational::from(((k * 7 + seed * 5) % 5) as i64 - 2);
        let dense = |rows: usize, columns: usize, seed: usize| {
            let row = |i: usize| (0..columns).map(|j| value(i * 3 + j * 4 + seed)).collect::<Vec<_>>();
            let rows: Vec<Vec<Rational>> = (0..rows).map(row).collect();
            LinearMap::literal(Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        };
        let mut builder = Network::builder();
        let input = builder.input(dimensions[0]);
        let mut x = input;
        for (layer, &n) in dimensions.iter().enumerate().skip(1) {
            if layer > 1 {
                x = builder.relu(x);
            }
            let mut terms = vec![(x, dense(n, builder.dimension(x), layer))];
            if layer == 3 {
                terms.push((input, dense(n, dimensions[0], 9)));
            }
            x = builder.affine(&terms, LinearMap::vector(&(0..n).map(value).collect::<Vec<_>>())).unwrap();
        }
        Arc::new(builder.finish(x))
    }

    fn profile(network: &Network) -> Profile {
        let layered = network.layered().unwrap();
        let count = |map: &LinearMap| Unrolled::new(map, 1 << 20).unwrap().nonzeros() as u128;
        let layers = layered.layers().iter().map(|layer| LayerCount {
            neurons: layer.map.rows() as u128,
            matrix: count(&layer.map),
            bias: count(&layer.bias),
        });
        let profile = Profile { inputs: layered.input_dimension() as u128, layers: layers.collect() };
        assert_eq!(profile.size(), layered.size());
        profile
    }

    /// The value by the written-out layers.
    fn value(network: &Network, x: &[Rational]) -> Vec<Rational> {
        let layered = network.layered().unwrap();
        let last = layered.layers().len() - 1;
        layered.layers().iter().enumerate().fold(x.to_vec(), |x, (number, layer)| {
            let (map, bias) =
                (Unrolled::new(&layer.map, 1 << 20).unwrap(), Unrolled::new(&layer.bias, 1 << 20).unwrap());
            let sum = |i: usize| map.row(i).map(|(j, w)| w * &x[j]).chain(bias.row(i).map(|(_, b)| b.clone())).sum();
            let y = (0..map.rows()).map(sum);
            y.map(|v: Rational| if number < last { v.relu() } else { v }).collect()
        })
    }

    fn points(n: usize) -> Vec<Vec<Rational>> {
        (0..4).map(|seed| (0..n).map(|i| Rational::ratio(((i * 5 + seed * 3) % 7) as i64 - 3, 2)).collect()).collect()
    }

    #[test]
    fn compositions_compute_and_count() {
        for (outer, inner) in [(vec![3, 4, 2], vec![2, 5, 3]), (vec![3, 2], vec![2, 3]), (vec![3, 4, 2, 2], vec![1, 3])]
        {
            let (outer, inner) = (example(&outer, 1), example(&inner, 2));
            let (p, q) = (profile(&outer), profile(&inner));
            let merged = compose_merged(&outer, &inner).unwrap();
            assert_eq!(profile(&merged), merged_profile(&outer, &inner).unwrap());
            assert_eq!(profile(&merged).layers.len(), p.layers.len() + q.layers.len() - 1);
            let sparse = compose_sparse(&outer, &inner).unwrap();
            assert_eq!(profile(&sparse), Profile::sparse(&q, &p));
            let (size, first) = (profile(&sparse).size().unwrap(), p.layers[0].matrix);
            let (p, q) = (p.size().unwrap(), q.size().unwrap());
            assert_eq!(size.weights, p.weights + q.weights + q.last_layer_weights + first);
            assert!(size.weights <= 2 * (p.weights + q.weights));
            for x in points(inner.input_dimension()) {
                let wanted = value(&outer, &value(&inner, &x));
                assert_eq!(value(&merged, &x), wanted);
                assert_eq!(value(&sparse, &x), wanted);
            }
        }
    }

    #[test]
    fn a_one_layer_network_inside_a_chain_counts_four_times() {
        let inside = example(&[3, 3], 1);
        let (outer, inner) = (example(&[3, 2], 0), example(&[2, 3], 2));
        let chain = compose_sparse(&outer, &compose_sparse(&inside, &inner).unwrap()).unwrap();
        let own = profile(&inside).layers[0];
        assert!(own.matrix > 0 && own.bias > 0);
        let inside = profile(&chain).layers[1];
        assert_eq!((inside.matrix, inside.bias), (4 * own.matrix, 2 * own.bias));
    }

    #[test]
    fn parallels_sums_and_extensions_compute_and_count() {
        let parts = [example(&[2, 3, 2], 1), example(&[2, 4, 2, 2], 2), example(&[2, 2], 3)];
        let depth = 4;
        let grown = |part: &Arc<Network>| {
            let own = profile(part);
            let k = depth - own.layers.len();
            assert_eq!(profile(&extend(part, k).unwrap()), own.extend(k));
            own.extend(k)
        };
        let deeper = example(&[2, 2, 3, 2, 2], 5);
        let mut all = parts.to_vec();
        all.push(deeper);
        let shared = all.iter().map(grown).reduce(|a, b| a.parallel_shared(&b).unwrap()).unwrap();
        let separate = all.iter().map(grown).reduce(|a, b| a.parallel_separate(&b).unwrap()).unwrap();
        let (same, apart) = (parallel_shared(&all).unwrap(), parallel_separate(&all).unwrap());
        assert_eq!(profile(&same), shared);
        assert_eq!(profile(&apart), separate);
        for x in points(2) {
            let wanted: Vec<Rational> = all.iter().flat_map(|part| value(part, &x)).collect();
            assert_eq!(value(&same, &x), wanted);
            assert_eq!(value(&apart, &vec![x.clone(); all.len()].concat()), wanted);
        }
    }

    #[test]
    fn sums_compute_count_and_cancel() {
        let one = example(&[2, 3, 2], 1);
        let ratios = |p: i64, q: i64| (Rational::from(p), Rational::ratio(q, 2));
        for (dimensions, (c, e)) in
            [(vec![2, 4, 2], ratios(3, 1)), (vec![2, 3, 2], ratios(1, -2)), (vec![2, 5, 2], ratios(0, 1))]
        {
            let two = example(&dimensions, 1);
            let parts = [(c.clone(), Arc::clone(&one)), (e.clone(), Arc::clone(&two))];
            let total = sum(&parts).unwrap();
            assert_eq!(Some(profile(&total)), sum_profile(&parts).unwrap());
            for x in points(2) {
                let wanted: Vec<Rational> =
                    value(&one, &x).iter().zip(value(&two, &x)).map(|(a, b)| &c * a + &e * &b).collect();
                assert_eq!(value(&total, &x), wanted);
            }
        }
        let flat = [(Rational::one(), example(&[2, 2], 1)), (Rational::from(-1), example(&[2, 2], 1))];
        assert_eq!(sum_profile(&flat).unwrap().unwrap().size().unwrap().weights, 0);
        assert_eq!(sum_profile(&[flat[0].clone(), (Rational::one(), one)]).unwrap(), None);
        let half = Rational::ratio(1, 2);
        assert_eq!(profile(&scale(&parts_of(1), &half).unwrap()), profile(&parts_of(1)));
    }

    fn parts_of(seed: usize) -> Arc<Network> {
        example(&[3, 4, 2, 2], seed)
    }
}
