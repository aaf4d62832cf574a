//! From a fully connected network to a model.

use std::io::Write;

use prost::Message;

use super::messages::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, Attribute, DOUBLE, Dimension, FLOAT, Graph, Model, Node, OperatorSet, Shape,
    Tensor, TensorType, ValueInfo, ValueType,
};
use crate::format::WriteNetworkError;
use crate::network::{Mlp, Precision};

/// Version of the file format and of the operators: those of 2021, which every later program reads.
const IR_VERSION: i64 = 8;
const OPERATORS: i64 = 13;

/// Writes a network as one Gemm a layer with Relu or LeakyRelu between; the first dimension is the batch.
///
/// Equal networks give equal bytes.
///
/// # Errors
/// [`WriteNetworkError::Slope`] where no float of 32 bits equals the slope; [`WriteNetworkError::Io`].
pub fn write(network: &Mlp, writer: &mut dyn Write) -> Result<(), WriteNetworkError> {
    // A float has 24 bits, so rounding down to one is exact or the slope is none.
    let down = network.slope().to_f64_down();
    let slope = down as f32;
    if crate::arith::Rational::from_f32(slope).ok().as_ref() != Some(network.slope()) {
        let slope = network.slope().to_string().chars().take(60).collect();
        return Err(WriteNetworkError::Slope { slope });
    }
    let (mut nodes, mut initializers) = (Vec::new(), Vec::new());
    let count = network.layers().len();
    let mut value = "input".to_owned();
    for (number, layer) in network.layers().iter().enumerate() {
        let [weight, bias] = ["weight", "bias"].map(|part| format!("layer{}.{part}", number + 1));
        let last = number + 1 == count;
        let output = if last { "output".to_owned() } else { format!("layer{}", number + 1) };
        initializers.push(tensor(network, &weight, &[layer.outputs(), layer.inputs()], layer.weights()));
        initializers.push(tensor(network, &bias, &[layer.outputs()], layer.bias()));
        let transposed = Attribute { name: "transB".to_owned(), i: 1, kind: ATTRIBUTE_INT, ..Attribute::default() };
        nodes.push(node("Gemm", vec![value, weight, bias], output.clone(), vec![transposed]));
        value = output;
        if !last {
            let output = format!("activation{}", number + 1);
            let (operation, attributes) = if network.slope().is_zero() {
                ("Relu", Vec::new())
            } else {
                let name = "alpha".to_owned();
                ("LeakyRelu", vec![Attribute { name, f: slope, kind: ATTRIBUTE_FLOAT, ..Attribute::default() }])
            };
            nodes.push(node(operation, vec![value], output.clone(), attributes));
            value = output;
        }
    }
    let graph = Graph {
        node: nodes,
        name: "network".to_owned(),
        initializer: initializers,
        input: vec![value_info(network, "input", network.input_dimension())],
        output: vec![value_info(network, "output", network.output_dimension())],
    };
    let model = Model {
        ir_version: IR_VERSION,
        producer_name: "certinet".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
    };
    Ok(writer.write_all(&model.encode_to_vec())?)
}

fn node(operation: &str, input: Vec<String>, output: String, attribute: Vec<Attribute>) -> Node {
    let name = format!("{operation}_{output}");
    Node { input, output: vec![output], name, op_type: operation.to_owned(), attribute, domain: String::new() }
}

fn data_type(network: &Mlp) -> i32 {
    if network.precision() == Precision::Single { FLOAT } else { DOUBLE }
}

fn tensor(network: &Mlp, name: &str, shape: &[usize], values: &[f64]) -> Tensor {
    let raw_data = match network.precision() {
        // Every number of the network is a float of 32 bits, so the conversion is exact.
        Precision::Single => values.iter().flat_map(|x| (*x as f32).to_le_bytes()).collect(),
        Precision::Double => values.iter().flat_map(|x| x.to_le_bytes()).collect(),
    };
    let dims = shape.iter().map(|n| *n as i64).collect();
    Tensor { dims, data_type: data_type(network), name: name.to_owned(), raw_data, ..Tensor::default() }
}

fn value_info(network: &Mlp, name: &str, entries: usize) -> ValueInfo {
    let batch = Dimension { value: None, name: Some("batch".to_owned()) };
    let shape = Shape { dim: vec![batch, Dimension { value: Some(entries as i64), name: None }] };
    let tensor = Some(TensorType { element: data_type(network), shape: Some(shape) });
    ValueInfo { name: name.to_owned(), kind: Some(ValueType { tensor }) }
}
