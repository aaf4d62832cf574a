//! Networks in files: the format is told by the name and, in JSON, by the `format` key.
//!
//! ONNX is read from bytes, by [`super::onnx`].

use core::fmt;
use std::io::Write;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::network_error::{ReadNetworkError, WriteNetworkError};
use super::{dot, layered_json, onnx, structured_json};
use crate::network::{Layered, Mlp, Network, NetworkError};

/// A network as a file holds it.
#[derive(Debug, Clone)]
pub enum NetworkFile {
    /// From a structured file.
    Structured(Network),
    /// From a layered file.
    Layered(Layered),
    /// From an ONNX file.
    Dense(Mlp),
}

impl NetworkFile {
    /// The graph; a layered form becomes a chain.
    ///
    /// # Errors
    /// As [`Mlp::to_layered`].
    pub fn into_network(self) -> Result<Network, NetworkError> {
        Ok(match self {
            Self::Structured(network) => network,
            Self::Layered(layered) => Network::from(&layered),
            Self::Dense(mlp) => Network::from(&mlp.to_layered()?),
        })
    }
    /// The layered form, lowered where it is not one already.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] from [`Network::layered`].
    pub fn into_layered(self) -> Result<Layered, NetworkError> {
        match self {
            Self::Structured(network) => network.layered(),
            Self::Layered(layered) => Ok(layered),
            Self::Dense(mlp) => mlp.to_layered(),
        }
    }
    /// The network as matrices of floats.
    ///
    /// # Errors
    /// As [`Mlp::from_layered`].
    pub fn into_dense(self, max_weights: u128) -> Result<Mlp, NetworkError> {
        match self {
            Self::Dense(mlp) => Ok(mlp),
            other => Mlp::from_layered(&other.into_layered()?, max_weights),
        }
    }
}

/// Reads a network from the text of a file of this name.
///
/// Both JSON forms are read under any name that ends in `.json`; the `format` key says which it is.
///
/// # Errors
/// [`ReadNetworkError`] for an unknown extension, an unknown format, or what the reader of the format finds.
pub fn read_network(name: &str, text: &str) -> Result<NetworkFile, ReadNetworkError> {
    if !name.to_ascii_lowercase().ends_with(".json") {
        return Err(ReadNetworkError::Extension { name: cut_front(name) });
    }
    match sniff(text)?.as_str() {
        structured_json::FORMAT => Ok(NetworkFile::Structured(structured_json::read(text)?.network)),
        layered_json::FORMAT => Ok(NetworkFile::Layered(layered_json::read(text)?)),
        found => Err(ReadNetworkError::Format { found: found.chars().take(60).collect() }),
    }
}

/// Writes a network in the format that the name asks for: `.layered.json`, `.json` (structured), `.onnx` or `.dot`.
///
/// # Errors
/// [`WriteNetworkError`]: an unknown extension, a form of more than `max_weights` written out, weights that the format
/// cannot hold, or a failure to write.
pub fn write_network(
    name: &str,
    network: NetworkFile,
    max_weights: u128,
    writer: &mut dyn Write,
) -> Result<(), WriteNetworkError> {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(".layered.json") {
        layered_json::write(&network.into_layered()?, max_weights, writer)
    } else if lower.ends_with(".json") {
        structured_json::write(&network.into_network()?, None, writer)
    } else if lower.ends_with(".onnx") {
        onnx::write(&network.into_dense(max_weights)?, writer)
    } else if lower.ends_with(".dot") {
        Ok(dot::write(&network.into_network()?, writer)?)
    } else {
        Err(WriteNetworkError::Extension { name: cut_front(name) })
    }
}

/// The end of a name, for a message.
fn cut_front(name: &str) -> String {
    let length = name.chars().count();
    name.chars().skip(length.saturating_sub(60)).collect()
}

/// The value of the `format` key; reads no further than to it.
pub(super) fn sniff(text: &str) -> Result<String, ReadNetworkError> {
    let mut found = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let outcome = Sniffer(&mut found).deserialize(&mut deserializer);
    match (found, outcome) {
        (Some(format), _) => Ok(format),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(())) => Err(ReadNetworkError::Format { found: String::new() }),
    }
}

struct Sniffer<'a>(&'a mut Option<String>);

impl<'de> DeserializeSeed<'de> for Sniffer<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sniffer<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the key 'format'")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "format" {
                *self.0 = Some(map.next_value()?);
                // What is wanted is found: the error only ends the reading.
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_format_key_decides() {
        for text in [r#"{"format": "x", "#, r#"{"layers": [{"a": [1, "]"]}], "format": "x"}"#] {
            assert_eq!(sniff(text), Ok("x".to_owned()));
        }
        assert_eq!(sniff("{}"), Err(ReadNetworkError::Format { found: String::new() }));
        for text in ["", "[", "7", "{\"format\": 7}", "{\"format\"", "{\"a\": {"] {
            assert!(matches!(sniff(text), Err(ReadNetworkError::Json { .. })), "{text}");
        }
        let error = read_network("net.json", r#"{"format": "onnx"}"#).unwrap_err().to_string();
        assert_eq!(error, "the format is 'onnx': accepted are certinet-structured and certinet-layered");
        assert!(matches!(read_network("net.txt", "{}"), Err(ReadNetworkError::Extension { .. })));
    }

    #[test]
    fn the_name_decides_what_is_written() {
        let text = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1, "layers": [
            {"rows": 1, "columns": 1, "weights": [[0, 0, 2]], "bias": []}]}"#;
        let network = read_network("a.JSON", text).unwrap();
        for (name, start) in [
            ("b.layered.json", "{\"format\":\"certinet-layered\""),
            ("b.json", "{\"format\":\"certinet-structured\""),
            ("b.dot", "digraph"),
        ] {
            let mut bytes = Vec::new();
            write_network(name, network.clone(), 10, &mut bytes).unwrap();
            assert!(String::from_utf8(bytes).unwrap().starts_with(start));
        }
        let error = write_network("b.layered.json", network.clone(), 0, &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "the file would hold 1 weights, at most 0 are allowed");
        assert!(write_network("b.txt", network, 10, &mut Vec::new()).is_err());
    }
}
