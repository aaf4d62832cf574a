//! Spiking networks as lines of certificates (FORMAT.md, section 2.4).

use std::io::Write;

use super::construction::SpikingConstruction;
use super::network::SpikingNetwork;
use crate::arith::Rational;
use crate::certify::{CertificateError, write_spiking_certificate};

/// The lines of a spiking network; without `coded` numbers are firing times.
pub(super) fn lines(network: &SpikingNetwork, coded: bool) -> Vec<String> {
    let mut lines = vec![format!("spiking {}", network.inputs())];
    for (number, neuron) in network.neurons().iter().enumerate() {
        let mut line = format!("neuron {}", neuron.threshold);
        let sources = network.sources(network.inputs() + number);
        for (synapse, source) in neuron.synapses.iter().zip(sources) {
            let window = synapse.window.as_ref().map_or_else(|| "-".to_owned(), Rational::to_string);
            line.push_str(&format!(" {source} {} {} {window}", synapse.weight, synapse.delay));
        }
        lines.push(line);
    }
    lines.push(match network.coding().filter(|_| coded) {
        None => "coding 0 0".to_owned(),
        Some(coding) => {
            let mut references: Vec<&(usize, Rational)> = coding.reference_inputs.iter().collect();
            references.sort_by_key(|reference| reference.0);
            let references: Vec<String> = references.into_iter().map(|(id, time)| format!(" {id} {time}")).collect();
            format!("coding {} {}{}", coding.input_offset, coding.output_offset, references.concat())
        }
    });
    let outputs = network.outputs().iter().filter_map(|id| network.place(*id));
    let outputs: Vec<String> = outputs.map(|place| format!(" {place}")).collect();
    lines.push(format!("outputs{}", outputs.concat()));
    lines
}

/// Writes the certificate of a claim about a spiking network.
///
/// # Errors
/// [`CertificateError`]; before anything is written, unless writing fails.
pub fn write_certificate(construction: &SpikingConstruction, writer: &mut dyn Write) -> Result<(), CertificateError> {
    let built = &construction.network;
    let size = [built.network.layers(), built.network.neuron_count(), built.network.synapse_count()];
    write_spiking_certificate(built.relu.as_deref(), &construction.claim, size, &construction.proof, writer)
}
