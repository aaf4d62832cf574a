//! The proofs of all regions as lines of a cover.

use std::fmt::Write;
use std::io;
use std::sync::Arc;

use super::prove::CellProof;
use super::{Extremum, RegionProof};
use crate::arith::{Integer, Rational};
use crate::network::Layered;
use crate::polyhedra::cover::{CoverCell, spaced, write_cover_lines};
use crate::polyhedra::slack::Slack;
use crate::polyhedra::{Finding, Region};

/// Writes the section that proves the bound `upper` of a finding, from `cover` to `conclude`, by pieces of whole lines.
///
/// **Statement.** For what [`super::extremum()`] proved of this network on this domain, the lines are the walk of
/// `proofs/FORMAT.md`, section 8, for the error `upper`, with the witness where it is attained.
/// **Exactness.** Exact; the same text with any number of threads.
///
/// # Errors
/// What `write` returns; an error also when nothing is proved.
pub fn write_error_cover(
    network: &Layered,
    domain: &[(Rational, Rational)],
    found: &Extremum,
    write: &mut dyn FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let proved = found.upper.as_ref().filter(|_| found.finding == Finding::Proved);
    let Some(error) = proved else { return Err(io::Error::other("no bound is proved")) };
    let cell = |region: &Region| CoverCell { pattern: region.pattern.clone(), interior: region.interior.clone() };
    let cells: Vec<CoverCell> = found.regions.iter().map(cell).collect();
    let leaf = |number: usize, slacks: &[Arc<Slack>]| {
        let (RegionProof { proof, error: own }, region) = (&found.proofs[number], &found.regions[number]);
        let mut names: Vec<(usize, Rational)> = region
            .halfspaces
            .iter()
            .map(|facet| {
                // A region is the intersection of the splits that lead to it: its facets are among them.
                let same =
                    |slack: &Arc<Slack>| slack.inside().filter(|(half, _)| *half == facet).map(|part| part.1.clone());
                let found = slacks.iter().enumerate().find_map(|(k, slack)| same(slack).map(|scale| (k, scale)));
                found.unwrap_or_else(|| panic!("every facet of a region is a slack of its cell"))
            })
            .collect();
        let mut text = String::new();
        // error - q = (error - own) + (own - q)
        lines(proof, &(error - own), &mut names, slacks.len(), &mut text);
        text
    };
    write_cover_lines(&[network], Some(domain), &cells, &leaf, write)?;
    write(&if found.is_exact() { format!("conclude{}\n", spaced(&found.witness)) } else { "conclude\n".to_owned() })
}

/// The lines of a cell. `names` are, for the slacks of the proof, their numbers in the cover and the factors to those there.
fn lines(proof: &CellProof, spare: &Rational, names: &mut Vec<(usize, Rational)>, next: usize, text: &mut String) {
    match proof {
        CellProof::Cut(wall, parts) => {
            let normal: Vec<String> = wall.normal().iter().map(Integer::to_string).collect();
            let _ = writeln!(text, "cut {} {}", normal.join(" "), wall.offset());
            names.push((next, Rational::one()));
            for part in parts.iter() {
                lines(part, spare, names, next + 1, text);
            }
            names.pop();
        }
        CellProof::Leaf(sums) => {
            text.push_str("leaf");
            for terms in sums {
                let _ = write!(text, " {}", terms.len() + usize::from(spare.is_positive()));
                for (c, factors) in terms {
                    // The slack of the cover is its factor times that of the proof.
                    let c = factors.iter().fold(c.clone(), |c, &k| c / &names[k].1);
                    let _ = write!(text, " {c} {}", factors.len());
                    factors.iter().for_each(|&k| {
                        let _ = write!(text, " {}", names[k].0);
                    });
                }
                if spare.is_positive() {
                    let _ = write!(text, " {spare} 0");
                }
            }
            text.push('\n');
        }
    }
}
