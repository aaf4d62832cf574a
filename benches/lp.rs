//! Exact answers to linear programs of netlib, against the time to read them.
//!
//! Compared once with other exact solvers (November 2026, Debian 12, two shared cores; one process a program, reading
//! included, the 27 programs other than gas11): `certinet lp` 0.36 s, QSopt_ex 2.5.10.3 (`esolver`) 0.47 s. On gas11,
//! which is unbounded: 0.1 s with a proof, esolver 19 s. `glpsol --exact` of GLPK 5.0 takes 0.2 to 0.7 s for each of
//! israel, capri and scagr25, and does not end within 60 s on brandy.

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
