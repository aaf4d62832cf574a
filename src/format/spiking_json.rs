//! Spiking networks.
//!
//! ```json
//! {"format": "certinet-spiking", "version": 1, "inputs": 2,
//!  "neurons": [{"id": 2, "threshold": "1", "synapses": [{"from": 0, "weight": "1", "delay": "2", "window": null}]}],
//!  "outputs": [2]}
//! ```
//!
//! Ids 0, .., inputs - 1 are the input neurons; neurons are listed after those they read; `window` null means that the
//! linear segment never ends. Two keys may be left out: a synapse has the `response`
//! {`knots`: \[\[age, value\], ..\], `slope`} where its response is no ramp, a neuron has the `refractory` response to its own
//! spikes, of the same form. A network that computes with numbers also has `input_offset`, `output_offset`
//! (time = value + offset) and `reference_inputs`, a list of {`id`, `time`}: all three or none.

use std::io::{self, Write};

use serde::Deserialize;

use super::json_parts::{Item, List, Number, bits};
use super::network_error::ReadNetworkError;
use super::network_file::sniff;
use crate::arith::Rational;
use crate::spiking::{Coding, Neuron, Response, SpikingError, SpikingNetwork, Synapse};

/// The value of the `format` key.
pub const FORMAT: &str = "certinet-spiking";
/// The largest number of inputs that is read.
pub const MAX_INPUTS: usize = 1 << 22;

/// A text that is no spiking network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadSpikingError {
    /// The JSON text ends early, is malformed, or holds another value than its place takes.
    #[error(transparent)]
    Text(ReadNetworkError),
    /// The `format` key names another format.
    #[error("the format is '{found}': accepted is certinet-spiking")]
    Format {
        /// The format found, cut to 60 characters; empty when the key is missing.
        found: String,
    },
    /// A version that is not read.
    #[error("version {found} is not read: accepted is version 1")]
    Version {
        /// The version found.
        found: u64,
    },
    /// More inputs than are read.
    #[error("inputs is {found}: at most {MAX_INPUTS} are accepted")]
    Inputs {
        /// The number found.
        found: usize,
    },
    /// Some of the three keys of a coding, but not all.
    #[error("the key {missing} is missing: accepted are input_offset, output_offset and reference_inputs, all or none")]
    Coding {
        /// The missing key.
        missing: &'static str,
    },
    /// Knots that make no response.
    #[error("neuron {id}, {place} has a response whose knots do not start at age 0 and increase")]
    Response {
        /// The neuron.
        id: usize,
        /// Where in the neuron.
        place: String,
    },
    /// The parts make no network.
    #[error(transparent)]
    Network(#[from] SpikingError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u64,
    inputs: usize,
    neurons: List<NeuronPart>,
    outputs: List<OutputPart>,
    input_offset: Option<Number>,
    output_offset: Option<Number>,
    reference_inputs: Option<List<ReferencePart>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeuronPart {
    id: usize,
    threshold: Number,
    synapses: List<SynapsePart>,
    refractory: Option<ResponsePart>,
}

impl Item for NeuronPart {
    const LIST: &'static str = "neurons";
    fn bits(&self) -> u64 {
        let refractory = self.refractory.as_ref().map_or(0, ResponsePart::bits);
        bits(&self.threshold.0) + self.synapses.0.iter().map(Item::bits).sum::<u64>() + refractory
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SynapsePart {
    from: usize,
    weight: Number,
    delay: Number,
    window: Option<Number>,
    response: Option<ResponsePart>,
}

impl Item for SynapsePart {
    const LIST: &'static str = "synapses";
    fn bits(&self) -> u64 {
        let window = self.window.as_ref().map_or(0, |window| bits(&window.0));
        bits(&self.weight.0) + bits(&self.delay.0) + window + self.response.as_ref().map_or(0, ResponsePart::bits)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponsePart {
    knots: List<KnotPart>,
    slope: Number,
}

impl ResponsePart {
    fn bits(&self) -> u64 {
        bits(&self.slope.0) + self.knots.0.iter().map(Item::bits).sum::<u64>()
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct KnotPart((Number, Number));

impl Item for KnotPart {
    const LIST: &'static str = "knots";
    fn bits(&self) -> u64 {
        bits(&self.0.0.0) + bits(&self.0.1.0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferencePart {
    id: usize,
    time: Number,
}

impl Item for ReferencePart {
    const LIST: &'static str = "reference_inputs";
    fn bits(&self) -> u64 {
        bits(&self.time.0)
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct OutputPart(usize);

impl Item for OutputPart {
    const LIST: &'static str = "outputs";
}

/// Whether the `format` key of a text names this format.
pub fn is_spiking(text: &str) -> bool {
    sniff(text).is_ok_and(|found| found == FORMAT)
}

/// Reads a spiking network.
///
/// Numbers are strings in any exact form (`"1/2"`, `"-3"`, `"1e-3"`, `"2^-20"`) or JSON integers.
///
/// **Exactness.** Exact.
///
/// # Errors
/// [`ReadSpikingError`] with the place: malformed or truncated JSON, unknown, repeated or missing keys, another format or
/// version, floats, and what [`SpikingNetwork::new`] refuses.
///
/// ```
/// use certinet::format::spiking_json::read;
/// let text = r#"{"format": "certinet-spiking", "version": 1, "inputs": 1, "outputs": [1], "neurons": [
///     {"id": 1, "threshold": "1/2", "synapses": [{"from": 0, "weight": 1, "delay": 0, "window": null}]}]}"#;
/// assert_eq!(read(text)?.layers(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(text: &str) -> Result<SpikingNetwork, ReadSpikingError> {
    let no_format = |error| match error {
        ReadNetworkError::Format { found } => ReadSpikingError::Format { found },
        other => ReadSpikingError::Text(other),
    };
    // The format is looked at first: a network of another kind is not a spiking network with unknown keys.
    let found = sniff(text).map_err(no_format)?;
    if found != FORMAT {
        return Err(ReadSpikingError::Format { found: found.chars().take(60).collect() });
    }
    let file: File = serde_json::from_str(text).map_err(|error| ReadSpikingError::Text(error.into()))?;
    if file.format != FORMAT {
        return Err(ReadSpikingError::Format { found: file.format.chars().take(60).collect() });
    }
    if file.version != 1 {
        return Err(ReadSpikingError::Version { found: file.version });
    }
    if file.inputs > MAX_INPUTS {
        return Err(ReadSpikingError::Inputs { found: file.inputs });
    }
    let neurons = file.neurons.0.into_iter().map(neuron).collect::<Result<_, _>>()?;
    let outputs = file.outputs.0.into_iter().map(|output| output.0).collect();
    let network = SpikingNetwork::new(file.inputs, neurons, outputs)?;
    let (input_offset, output_offset, reference_inputs) =
        match (file.input_offset, file.output_offset, file.reference_inputs) {
            (None, None, None) => return Ok(network),
            (Some(input), Some(output), Some(references)) => (input.0, output.0, references.0),
            (None, ..) => return Err(ReadSpikingError::Coding { missing: "input_offset" }),
            (_, None, _) => return Err(ReadSpikingError::Coding { missing: "output_offset" }),
            (.., None) => return Err(ReadSpikingError::Coding { missing: "reference_inputs" }),
        };
    let reference_inputs = reference_inputs.into_iter().map(|part| (part.id, part.time.0)).collect();
    Ok(network.with_coding(Coding { input_offset, output_offset, reference_inputs })?)
}

fn neuron(part: NeuronPart) -> Result<Neuron, ReadSpikingError> {
    let id = part.id;
    let response = |part: Option<ResponsePart>, place: &dyn Fn() -> String| match part {
        None => Ok(None),
        Some(ResponsePart { knots, slope }) => {
            let knots = knots.0.into_iter().map(|KnotPart((age, value))| (age.0, value.0)).collect();
            let found = Response::new(knots, slope.0);
            found.map(Some).ok_or_else(|| ReadSpikingError::Response { id, place: place() })
        }
    };
    let mut synapses = Vec::with_capacity(part.synapses.0.len());
    for (number, part) in part.synapses.0.into_iter().enumerate() {
        let shape = response(part.response, &|| format!("synapses[{number}]"))?;
        let window = part.window.map(|window| window.0);
        synapses.push(Synapse { from: part.from, weight: part.weight.0, delay: part.delay.0, window, shape });
    }
    let refractory = response(part.refractory, &|| "refractory".to_owned())?;
    Ok(Neuron { id, threshold: part.threshold.0, synapses, refractory })
}

/// Writes a spiking network, one neuron a line.
///
/// The same network gives the same bytes.
///
/// # Errors
/// Those of the writer.
pub fn write(network: &SpikingNetwork, writer: &mut dyn Write) -> io::Result<()> {
    write!(writer, "{{\"format\":\"{FORMAT}\",\"version\":1,\"inputs\":{},\"neurons\":[", network.inputs())?;
    for (number, neuron) in network.neurons().iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(writer, "{comma}\n{{\"id\":{},\"threshold\":\"{}\",\"synapses\":[", neuron.id, neuron.threshold)?;
        for (number, synapse) in neuron.synapses.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            let Synapse { from, weight, delay, window, shape } = synapse;
            let window = window.as_ref().map_or_else(|| "null".to_owned(), |window| format!("\"{window}\""));
            write!(
                writer,
                "{comma}{{\"from\":{from},\"weight\":\"{weight}\",\"delay\":\"{delay}\",\"window\":{window}"
            )?;
            write_response(",\"response\":", shape.as_ref(), writer)?;
            writer.write_all(b"}")?;
        }
        writer.write_all(b"]")?;
        write_response(",\"refractory\":", neuron.refractory.as_ref(), writer)?;
        writer.write_all(b"}")?;
    }
    write!(writer, "],\n\"outputs\":{:?}", network.outputs())?;
    if let Some(coding) = network.coding() {
        write!(writer, ",\"input_offset\":\"{}\",\"output_offset\":\"{}\"", coding.input_offset, coding.output_offset)?;
        let reference = |(id, time): &(usize, Rational)| format!("{{\"id\":{id},\"time\":\"{time}\"}}");
        let references: Vec<String> = coding.reference_inputs.iter().map(reference).collect();
        write!(writer, ",\"reference_inputs\":[{}]", references.join(","))?;
    }
    writer.write_all(b"}\n")
}

/// A response that is there, with its key.
fn write_response(key: &str, response: Option<&Response>, writer: &mut dyn Write) -> io::Result<()> {
    let Some(response) = response else { return Ok(()) };
    let knots: Vec<String> = response.knots().iter().map(|(age, value)| format!("[\"{age}\",\"{value}\"]")).collect();
    write!(writer, "{key}{{\"knots\":[{}],\"slope\":\"{}\"}}", knots.join(","), response.slope())
}

#[cfg(test)]
mod tests;
