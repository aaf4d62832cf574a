//! `certinet spike regions NET --neuron ID`: the pieces of the firing time of one neuron.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{DomainOption, positive_rational};
use super::super::plot::{Window, picture, write_plot};
use super::picture::{Plane, neuron_chart};
use super::pieces::{MAX_PIECES, alone, record};
use super::{read_spiking, refuse, strings};
use crate::arith::{Integer, Rational};
use crate::polyhedra::Affine;
use crate::report::{Cell, Column, Format, Record, Table};
use crate::spiking::{
    Continuity, FiringRegion, FiringRegions, LayerBounds, Neuron, Spikes, SpikingNetwork, continuity, firing_pieces,
    layer_bounds,
};

/// The most regions that are listed.
const MAX_LISTED: u64 = 1 << 18;

/// Lists the regions of one neuron: its first firing time as a function of the firing times of the neurons it reads.
#[derive(Debug, clap::Args)]
pub struct Regions {
    /// The spiking network, a .json file.
    network: PathBuf,
    /// The neuron; not needed where the network has one output.
    #[arg(long, value_name = "ID")]
    neuron: Option<usize>,
    /// Only how many regions there are, and whether the firing time is continuous.
    #[arg(long)]
    count_only: bool,
    /// How near the two inputs of a jump are at least.
    #[arg(long, value_name = "E", default_value = "1/1000000", value_parser = positive_rational, allow_hyphen_values = true)]
    distance: Rational,
    /// How far apart their firing times are at least.
    #[arg(long, value_name = "T", default_value = "1000", value_parser = positive_rational, allow_hyphen_values = true)]
    gap: Rational,
    /// Draw the regions by causal set, with contour lines of the firing time, over a plane of the neurons it reads.
    #[arg(long, value_name = "FILE.svg", value_parser = picture)]
    plot: Option<PathBuf>,
    /// The plane: for each neuron it reads, by id, x or y or a fixed firing time [default: x,y,0,..,0].
    #[arg(long, value_name = "x,y,T,..", allow_hyphen_values = true, requires = "plot")]
    plane: Option<Plane>,
    /// The part of the plane that is drawn [default: all corners of regions].
    #[arg(long, value_name = "BOX", allow_hyphen_values = true, requires = "plot")]
    view: Option<DomainOption>,
}

impl Run for Regions {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        let network = read_spiking(&self.network)?;
        let neuron = self.chosen(&network)?;
        let refuse = refuse(&self.network);
        let chart = match &self.plot {
            Some(path) => Some((path, neuron_chart(neuron, self.plane.as_ref(), self.window()?)?)),
            None => None,
        };
        // Written once nothing can be refused any more.
        let draw = || chart.as_ref().map_or(Ok(()), |(path, chart)| write_plot(path, std::slice::from_ref(chart)));
        if neuron.no_ramps().is_some() {
            let (network, sources) = alone(neuron).map_err(&refuse)?;
            let inputs: Vec<Affine> = (0..sources.len()).map(|i| Affine::variable(sources.len(), i)).collect();
            let found = firing_pieces(&network, &inputs, None, Spikes::First, MAX_PIECES).map_err(&refuse)?;
            draw()?;
            context.deliver(&record(&network, &found, self.count_only))?;
            return Ok(if found.complete { Exit::Done } else { Exit::Open });
        }
        let regions = FiringRegions::new(neuron).map_err(&refuse)?;
        let continuity = continuity(neuron, &self.distance, &self.gap).map_err(&refuse)?;
        let count = regions.count();
        let summary = summary(&network, neuron, &regions, count, &continuity);
        if self.count_only {
            let record = Record::new(summary)
                .with("neuron", Cell::count(neuron.id))
                .with("regions", Cell::count(count))
                .with("2^d - 1", Cell::count(regions.upper_bound()))
                .with("firing time", Cell::text(continuity_words(&continuity)));
            draw()?;
            context.deliver(&record)?;
            return Ok(Exit::Done);
        }
        if count > MAX_LISTED {
            return Err(CliError::new(format!("neuron {} has {count} regions", neuron.id))
                .at(format!("file {}", self.network.display()))
                .accepted(format!("at most {MAX_LISTED} are listed; --count-only counts them")));
        }
        draw()?;
        if context.format() == Format::Json {
            context.deliver_stream(|writer| write_json(&summary, &regions, writer))?;
        } else {
            context.deliver(&table(&regions)?)?;
        }
        Ok(Exit::Done)
    }
}

impl Regions {
    /// The part of the plane that is drawn.
    fn window(&self) -> Result<Option<Window>, CliError> {
        let Some(DomainOption(sides)) = &self.view else { return Ok(None) };
        match sides.as_slice() {
            [x, y] if x.0 < x.1 && y.0 < y.1 => Ok(Some([x.clone(), y.clone()])),
            _ => Err(CliError::new("the part to draw is no rectangle")
                .at("option --view")
                .accepted("give two intervals lower:upper with lower < upper")),
        }
    }
    fn chosen<'a>(&self, network: &'a SpikingNetwork) -> Result<&'a Neuron, CliError> {
        let id = match (self.neuron, network.outputs()) {
            (Some(id), _) | (None, &[id]) => id,
            (None, outputs) => {
                return Err(CliError::new(format!("the network has {} outputs", outputs.len()))
                    .at(format!("file {}", self.network.display()))
                    .accepted("give --neuron ID"));
            }
        };
        network.neuron(id).ok_or_else(|| {
            let what = if id < network.inputs() { "is an input" } else { "is not in the network" };
            CliError::new(format!("neuron {id} {what}"))
                .at("option --neuron")
                .accepted("give the id of a neuron that reads others")
        })
    }
}

/// What is known of the neuron, and of the layer of neurons that read the same ones.
fn summary(
    network: &SpikingNetwork,
    neuron: &Neuron,
    regions: &FiringRegions,
    count: u64,
    continuity: &Continuity,
) -> Value {
    let read = |neuron: &Neuron| neuron.synapses.iter().map(|synapse| synapse.from).collect::<BTreeSet<usize>>();
    let own = read(neuron);
    let layer: Vec<&Neuron> = network.neurons().iter().filter(|other| read(other) == own).collect();
    let positive =
        |neuron: &&Neuron| neuron.synapses.iter().all(|synapse| synapse.weight.is_positive() && synapse.is_ramp());
    // The bounds of a layer are for positive weights without windows.
    let bounds: Option<LayerBounds> = match (u32::try_from(regions.dimension()), u32::try_from(layer.len())) {
        (Ok(d), Ok(m)) if m <= 1 << 12 && layer.iter().all(positive) => Some(layer_bounds(d, m)),
        _ => None,
    };
    let bound = |of: fn(&LayerBounds) -> &Integer| bounds.as_ref().map(|bounds| of(bounds).to_string());
    let jump = match continuity {
        Continuity::Discontinuous(jump) => json!({
            "input": strings(&jump.input),
            "time": jump.time.to_string(),
            "near": strings(&jump.near),
            "near_time_lower": jump.near_time_lower.to_string(),
        }),
        _ => Value::Null,
    };
    json!({
        "neuron": neuron.id,
        "sources": regions.sources(),
        "count": count,
        "complete": true,
        "distinct_maps": count,
        "upper_bound": regions.upper_bound().to_string(),
        "continuous": matches!(continuity, Continuity::Continuous { .. }),
        "discontinuity": jump,
        "layer_neurons": layer.len(),
        "layer_upper_bound": bound(|bounds| &bounds.upper),
        "layer_shared_weights_bound": bound(|bounds| &bounds.shared_weights),
    })
}

fn continuity_words(continuity: &Continuity) -> String {
    match continuity {
        Continuity::Continuous { .. } => "continuous".to_owned(),
        Continuity::Silent => "none: the neuron never fires".to_owned(),
        Continuity::Discontinuous(jump) => {
            let (input, near) = (strings(&jump.input).join(","), strings(&jump.near).join(","));
            let (time, late) = (&jump.time, &jump.near_time_lower);
            format!("discontinuous: {time} at {input}, not before {late} at {near}")
        }
    }
}

/// The summary with one region after the other: only one is held.
fn write_json(summary: &Value, regions: &FiringRegions, writer: &mut dyn Write) -> io::Result<()> {
    let text = summary.to_string();
    writer.write_all(text.strip_suffix('}').unwrap_or(&text).as_bytes())?;
    writer.write_all(b",\"regions\":[")?;
    let mut line = String::new();
    let d = regions.dimension();
    let mut texts = (Texts::new(d, Rational::zero()), Texts::new(d, Integer::zero()));
    for (number, region) in regions.iter().enumerate() {
        line.clear();
        line.push_str(if number > 0 { ",\n{" } else { "\n{" });
        region_json(regions, &region, &mut texts, &mut line);
        line.push('}');
        writer.write_all(line.as_bytes())?;
    }
    writer.write_all(b"\n]}\n")
}

/// The last text written at each coordinate, negative and positive: normals of neighbours differ in few entries, and
/// writing a number costs more than comparing it.
struct Texts<T> {
    zero: T,
    known: Vec<[(T, String); 2]>,
}

impl<T: Clone + PartialOrd + Display> Texts<T> {
    fn new(dimension: usize, zero: T) -> Self {
        let one = || (zero.clone(), String::new());
        Self { known: (0..dimension).map(|_| [one(), one()]).collect(), zero }
    }
    fn push_list(&mut self, numbers: &[T], line: &mut String) {
        for (i, (x, known)) in numbers.iter().zip(&mut self.known).enumerate() {
            line.push_str(if i > 0 { "\",\"" } else { "[\"" });
            if *x == self.zero {
                line.push('0');
                continue;
            }
            let (last, text) = &mut known[usize::from(*x > self.zero)];
            if last != x {
                (*last, *text) = (x.clone(), x.to_string());
            }
            line.push_str(text);
        }
        line.push_str(if numbers.is_empty() { "[]" } else { "\"]" });
    }
}

fn region_json(
    regions: &FiringRegions,
    region: &FiringRegion,
    (texts, normals): &mut (Texts<Rational>, Texts<Integer>),
    line: &mut String,
) {
    let ids: Vec<String> = region.causal_set.iter().map(|&i| regions.sources()[i].to_string()).collect();
    line.push_str(&format!("\"causal_set\":[{}],\"interior\":", ids.join(",")));
    texts.push_list(&region.interior, line);
    line.push_str(",\"matrix\":[");
    texts.push_list(&region.gradient, line);
    line.push_str(&format!("],\"offset\":[\"{}\"],\"halfspaces\":", region.offset));
    let Some(halfspaces) = &region.halfspaces else {
        line.push_str("null");
        return;
    };
    line.push('[');
    for (number, half) in halfspaces.iter().enumerate() {
        line.push_str(if number > 0 { ",{\"normal\":" } else { "{\"normal\":" });
        normals.push_list(half.normal(), line);
        line.push_str(&format!(",\"offset\":\"{}\"}}", half.offset()));
    }
    line.push(']');
}

fn table(regions: &FiringRegions) -> Result<Table, CliError> {
    let ids = |list: &[usize]| list.iter().map(|&i| regions.sources()[i].to_string()).collect::<Vec<_>>().join(",");
    let mut table = Table::new(vec![
        Column::left("causal set").with_legend("ids of the neurons whose spikes arrive before the neuron fires"),
        Column::left("firing time").with_legend("t_i is the firing time of neuron i"),
        Column::left("inside").with_legend("firing times of the neurons read, by id, at which the causal set is this"),
    ]);
    for region in regions.iter() {
        let terms = region.causal_set.iter().map(|&i| match region.gradient[i].to_string().as_str() {
            "1" => format!("t_{}", regions.sources()[i]),
            slope => format!("{slope} t_{}", regions.sources()[i]),
        });
        let time = terms.chain([region.offset.to_string()]).collect::<Vec<_>>().join(" + ");
        let cells = [ids(&region.causal_set), time, strings(&region.interior).join(",")].map(Cell::text);
        table.push(cells.into(), Value::Null)?;
    }
    Ok(table)
}
