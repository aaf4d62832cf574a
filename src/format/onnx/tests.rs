use prost::Message;

use super::messages::{Attribute, DOUBLE, Model, Node, Tensor};
use super::*;
use crate::arith::{Rational, SplitMix64};
use crate::network::{DenseLayer, Mlp, Precision};

fn network(seed: u64, widths: &[usize], slope: Rational, precision: Precision) -> Mlp {
    let mut random = SplitMix64::new(seed);
    let mut number = || {
        let x = (random.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
        if precision == Precision::Single { f64::from(x as f32) } else { x }
    };
    let layers = widths.windows(2).map(|pair| {
        let weights = (0..pair[0] * pair[1]).map(|_| number()).collect();
        DenseLayer::new(pair[0], weights, (0..pair[1]).map(|_| number()).collect()).unwrap()
    });
    Mlp::new(layers.collect(), slope, precision).unwrap()
}

fn bytes(network: &Mlp) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(network, &mut bytes).unwrap();
    bytes
}

fn slope() -> Rational {
    Rational::from_f32(0.2).unwrap()
}

#[test]
fn networks_come_back() {
    for precision in [Precision::Single, Precision::Double] {
        for slope in [Rational::zero(), slope(), Rational::from(-2)] {
            for widths in [&[1, 1][..], &[3, 4, 2], &[2, 5, 5, 7]] {
                let network = network(1, widths, slope.clone(), precision);
                let bytes = bytes(&network);
                // Without an activation the slope is not in the file.
                let expected = if widths.len() > 2 {
                    network
                } else {
                    Mlp::new(network.layers().to_vec(), Rational::zero(), precision).unwrap()
                };
                assert_eq!(read(&bytes).unwrap(), expected);
            }
        }
    }
}

#[test]
fn a_slope_that_is_no_float_is_refused() {
    for slope in [Rational::ratio(1, 5), Rational::power_of_two(-200), Rational::power_of_two(200)] {
        let network = network(1, &[1, 2, 1], slope, Precision::Single);
        let error = write(&network, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("which no float of 32 bits equals"), "{error}");
    }
}

/// The model of a network with its messages changed.
fn changed(change: impl FnOnce(&mut Model)) -> Result<Mlp, OnnxError> {
    let network = network(7, &[3, 4, 2], slope(), Precision::Single);
    let mut model = Model::decode(bytes(&network).as_slice()).unwrap();
    change(&mut model);
    read(&model.encode_to_vec())
}

fn nodes(model: &mut Model) -> &mut Vec<Node> {
    &mut model.graph.as_mut().unwrap().node
}
fn arrays(model: &mut Model) -> &mut Vec<Tensor> {
    &mut model.graph.as_mut().unwrap().initializer
}
fn node(operation: &str, input: &[&str], output: &str) -> Node {
    let input = input.iter().map(|name| (*name).to_owned()).collect();
    Node { input, output: vec![output.to_owned()], op_type: operation.to_owned(), ..Node::default() }
}

#[test]
fn the_same_network_in_other_words() {
    let expected = network(7, &[3, 4, 2], slope(), Precision::Single);
    // Typed numbers.
    let typed = changed(|model| {
        for array in arrays(model) {
            array.float_data = array.raw_data.chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
            array.raw_data.clear();
        }
    });
    assert_eq!(typed.unwrap(), expected);
    // MatMul and Add, with the matrix the other way round, and nodes that change nothing.
    let split = changed(|model| {
        let array = &mut arrays(model)[0];
        let old: Vec<[u8; 4]> = array.raw_data.chunks(4).map(|b| b.try_into().unwrap()).collect();
        array.raw_data = (0..3)
            .flat_map(|j| {
                (0..4).flat_map({
                    let old = &old;
                    move |i| old[i * 3 + j]
                })
            })
            .collect();
        array.dims = vec![3, 4];
        let list = nodes(model);
        list.splice(
            0..1,
            [
                node("Flatten", &["input"], "flat"),
                node("MatMul", &["flat", "layer1.weight"], "product"),
                node("Identity", &["product"], "same"),
                node("Add", &["layer1.bias", "same"], "layer1"),
            ],
        );
    });
    assert_eq!(split.unwrap(), expected);
    // A bias as a constant of the graph, with the batch's dimension.
    let constant = changed(|model| {
        let mut array = arrays(model).remove(1);
        array.dims = vec![1, 4];
        let mut node = node("Constant", &[], "layer1.bias");
        node.attribute.push(Attribute { name: "value".to_owned(), t: Some(array), kind: 4, ..Attribute::default() });
        nodes(model).insert(0, node);
    });
    assert_eq!(constant.unwrap(), expected);
}

#[test]
fn what_is_not_read_is_named() {
    let cases: Vec<(Result<Mlp, OnnxError>, &str)> = vec![
        (read(b""), "the model has no graph"),
        (read(b"{\"format\": 1}"), "no ONNX model"),
        (changed(|m| m.graph = None), "no graph"),
        (changed(|m| m.opset_import.clear()), "no version of its operators"),
        (changed(|m| m.opset_import[0].version = 6), "version 6; accepted are versions from 7"),
        (
            changed(|m| nodes(m)[1].op_type = "Tanh".to_owned()),
            "node 2 ('LeakyRelu_activation1'): the operation is Tanh",
        ),
        (changed(|m| nodes(m)[1].domain = "my".to_owned()), "my.LeakyRelu"),
        (changed(|m| nodes(m)[1].attribute[0].f = f32::NAN), "the slope is no number"),
        (changed(|m| drop(nodes(m).remove(1))), "not the value of the node before"),
        (changed(|m| nodes(m)[2].input[0] = "layer1".to_owned()), "a chain of nodes"),
        (changed(|m| nodes(m)[0].attribute[0].i = 0), "a bias of shape [4]"),
        (changed(|m| nodes(m)[0].attribute[0].kind = 1), "transB is of another kind"),
        (changed(|m| nodes(m)[0].input[1] = "x".to_owned()), "argument 'x' is no constant"),
        (changed(|m| arrays(m)[0].raw_data.truncate(47)), "47 bytes for the shape [4, 3]"),
        (changed(|m| arrays(m)[0].dims = vec![i64::MAX, i64::MAX]), "whole numbers from 0"),
        (changed(|m| arrays(m)[0].dims = vec![-1, -12]), "whole numbers from 0"),
        (changed(|m| arrays(m)[1].data_type = 7), "numbers of type 7"),
        (changed(|m| arrays(m)[1].data_type = DOUBLE), "16 bytes for the shape [4]"),
        (changed(|m| arrays(m)[1].data_location = 1), "in another file"),
        (changed(|m| arrays(m)[1].raw_data[3] = 0x7f), ""),
        (changed(|m| arrays(m)[1].raw_data[2..4].copy_from_slice(&[0x80, 0x7f])), "not finite"),
        (changed(|m| arrays(m)[1].name = "layer1.weight".to_owned()), "the name is there twice"),
        (changed(|m| m.graph.as_mut().unwrap().output[0].name = "layer1".to_owned()), "no output that is the value"),
        (changed(|m| m.graph.as_mut().unwrap().input.clear()), "0 inputs; accepted is 1"),
        (
            changed(|m| {
                nodes(m).pop();
                m.graph.as_mut().unwrap().output[0].name = "activation1".to_owned();
            }),
            "no affine map behind its last activation",
        ),
    ];
    for (result, expected) in cases {
        // The fourth byte of a float of 32 bits is its exponent: such a number is large and read.
        let Err(error) = result else {
            assert_eq!(expected, "");
            continue;
        };
        let text = error.to_string();
        assert!(text.contains(expected) && !text.contains('\n'), "{text}: {expected}");
    }
}

#[test]
fn mutants_are_refused_or_read() {
    let good = bytes(&network(7, &[2, 3, 2], slope(), Precision::Double));
    let mut random = SplitMix64::new(9);
    let mut read_anyway = 0;
    for _ in 0..10_000 {
        let mut mutant = good.clone();
        for _ in 0..=random.next_u64() % 3 {
            let at = (random.next_u64() % mutant.len() as u64) as usize;
            match random.next_u64() % 4 {
                0 => mutant[at] = random.next_u64() as u8,
                1 => mutant[at] ^= 1 << (random.next_u64() % 8),
                2 => mutant.truncate(at.max(1)),
                _ => drop(mutant.splice(at..at, [random.next_u64() as u8])),
            }
        }
        if let Ok(network) = read(&mutant) {
            read_anyway += 1;
            // What is read can be written, and comes back.
            assert_eq!(read(&bytes(&network)).unwrap(), network);
        }
        let noise: Vec<u8> = (0..random.next_u64() % 60).map(|_| random.next_u64() as u8).collect();
        assert!(read(&noise).is_err());
    }
    assert!(read_anyway > 100);
}
