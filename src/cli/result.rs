//! Constructions as results: JSON for programs, short words for readers.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::built::BuiltSize;
use crate::arith::{Integer, Rational};
use crate::certify::{Norm, Witness};
use crate::construct::{Construction, Parameter, Published};
use crate::network::Size;

/// The keys that every result about a network has.
pub(super) fn size_json(size: &Size) -> Map<String, Value> {
    let mut map = Map::new();
    for (key, value) in [
        ("layers", size.layers as u128),
        ("neurons", size.neurons),
        ("weights", size.weights),
        ("first_layer_weights", size.first_layer_weights),
        ("last_layer_weights", size.last_layer_weights),
        ("width", size.width),
        ("dense_parameters", size.dense_parameters),
    ] {
        map.insert(key.to_owned(), Value::String(value.to_string()));
    }
    map
}

/// Family, method, parameters, claim and published bound of a construction, with the exact size of its network.
pub(super) fn construction_json<N>(
    construction: &Construction<N>,
    size: &BuiltSize,
    witness: Option<&Witness>,
    certificate: Option<&Path>,
) -> Value {
    let claim = &construction.claim;
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("family", json!(construction.family));
    put("method", json!(construction.method));
    put("parameters", parameters_json(construction));
    for (key, value) in size.json() {
        put(&key, value);
    }
    put("error_bound", json!(claim.error.to_string()));
    put("error_kind", json!(claim.kind.name()));
    put("target", json!(claim.target.formula()));
    put("domain", json!(claim.domain.to_string()));
    put("norm", json!(norm_name(claim.norm)));
    put("derivative_error_bound", json!(claim.derivative_error.as_ref().map(Rational::to_string)));
    put(
        "error_witness",
        witness.map_or(Value::Null, |w| {
            let input: Vec<String> = w.input.iter().map(Rational::to_string).collect();
            json!({"input": input, "error": w.error.to_string()})
        }),
    );
    put("lower_bound", json!(construction.lower_bound.map(|n| n.to_string())));
    put("published", construction.published.as_ref().map_or(Value::Null, |p| published_json(p, size)));
    put("certificate", json!(certificate.map(|path| path.to_string_lossy())));
    Value::Object(map)
}

fn published_json(published: &Published, size: &BuiltSize) -> Value {
    json!({
        "source": published.source,
        "formula": published.formula,
        "layers": published.layers.map(|n| n.to_string()),
        "neurons": published.neurons.map(|n| n.to_string()),
        "weights": published.weights.map(|n| n.to_string()),
        "implied_weights_constant": implied_constant(size.weights(), published.weights_scale.as_ref()).map(|c| c.to_string()),
        "implied_layers_constant":
            implied_constant(size.layers() as u128, published.layers_scale.as_ref()).map(|c| c.to_string()),
    })
}

/// The constant C for which the network satisfies size <= C scale, rounded up to 20 bits.
///
/// Upper bound: the scale is a lower bound of the paper's, so size <= C scale holds for the paper's scale as well.
pub(super) fn implied_constant(size: u128, scale: Option<&Rational>) -> Option<Rational> {
    let scale = scale.filter(|scale| scale.is_positive())?;
    Some((&Rational::from(Integer::from(size)) / scale).round_up(20))
}

fn norm_name(norm: Norm) -> &'static str {
    match norm {
        Norm::Maximum => "maximum",
        Norm::Spectral { .. } => "spectral",
        Norm::Euclidean => "euclidean",
        Norm::RelativeEnergy => "relative-energy",
        Norm::RelativeH1 => "relative-h1",
    }
}

fn parameters_json<N>(construction: &Construction<N>) -> Value {
    let value = |parameter: &Parameter| match parameter {
        Parameter::Count(n) => json!(n),
        Parameter::Number(x) => json!(x.to_string()),
        Parameter::Numbers(list) => json!(list.iter().map(Rational::to_string).collect::<Vec<_>>()),
        Parameter::Word(word) => json!(word),
    };
    Value::Object(construction.parameters.iter().map(|(name, p)| ((*name).to_owned(), value(p))).collect())
}

/// The parameters in a few words: without the levels of each product, which the JSON has, and long lists by their ends.
pub(super) fn parameters_text<N>(construction: &Construction<N>) -> String {
    let value = |parameter: &Parameter| match parameter {
        Parameter::Count(n) => n.to_string(),
        Parameter::Number(x) => x.to_string(),
        Parameter::Word(word) => word.clone(),
        Parameter::Numbers(list) => match list.as_slice() {
            [first, .., last] if list.len() > 6 => format!("{first},..,{last}"),
            _ => list.iter().map(Rational::to_string).collect::<Vec<_>>().join(","),
        },
    };
    let listed =
        construction.parameters.iter().filter(|(name, p)| !matches!((*name, p), ("levels", Parameter::Numbers(_))));
    listed.map(|(name, p)| format!("{name}={}", value(p))).collect::<Vec<_>>().join(" ")
}
