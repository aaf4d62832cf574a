//! Structured maps against their written-out forms.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;

fn weight() -> impl Strategy<Value = Rational> {
    prop_oneof![Just(Rational::zero()), (-3i64..4).prop_map(Rational::from), Just(Rational::ratio(1, 2))]
}

fn block(rows: usize, columns: usize) -> impl Strategy<Value = Block> {
    prop::collection::vec(weight(), rows * columns).prop_map(move |entries| {
        let rows: Vec<&[Rational]> = entries.chunks(columns).collect();
        Block::from_rows(&rows)
    })
}

/// A structured map of any shape up to a few dozen rows.
fn map() -> impl Strategy<Value = LinearMap> {
    let leaf = (1usize..4, 1usize..4).prop_flat_map(|(r, c)| block(r, c)).prop_map(LinearMap::literal);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), 1usize..4).prop_map(|(m, n)| m.copies(n)),
            (inner.clone(), 1usize..4).prop_map(|(m, n)| m.sum_of_copies(n)),
            (inner.clone(), 1usize..4).prop_map(|(m, n)| m.repeat(n)),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|maps| LinearMap::diagonal(&maps)),
            inner.clone().prop_map(|m| LinearMap::stack(&[m.clone(), m.negate()])),
            inner.clone().prop_map(|m| LinearMap::beside(&[m.clone(), m.scale(&Rational::ratio(1, 3))])),
        ]
    })
}

/// A gather into `columns` inputs with at most four axes.
fn gather(columns: usize) -> impl Strategy<Value = LinearMap> {
    prop::collection::vec((1usize..4, 0usize..4), 1..4).prop_map(move |mut axes| {
        let reach = |axes: &[(usize, usize)]| axes.iter().map(|(n, s)| (n - 1) * s).sum::<usize>();
        while reach(&axes) >= columns {
            axes.pop();
        }
        LinearMap::gather(columns, columns - 1 - reach(&axes), &axes)
    })
}

/// A sum of tiles with few, close strides: most of them meet themselves or one another.
fn crowded(tiles: usize) -> impl Strategy<Value = LinearMap> {
    let axis = (1usize..5, 0usize..9, 0usize..9).prop_map(|(count, row, column)| Axis { count, row, column });
    // Rows and columns are counted through by some tiles, as gathers do.
    let through = prop::collection::vec((1usize..4, 0usize..6), 0..4).prop_map(|digits| {
        let mut place = 1;
        let mut axes: Vec<Axis> = Vec::new();
        for (count, column) in digits {
            axes.insert(0, Axis { count, row: place, column });
            place *= count;
        }
        axes
    });
    let axes = prop_oneof![prop::collection::vec(axis, 0..4), through];
    let place = (0usize..4, 0usize..4, 1usize..4, 1usize..4);
    let tile = ((1usize..4, 1usize..3).prop_flat_map(|(r, c)| block(r, c)), axes, place, any::<bool>());
    (prop::collection::vec(tile, 1..tiles + 1), any::<bool>()).prop_map(|(tiles, twin)| {
        let mut tiles: Vec<Tile> = tiles
            .into_iter()
            .map(|(block, axes, (row, column, row_step, column_step), unit)| {
                let block = if unit { Block::scalar(Rational::one()) } else { block };
                Tile { block: Arc::new(block), row, column, row_step, column_step, axes }
            })
            .collect();
        if twin {
            // The first tile with exchanged column strides, and its negative values: places meet and cancel.
            let first = tiles[0].clone();
            let mut columns: Vec<usize> = first.axes.iter().map(|axis| axis.column).collect();
            let turn = usize::from(!columns.is_empty());
            columns.rotate_left(turn);
            let axes = first.axes.iter().zip(columns).map(|(axis, column)| Axis { column, ..*axis }).collect();
            tiles.push(Tile { axes, block: Arc::new(first.block.scale(&Rational::from(-1))), ..first });
        }
        let rows = tiles.iter().map(|t| t.row + t.row_extent()).max().unwrap_or(0);
        let columns = tiles.iter().map(|t| t.column + t.column_extent()).max().unwrap_or(0);
        LinearMap::from_tiles(rows, columns, tiles)
    })
}

fn dense(map: &LinearMap) -> Vec<Vec<Rational>> {
    let mut rows = vec![vec![Rational::zero(); map.columns()]; map.rows()];
    for tile in map.tiles() {
        tile.for_each_position(|row, column| {
            for (i, j, v) in tile.block.entries() {
                rows[row + i * tile.row_step][column + j * tile.column_step] += v;
            }
        });
    }
    rows
}

fn dense_product(a: &[Vec<Rational>], b: &[Vec<Rational>], columns: usize) -> Vec<Vec<Rational>> {
    let cell = |row: &[Rational], j: usize| row.iter().zip(b).map(|(v, other)| v * &other[j]).sum::<Rational>();
    a.iter().map(|row| (0..columns).map(|j| cell(row, j)).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn counting_is_counting_the_written_out_form(a in map(), seed in any::<u64>()) {
        let unrolled = Unrolled::new(&a, 1 << 20).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let slow = dense(&a).iter().flatten().filter(|v| !v.is_zero()).count();
        prop_assert_eq!(unrolled.nonzeros(), slow);
        prop_assert_eq!(a.nonzeros(), Ok(slow as u128));
        let i = seed as usize % a.rows();
        let row: Vec<(usize, Rational)> = unrolled.row(i).map(|(j, v)| (j, v.clone())).collect();
        let expected: Vec<(usize, Rational)> =
            dense(&a)[i].iter().cloned().enumerate().filter(|(_, v)| !v.is_zero()).collect();
        prop_assert_eq!(row, expected);
    }

    #[test]
    fn crowded_sums_of_tiles_are_counted(a in crowded(4)) {
        let unrolled = Unrolled::new(&a, 1 << 20).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(a.nonzeros(), Ok(unrolled.nonzeros() as u128));
    }

    #[test]
    fn products_of_crowded_sums_are_products(a in crowded(2), b in crowded(2), cut in 0usize..9) {
        // Both are placed in one inner dimension, the left one at an offset.
        let inner = (a.columns() + cut).max(b.rows());
        let left = a.embed(a.rows(), inner, 0, inner - a.columns());
        let right = b.embed(inner, b.columns(), cut.min(inner - b.rows()), 0);
        let product = left.product(&right).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(dense(&product), dense_product(&dense(&left), &dense(&right), right.columns()));
    }

    #[test]
    fn sums_of_overlapping_gathers_are_counted(
        (left, right) in (1usize..4, 1usize..4, 1usize..4, 0usize..3, 0usize..3).prop_flat_map(|(d, n, l, s, t)| {
            let columns = 3 * (d + n + l) + 9;
            let a = (block(4, 1), Just(LinearMap::gather(columns, s, &[(d, n), (l, 0), (n, 1)])));
            let b = (block(4, 1), Just(LinearMap::gather(columns, t, &[(d, 0), (l, 1), (n, l)])));
            (a, b)
        })
    ) {
        let term = |(block, gather): (Block, LinearMap)| LinearMap::literal(block).copies(gather.rows()).product(&gather);
        let sum = term(left).and_then(|a| term(right).and_then(|b| a.add(&b)));
        let sum = sum.map_err(|e| TestCaseError::fail(e.to_string()))?;
        let slow = dense(&sum).iter().flatten().filter(|v| !v.is_zero()).count();
        prop_assert_eq!(sum.nonzeros(), Ok(slow as u128));
    }

    #[test]
    fn products_are_products(a in map(), b in map(), n in 1usize..4) {
        // Copies that make the dimensions fit; the dense product is cubic, so large ones are passed over.
        let inner = (1..).map(|k| k * a.columns()).find(|inner| inner.is_multiple_of(b.rows())).unwrap_or(1);
        let (a, b) = (a.copies(inner / a.columns()), b.copies(inner / b.rows()));
        prop_assume!(a.rows() * inner * b.columns() <= 50_000);
        for (left, right) in [(a.clone(), b.clone()), (a.copies(n), b.copies(n)), (a.sum_of_copies(n), b.copies(n))] {
            let product = left.product(&right).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(dense(&product), dense_product(&dense(&left), &dense(&right), right.columns()));
        }
    }

    #[test]
    fn products_with_gathers_are_products((a, g) in map().prop_flat_map(|a| {
        let columns = a.columns();
        (Just(a), gather(columns * 3 + 2))
    })) {
        // Fit the map to the gather by copies, then read through it.
        let copies = LinearMap::slice(g.rows(), 0, g.rows() / a.columns() * a.columns());
        if copies.rows() > 0 {
            let left = a.copies(copies.rows() / a.columns());
            let read = copies.product(&g).and_then(|g| left.product(&g).map(|p| (p, g)));
            let (product, g) = read.map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(dense(&product), dense_product(&dense(&left), &dense(&g), g.columns()));
        }
    }
}

/// A random network with skip connections, shared values and calls, and exact inputs.
mod lowering {
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use std::sync::Arc;

    fn random_network(choices: &[u8], depth: usize) -> Network {
        let mut builder = Network::builder();
        let mut values = vec![builder.input(2), builder.input(3)];
        for (step, chunk) in choices.chunks(4).enumerate() {
            let pick = |k: usize| values[chunk.get(k).copied().unwrap_or(0) as usize % values.len()];
            let (x, y) = (pick(1), pick(2));
            let n = builder.dimension(x);
            let sign = Rational::ratio(i64::from(chunk[0]) - 100, 7);
            let value = match chunk[0] % 6 {
                0 | 1 => Ok(builder.relu(x)),
                2 => builder.affine(
                    &[(x, LinearMap::identity(n)), (y, LinearMap::literal(ramp(n, builder.dimension(y), step)))],
                    LinearMap::constant(n, sign),
                ),
                3 => builder.concatenate(&[x, y]),
                4 if depth > 0 => {
                    let inner = Arc::new(random_network(&choices[..choices.len() / 2], depth - 1));
                    let (a, b) = (LinearMap::literal(ramp(4, n, 1)), LinearMap::literal(ramp(6, n, 2)));
                    builder
                        .linear(x, a)
                        .and_then(|a| builder.linear(x, b).map(|b| (a, b)))
                        .and_then(|(a, b)| builder.call(2, &inner, &[a, b]))
                }
                _ => builder.combination(&[(x, sign), (x, Rational::from(1))]),
            };
            values.push(value.unwrap_or(x));
            if values.last().is_some_and(|v| builder.dimension(*v) > 40) {
                values.pop();
            }
        }
        let last = values[values.len() - 1];
        builder.finish(last)
    }

    fn ramp(rows: usize, columns: usize, seed: usize) -> Block {
        let value = |i: usize, j: usize| Rational::from(((i * 5 + j * 3 + seed * 7) % 5) as i64 - 2);
        let rows: Vec<Vec<Rational>> = (0..rows).map(|i| (0..columns).map(|j| value(i, j)).collect()).collect();
        Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn the_layered_form_computes_the_same_function(
            choices in prop::collection::vec(any::<u8>(), 4..60),
            x in prop::collection::vec((-9i64..10, 1i64..4), 5),
        ) {
            let network = random_network(&choices, 2);
            let layered = network.layered().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let x: Vec<Rational> = x.into_iter().map(|(p, q)| Rational::ratio(p, q)).collect();
            let graph = evaluate_graph(&network, &[x[..2].to_vec(), x[2..].to_vec()]);
            let lowered = Evaluator::<Rational>::new(&layered).and_then(|e| e.evaluate(&x));
            prop_assert_eq!(graph, lowered);
            // The exact size is that of the written-out layers.
            let size = layered.size().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let mut weights = 0;
            for layer in layered.layers() {
                weights += dense(&layer.map).iter().flatten().filter(|v| !v.is_zero()).count();
                weights += dense(&layer.bias).iter().flatten().filter(|v| !v.is_zero()).count();
            }
            prop_assert_eq!(size.weights, weights as u128);
            // The chain of layers is a network with the same layered form.
            prop_assert_eq!(Network::from(&layered).layered(), Ok(layered));
        }
    }
}
