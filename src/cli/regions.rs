//! `certinet regions NET --domain "0:1,0:1"`: the linear regions of a network.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::{allow_regions, read_layered, read_with_layers};
use super::options::{DomainOption, RationalList, count};
use super::plot::{picture, region_chart, write_plot};
use super::spike::{self, read_if_spiking};
use crate::arith::{Integer, Rational};
use crate::certify::Statement;
use crate::linalg::Matrix;
use crate::network::{Layered, Network};
use crate::polyhedra::{Halfspace, Polyhedron, Region, regions, restrict, write_regions_cover};
use crate::report::{Cell, Record};
use crate::spiking::{Spikes, SpikingError, SpikingNetwork, firing_pieces, input_functions, value_inputs};

/// The most regions `--max-regions` accepts.
pub(super) const MAX_REGIONS: u64 = 1 << 32;

/// Lists the linear regions of a network: halfspaces, affine map, a point inside. Exact and complete.
#[derive(Debug, clap::Args)]
pub struct Regions {
    /// The network: .json, structured, layered or spiking.
    network: PathBuf,
    /// The box to look in, one interval an input: "0:1,0:1". Without it, all of R^n.
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    domain: Option<DomainOption>,
    /// A point p of a flat, "p1,..,pn": the regions are those of u -> NET(p + u1 d1 + .. + uk dk).
    #[arg(long, value_name = "POINT", allow_hyphen_values = true, requires = "direction")]
    base: Option<RationalList>,
    /// A direction d of the flat, "d1,..,dn"; once for each coordinate u. The domain is in these coordinates.
    #[arg(long, value_name = "VECTOR", allow_hyphen_values = true, requires = "base")]
    direction: Vec<RationalList>,
    /// Print the numbers only, not the regions.
    #[arg(long)]
    count_only: bool,
    /// The volume of every region, and of all together; up to 4 inputs.
    #[arg(long)]
    volume: bool,
    /// Stop after this many regions (open, exit code 3).
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = count(MAX_REGIONS))]
    max_regions: u64,
    /// Draw the regions of a network of two inputs, or the graph of one of one input.
    #[arg(long, value_name = "FILE.svg", value_parser = picture)]
    plot: Option<PathBuf>,
    /// Write the certificate that these are all regions, for `certinet check`, to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Run for Regions {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.network])?;
        if let Some(spiking) = read_if_spiking(&self.network)? {
            return self.firing(&spiking, context);
        }
        let (graph, network) = match &self.certificate {
            Some(_) => read_with_layers(&self.network).map(|(graph, network)| (Some(graph), network))?,
            None => (None, read_layered(&self.network)?),
        };
        allow_regions(&network)?;
        let (graph, network) = match &self.base {
            Some(base) => {
                let network = on_flat(&network, &base.0, &self.direction)?;
                (graph.map(|_| Network::from(&network)), network)
            }
            None => (graph, network),
        };
        let domain = self.domain.as_ref().map(|domain| domain.0.as_slice());
        let limit = usize::try_from(self.max_regions).unwrap_or(usize::MAX);
        let all = regions(&network, domain, limit).map_err(|error| refuse(&error, network.input_dimension()))?;
        let (found, maps) = (all.found(), all.distinct_maps());
        let volumes = if self.volume { volumes(found)? } else { Vec::new() };
        let chart = self.plot.as_ref().map(|_| region_chart(found, domain)).transpose()?;
        let proved = self.certificate.as_deref().filter(|_| all.is_complete());
        if let (Some(path), Some(graph)) = (proved, &graph) {
            let over = certificate::domain(domain, network.input_dimension());
            let statement = Statement::Regions { domain: &over, count: found.len(), distinct_maps: maps };
            let size = network.size().map_err(CliError::new)?;
            let steps =
                |write: &mut dyn FnMut(&str) -> io::Result<()>| write_regions_cover(&network, domain, found, write);
            certificate::write_by_cells(graph, &statement, &size, steps, path)?;
        }
        let mut json = json!({"count": found.len(), "complete": all.is_complete(), "distinct_maps": maps});
        if self.certificate.is_some() {
            json["certificate"] = json!(proved.map(|path| path.to_string_lossy()));
        }
        if !self.count_only {
            json["regions"] = found.iter().map(region_json).collect();
            for (region, volume) in json["regions"].as_array_mut().into_iter().flatten().zip(&volumes) {
                region["volume"] = json!(volume.to_string());
            }
        }
        let total: Rational = volumes.iter().sum();
        if self.volume {
            json["volume"] = json!(total.to_string());
        }
        let mut record = Record::new(json)
            .with("count", Cell::count(found.len()))
            .with("complete", Cell::text(if all.is_complete() { "yes" } else { "no" }))
            .with("distinct_maps", Cell::count(maps));
        if self.volume {
            record = record.with("volume", Cell::Exact(total));
        }
        if !self.count_only {
            for (number, region) in found.iter().enumerate() {
                let volume = volumes.get(number).map_or(String::new(), |volume| format!("volume {volume}; "));
                record = record.with(format!("region_{number}"), Cell::text(volume + &region_text(region)));
            }
        }
        if !all.is_complete() {
            let words =
                format!("there are more than {} regions; a larger --max-regions may find them all", found.len());
            record = record.with("open", Cell::text(words));
            if self.certificate.is_some() {
                record = record.with("certificate", Cell::text("not written: it is about all regions"));
            }
        }
        if let (Some(path), Some(chart)) = (&self.plot, chart) {
            write_plot(path, &[chart])?;
            record = record.with("plot", Cell::text(path.display().to_string()));
        }
        context.deliver(&record)?;
        Ok(if all.is_complete() { Exit::Done } else { Exit::Open })
    }
}

impl Regions {
    /// The pieces of a spiking network, as a function of the values that its inputs carry.
    fn firing(&self, network: &SpikingNetwork, context: &Context) -> Result<Exit, CliError> {
        if self.plot.is_some() {
            return Err(CliError::new("the network is a spiking network")
                .at("option --plot")
                .accepted("draw one of its neurons by certinet spike regions --neuron ID --plot FILE.svg"));
        }
        if self.volume {
            return Err(CliError::new("the network is a spiking network")
                .at("option --volume")
                .accepted("ReLU networks"));
        }
        if self.base.is_some() {
            return Err(CliError::new("the network is a spiking network")
                .at("option --base")
                .accepted("ReLU networks on flats; spike regions --plane draws a neuron over a plane"));
        }
        if self.certificate.is_some() {
            return Err(CliError::new("the regions of spiking networks have no certificate")
                .at("option --certificate")
                .accepted("ReLU networks"));
        }
        let refuse = spike::refuse(&self.network);
        let domain = self.domain.as_ref().map(|domain| domain.0.as_slice());
        let limit = usize::try_from(self.max_regions).unwrap_or(usize::MAX);
        let inputs = input_functions(network).map_err(&refuse)?;
        let found = firing_pieces(network, &inputs, domain, Spikes::All, limit).map_err(|error| match &error {
            SpikingError::Polyhedra(error) => self::refuse(error, value_inputs(network)),
            _ => refuse(error),
        })?;
        context.deliver(&spike::pieces::record(network, &found, self.count_only))?;
        Ok(if found.complete { Exit::Done } else { Exit::Open })
    }
}

/// The volumes of regions.
fn volumes(regions: &[Region]) -> Result<Vec<Rational>, CliError> {
    let volume = |(number, region): (usize, &Region)| {
        let polyhedron = Polyhedron::new(region.interior.len(), region.halfspaces.clone());
        let volume = polyhedron.and_then(|polyhedron| polyhedron.volume()).map_err(|error| {
            CliError::new(error).at("option --volume").accepted("networks of at most 4 inputs, or on flats")
        })?;
        volume.ok_or_else(|| {
            CliError::new(format!("region {number} is unbounded and has no volume"))
                .at("option --volume")
                .accepted("give a box by --domain")
        })
    };
    regions.par_iter().enumerate().map(volume).collect()
}

/// The network on the flat through a point with these directions.
fn on_flat(network: &Layered, base: &[Rational], directions: &[RationalList]) -> Result<Layered, CliError> {
    let n = network.input_dimension();
    let vectors = directions.iter().map(|direction| ("--direction", direction.0.as_slice()));
    if let Some((option, vector)) = [("--base", base)].into_iter().chain(vectors).find(|(_, vector)| vector.len() != n)
    {
        let what = format!("{} numbers are given where the network has {n} inputs", vector.len());
        return Err(CliError::new(what).at(format!("option {option}")).accepted("one number an input is accepted"));
    }
    let columns = Matrix::from_fn(n, directions.len(), |i, j| directions[j].0[i].clone());
    restrict(network, base, &columns).map_err(CliError::new)
}

/// The error in one line, with the domain that would fit.
pub(super) fn refuse(error: &crate::polyhedra::PolyhedraError, inputs: usize) -> CliError {
    use crate::polyhedra::PolyhedraError;
    match error {
        PolyhedraError::Dimension { what: "the domain", .. } => CliError::new(error)
            .at("option --domain")
            .accepted(format!("the network has {inputs} inputs, one interval lower:upper each")),
        PolyhedraError::Flat { .. } | PolyhedraError::EndsReversed { .. } => CliError::new(error)
            .at("option --domain")
            .accepted("give intervals lower:upper with lower < upper; flats are for regions --base .. --direction .."),
        other => CliError::new(other),
    }
}

pub(super) fn strings(numbers: &[Rational]) -> Vec<String> {
    numbers.iter().map(Rational::to_string).collect()
}

fn region_json(region: &Region) -> Value {
    let rows: Vec<Vec<String>> = (0..region.matrix.rows()).map(|i| strings(region.matrix.row(i))).collect();
    let half = |half: &Halfspace| {
        let normal: Vec<String> = half.normal().iter().map(Integer::to_string).collect();
        json!({"normal": normal, "offset": half.offset().to_string()})
    };
    json!({
        "interior": strings(&region.interior),
        "matrix": rows,
        "offset": strings(&region.offset),
        "halfspaces": region.halfspaces.iter().map(half).collect::<Vec<_>>(),
        "pattern": pattern(region),
    })
}

/// 1 for active and 0 for inactive neurons, layer by layer.
fn pattern(region: &Region) -> String {
    region.pattern.iter().map(|&active| if active { '1' } else { '0' }).collect()
}

fn region_text(region: &Region) -> String {
    let rows: Vec<String> =
        (0..region.matrix.rows()).map(|i| format!("({})", strings(region.matrix.row(i)).join(", "))).collect();
    let halfspaces: Vec<String> = region.halfspaces.iter().map(Halfspace::to_string).collect();
    format!(
        "interior ({}); matrix {}; offset ({}); where {}",
        strings(&region.interior).join(", "),
        rows.join(" "),
        strings(&region.offset).join(", "),
        if halfspaces.is_empty() { "everywhere".to_owned() } else { halfspaces.join(" and ") }
    )
}
