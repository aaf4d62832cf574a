//! `certinet spike run NET --input "t0,t1,.."`: all firing times.

use core::str::FromStr;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{OptionError, rational};
use super::super::plot::{picture, spike_charts, write_plot};
use super::{read_spiking, refuse, strings};
use crate::arith::Rational;
use crate::report::{Cell, Record};
use crate::spiking::{Activity, Coding, SimulateOptions, Spikes, SpikingError, SpikingNetwork, Trace, simulate, trace};

/// Simulates a spiking network exactly.
///
/// The input lists one firing time for each input neuron, or `silent`. Reference inputs may be left out: they fire when
/// the file says.
#[derive(Debug, clap::Args)]
pub struct RunSpikes {
    /// The spiking network, a .json file.
    network: PathBuf,
    /// The firing times of the inputs: "0,1/2,silent".
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    input: InputTimes,
    /// Every neuron fires once at most.
    #[arg(long)]
    first: bool,
    /// Spikes up to this time only.
    #[arg(long, value_name = "T", value_parser = rational, allow_hyphen_values = true)]
    until: Option<Rational>,
    /// The potential of this neuron as a piecewise-linear function (JSON only).
    #[arg(long, value_name = "ID")]
    trace: Option<usize>,
    /// Draw the spikes of all neurons over time, and above them the potential of the neuron of --trace (without it: of the
    /// first output).
    #[arg(long, value_name = "FILE.svg", value_parser = picture)]
    plot: Option<PathBuf>,
}

/// Firing times of the inputs, one or none each.
#[derive(Debug, Clone)]
struct InputTimes(Vec<Vec<Rational>>);

impl FromStr for InputTimes {
    type Err = OptionError;
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let form = "a list 0,1/2,silent,..";
        let entries = text.split(',').map(str::trim).enumerate().map(|(i, entry)| match entry {
            "" => Err(OptionError::Empty { position: i + 1, form }),
            "silent" => Ok(Vec::new()),
            time => Ok(vec![rational(time)?]),
        });
        Ok(Self(entries.collect::<Result<_, _>>()?))
    }
}

impl Run for RunSpikes {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        let network = read_spiking(&self.network)?;
        let inputs = all_inputs(&network, self.input.0).map_err(|error| {
            let references = network.coding().map_or(0, |coding| coding.reference_inputs.len());
            let more = if references > 0 {
                format!(", or {} without the reference inputs", network.inputs() - references)
            } else {
                String::new()
            };
            CliError::new(error).at("option --input").accepted(format!("give {} times{more}", network.inputs()))
        })?;
        let spikes = if self.first { Spikes::First } else { Spikes::All };
        let options = SimulateOptions { spikes, until: self.until, ..SimulateOptions::default() };
        let activity = match simulate(&network, &inputs, &options) {
            Err(error @ SpikingError::Work { .. }) => {
                context.deliver(
                    &Record::new(json!({"open": error.to_string()})).with("open", Cell::text(error.to_string())),
                )?;
                return Ok(Exit::Open);
            }
            other => other.map_err(refuse(&self.network))?,
        };
        let outputs: Vec<Vec<Rational>> =
            network.outputs().iter().map(|id| activity.firing_times(*id).unwrap_or_default()).collect();
        let mut json = json!({
            "outputs": outputs.iter().map(|times| strings(times)).collect::<Vec<_>>(),
            "output_neurons": network.outputs(),
            "spikes": activity.spike_count().to_string(),
            "layers": network.layers().to_string(),
            "neurons": network.neuron_count().to_string(),
            "synapses": network.synapse_count().to_string(),
        });
        let mut record = Record::new(Value::Null);
        for (id, times) in network.outputs().iter().zip(&outputs) {
            let words = if times.is_empty() { "silent".to_owned() } else { strings(times).join(", ") };
            record = record.with(format!("neuron {id} fires at"), Cell::text(words));
        }
        if let Some(coding) = network.coding() {
            let values = coding.decode(&network, &activity);
            for (id, value) in network.outputs().iter().zip(&values) {
                let cell = value.clone().map_or(Cell::None, Cell::Exact);
                record = record.with(format!("value of neuron {id}"), cell);
            }
            json["values"] =
                json!(values.iter().map(|value| value.as_ref().map(Rational::to_string)).collect::<Vec<_>>());
        }
        if let Some(id) = self.trace {
            json["trace"] = trace_json(&network, &activity, id)?;
        }
        if let Some(path) = &self.plot {
            let id = self.trace.or_else(|| network.outputs().first().copied()).and_then(|id| network.neuron(id));
            let traced = id.map(|neuron| Ok::<_, SpikingError>((neuron, trace(&network, &activity, neuron.id)?)));
            let traced = traced.transpose().map_err(refuse(&self.network))?;
            let ids = (0..network.inputs()).chain(network.neurons().iter().map(|neuron| neuron.id));
            let raster: Vec<(usize, Vec<Rational>)> =
                ids.map(|id| (id, activity.firing_times(id).unwrap_or_default())).collect();
            let traced = traced.as_ref().map(|(neuron, trace)| (*neuron, trace));
            write_plot(path, &spike_charts(traced, &raster))?;
            json["plot"] = json!(path.display().to_string());
            record = record.with("plot", Cell::text(path.display().to_string()));
        }
        record = record.with("spikes of all neurons", Cell::count(activity.spike_count()));
        context.deliver(&record.with_json(json))?;
        Ok(Exit::Done)
    }
}

/// The firing times of all inputs: as given, or with the reference inputs filled in.
fn all_inputs(network: &SpikingNetwork, given: Vec<Vec<Rational>>) -> Result<Vec<Vec<Rational>>, SpikingError> {
    let filled = |coding: &Coding| coding.with_references(network.inputs(), &given, |time| vec![time.clone()]).ok();
    match network.coding().and_then(filled) {
        _ if given.len() == network.inputs() => Ok(given),
        Some(all) => Ok(all),
        None => Err(SpikingError::Inputs { found: given.len(), expected: network.inputs() }),
    }
}

fn trace_json(network: &SpikingNetwork, activity: &Activity, id: usize) -> Result<Value, CliError> {
    let Trace { breakpoints, last_slope } =
        trace(network, activity, id).map_err(|error| CliError::new(error).at("option --trace"))?;
    let breakpoints: Vec<Value> = breakpoints
        .iter()
        .map(|point| {
            let [time, value, after] = [&point.time, &point.value, &point.value_after].map(Rational::to_string);
            json!({"time": time, "value": value, "value_after": after})
        })
        .collect();
    Ok(json!({"neuron": id, "breakpoints": breakpoints, "last_slope": last_slope.to_string()}))
}
