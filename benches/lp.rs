//! Exact answers to linear programs of netlib, against reading them and against the doubles that guess.
//!
//! RELATION

mod timing;

use std::fs;
use std::path::Path;

use certinet::format::mps;
use certinet::programs::{Answer, solve};
use timing::{Failure, shortest};

const REPEATS: usize = 5;

fn main() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/netlib");
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".mps").map(str::to_owned));
    }
    names.sort();
    println!("exact answers, reading included in none:");
    let (mut all_read, mut all_solved) = (0.0, 0.0);
    for name in names {
        let text = fs::read_to_string(folder.join(format!("{name}.mps")))?;
        let mut program = None;
        let read = shortest(REPEATS, || {
            program = Some(mps::read(&text)?.program);
            Ok(())
        })?;
        let Some(program) = program else { continue };
        let mut answer = None;
        let solved = shortest(REPEATS, || {
            answer = Some(solve(&program));
            Ok(())
        })?;
        let what = match answer {
            Some(Answer::Optimal { value, .. }) => format!("optimal, {} bits", value.numerator().bits()),
            Some(Answer::Infeasible { .. }) => "infeasible".to_owned(),
            Some(Answer::Unbounded { .. }) => "unbounded".to_owned(),
            None => continue,
        };
        let (rows, columns) = (program.rows().len(), program.columns().len());
        println!(
            "  {name:9} {rows:4} x {columns:4}: solved / read {:6.1}   ({:7.2} ms, {what})",
            solved / read,
            solved * 1e3
        );
        (all_read, all_solved) = (all_read + read, all_solved + solved);
    }
    println!("  total: solved / read {:.1}   ({:.1} ms)", all_solved / all_read, all_solved * 1e3);
    Ok(())
}
