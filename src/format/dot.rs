//! Graphviz: the graph of a network, one node an operation, one cluster a called network.
//!
//! For reading only: weights are not in it. `dot -Tsvg net.dot > net.svg` draws it.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use crate::network::{LinearMap, Network, Operation, Value};

/// Writes the graph of a network in the language of Graphviz.
///
/// Every operation is a node with its dimension; a called network is drawn once, in its own cluster, and each call
/// points to it with a dashed edge. The same network gives the same bytes.
///
/// # Errors
/// What the writer returns.
pub fn write(network: &Network, writer: &mut dyn Write) -> io::Result<()> {
    let called = network.called_networks();
    let numbers: HashMap<*const Network, usize> =
        called.iter().enumerate().map(|(number, network)| (Arc::as_ptr(network), number)).collect();
    writer.write_all(b"digraph network {\n  rankdir=TB;\n  compound=true;\n  node [shape=box];\n")?;
    for (number, network) in called.iter().enumerate() {
        writeln!(writer, "  subgraph cluster_{number} {{\n    label=\"network {number}\";")?;
        write_nodes(network, &format!("n{number}"), &numbers, writer)?;
        writer.write_all(b"  }\n")?;
    }
    write_nodes(network, "main", &numbers, writer)?;
    for (number, network) in called.iter().enumerate() {
        write_calls(network, &format!("n{number}"), &called, &numbers, writer)?;
    }
    write_calls(network, "main", &called, &numbers, writer)?;
    writer.write_all(b"}\n")
}

/// The values of a network, all inputs among them, with their numbers.
fn values(network: &Network) -> Vec<(usize, Value)> {
    let used = network.values().into_iter().filter(|value| network.input_number(*value).is_none());
    network.inputs().chain(used).enumerate().collect()
}

fn write_nodes(
    network: &Network,
    prefix: &str,
    numbers: &HashMap<*const Network, usize>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let values = values(network);
    let number: HashMap<Value, usize> = values.iter().map(|(number, value)| (*value, *number)).collect();
    for &(id, value) in &values {
        let dimension = network.dimension(value);
        let (label, style) = match network.operation(value) {
            Operation::Input => (format!("input {dimension}"), ", shape=ellipse"),
            Operation::Relu => (format!("ReLU {dimension}"), ", style=filled, fillcolor=lightgrey"),
            Operation::Affine { maps, bias } => {
                let tiles: usize = maps.iter().chain([bias]).map(|map: &LinearMap| map.tiles().len()).sum();
                let plural = if tiles == 1 { "" } else { "s" };
                (format!("affine {dimension}\\n{tiles} tile{plural}"), "")
            }
            Operation::Call { copies, network } => {
                let called = numbers.get(&Arc::as_ptr(network)).copied().unwrap_or_default();
                (format!("network {called}\\n{copies} copies, {dimension}"), ", peripheries=2")
            }
        };
        let output = if value == network.output() { ", penwidth=2, xlabel=\"output\"" } else { "" };
        writeln!(writer, "    {prefix}_{id} [label=\"{label}\"{style}{output}];")?;
        for argument in network.arguments(value) {
            writeln!(writer, "    {prefix}_{} -> {prefix}_{id};", number[&argument])?;
        }
    }
    Ok(())
}

fn write_calls(
    network: &Network,
    prefix: &str,
    called: &[Arc<Network>],
    numbers: &HashMap<*const Network, usize>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    for (id, value) in values(network) {
        if let Operation::Call { network: callee, .. } = network.operation(value)
            && let Some(&number) = numbers.get(&Arc::as_ptr(callee))
        {
            let inside = values(&called[number]);
            let output = inside.iter().find(|(_, value)| *value == called[number].output()).map_or(0, |(id, _)| *id);
            let edge = format!("{prefix}_{id} -> n{number}_{output}");
            writeln!(writer, "  {edge} [style=dashed, constraint=false, lhead=cluster_{number}];")?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::arith::Rational;

    #[test]
    fn operations_are_nodes_and_called_networks_clusters() {
        let mut inner = Network::builder();
        let x = inner.input(1);
        let y = inner.relu(x);
        let inner = Arc::new(inner.finish(y));
        let mut builder = Network::builder();
        let x = builder.input(3);
        let y = builder.call(3, &inner, &[x]).unwrap();
        let z = builder.combination(&[(y, Rational::from(2)), (x, Rational::one())]).unwrap();
        let network = builder.finish(z);
        let mut text = Vec::new();
        write(&network, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for part in [
            "subgraph cluster_0 {",
            "n0_1 [label=\"ReLU 1\"",
            "main_0 [label=\"input 3\"",
            "main_1 [label=\"network 0\\n3 copies, 3\"",
            "main_2 [label=\"affine 3\\n2 tiles\"",
            "main_1 -> main_2;",
            "main_0 -> main_2;",
            "main_1 -> n0_1 [style=dashed",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert_eq!(text.matches('{').count(), text.matches('}').count());
    }
}
