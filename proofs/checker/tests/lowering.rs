//! The layered form of random networks: the function, the neurons and their order, and files of it.
#![allow(clippy::unwrap_used)]

mod random;

use certinet_check::bind::{Bound, bind};
use certinet_check::lower::{layered, layered_by};
use certinet_check::network::{Map, Network, Node, Operation, Weight};
use certinet_check::structured::read;
use random::{Random, evaluate, evaluate_written, layered_json, structured_json, written};

fn cases(seed: u64, count: usize) -> impl Iterator<Item = (Random, Vec<Network>)> {
    (0..count).map(move |case| {
        let mut random = Random(seed * 1_000_003 + case as u64);
        random.below(2);
        let networks = random.networks();
        (random, networks)
    })
}

#[test]
fn the_layered_form_computes_the_same_function() {
    for (mut random, networks) in cases(1, 1500) {
        let layers = written(&layered(&networks).unwrap());
        let main = &networks[networks.len() - 1];
        for _ in 0..3 {
            let inputs = main.nodes.iter().filter_map(|node| match node.operation {
                Operation::Input(n) => Some((0..n).map(|_| random.weight()).collect()),
                _ => None,
            });
            let inputs: Vec<Vec<Weight>> = inputs.collect();
            let expected = evaluate(&networks, networks.len() - 1, &inputs);
            assert_eq!(evaluate_written(&layers, &inputs.concat()), expected, "{}", structured_json(&networks));
        }
    }
}

#[test]
fn calls_that_share_a_body_give_the_same_layers_as_written_out_ones() {
    for (_, networks) in cases(2, 4000) {
        let expected = written(&layered_by(&networks, false).unwrap());
        assert_eq!(written(&layered(&networks).unwrap()), expected, "{}", structured_json(&networks));
    }
}

#[test]
fn the_size_is_that_of_the_layers() {
    for (_, networks) in cases(3, 1500) {
        let layered = layered(&networks).unwrap();
        let (size, layers) = (layered.size, written(&layered));
        assert_eq!(size.layers, layers.len() as u128);
        assert_eq!(size.neurons, u128::from(layers[0].1 + layers.iter().map(|layer| layer.0).sum::<u64>()));
        assert_eq!(size.weights, layers.iter().map(|layer| layer.2.len() + layer.3.len()).sum::<usize>() as u128);
    }
}

#[test]
fn structured_files_are_read_back() {
    for (_, networks) in cases(4, 900) {
        let text = structured_json(&networks);
        if !has_proper_axes(&networks) {
            assert!(read(text.as_bytes()).is_err());
            continue;
        }
        assert_eq!(read(text.as_bytes()).unwrap(), networks);
        assert_eq!(bind(&networks, text.as_bytes()).unwrap(), Bound::Structured);
    }
}

/// Whether all axes are as files have them: two positions or more, and something moves.
fn has_proper_axes(networks: &[Network]) -> bool {
    let maps = networks.iter().flat_map(|network| &network.nodes).flat_map(|node| match &node.operation {
        Operation::Affine { terms, bias } => terms.iter().map(|term| &term.1).chain([bias]).collect(),
        _ => Vec::new(),
    });
    let mut axes = maps.flat_map(|map| map.tiles.iter()).flat_map(|tile| &tile.axes);
    axes.all(|axis| axis.count >= 2 && (axis.row, axis.column) != (0, 0))
}

#[test]
fn another_network_is_not_the_same() {
    let mut all = cases(5, 300).map(|case| case.1);
    while let (Some(a), Some(b)) = (all.next(), all.next()) {
        assert!(bind(&a, structured_json(&b).as_bytes()).is_err());
    }
}

#[test]
fn files_with_any_entry_changed_are_refused() {
    for (mut random, networks) in cases(6, 500) {
        let layers = written(&layered(&networks).unwrap());
        let text = layered_json(&layers);
        let weights = layers.iter().map(|layer| layer.2.len() + layer.3.len()).sum::<usize>() as u128;
        assert_eq!(bind(&networks, text.as_bytes()).unwrap(), Bound::Layered { weights });
        for _ in 0..20 {
            let mut changed = layers.clone();
            let layer = random.below(layers.len() as u64) as usize;
            let bias = random.chance(2);
            let list = if bias { &mut changed[layer].3 } else { &mut changed[layer].2 };
            let place = random.below(list.len().max(1) as u64) as usize;
            match (random.below(5), list.get_mut(place)) {
                (0, Some(entry)) => entry.2 = format!("{}1", entry.2),
                (1, Some(entry)) => entry.0 += 1,
                (2, Some(entry)) if !bias => entry.1 += 1,
                (2 | 3, Some(_)) => drop(list.remove(place)),
                (_, Some(entry)) => {
                    let twin = entry.clone();
                    list.insert(place, twin);
                }
                (_, None) => list.push((0, 0, "1".to_owned())),
            }
            assert!(bind(&networks, layered_json(&changed).as_bytes()).is_err());
        }
    }
}

#[test]
fn damaged_files_are_problems() {
    for (mut random, networks) in cases(7, 200) {
        for text in [structured_json(&networks), layered_json(&written(&layered(&networks).unwrap()))] {
            for extra in ["x", "{}", ",", "]"] {
                assert!(bind(&networks, format!("{text}{extra}").as_bytes()).is_err());
            }
            assert!(
                bind(&networks, text.replacen("\"version\":1", "\"version\":1,\"version\":1", 1).as_bytes()).is_err()
            );
            assert!(bind(&networks, text.replacen("\"version\":1", "\"version\":2", 1).as_bytes()).is_err());
            for _ in 0..30 {
                let mut bytes = text.clone().into_bytes();
                let place = random.below(bytes.len() as u64) as usize;
                match random.below(4) {
                    0 => bytes.truncate(place),
                    1 => drop(bytes.remove(place)),
                    2 => bytes[place] = random.below(256) as u8,
                    _ => bytes.insert(place, b"0123456789[]{},:\"-"[random.below(18) as usize]),
                }
                // An error or the same network written otherwise, never a panic.
                let _ = bind(&networks, bytes.as_slice());
            }
        }
    }
}

#[test]
fn nesting_is_bounded() {
    let leaf = "{\"nodes\":[{\"input\":1},{\"relu\":0}],\"output\":1}".to_owned();
    let call = |i| {
        format!(
            "{{\"nodes\":[{{\"input\":1}},{{\"call\":{{\"network\":{i},\"copies\":1,\"arguments\":[0]}}}},{{\"call\":{{\"network\":{i},\"copies\":1,\"arguments\":[1]}}}}],\"output\":2}}"
        )
    };
    let networks = |depth: usize| {
        let list: Vec<String> = std::iter::once(leaf.clone()).chain((0..depth).map(call)).collect();
        let head = "{\"format\":\"certinet-structured\",\"version\":1,\"blocks\":[],\"networks\":[";
        read(format!("{head}{}]}}", list.join(",")).as_bytes()).unwrap()
    };
    // Each network calls the one before it twice: 2^40 levels, counted without writing a call out.
    let size = layered(&networks(40)).unwrap().size;
    assert_eq!((size.layers, size.neurons, size.weights), ((1 << 40) + 1, (1 << 40) + 2, (1 << 40) + 1));
    assert!(layered(&networks(65)).is_err());
}

/// A ReLU of an input, node number `argument`.
fn relu(argument: usize, dimension: u64) -> Node {
    Node { operation: Operation::Relu(argument), dimension }
}

fn affine(terms: Vec<(usize, Map)>, dimension: u64) -> Node {
    Node { operation: Operation::Affine { terms, bias: Map::zero(dimension, 1) }, dimension }
}

#[test]
fn arguments_of_different_levels_are_carried_as_their_use_asks() {
    let input = |dimension| Node { operation: Operation::Input(dimension), dimension };
    let one = |n| Map::identity(n).unwrap();
    // max(P x + y, 0) with P a part of x, taken before or in the sum.
    for (offset, length, before) in
        [(0, 4, true), (0, 2, true), (2, 2, true), (1, 2, true), (0, 2, false), (1, 1, true)]
    {
        let part = Map::slice(4, offset, length).unwrap();
        let mut nodes = vec![input(4), input(length)];
        nodes.push(affine(vec![(0, part.clone())], length));
        let terms = if before { vec![(2, one(length)), (1, one(length))] } else { vec![(0, part), (1, one(length))] };
        nodes.push(affine(terms, length));
        nodes.push(relu(3, length));
        let called = Network { nodes, output: 4 };
        // x is two groups one under another, on level 1; y is on level 1 + k.
        for k in 0..4 {
            let mut nodes = vec![input(2), input(length), relu(0, 2), relu(0, 2)];
            let none = Map::zero(2, 2);
            let (top, bottom) = (Map::stack(&[one(2), none.clone()]).unwrap(), Map::stack(&[none, one(2)]).unwrap());
            nodes.push(affine(vec![(2, top), (3, bottom)], 4));
            nodes.push(relu(1, length));
            for _ in 0..k {
                nodes.push(relu(nodes.len() - 1, length));
            }
            let arguments = vec![4, nodes.len() - 1];
            let operation = Operation::Call { network: 0, copies: 1, arguments };
            nodes.push(Node { operation, dimension: length });
            let output = nodes.len() - 1;
            let networks = [called.clone(), Network { nodes, output }];
            let expected = written(&layered_by(&networks, false).unwrap());
            assert_eq!(written(&layered(&networks).unwrap()), expected);
        }
    }
}

#[test]
fn networks_with_any_number_changed_are_lowered_or_refused() {
    for (mut random, networks) in cases(8, 400) {
        let text = structured_json(&networks);
        for _ in 0..20 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..1 + random.below(3) {
                let digits: Vec<usize> = (0..bytes.len()).filter(|&i| bytes[i].is_ascii_digit()).collect();
                let place = digits[random.below(digits.len() as u64) as usize];
                let digits = b"0123456789".repeat(2);
                let length = [1, 1, 1, 2, 8, 16, 19][random.below(7) as usize];
                let start = random.below(10) as usize;
                bytes.splice(place..=place, digits.into_iter().cycle().skip(start).take(length));
            }
            // Numbers of any size: a size or a problem, in bounded time, never a panic.
            if let Ok(networks) = read(bytes.as_slice()) {
                let _ = layered(&networks).map(|layered| layered.size);
            }
        }
    }
}
