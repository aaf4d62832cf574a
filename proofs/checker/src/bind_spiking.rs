//! Comparing the spiking network of a certificate with a network file.
//!
//! Ids in the file are names: neuron k of the list is neuron n + k of the certificate, and reads what it reads in the same
//! order. The file is never believed; lists that are longer than those of the certificate are not read to their end.

use std::collections::HashMap;
use std::io::BufRead;

use crate::bind::rational;
use crate::json::Json;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::spiking::SpikingNetwork;

/// One synapse of the file: the id that is read, weight, delay, window.
type Part = (u64, Number, Number, Option<Number>);

/// What is read of a file.
#[derive(Default)]
struct File {
    inputs: u64,
    /// Id, threshold, synapses.
    neurons: Vec<(u64, Number, Vec<Part>)>,
    outputs: Vec<u64>,
    offsets: [Option<Number>; 2],
    references: Option<Vec<(u64, Number)>>,
}

/// Checks that a file holds the spiking network of a certificate.
///
/// # Errors
/// The first difference, with its place, or what is malformed.
pub fn bind_spiking(spiking: &SpikingNetwork, reader: impl BufRead) -> Result<(), Problem> {
    let mut json = Json::new(reader);
    let mut file = File::default();
    let keys =
        ["format", "version", "inputs", "neurons", "outputs", "input_offset", "output_offset", "reference_inputs"];
    json.object(&keys, &["input_offset", "output_offset", "reference_inputs"], |json, key| match key {
        0 if json.string()? == b"certinet-spiking" => Ok(()),
        0 => json.fail("the format certinet-spiking expected"),
        1 if json.integer()? == 1 => Ok(()),
        1 => json.fail("version 1 expected"),
        2 => {
            file.inputs = json.integer()?;
            Ok(())
        }
        3 => json.array(|json| {
            let Some(expected) = spiking.neurons.get(file.neurons.len()) else {
                return json.fail(format_args!("a neuron beyond the last, {} expected", spiking.neurons.len()));
            };
            let found = neuron(json, expected.synapses.len())?;
            file.neurons.push(found);
            Ok(())
        }),
        4 => json.array(|json| {
            if file.outputs.len() == spiking.outputs.len() {
                return json.fail(format_args!("an output beyond the last, {} expected", spiking.outputs.len()));
            }
            file.outputs.push(json.integer()?);
            Ok(())
        }),
        5 | 6 => {
            let offset = Some(number(json)?);
            file.offsets.get_mut(key - 5).into_iter().for_each(|place| place.clone_from(&offset));
            Ok(())
        }
        _ => {
            let mut list = Vec::new();
            json.array(|json| {
                if list.len() == spiking.references.len() {
                    let count = spiking.references.len();
                    return json.fail(format_args!("a reference input beyond the last, {count} expected"));
                }
                let (mut id, mut time) = (0, Number::zero());
                json.object(&["id", "time"], &[], |json, key| {
                    match key {
                        0 => id = json.integer()?,
                        _ => time = number(json)?,
                    }
                    Ok(())
                })?;
                list.push((id, time));
                Ok(())
            })?;
            list.sort_by_key(|reference| reference.0);
            file.references = Some(list);
            Ok(())
        }
    })?;
    json.end()?;
    compare(spiking, &file)
}

/// An exact number p or p/q, a string.
fn number<R: BufRead>(json: &mut Json<R>) -> Result<Number, Problem> {
    match rational(json.string()?) {
        Some(value) => Ok(Number::from(&value)),
        None => json.fail("a fraction p/q expected"),
    }
}

fn neuron<R: BufRead>(json: &mut Json<R>, expected: usize) -> Result<(u64, Number, Vec<Part>), Problem> {
    let mut found = (0, Number::zero(), Vec::new());
    json.object(&["id", "threshold", "synapses"], &[], |json, key| {
        match key {
            0 => found.0 = json.integer()?,
            1 => found.1 = number(json)?,
            _ => json.array(|json| {
                if found.2.len() == expected {
                    return json.fail(format_args!("a synapse beyond the last, {expected} expected"));
                }
                found.2.push(synapse(json)?);
                Ok(())
            })?,
        }
        Ok(())
    })?;
    Ok(found)
}

fn synapse<R: BufRead>(json: &mut Json<R>) -> Result<Part, Problem> {
    let mut found = (0, Number::zero(), Number::zero(), None);
    json.object(&["from", "weight", "delay", "window"], &[], |json, key| {
        match key {
            0 => found.0 = json.integer()?,
            1 => found.1 = number(json)?,
            2 => found.2 = number(json)?,
            _ if json.peek()? == Some(b'n') => json.null()?,
            _ => found.3 = Some(number(json)?),
        }
        Ok(())
    })?;
    Ok(found)
}

fn expect(same: bool, place: impl FnOnce() -> String) -> Result<(), Problem> {
    if same { Ok(()) } else { problem(format!("{} is another one", place())) }
}

fn compare(spiking: &SpikingNetwork, file: &File) -> Result<(), Problem> {
    let n = spiking.inputs as u64;
    expect(file.inputs == n, || "the number of inputs".to_owned())?;
    expect(file.neurons.len() == spiking.neurons.len(), || "the number of neurons".to_owned())?;
    let mut numbers: HashMap<u64, usize> = HashMap::new();
    for (number, (id, ..)) in (spiking.inputs..).zip(&file.neurons) {
        if *id < n || numbers.insert(*id, number).is_some() {
            return problem(format!("the id {id} is taken"));
        }
    }
    // Ids below n are the inputs.
    let find = |id: u64| if id < n { usize::try_from(id).ok() } else { numbers.get(&id).copied() };
    for ((id, threshold, synapses), neuron) in file.neurons.iter().zip(&spiking.neurons) {
        let place = |what: &str| format!("neuron {id}: {what}");
        expect(*threshold == neuron.threshold, || place("the threshold"))?;
        expect(synapses.len() == neuron.synapses.len(), || place("the number of synapses"))?;
        for (k, ((from, weight, delay, window), synapse)) in synapses.iter().zip(&neuron.synapses).enumerate() {
            let same = find(*from) == Some(synapse.source)
                && (weight, delay, window) == (&synapse.weight, &synapse.delay, &synapse.window);
            expect(same, || place(&format!("synapse {k}")))?;
        }
    }
    expect(file.outputs.len() == spiking.outputs.len(), || "the number of outputs".to_owned())?;
    for (k, (id, output)) in file.outputs.iter().zip(&spiking.outputs).enumerate() {
        expect(find(*id) == Some(*output), || format!("output {k}"))?;
    }
    // Without the three keys numbers are firing times.
    let zero = Number::zero();
    let offsets = file.offsets.each_ref().map(|offset| offset.as_ref().unwrap_or(&zero));
    expect(*offsets[0] == spiking.input_offset, || "the input offset".to_owned())?;
    expect(*offsets[1] == spiking.output_offset, || "the output offset".to_owned())?;
    let references = file.references.as_deref().unwrap_or_default();
    let same = references.len() == spiking.references.len()
        && references.iter().zip(&spiking.references).all(|(a, b)| (a.0, &a.1) == (b.0 as u64, &b.1));
    expect(same, || "the list of reference inputs".to_owned())
}
