//! Spiking networks: sections accepted, and rejected for every condition.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::generate::{self, Extreme, Squaring};
use certinet_check::network::{Block, Map, Network, Node, Operation, Weight};
use common::{cases, lines, list, ratio};

fn map<const C: usize>(rows: &[[(i64, i64); C]]) -> Map {
    let entries = (0u64..).zip(rows).flat_map(|(i, row)| {
        (0u64..).zip(row).filter(|entry| entry.1.0 != 0).map(move |(j, v)| (i, j, ratio(v.0, v.1)))
    });
    Map::literal(Block { rows: rows.len() as u64, columns: C as u64, entries: entries.collect() }).unwrap()
}

fn affine(terms: Vec<(usize, Map)>, bias: &[(i64, i64)]) -> Node {
    let bias: Vec<Weight> = bias.iter().map(|v| ratio(v.0, v.1)).collect();
    Node { dimension: bias.len() as u64, operation: Operation::Affine { terms, bias: Map::vector(&bias).unwrap() } }
}

fn node(operation: Operation, dimension: u64) -> Node {
    Node { operation, dimension }
}

/// max(x, 0) / 2 - max(-x + 1/2, 0) / 3 + 1
fn relus() -> Network {
    let nodes = vec![
        node(Operation::Input(1), 1),
        affine(vec![(0, map(&[[(1, 1)], [(-1, 1)]]))], &[(0, 1), (1, 2)]),
        node(Operation::Relu(1), 2),
        affine(vec![(2, map(&[[(1, 2), (-1, 3)]]))], &[(1, 1)]),
    ];
    Network { nodes, output: 3 }
}

fn certificate(statement: &str, networks: &[Network], rest: &str) -> Vec<String> {
    let mut all = lines("certinet-certificate 1");
    all.extend(lines(statement));
    all.extend(list(networks, 0));
    all.extend(lines(rest));
    all
}

const STATEMENT: &str = "target network 0\ndomain cube 1 -1 2\nnorm maximum\nerror 0\nkind exact\nspiking-size ?";

/// The network above by two layers for one: -x and x - 1/2, then their reflections, then the sum.
const SPIKING: &str = "spiking 2
    neuron 5 0 -1 0 - 1 2 0 -
    neuron 9/2 0 1 0 -
    neuron 5 1 1 0 -
    neuron 2 2 -1 1 - 4 2 0 -
    neuron 2 3 -1 1 - 4 2 0 -
    neuron 1 4 1 0 -
    neuron 3 5 1/2 0 - 6 -1/3 0 - 7 5/6 0 -
    coding 0 8 1 0
    outputs 8
    firing 0 cube 1 -1 2
    settle 2
    settle 3
    settle 4
    reflect 5 1 0 2
    reflect 6 1 1 3/2
    settle 7
    settle 8
    conclude
    qed";

#[test]
fn a_relu_network_by_firing_times() {
    let all = certificate(STATEMENT, &[relus()], SPIKING);
    let table = "
        spiking 2 => spiking 0 # network: a spiking network of 0 inputs
        spiking 2 => spiking 4194305 # network: a spiking network of 4194305 inputs
        spiking 2 => spiking 3 # firing: it does not hold that the inputs that are no references
        spiking 2 => # network: 'neuron' is not 'spiking'
        neuron 5 0 -1 0 - 1 2 0 - => neuron 0 0 -1 0 - 1 2 0 - # network: 0 is not positive
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 - 0 2 0 - # network: neuron 0 is read twice
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 - 2 2 0 - # network: neuron 2 is not one of the 2 before
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 0 0 - 1 2 0 - # network: a weight is not 0
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 -1 - 1 2 0 - # network: a weight is not 0, a delay
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 0 1 2 0 - # network: 0 is not positive
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 - 1 2 0 # network: the line ends too early
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 9 1 2 0 - # settle: it does not hold that windows
        neuron 5 0 -1 0 - 1 2 0 - => neuron 4 0 -1 0 - 1 2 0 - # settle: it does not hold that the sum of w_k (H - lo_k)
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 - 1 1 0 - # settle: it does not hold that the sum W
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 0 -1 0 - # settle: it does not hold that the sum W
        neuron 5 0 -1 0 - 1 2 0 - => neuron 5 # settle: it does not hold that the sum W
        neuron 5 0 -1 0 - 1 2 0 - => neuron 6 0 -1 0 - 1 2 0 - # reflect: it does not hold that s - a_w
        neuron 5 0 -1 0 - 1 2 0 - => neuron 6 0 -1 1/2 - 1 2 0 - # reflect: it does not hold that s - a_w
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 -1 1 - 4 2 1/2 - # reflect: it does not hold that s - a_w
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 -1 1 - 4 1 0 - # reflect: it does not hold that w + c > 0
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 1 1 - 4 2 0 - # reflect: it does not hold that the weights are
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 -1 1 - 4 -2 0 - # reflect: it does not hold that the weights are
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 -1 1 - # reflect: the neuron has not two synapses
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 2 -1 1 - 4 2 0 8 # reflect: it does not hold that windows
        neuron 2 2 -1 1 - 4 2 0 - => neuron 2 4 -1 1 - 3 2 0 - # reflect: it does not hold that the arrival
        neuron 3 5 1/2 0 - 6 -1/3 0 - 7 5/6 0 - => neuron 8/3 5 1/2 0 - 6 -1/3 0 - 7 5/6 0 - # settle: it does not hold that the sum of w_k
        neuron 3 5 1/2 0 - 6 -1/3 0 - 7 5/6 0 - => neuron 3 5 1/2 0 - 6 -1/3 0 - 7 1/6 0 - # conclude: it does not hold that every output
        neuron 3 5 1/2 0 - 6 -1/3 0 - 7 5/6 0 - => neuron 3 5 1/2 0 - 0 -1/3 0 - 7 5/6 0 - # settle: times depend on entries of different
        coding 0 8 1 0 => coding 0 7 1 0 # conclude: it does not hold that every output
        coding 0 8 1 0 => coding -1 8 1 0 # reflect: it does not hold that s - a_w
        coding 0 8 1 0 => coding 0 8 1 1/2 # reflect: it does not hold that s - a_w
        coding 0 8 1 0 => coding 0 8 1 0 1 0 # network: reference inputs increase
        coding 0 8 1 0 => coding 0 8 2 0 # network: neuron 2 is not one of the 2 before
        coding 0 8 1 0 => coding 0 8 # firing: it does not hold that the inputs that are no references
        outputs 8 => outputs 9 # network: neuron 9 is not one of the 9 before
        outputs 8 => outputs # network: the line ends too early
        outputs 8 => outputs 8 8 # firing: it does not hold that the outputs
        outputs 8 => outputs 5 # conclude: it does not hold that every output
        outputs 8 => outputs 0 # conclude: it does not hold that the outputs fire at times that depend on the last
        firing 0 cube 1 -1 2 => firing 1 cube 1 -1 2 # firing: there is no network 1
        firing 0 cube 1 -1 2 => firing 0 space 1 # firing: it does not hold that the domain is a cube
        firing 0 cube 1 -1 2 => firing 0 cube 2 -1 2 # firing: it does not hold that the domain has as many
        firing 0 cube 1 -1 2 => firing 0 cube 1 -2 2 # reflect: it does not hold that hi is
        firing 0 cube 1 -1 2 => firing 0 cube 1 -1 1 # qed: it does not hold that the domain lies inside
        firing 0 cube 1 -1 2 => times 0 # times: it does not hold that the coding
        settle 2 => settle 1 # settle: there is no neuron 1
        settle 2 => settle 9 # settle: there is no neuron 9
        settle 2 => settle 2 ; settle 2 # settle: it does not hold that the neuron has no fact yet
        settle 2 => # reflect: neuron 2 has no fact
        settle 2 => reflect 2 1 0 2 # reflect: it does not hold that m > 0
        settle 2 => start 2 # start: the first word is not
        settle 2 => firing 0 cube 1 -1 2 # firing: the section before is not concluded
        settle 7 => # settle: neuron 7 has no fact
        settle 8 => # conclude: neuron 8 has no fact
        reflect 5 1 0 2 => reflect 5 1 1 2 # reflect: it does not hold that
        reflect 5 1 0 2 => reflect 5 0 0 2 # reflect: it does not hold that 1 <= l
        reflect 5 1 0 2 => reflect 5 2 0 2 # reflect: it does not hold that 1 <= l
        reflect 5 1 0 2 => reflect 5 1 2 2 # reflect: it does not hold that the level has an entry
        reflect 5 1 0 2 => reflect 5 1 0 7/4 # reflect: it does not hold that hi is at least
        reflect 5 1 0 2 => reflect 5 1 0 -1 # reflect: it does not hold that hi is at least
        reflect 5 1 0 2 => reflect 5 1 0 3 # settle: it does not hold that the sum of w_k (H - lo_k)
        reflect 5 1 0 2 => settle 5 # settle: it does not hold that the sum of w_k (H - lo_k)
        conclude => # qed: the section before is not concluded
        conclude => conclude ; firing 0 cube 1 -1 2 # firing: it does not hold that the spiking network has no
        target network 0 => target network 1 # qed: network 0 has no specification
        target network 0 => target minimum 1 # qed: network 0 has no specification
        target network 0 => target spiking # qed: network 0 has no specification
        norm maximum => norm euclidean # qed: it does not hold that the norm
        domain cube 1 -1 2 => domain cube 1 -1 3 # qed: it does not hold that the domain
    ";
    cases(&all, 0, table);
}

#[test]
fn what_a_spiking_network_computes_has_the_specification_of_the_network() {
    // |x| = max(x, 0) + max(-x, 0), one reflection of x and of -x.
    let rest = "spiking 2
        neuron 4 0 -1 0 - 1 2 0 -
        neuron 4 0 1 0 -
        neuron 4 1 1 0 -
        neuron 2 2 -1 1 - 4 2 0 -
        neuron 2 3 -1 1 - 4 2 0 -
        neuron 1 4 1 0 -
        neuron 3 5 1 0 - 6 1 0 - 7 -1 0 -
        coding 0 8 1 0
        outputs 8
        spec 0 absolute-value
        firing 0 cube 1 -1 1
        settle 2
        settle 3
        settle 4
        reflect 5 1 0 1
        reflect 6 1 1 1
        settle 7
        settle 8
        conclude
        qed";
    let statement = "target absolute-value\ndomain box -1 1\nnorm maximum\nerror 1/7\nkind bound\nspiking-size ?";
    let all = certificate(statement, &[generate::absolute_value().unwrap()], rest);
    cases(
        &all,
        0,
        "spec 0 absolute-value => # qed: network 0 has no specification
        target absolute-value => target median 1 # qed: it does not hold that the target
        error 1/7 => error -1/7 # statement: an error is not negative
        kind bound => kind exact # qed: it does not hold that the domain is
        domain box -1 1 => domain box -1 2 # qed: it does not hold that the domain
        domain box -1 1 => domain space 1 # qed: it does not hold that the domain",
    );
    // The attained error of a square is that of the spiking network on the same domain only.
    let square = generate::squaring(1, None, Squaring::Delayed).unwrap();
    // x / 2 + max(x - 1/2, 0) by two reflections: -x and 1/2 - x.
    let rest = "spiking 2
        neuron 3 0 -1 0 - 1 2 0 -
        neuron 7/2 0 -1 0 - 1 2 0 -
        neuron 3 1 1 0 -
        neuron 2 2 -1 1 - 4 2 0 -
        neuron 2 3 -1 1 - 4 2 0 -
        neuron 1 4 1 0 -
        neuron 2 5 1/2 0 - 6 1 0 - 7 -1/2 0 -
        coding 0 6 1 0
        outputs 8
        spec 0 squaring 1 unit delayed
        firing 0 cube 1 0 1
        settle 2
        settle 3
        settle 4
        reflect 5 1 0 1
        reflect 6 1 1 1/2
        settle 7
        settle 8
        conclude
        qed";
    let statement = "target square\ndomain cube 1 0 1\nnorm maximum\nerror 1/16\nkind exact\nspiking-size ?";
    cases(
        &certificate(statement, &[square], rest),
        0,
        "domain cube 1 0 1 => domain cube 1 0 1/2 # qed: it does not hold that the domain is that of the specification
        error 1/16 => error 1/15 # qed: it does not hold that E is the error
        error 1/16 => error 1/17 # qed: it does not hold that E is at least",
    );
}

/// One neuron of two synapses, weights 1/2 and 3/2, threshold 2: by the tree over three sets.
fn tree() -> Network {
    let nodes = vec![
        node(Operation::Input(2), 2),
        affine(vec![(0, map(&[[(0, 1), (1, 1)], [(1, 1), (0, 1)]]))], &[(1, 3), (0, 1)]),
        affine(vec![(1, map(&[[(1, 1), (0, 1)], [(0, 1), (1, 1)], [(1, 4), (3, 4)]]))], &[(4, 1), (4, 3), (1, 1)]),
        node(Operation::Call { network: 0, copies: 1, arguments: vec![2] }, 1),
    ];
    Network { nodes, output: 3 }
}

#[test]
fn firing_times_by_the_tree_over_all_sets() {
    let minimum = generate::extreme(Extreme::Minimum, 3, None).unwrap();
    let rest = "spiking 2
        neuron 2 1 1/2 1/3 - 0 3/2 0 -
        coding 0 0
        outputs 2
        spec 0 minimum 3 two-sided
        times 1
        arrivals 1 2
        tree 3 2
        conclude
        qed";
    let statement = "target spiking\ndomain space 2\nnorm maximum\nerror 0\nkind exact\nsize ?";
    let all = certificate(statement, &[minimum, tree()], rest);
    let table = "
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 1 1/2 1/3 - 0 -3/2 0 - # times: it does not hold that all weights
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 1 1/2 1/3 - 0 3/2 0 4 # times: it does not hold that windows
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 # times: it does not hold that every neuron
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 3 1 1/2 1/3 - 0 3/2 0 - # tree: it does not hold that row S - 1 has the bias
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 1 1/2 1/3 - 0 2 0 - # tree: it does not hold that row S - 1 has the
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 1 1/2 0 - 0 3/2 0 - # arrivals: it does not hold that the bias
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 0 1/2 1/3 - 1 3/2 0 - # arrivals: it does not hold that a row is
        neuron 2 1 1/2 1/3 - 0 3/2 0 - => neuron 2 1 1/2 1/3 - # arrivals: it does not hold that the node has as many
        coding 0 0 => coding 1 0 # times: it does not hold that the coding
        coding 0 0 => coding 0 1 # times: it does not hold that the coding
        coding 0 0 => coding 0 0 1 0 # times: it does not hold that the coding
        spiking 2 => spiking 3 # times: it does not hold that the network has one input
        outputs 2 => outputs 2 2 # conclude: node 3 is not affine
        outputs 2 => outputs 1 # conclude: node 3 is not affine
        spec 0 minimum 3 two-sided => # tree: network 0 has no specification
        times 1 => times 2 # times: there is no network 2
        times 1 => times 0 # times: network 0 has a specification already
        arrivals 1 2 => # tree: it does not hold that the candidates are affine in the arrivals
        arrivals 1 2 => arrivals 2 2 # arrivals: it does not hold that
        arrivals 1 2 => arrivals 0 2 # arrivals: node 0 is not affine
        arrivals 1 2 => arrivals 1 1 # arrivals: there is no neuron 1
        arrivals 1 2 => arrivals 1 2 ; arrivals 1 2 # arrivals: it does not hold that the node has no fact
        tree 3 2 => tree 2 2 # tree: node 2 does not call
        tree 3 2 => sorted 3 2 # sorted: it does not hold that the weights are equal
        tree 3 2 => tree 3 2 ; tree 3 2 # tree: it does not hold that the node has no fact
        tree 3 2 => # conclude: node 3 is not affine
        conclude => # qed: the section before is not concluded
        target spiking => target network 0 # text: there is no network 2
        target spiking => target minimum 2 # text: there is no network 2
        norm maximum => norm euclidean # qed: it does not hold that the norm
        domain space 2 => domain space 3 # qed: it does not hold that the domain
    ";
    cases(&all, 0, table.trim_end());
    // One-sided minima are exact on a cube only.
    let bounded = generate::extreme(Extreme::Minimum, 3, Some(&ratio(9, 1))).unwrap();
    let rest = rest.replace("two-sided", "one-sided 9");
    let all = certificate(&statement.replace("size ?", "size 1 1 1"), &[bounded, tree()], &rest);
    let found = common::verdict(&common::file(&all)).to_string();
    assert!(found.contains("calls the minimum of as many numbers on R^q"), "{found}");
}

#[test]
fn firing_times_by_sorting_and_neurons_in_a_row() {
    // Neuron 2 of equal weights 1/2, threshold 1; neuron 3 reads it and input 0; neuron 4 reads neuron 3 alone.
    let (sort, minimum) = (generate::sort(2).unwrap(), generate::extreme(Extreme::Minimum, 2, None).unwrap());
    let sums = || map(&[[(1, 1), (0, 1)], [(1, 2), (1, 2)]]);
    let call = |network: usize, argument: usize, dimension: u64| {
        node(Operation::Call { network, copies: 1, arguments: vec![argument] }, dimension)
    };
    let nodes = vec![
        node(Operation::Input(2), 2),
        affine(vec![(0, map(&[[(1, 1), (0, 1)], [(0, 1), (1, 1)]]))], &[(0, 1), (1, 1)]),
        call(0, 1, 2),
        affine(vec![(2, sums())], &[(2, 1), (1, 1)]),
        call(1, 3, 1),
        affine(
            vec![(4, map(&[[(1, 1)], [(0, 1)]])), (0, map(&[[(0, 1), (0, 1)], [(1, 1), (0, 1)]]))],
            &[(0, 1), (3, 1)],
        ),
        call(0, 5, 2),
        affine(vec![(6, sums())], &[(3, 1), (3, 2)]),
        call(1, 7, 1),
        affine(vec![(8, map(&[[(1, 1)]]))], &[(0, 1)]),
        affine(vec![(9, map(&[[(1, 1)]]))], &[(1, 4)]),
        affine(
            vec![
                (10, map(&[[(1, 1)], [(0, 1)], [(0, 1)]])),
                (4, map(&[[(0, 1)], [(1, 1)], [(0, 1)]])),
                (0, map(&[[(0, 1), (0, 1)], [(0, 1), (0, 1)], [(0, 1), (1, 1)]])),
            ],
            &[(0, 1), (0, 1), (0, 1)],
        ),
    ];
    let rest = "spiking 2
        neuron 1 0 1/2 0 - 1 1/2 1 -
        neuron 3 2 1 0 - 0 1 3 -
        neuron 1 3 4 0 -
        coding 0 0
        outputs 4 2 1
        spec 0 sort 2
        spec 1 minimum 2 two-sided
        times 2
        arrivals 1 2
        sorted 4 2
        arrivals 5 3
        sorted 8 3
        arrivals 9 4
        sorted 10 4
        conclude
        qed";
    let statement = "target spiking\ndomain cube 2 -7 7\nnorm maximum\nerror 0\nkind exact\nsize ?";
    let all = certificate(statement, &[sort, minimum, Network { nodes, output: 11 }], rest);
    let table = "
        sorted 10 4 => tree 10 4 ; arrivals 9 4 # arrivals: it does not hold that the node has no fact
        sorted 10 4 => # conclude: it does not hold that the terms are
        arrivals 9 4 => # sorted: it does not hold that what is sorted are the arrivals
        sorted 4 2 => arrivals 5 3 # arrivals: it does not hold that the terms are the input
        sorted 4 2 => tree 4 2 # tree: it does not hold that the node calls
        sorted 8 3 => sorted 8 2 # sorted: it does not hold that the neuron has no time yet
        sorted 8 3 => sorted 8 4 # sorted: it does not hold that the node calls the minimum
        spec 0 sort 2 => # sorted: network 0 has no specification
        spec 0 sort 2 => spec 0 sort 3 # sort:
        spec 0 sort 2 => spec 0 sort 1 # sort: it does not hold that n is from 2 to 255
        spec 0 sort 2 => spec 0 sort 256 # sort: it does not hold that n is from 2 to 255
        neuron 1 0 1/2 0 - 1 1/2 1 - => neuron 2 0 1/2 0 - 1 1/2 1 - # sorted: it does not hold that row k - 1 has the bias
        neuron 1 0 1/2 0 - 1 1/2 1 - => neuron 1 0 1/2 0 - 1 1/3 1 - # sorted: it does not hold that the weights
        neuron 1 3 4 0 - => neuron 1 3 5 0 - # sorted: it does not hold that row k - 1 has the bias
        outputs 4 2 1 => outputs 4 2 0 # conclude: it does not hold that a row is
        outputs 4 2 1 => outputs 4 2 # conclude: it does not hold that the node has as many
        outputs 4 2 1 => outputs 4 3 1 # conclude: it does not hold that a row is
    ";
    cases(&all, 0, table.trim_end());
}

/// The only candidate of a neuron of one synapse is one number, not the first of several.
#[test]
fn a_time_has_dimension_one() {
    let nodes = vec![
        node(Operation::Input(1), 1),
        affine(vec![(0, map(&[[(1, 1)]]))], &[(0, 1)]),
        affine(vec![(1, map(&[[(1, 1)], [(0, 1)]]))], &[(1, 1), (0, 1)]),
        affine(vec![(2, map(&[[(0, 1), (1, 1)]]))], &[(0, 1)]),
    ];
    for rule in ["tree", "sorted"] {
        let rest = format!(
            "spiking 1
            neuron 1 0 1 0 -
            coding 0 0
            outputs 1
            times 0
            arrivals 1 1
            {rule} 2 1
            conclude
            qed"
        );
        let statement = "target spiking\ndomain space 1\nnorm maximum\nerror 0\nkind exact\nsize 1 2 1";
        let all = certificate(statement, &[Network { nodes: nodes.clone(), output: 3 }], &rest);
        let found = common::verdict(&common::file(&all)).to_string();
        assert!(found.contains("there is one candidate"), "{found}");
    }
}

#[test]
fn one_neuron_is_nearly_the_minimum() {
    // theta / w = 3/2, theta / (d w) = 1/2: 1/4 + 1/3 - 4/3 + 3/2 and so on.
    let rest = "spiking 3
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 -
        coding 1/4 19/12
        outputs 3
        approximate-minimum
        qed";
    let statement = "target minimum 3\ndomain space 3\nnorm maximum\nerror 1/2\nkind exact\nspiking-size ?";
    let all = certificate(statement, &[], rest);
    let table = "
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 1 2 1/3 - 0 2 1/3 - # approximate-minimum: it does not hold that the neuron reads
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 1 2 1/3 - 0 1 1/3 - 2 2 1/3 - # approximate-minimum: it does not hold that weights
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 1 -2 1/3 - 0 -2 1/3 - 2 -2 1/3 - # approximate-minimum: it does not hold that weights
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 1 2 1/3 - 0 2 0 - 2 2 1/3 - # approximate-minimum: it does not hold that delays
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 1 2 1/3 - 0 2 1/3 9 2 2 1/3 - # approximate-minimum: it does not hold that windows
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 3 # approximate-minimum: the neuron has no synapses
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => neuron 4 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - # qed: it does not hold that E is at least
        neuron 3 1 2 1/3 - 0 2 1/3 - 2 2 1/3 - => # network: neuron 3 is not one of the 3 before
        coding 1/4 19/12 => coding 1/4 3/2 # qed: it does not hold that E is at least
        coding 1/4 19/12 => coding 1/4 19/12 2 0 # approximate-minimum: it does not hold that there are no reference
        outputs 3 => outputs 0 # approximate-minimum: it does not hold that the neuron is the output
        outputs 3 => outputs 3 3 # approximate-minimum: it does not hold that the neuron is the output
        error 1/2 => error 1/3 # qed: it does not hold that E is at least
        error 1/2 => error 2/3 # qed: it does not hold that E is the error
        domain space 3 => domain cube 3 0 9 # qed: it does not hold that the domain is that
        target minimum 3 => target minimum 2 # qed: it does not hold that the target
        target minimum 3 => target maximum 3 # qed: it does not hold that the target
        approximate-minimum => approximate-minimum 3 # approximate-minimum: '3' is not expected
        approximate-minimum => # qed: the spiking network has no specification
        approximate-minimum => approximate-minimum ; approximate-minimum # approximate-minimum: the spiking network does not take
    ";
    cases(&all, 0, table.trim_end());
}
