#![allow(clippy::unwrap_used)]

use super::*;
use crate::arith::Rational;
use crate::construct::{
    SolveMethod, SolveRequest, SquaringMethod, linear_solve, neumann_inverse, newton_schulz_inverse, squaring,
};
use crate::network::{Block, LinearMap, Network};
use proptest::prelude::*;
use std::sync::Arc;

const TEXT: &str = r#"{"format":"certinet-structured","version":1,"claim":{"family":"none"},
"blocks":[{"rows":1,"columns":1,"denominator":"2","entries":[[0,0,"1"]]},
{"rows":2,"columns":2,"denominator":"3","entries":[[0,0,"1"],[1,1,-2]]}],
"networks":[{"nodes":[{"input":1},{"relu":0}],"output":1},
{"nodes":[{"input":4},
{"affine":{"rows":4,"terms":[{"argument":0,"map":[
{"block":0,"row":0,"column":0,"row_step":1,"column_step":1,"axes":[[4,1,1]]}]}],"bias":[]}},
{"call":{"network":0,"copies":4,"arguments":[1]}},
{"affine":{"rows":2,"terms":[{"argument":2,"map":[
{"block":1,"row":0,"column":0,"row_step":1,"column_step":1,"axes":[[2,0,2]]}]}],"bias":[
{"block":0,"row":1,"column":0,"row_step":1,"column_step":1,"axes":[]}]}}],"output":3}]}
"#;

fn written(network: &Network) -> String {
    let mut bytes = Vec::new();
    write(network, None, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn check_round_trip(network: &Network) {
    let text = written(network);
    let back = read(&text).unwrap();
    assert!(back.claim.is_none());
    assert_eq!(back.network.layered(), network.layered());
    assert_eq!(back.network.input_dimensions(), network.input_dimensions());
    assert_eq!(written(&back.network), text);
}

#[test]
fn a_file_is_read_and_written() {
    let file = read(TEXT).unwrap();
    assert_eq!(file.claim.as_ref().unwrap()["family"], "none");
    let size = file.network.layered().unwrap().size().unwrap();
    assert_eq!((size.layers, size.neurons, size.weights), (2, 10, 9));
    let mut bytes = Vec::new();
    write(&file.network, file.claim.as_ref(), &mut bytes).unwrap();
    let plain = |text: &str| text.replace("\n ", "").replace('\n', "");
    assert_eq!(plain(&String::from_utf8(bytes).unwrap()), plain(TEXT).replace("-2]", "\"-2\"]"));
    check_round_trip(&file.network);
}

#[test]
fn constructions_come_back() {
    let half = Rational::ratio(1, 2);
    let error = Rational::power_of_two(-6);
    check_round_trip(&squaring(6, Some(&Rational::from(2)), SquaringMethod::ALL[0]).unwrap().network);
    check_round_trip(&neumann_inverse(2, &half, &error).unwrap().network);
    check_round_trip(&newton_schulz_inverse(3, &half, &error).unwrap().network);
    let (size, lower, upper) = (2, Rational::one(), Rational::from(3));
    let request = SolveRequest { size, lower, upper, rhs_bound: Rational::one(), error };
    for method in SolveMethod::ALL {
        check_round_trip(&linear_solve(&request, method).unwrap().network);
    }
}

#[test]
fn equal_parts_are_listed_once() {
    // Two networks of the same content, built apart, and a value that nothing uses.
    let inner = || {
        let mut builder = Network::builder();
        let x = builder.input(1);
        let y = builder.linear(x, LinearMap::literal(Block::scalar(Rational::ratio(1, 3)))).unwrap();
        let y = builder.relu(y);
        Arc::new(builder.finish(y))
    };
    let mut builder = Network::builder();
    let x = builder.input(2);
    let y = builder.call(2, &inner(), &[x]).unwrap();
    builder.relu(x);
    let unused = builder.input(3);
    let z = builder.call(2, &inner(), &[y]).unwrap();
    let network = builder.finish(z);
    assert_eq!(network.dimension(unused), 3);
    let text = written(&network);
    assert_eq!((text.matches("\"nodes\"").count(), text.matches("\"denominator\":\"3\"").count()), (2, 1));
    assert_eq!(text.matches("relu").count(), 1);
    check_round_trip(&network);
}

#[test]
fn every_fault_is_named_with_its_place() {
    let tile = r#"{"block":0,"row":0,"column":0,"row_step":1,"column_step":1,"axes":[[4,1,1]]}"#;
    let axes = |new: &str| tile.replace("[[4,1,1]]", new);
    for (old, new, expected) in [
        ("certinet-structured", "certinet-layered", "the format is 'certinet-layered'"),
        ("\"version\":1", "\"version\":7", "version 7 is not read"),
        ("{\"family\":\"none\"}", "[1]", "invalid type: sequence, expected a map"),
        (
            "\"denominator\":\"2\"",
            "\"denominator\":\"0\"",
            "blocks[0], denominator is 0: accepted are integers, positive",
        ),
        ("\"denominator\":\"2\"", "\"denominator\":\"1/2\"", "blocks[0], denominator is 1/2"),
        ("[0,0,\"1\"]]}", "[0,0,\"1/2\"]]}", "blocks[0], entries[0] is 1/2"),
        ("[0,0,\"1\"]]}", "[0,0,\"0\"]]}", "blocks[0]: entry (0, 0) is zero"),
        ("[1,1,-2]", "[2,1,-2]", "blocks[1]: entry (2, 1) lies outside a 2 x 2 matrix"),
        ("[1,1,-2]", "[0,0,-2]", "blocks[1]: entry (0, 0) is repeated"),
        ("{\"relu\":0}", "{\"relu\":1}", "networks[0], nodes[1] refers to node 1: accepted are 0 to 1 exclusive"),
        ("{\"relu\":0}", "{\"tanh\":0}", "networks[0], nodes[1], unknown variant `tanh`"),
        ("{\"input\":4}", "{\"input\":0}", "networks[1], nodes[0], input is 0"),
        ("{\"input\":4}", "{\"input\":999999999999999}", "networks[1], nodes[0]: 999999999999999 entries, at most"),
        ("\"network\":0", "\"network\":1", "networks[1], nodes[2] refers to network 1"),
        ("\"copies\":4", "\"copies\":3", "networks[1], nodes[2]: call of a network, argument 0: dimension 4 where 3"),
        ("\"copies\":4", "\"copies\":0", "copies is 0"),
        ("\"arguments\":[1]", "\"arguments\":[1,1]", "2 arguments where 1 are needed"),
        ("\"output\":3", "\"output\":4", "networks[1], output refers to node 4"),
        (tile, &axes("[[5,1,1]]"), "networks[1], nodes[1], terms[0], tiles[0]: a tile reaches below the last row"),
        (tile, &axes("[[4,1,2]]"), "a tile reaches beyond the last column"),
        (tile, &axes("[[1,1,1]]"), "a tile has an axis that moves nothing"),
        (tile, &axes("[[4,0,0]]"), "a tile has an axis that moves nothing"),
        (tile, &axes("[[18446744073709551615,18446744073709551615,1]]"), "a tile reaches below the last row"),
        (tile, &tile.replace("\"block\":0", "\"block\":2"), "tiles[0] refers to block 2"),
        ("\"rows\":4,", "\"rows\":5,\"more\":1,", "unknown field `more`"),
    ] {
        assert!(TEXT.contains(old), "{old}");
        let message = read(&TEXT.replacen(old, new, 1)).map(|_| ()).unwrap_err().to_string();
        assert!(message.contains(expected), "{old} -> {new}: {message}");
    }
}

#[test]
fn calls_that_explode_are_refused() {
    // Each network calls the one before it twice: 2^60 operations.
    let mut networks = vec![r#"{"nodes":[{"input":1},{"relu":0}],"output":1}"#.to_owned()];
    for k in 0..60 {
        let call = |argument: usize| format!(r#"{{"call":{{"network":{k},"copies":1,"arguments":[{argument}]}}}}"#);
        networks.push(format!(r#"{{"nodes":[{{"input":1}},{},{}],"output":2}}"#, call(0), call(1)));
    }
    let text = |networks: &[String]| {
        format!(r#"{{"format":"certinet-structured","version":1,"blocks":[],"networks":[{}]}}"#, networks.join(","))
    };
    let message = read(&text(&networks)).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("calls written out"), "{message}");
    // Copies of copies: 2^80 neurons.
    let mut networks = vec![r#"{"nodes":[{"input":1},{"relu":0}],"output":1}"#.to_owned()];
    for k in 0..4 {
        let n = 1u128 << (20 * (k + 1));
        let call = format!(r#"{{"call":{{"network":{k},"copies":1048576,"arguments":[0]}}}}"#);
        networks.push(format!(r#"{{"nodes":[{{"input":{n}}},{call}],"output":1}}"#));
    }
    assert!(read(&text(&networks)).is_err());
    // Calls nested too deeply.
    let mut networks = vec![r#"{"nodes":[{"input":1},{"relu":0}],"output":1}"#.to_owned()];
    for k in 0..300 {
        let call = format!(r#"{{"call":{{"network":{k},"copies":1,"arguments":[0]}}}}"#);
        networks.push(format!(r#"{{"nodes":[{{"input":1}},{call}],"output":1}}"#));
    }
    let message = read(&text(&networks)).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("calls inside one another"), "{message}");
    assert!(read(&text(&[])).is_err());
}

/// A network from a list of choices: affine maps of random tiles, ReLUs, calls, skip connections.
fn random_network(choices: &[u8], depth: usize) -> Network {
    let mut builder = Network::builder();
    let mut values = vec![builder.input(2), builder.input(3)];
    for chunk in choices.chunks_exact(3) {
        let x = values[usize::from(chunk[1]) % values.len()];
        let y = values[usize::from(chunk[2]) % values.len()];
        let n = builder.dimension(x);
        let c = Rational::ratio(i64::from(chunk[0]) - 99, i64::from(chunk[2]) + 1);
        let value = match chunk[0] % 5 {
            0 => Ok(builder.relu(x)),
            1 => builder.concatenate(&[x, y]),
            2 if depth > 0 => {
                let inner = Arc::new(random_network(&choices[..choices.len() / 2], depth - 1));
                let (a, b) = (LinearMap::constant(2, c), LinearMap::strided_constant(3, 1, 1, 1, Rational::one()));
                let column = |map: LinearMap| map.sum_of_copies(n);
                builder
                    .linear(x, column(a))
                    .and_then(|a| builder.linear(x, column(b)).map(|b| (a, b)))
                    .and_then(|(a, b)| builder.call(1, &inner, &[a, b]))
            }
            3 => builder.shift(x, &c),
            _ => builder.combination(&[(x, c), (x, Rational::one())]),
        };
        let value = value.unwrap_or(x);
        if builder.dimension(value) <= 20 {
            values.push(value);
        }
    }
    let last = values[values.len() - 1];
    builder.finish(last)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn random_networks_come_back(choices in proptest::collection::vec(any::<u8>(), 0..60)) {
        check_round_trip(&random_network(&choices, 2));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_files_never_panic(
        edits in proptest::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9\\[\\]{}\":,-]{1,3}"), 1..4),
        numbers in proptest::collection::vec((any::<usize>(), any::<u64>(), 0u32..64), 0..3),
    ) {
        let mut text = TEXT.to_owned();
        // Whole numbers are replaced too, by small and huge ones: the JSON stays well-formed and the checks are reached.
        for (place, number, shift) in numbers {
            let digits: Vec<usize> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
            let at = digits[place % digits.len()];
            text.replace_range(at..=at, &(number >> shift).to_string());
        }
        let edited = if breaks_the_text(&edits) { super::super::json_parts::mutated(&text, &edits) } else { text };
        if let Ok(file) = read(&edited)
            && let Ok(layered) = file.network.layered()
        {
            let _ = layered.size();
        }
    }
}

/// Half of the cases keep the text well-formed.
fn breaks_the_text(edits: &[(usize, u8, char, String)]) -> bool {
    edits.first().is_some_and(|edit| edit.0.is_multiple_of(2))
}
