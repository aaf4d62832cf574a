//! Every row of the default table has a certificate that the independent checker verifies, and that it finds to be about
//! the very network that is written: the structured file of every row, the layered file up to a limit.

#![allow(clippy::unwrap_used)]

mod rows;
mod session;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;
use std::sync::Mutex;

use certinet_check::{Verdict, check};
use rows::{certinet, command_lines, each};
use serde_json::Value;

/// Weights up to which the written-out network of a row is compared, entry by entry.
const LAYERED: u128 = 5_000_000;

/// Builds a network with its certificate; the result of the command.
fn build(line: &[String], network: &Path, certificate: &Path) -> Value {
    let (network, certificate) = (network.to_string_lossy(), certificate.to_string_lossy());
    let mut words = vec!["build"];
    words.extend(line.iter().map(String::as_str));
    words.extend(["--format", "json", "--output", &network, "--certificate", &certificate]);
    serde_json::from_str(&certinet(&words)).unwrap()
}

/// The verdict on a certificate and a network file.
fn verdict(certificate: &Path, network: &Path) -> Verdict {
    let mut outcome = check(BufReader::new(File::open(certificate).unwrap())).unwrap();
    outcome.bind(BufReader::new(File::open(network).unwrap()));
    outcome.verdict
}

#[test]
fn every_default_row_is_verified_and_bound() {
    let lines = command_lines();
    let folder = tempfile::tempdir().unwrap();
    let (problems, layered) = (Mutex::new(Vec::new()), Mutex::new(0));
    let numbered: Vec<(usize, &Vec<String>)> = lines.iter().enumerate().collect();
    each(&numbered, |(number, line)| {
        let path = |extension: &str| folder.path().join(format!("{number}.{extension}"));
        let (structured, certificate) = (path("json"), path("cert"));
        let result = build(line, &structured, &certificate);
        let complain = |what: &str, verdict: Verdict| {
            if verdict != Verdict::Verified {
                problems.lock().unwrap().push(format!("{} ({what}): {verdict}", line.join(" ")));
            }
        };
        assert_eq!(result["certificate"], certificate.to_string_lossy().as_ref());
        complain("structured", verdict(&certificate, &structured));
        let weights: u128 = result["weights"].as_str().unwrap().parse().unwrap();
        // A spiking network has no layered form.
        let spiking = ["relu-to-spiking", "spiking-minimum"].contains(&line[0].as_str());
        if weights <= LAYERED && !spiking {
            let written = path("layered.json");
            certinet(&["convert", &structured.to_string_lossy(), "--output", &written.to_string_lossy()]);
            complain("layered", verdict(&certificate, &written));
            fs::remove_file(&written).unwrap();
            *layered.lock().unwrap() += 1;
        }
        fs::remove_file(&structured).unwrap();
        fs::remove_file(&certificate).unwrap();
    });
    assert_eq!(problems.into_inner().unwrap(), Vec::<String>::new());
    let layered = layered.into_inner().unwrap();
    assert!(lines.len() > 200 && layered > 130, "{layered} of {} rows were compared entry by entry", lines.len());
}

#[test]
fn the_table_writes_the_certificates_of_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = folder.path().join("new");
    let path = certificates.to_string_lossy();
    let rows = certinet(&[
        "table",
        "squaring",
        "matrix-power",
        "spiking-minimum",
        "--format",
        "json",
        "--certificates",
        &path,
    ]);
    let Value::Array(rows) = serde_json::from_str(&rows).unwrap() else { panic!("a list of rows") };
    let mut names: Vec<&str> = rows.iter().map(|row| row["certificate"].as_str().unwrap()).collect();
    let checked = certinet(&[&["check"], names.as_slice()].concat());
    assert_eq!(checked.lines().next(), Some("verified"));
    assert_eq!(checked.lines().count(), 1 + rows.len());
    // What a row says is what its certificate states.
    for row in &rows {
        let text = fs::read_to_string(row["certificate"].as_str().unwrap()).unwrap();
        let says = |key: &str| row[key].as_str().unwrap();
        let size = format!("size {} {} {}\n", says("layers"), says("neurons"), says("weights"));
        assert!(text.contains(&size) && text.contains(&format!("\nerror {}\n", says("error_bound"))), "{row}");
        assert!(text.contains(&format!("\nkind {}\n", says("error_kind"))), "{row}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), fs::read_dir(&certificates).unwrap().count()), (rows.len(), rows.len()));
}

/// Any single weight that is changed is found, in the layered and in the structured file.
#[test]
fn a_changed_weight_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for line in [
        "squaring --error=2^-6",
        "minimum --size=3",
        "power --degree=3 --error=1/10",
        "matrix-inverse --size=2 --delta=1/2 --error=1/2",
        "linear-solve --size=2 --lower=1/2 --upper=3/2 --error=1/4",
        "spiking-to-relu --weights=1,2/3 --threshold=2",
        "relu-to-spiking --levels=1",
        "spiking-minimum --size=6 --error=1/3",
    ] {
        let words: Vec<String> = line.split(' ').map(ToOwned::to_owned).collect();
        let (structured, certificate, changed) = (path("net.json"), path("net.cert"), path("changed.json"));
        let layered = path("net.layered.json");
        build(&words, &structured, &certificate);
        let mut files = vec![&structured];
        if !["relu-to-spiking", "spiking-minimum"].contains(&words[0].as_str()) {
            certinet(&["convert", &structured.to_string_lossy(), "--output", &layered.to_string_lossy()]);
            files.push(&layered);
        }
        let mut changes = 0;
        for file in files {
            assert_eq!(verdict(&certificate, file), Verdict::Verified, "{line}");
            let text = fs::read_to_string(file).unwrap();
            // Every quoted number is a weight, or the denominator of a block; what a file claims is nobody's business.
            let start = text.find("\"blocks\"").unwrap_or(0);
            let quotes = text.match_indices('"').map(|(place, _)| place).filter(|place| *place >= start);
            let quotes: Vec<usize> = quotes.collect();
            for pair in quotes.windows(2) {
                let number = &text[pair[0] + 1..pair[1]];
                if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || "-/".contains(c)) {
                    continue;
                }
                let other = if number == "7" { "11" } else { "7" };
                fs::write(&changed, format!("{}{other}{}", &text[..=pair[0]], &text[pair[1]..])).unwrap();
                let found = verdict(&certificate, &changed);
                assert!(matches!(found, Verdict::Rejected { step: 0, .. }), "{line}: {number} at {}: {found}", pair[0]);
                changes += 1;
            }
        }
        assert!(changes > 12, "{line}: {changes}");
    }
}
