//! `certinet regions NET --domain "0:1,0:1"`: the linear regions of a network.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::{allow_regions, read_layered};
use super::options::{DomainOption, RationalList, count};
use crate::arith::{Integer, Rational};
use crate::linalg::Matrix;
use crate::network::Layered;
use crate::polyhedra::{Halfspace, Region, regions, restrict};
use crate::report::{Cell, Record};

/// The most regions `--max-regions` accepts.
pub(super) const MAX_REGIONS: u64 = 1 << 32;

/// Lists the linear regions of a network: halfspaces, affine map, a point inside. Exact and complete.
#[derive(Debug, clap::Args)]
pub struct Regions {
    /// The network: .json, structured or layered.
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
    /// Stop after this many regions (open, exit code 3).
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = count(MAX_REGIONS))]
    max_regions: u64,
}

impl Run for Regions {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        let network = read_layered(&self.network)?;
        allow_regions(&network)?;
        let network = match &self.base {
            Some(base) => on_flat(&network, &base.0, &self.direction)?,
            None => network,
        };
        let domain = self.domain.as_ref().map(|domain| domain.0.as_slice());
        let limit = usize::try_from(self.max_regions).unwrap_or(usize::MAX);
        let all = regions(&network, domain, limit).map_err(|error| refuse(&error, network.input_dimension()))?;
        let (found, maps) = (all.found(), all.distinct_maps());
        let mut json = json!({"count": found.len(), "complete": all.is_complete(), "distinct_maps": maps});
        if !self.count_only {
            json["regions"] = found.iter().map(region_json).collect();
        }
        let mut record = Record::new(json)
            .with("count", Cell::count(found.len()))
            .with("complete", Cell::text(if all.is_complete() { "yes" } else { "no" }))
            .with("distinct_maps", Cell::count(maps));
        if !self.count_only {
            for (number, region) in found.iter().enumerate() {
                record = record.with(format!("region_{number}"), Cell::text(region_text(region)));
            }
        }
        if !all.is_complete() {
            let words =
                format!("there are more than {} regions; a larger --max-regions may find them all", found.len());
            record = record.with("open", Cell::text(words));
        }
        context.deliver(&record)?;
        Ok(if all.is_complete() { Exit::Done } else { Exit::Open })
    }
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
