//! File formats, one file each: texts in, exact objects out.
//!
//! | file | what |
//! |---|---|
//! | [`layered_json`] | networks with every weight written out, the exchange form |
//! | [`structured_json`] | networks with their structure, what `build` writes |
//! | [`dot`] | the graph of a network for Graphviz, written only |
//! | [`spiking_json`] | spiking networks |
//! | [`matrix_market`] | real matrices, dense and sparse |
//! | [`mps`] | linear programs |
//! | [`onnx`] | fully connected networks of floats |
//! | [`npz`], [`npz_read`] | arrays for numpy, written and read |
//! | [`dimacs`] | formulas in conjunctive normal form |
//! | [`read_network`], [`write_network`] | the network formats by file name |
//!
//! A reader takes a text, never a path; it checks sizes before it allocates, and its errors say the line, what was wrong
//! and what would be accepted. No reader panics, whatever the text. To add a format, give it a file, its own error with
//! a line number, and a test on 10,000 random and mutated texts.

pub mod dimacs;
pub mod dot;
mod json_parts;
pub mod layered_json;
pub mod matrix_market;
pub mod mps;
mod network_error;
mod network_file;
pub mod npz;
pub mod npz_read;
pub mod onnx;
pub mod spiking_json;
pub mod structured_json;

pub use network_error::{ReadNetworkError, WriteNetworkError};
pub use network_file::{NetworkFile, read_network, write_network};
