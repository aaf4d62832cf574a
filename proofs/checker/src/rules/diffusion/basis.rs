//! The reduced basis as the last network shows it, and differences of nodal values.

use num_bigint::BigInt;
use num_traits::{One, Signed};

use super::problem::{Diffusion, over};
use super::row::{Budget, small};
use crate::count::for_each_position;
use crate::generate;
use crate::network::{Map, Weight};
use crate::problem::{Problem, problem};
use crate::rules::nodes::{affine_of_one, single_call};
use crate::rules::{Proof, require};

/// The most bits of an entry of V.
const BITS: u64 = 96;
/// The most entries of V.
const ENTRIES: u64 = 1 << 21;
/// The largest size of an exponent.
pub const EXPONENT: i64 = 1 << 12;

/// z -> V (2 b z - b), V = 2^exponent times columns of integers.
pub struct Basis {
    /// The network of the coefficients.
    pub network: usize,
    pub exponent: i64,
    pub columns: Vec<Vec<i128>>,
    /// b
    pub bound: Weight,
}

impl Basis {
    /// Reads the last network, which is then compared with the one that has this V.
    pub fn read(proof: &Proof, number: usize, equation: &Diffusion, budget: &mut Budget) -> Result<Self, Problem> {
        let last = proof.network(number)?;
        require(last.nodes.len() == 5, "the last network has five nodes")?;
        let (network, _) = single_call(last, 1)?;
        let (_, half, _) = affine_of_one(last, 2)?;
        let (_, map, _) = affine_of_one(last, 4)?;
        let half = half.tidy()?;
        let Some(factor) = half.identity_factor().filter(|c| c.is_positive()) else {
            return problem("node 2 of the last network is not z / (2 b) + 1/2");
        };
        let bound = (factor + factor).recip();
        require(is_dyadic(&bound), "b is dyadic")?;
        let d = map.columns;
        require((1..=1 << 10).contains(&d), "d is at most 2^10")?;
        require(map.rows == equation.nodes() as u64, "the network has an output for each interior node")?;
        require(map.rows.saturating_mul(d) <= ENTRIES, "V has at most 2^21 entries")?;
        let tidy = map.tidy()?;
        // Tile by tile the entries of V with their places, the power of two that all are multiples of.
        let (mut exponent, mut tiles) = (0, Vec::new());
        for tile in tidy.tiles.iter() {
            let entries: Vec<(u64, u64, Weight)> = tile.strands().map(|(i, j, v)| (i, j, v * factor)).collect();
            for (_, _, v) in &entries {
                require(is_dyadic(v), "V has integers over a power of two")?;
                exponent = exponent.min(1 - v.denom().bits() as i64);
            }
            // At most 2^26 places, so that sums of numbers below 2^96 fit.
            let count = tile.positions().and_then(|count| count.checked_mul(entries.len() as u128));
            budget
                .spend(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(u64::MAX).saturating_mul(1 << 10))?;
            tiles.push((tile, entries));
        }
        require(exponent >= -EXPONENT, "exponents are at least -2^12")?;
        let power = BigInt::one() << exponent.unsigned_abs();
        let mut columns = vec![vec![0i128; equation.nodes()]; usize::try_from(d).unwrap_or(0)];
        for (tile, entries) in tiles {
            for (i, j, v) in entries {
                let v = small(&over(&v, &power), BITS)?;
                for_each_position(&tile.axes, i, j, &mut |row, column| {
                    let place = usize::try_from(column).ok().and_then(|column| columns.get_mut(column));
                    let place = place.and_then(|column| column.get_mut(usize::try_from(row).unwrap_or(usize::MAX)));
                    place.into_iter().for_each(|place| *place += v);
                });
            }
        }
        require(columns.iter().flatten().all(|v| v.unsigned_abs() >> BITS == 0), "entries of V are below 2^96")?;
        // -b V 1
        let row = |i: usize| columns.iter().filter_map(|column| column.get(i)).sum::<i128>();
        let sums: Vec<Weight> =
            (0..equation.nodes()).map(|i| Weight::new(row(i).into(), power.clone()) * -&bound).collect();
        let maps = [map.clone(), Map::vector(&sums)?];
        let expected = generate::output(equation.parameters as u64, network, maps, &bound)?;
        generate::same_network(&expected, last)?;
        Ok(Self { network, exponent, columns, bound })
    }
}

fn is_dyadic(v: &Weight) -> bool {
    v.denom().trailing_zeros() == Some(v.denom().bits() - 1)
}

/// h grad v for the function with these nodal values, two numbers a triangle.
pub fn differences(n: usize, v: &[i128]) -> Vec<i128> {
    let inside = 1..n;
    let at = |i: usize, j: usize| {
        let place = (inside.contains(&i) && inside.contains(&j)).then(|| (j - 1) * (n - 1) + i - 1);
        place.and_then(|place| v.get(place)).copied().unwrap_or(0)
    };
    let mut list = Vec::with_capacity(4 * n * n);
    for j in 0..n {
        for i in 0..n {
            let [v00, v10, v01, v11] = [at(i, j), at(i + 1, j), at(i, j + 1), at(i + 1, j + 1)];
            list.extend([v10 - v00, v11 - v10, v11 - v01, v01 - v00]);
        }
    }
    list
}

/// 2 D w: at each interior node the sum over triangles of w . (h grad phi). It is the transpose of the differences.
pub fn divergence(n: usize, w: &[i128]) -> Vec<i128> {
    let mut sums = vec![0i128; (n - 1) * (n - 1)];
    let inside = 1..n;
    let mut add = |i: usize, j: usize, value: i128| {
        let place = (inside.contains(&i) && inside.contains(&j)).then(|| (j - 1) * (n - 1) + i - 1);
        place.and_then(|place| sums.get_mut(place)).into_iter().for_each(|sum| *sum += value);
    };
    for (cell, numbers) in w.chunks(4).enumerate() {
        let (i, j) = (cell % n, cell / n);
        if let &[a, b, c, d] = numbers {
            // v10 - v00, v11 - v10, v11 - v01, v01 - v00
            add(i, j, -a - d);
            add(i + 1, j, a - b);
            add(i, j + 1, d - c);
            add(i + 1, j + 1, b + c);
        }
    }
    sums
}
