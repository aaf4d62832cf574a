//! From a model to a fully connected network.

use std::collections::HashMap;

use prost::Message;

use super::error::{OnnxError, cut};
use super::messages::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_TENSOR, Attribute, Graph, Model, Node, Tensor, ValueInfo,
};
use super::tensor::{Array, read_tensor};
use crate::arith::Rational;
use crate::network::{DenseLayer, Mlp};

/// Broadcasting is the one of today from this version of the operators.
const LEAST_VERSION: i64 = 7;
/// The default of the slope of LeakyRelu.
const DEFAULT_SLOPE: f32 = 0.01;

/// Reads a fully connected network: affine maps with one activation between them, none at the end.
///
/// Affine maps are Gemm, or MatMul with or without Add; activations are Relu and LeakyRelu with one slope; Flatten and
/// Identity change nothing here. Initialisers are of 32 or 64 bits, raw or typed.
///
/// **Exactness.** The network's numbers are the floats of the file; the slope is the float that the file holds.
///
/// # Errors
/// [`OnnxError`].
pub fn read(bytes: &[u8]) -> Result<Mlp, OnnxError> {
    let model = Model::decode(bytes).map_err(|error| OnnxError::Decode { problem: cut(&error.to_string()) })?;
    let is_standard = |domain: &str| domain.is_empty() || domain == "ai.onnx";
    let version = model.opset_import.iter().find(|set| is_standard(&set.domain)).map(|set| set.version);
    let graph = model.graph.ok_or(OnnxError::Missing { what: "graph" })?;
    let version = version.ok_or(OnnxError::Missing { what: "version of its operators" })?;
    if version < LEAST_VERSION {
        return Err(OnnxError::Version { version, least: LEAST_VERSION });
    }
    let mut reader = Reader::new(&graph)?;
    for (number, node) in graph.node.iter().enumerate() {
        let place = format!("node {} ('{}')", number + 1, cut(&node.name));
        if !is_standard(&node.domain) {
            return Err(OnnxError::Operation {
                node: place,
                operation: cut(&format!("{}.{}", node.domain, node.op_type)),
            });
        }
        reader.node(&place, node)?;
    }
    reader.finish(&graph)
}

/// An affine map whose bias may still come.
struct Affine {
    inputs: usize,
    /// Row by row, one row an output.
    weights: Vec<f64>,
    outputs: usize,
    bias: Option<Vec<f64>>,
}

/// What was read so far.
struct Reader {
    arrays: HashMap<String, Array>,
    /// The value that the next node reads.
    current: String,
    /// The declared entries of an input.
    declared: Option<usize>,
    layers: Vec<Affine>,
    /// Whether the current value comes out of an activation.
    activated: bool,
    slope: Option<Rational>,
}

impl Reader {
    fn new(graph: &Graph) -> Result<Self, OnnxError> {
        let mut arrays = HashMap::new();
        for tensor in &graph.initializer {
            if arrays.insert(tensor.name.clone(), read_tensor(tensor)?).is_some() {
                return Err(twice(&tensor.name));
            }
        }
        // Older files list initialisers among the inputs.
        let inputs: Vec<&ValueInfo> = graph.input.iter().filter(|input| !arrays.contains_key(&input.name)).collect();
        let &[input] = inputs.as_slice() else {
            return Err(OnnxError::Count { what: "inputs", found: inputs.len(), expected: 1 });
        };
        let current = input.name.clone();
        Ok(Self { arrays, current, declared: entries(input), layers: Vec::new(), activated: false, slope: None })
    }

    fn node(&mut self, place: &str, node: &Node) -> Result<(), OnnxError> {
        let [output] = node.output.as_slice() else {
            return Err(refuse(place, format!("{} outputs", node.output.len()), "one output"));
        };
        if *output == self.current || self.arrays.contains_key(output) {
            return Err(refuse(place, format!("the output '{}' is written twice", cut(output)), "a new name"));
        }
        match node.op_type.as_str() {
            "Constant" => {
                let value = attribute(place, node, "value", ATTRIBUTE_TENSOR)?.and_then(|a| a.t.clone());
                let value: Tensor = value
                    .ok_or_else(|| refuse(place, "a constant that is no array".to_owned(), "the attribute value"))?;
                self.arrays.insert(output.clone(), read_tensor(&Tensor { name: output.clone(), ..value })?);
                return Ok(());
            }
            "Gemm" => self.gemm(place, node)?,
            "MatMul" => {
                let matrix = self.constant(place, node, 1)?;
                self.arguments(place, node, 2)?;
                let affine = matrix_of(place, matrix, false)?;
                self.affine(place, affine)?;
            }
            "Add" => self.add(place, node)?,
            "Relu" => self.activation(place, node, Rational::zero())?,
            "LeakyRelu" => {
                let slope = float(place, node, "alpha", DEFAULT_SLOPE)?;
                let slope = Rational::from_f32(slope)
                    .map_err(|_| refuse(place, "the slope is no number".to_owned(), "a finite alpha"))?;
                self.activation(place, node, slope)?;
            }
            "Flatten" => {
                self.arguments(place, node, 1)?;
                if integer(place, node, "axis", 1)? != 1 {
                    return Err(refuse(place, "an axis other than 1".to_owned(), "axis 1"));
                }
            }
            "Identity" => self.arguments(place, node, 1)?,
            other => return Err(OnnxError::Operation { node: place.to_owned(), operation: cut(other) }),
        }
        self.current.clone_from(output);
        Ok(())
    }

    /// The first argument is the current value, and there are so many.
    fn arguments(&self, place: &str, node: &Node, expected: usize) -> Result<(), OnnxError> {
        if node.input.len() != expected {
            return Err(refuse(place, format!("{} arguments", node.input.len()), "one value and constants"));
        }
        self.reads_current(place, node)
    }
    fn reads_current(&self, place: &str, node: &Node) -> Result<(), OnnxError> {
        if node.input.first() == Some(&self.current) {
            return Ok(());
        }
        Err(refuse(place, "the first argument is not the value of the node before".to_owned(), "a chain of nodes"))
    }
    fn constant(&self, place: &str, node: &Node, index: usize) -> Result<&Array, OnnxError> {
        let name = node.input.get(index).map_or("", String::as_str);
        let missing = || refuse(place, format!("argument '{}' is no constant", cut(name)), "an initialiser");
        self.arrays.get(name).ok_or_else(missing)
    }

    fn gemm(&mut self, place: &str, node: &Node) -> Result<(), OnnxError> {
        // An optional argument that is left out may be an empty name.
        let has_bias = node.input.get(2).is_some_and(|name| !name.is_empty());
        self.arguments(place, node, node.input.len().clamp(2, 3))?;
        let one = 1f32.to_bits();
        if float(place, node, "alpha", 1.0)?.to_bits() != one
            || (has_bias && float(place, node, "beta", 1.0)?.to_bits() != one)
        {
            return Err(refuse(place, "a factor other than 1".to_owned(), "alpha = beta = 1"));
        }
        if integer(place, node, "transA", 0)? != 0 {
            return Err(refuse(place, "a transposed input".to_owned(), "transA = 0"));
        }
        let transposed = integer(place, node, "transB", 0)? != 0;
        let mut affine = matrix_of(place, self.constant(place, node, 1)?, transposed)?;
        if has_bias {
            affine.bias = Some(bias_of(place, self.constant(place, node, 2)?, affine.outputs)?);
        }
        self.affine(place, affine)
    }

    fn add(&mut self, place: &str, node: &Node) -> Result<(), OnnxError> {
        // A sum has no order: the constant may come first.
        let names = &node.input;
        let index = if names.get(1) == Some(&self.current) { 0 } else { 1 };
        if names.len() != 2 || names.get(1 - index) != Some(&self.current) {
            return Err(refuse(
                place,
                "the sum is not one of the value of the node before".to_owned(),
                "value + constant",
            ));
        }
        let Some(outputs) = self.layers.last().filter(|last| last.bias.is_none() && !self.activated).map(|l| l.outputs)
        else {
            return Err(refuse(place, "nothing is there that lacks a bias".to_owned(), "Add behind a MatMul"));
        };
        let bias = bias_of(place, self.constant(place, node, index)?, outputs)?;
        if let Some(last) = self.layers.last_mut() {
            last.bias = Some(bias);
        }
        Ok(())
    }

    fn affine(&mut self, place: &str, affine: Affine) -> Result<(), OnnxError> {
        let expected = self.layers.last().map(|last| last.outputs).or(self.declared);
        if !self.layers.is_empty() && !self.activated {
            return Err(refuse(
                place,
                "two affine maps without an activation between".to_owned(),
                "an activation between",
            ));
        }
        if expected.is_some_and(|expected| expected != affine.inputs) {
            let problem = format!("the map takes {} numbers, {} come in", affine.inputs, expected.unwrap_or(0));
            return Err(refuse(place, problem, "a map that fits"));
        }
        self.layers.push(affine);
        self.activated = false;
        Ok(())
    }

    fn activation(&mut self, place: &str, node: &Node, slope: Rational) -> Result<(), OnnxError> {
        self.arguments(place, node, 1)?;
        if self.layers.is_empty() || self.activated {
            return Err(refuse(
                place,
                "an activation without an affine map before it".to_owned(),
                "activations between affine maps",
            ));
        }
        if self.slope.as_ref().is_some_and(|old| *old != slope) {
            return Err(refuse(place, "another slope than that of the activation before".to_owned(), "one slope"));
        }
        self.slope = Some(slope);
        self.activated = true;
        Ok(())
    }

    fn finish(self, graph: &Graph) -> Result<Mlp, OnnxError> {
        let [output] = graph.output.as_slice() else {
            return Err(OnnxError::Count { what: "outputs", found: graph.output.len(), expected: 1 });
        };
        if output.name != self.current {
            return Err(OnnxError::Missing { what: "output that is the value of its last node" });
        }
        if self.layers.is_empty() {
            return Err(OnnxError::Missing { what: "affine map" });
        }
        if self.activated {
            return Err(OnnxError::Missing { what: "affine map behind its last activation" });
        }
        let precision = self.arrays.values().map(|array| array.precision);
        let precision = precision.fold(crate::network::Precision::Single, |all, one| {
            if one == crate::network::Precision::Double { one } else { all }
        });
        let layer = |affine: Affine| {
            let bias = affine.bias.unwrap_or_else(|| vec![0.0; affine.outputs]);
            DenseLayer::new(affine.inputs, affine.weights, bias)
        };
        let layers = self.layers.into_iter().map(layer).collect::<Result<Vec<_>, _>>()?;
        Ok(Mlp::new(layers, self.slope.unwrap_or_default(), precision)?)
    }
}

fn twice(name: &str) -> OnnxError {
    OnnxError::Tensor { name: cut(name), problem: "the name is there twice".to_owned(), accepted: "one array a name" }
}

fn refuse(place: &str, problem: String, accepted: &'static str) -> OnnxError {
    OnnxError::Node { node: place.to_owned(), problem, accepted }
}

/// The entries of one sample, where the file says so: the product of the dimensions behind the first.
fn entries(input: &ValueInfo) -> Option<usize> {
    let dims = &input.kind.as_ref()?.tensor.as_ref()?.shape.as_ref()?.dim;
    let inner = if dims.len() > 1 { &dims[1..] } else { dims };
    inner.iter().try_fold(1usize, |product, dim| product.checked_mul(usize::try_from(dim.value?).ok()?))
}

/// The matrix of an array: [outputs, inputs] when transposed, [inputs, outputs] otherwise.
fn matrix_of(place: &str, array: &Array, transposed: bool) -> Result<Affine, OnnxError> {
    let &[rows, columns] = array.shape.as_slice() else {
        return Err(refuse(place, format!("an array of {} dimensions", array.shape.len()), "a matrix"));
    };
    let (inputs, outputs) = if transposed { (columns, rows) } else { (rows, columns) };
    if inputs == 0 || outputs == 0 {
        return Err(refuse(place, "a matrix without entries".to_owned(), "at least one input and one output"));
    }
    let weights = if transposed {
        array.values.clone()
    } else {
        (0..outputs).flat_map(|i| (0..inputs).map(move |j| array.values[j * outputs + i])).collect()
    };
    Ok(Affine { inputs, weights, outputs, bias: None })
}

/// A bias: one number an output, or one for all.
fn bias_of(place: &str, array: &Array, outputs: usize) -> Result<Vec<f64>, OnnxError> {
    // Dimensions of 1 in front are those of the batch.
    let inner = array.shape.iter().rposition(|n| *n != 1).map_or(0, |last| last + 1);
    let leading = array.shape.iter().take(inner.saturating_sub(1)).all(|n| *n == 1);
    match array.values.as_slice() {
        [x] => Ok(vec![*x; outputs]),
        values if values.len() == outputs && leading && inner == array.shape.len() => Ok(values.to_vec()),
        _ => Err(refuse(place, format!("a bias of shape {:?}", array.shape), "one number an output")),
    }
}

fn attribute<'a>(place: &str, node: &'a Node, name: &str, kind: i32) -> Result<Option<&'a Attribute>, OnnxError> {
    let mut found = node.attribute.iter().filter(|attribute| attribute.name == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(refuse(place, format!("the attribute {name} is there twice"), "one attribute a name"));
    }
    // Files of before kinds were required leave them out.
    if first.is_some_and(|attribute| attribute.kind != kind && attribute.kind != 0) {
        return Err(refuse(place, format!("the attribute {name} is of another kind"), "the kind of the operator"));
    }
    Ok(first)
}
fn float(place: &str, node: &Node, name: &str, default: f32) -> Result<f32, OnnxError> {
    Ok(attribute(place, node, name, ATTRIBUTE_FLOAT)?.map_or(default, |attribute| attribute.f))
}
fn integer(place: &str, node: &Node, name: &str, default: i64) -> Result<i64, OnnxError> {
    Ok(attribute(place, node, name, ATTRIBUTE_INT)?.map_or(default, |attribute| attribute.i))
}
