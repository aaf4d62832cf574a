//! The command `certinet-check FILE.. [--network NET.json] [--target NET.json]`.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use crate::check::{Outcome, Verdict, check};

/// What `--help` shows.
pub const HELP: &str = "\
certinet-check FILE... [--network NET.json] [--target NET.json]

Checks certificates. The first line of the output is the verdict:
  verified                        every line of the proof holds
  holey N                         every line holds, N of them were taken on trust
  rejected step S rule R: why     line S does not hold (step 0: the network file is another network)
Several files: the first line is the verdict of all, then one line FILE: verdict for each.

  --network NET.json   compare a network file with the network, or the spiking network, that the certificate is about
  --target NET.json    compare a network file with the network that it is proved to be equal to
  -h, --help           this text

Exit codes: 0 verified, 1 rejected, 2 a file cannot be read or the command is wrong, 3 holey.
";

/// Runs the command: verdicts go to `out`, what keeps it from running to `err`.
///
/// Exit codes: 0 verified, 1 rejected, 2 a file cannot be read or the command is wrong, 3 holey.
///
/// # Errors
/// When nothing can be written.
pub fn run(arguments: &[String], out: &mut impl Write, err: &mut impl Write) -> io::Result<u8> {
    let (mut files, mut networks) = (Vec::new(), [None; 2]);
    let mut rest = arguments.iter();
    let mut options = true;
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "-h" | "--help" if options => {
                write!(out, "{HELP}")?;
                return Ok(0);
            }
            "--" if options => options = false,
            option @ ("--network" | "--target") if options => {
                let [network, target] = &mut networks;
                match (rest.next(), if option == "--network" { network } else { target }) {
                    (Some(path), place @ None) => *place = Some(Path::new(path)),
                    _ => return refuse(err, &format!("{option} takes one file, and is given once")),
                }
            }
            other if options && other.starts_with('-') && other.len() > 1 => {
                return refuse(err, &format!("{other} is not an option; see --help"));
            }
            _ => files.push(argument.as_str()),
        }
    }
    if files.is_empty() || (networks != [None; 2] && files.len() > 1) {
        return refuse(err, "one certificate or more are needed, exactly one with a network file; see --help");
    }
    let mut outcomes = Vec::new();
    for file in &files {
        match check_files(Path::new(file), networks) {
            // The networks are not needed any more.
            Ok(outcome) => {
                let claim = outcome.claim();
                outcomes.push((outcome.verdict, claim));
            }
            Err(sentence) => return refuse(err, &sentence),
        }
    }
    let verdict = overall(outcomes.iter().map(|outcome| &outcome.0));
    writeln!(out, "{verdict}")?;
    match outcomes.as_slice() {
        [(_, Some(statement))] => writeln!(out, "{statement}")?,
        [_] => {}
        _ => {
            for (file, (verdict, _)) in files.iter().zip(&outcomes) {
                writeln!(out, "{file}: {verdict}")?;
            }
        }
    }
    Ok(match verdict {
        Verdict::Verified => 0,
        Verdict::Rejected { .. } => 1,
        Verdict::Holey(_) => 3,
    })
}

/// Checks a certificate and compares network files with it: one for the network that it is about, one for the target.
///
/// # Errors
/// A sentence when a file cannot be read.
pub fn check_files(certificate: &Path, [network, target]: [Option<&Path>; 2]) -> Result<Outcome, String> {
    let unreadable = |path: &Path, error: io::Error| format!("{} cannot be read: {error}", path.display());
    let open = |path: &Path| File::open(path).map(BufReader::new).map_err(|error| unreadable(path, error));
    // Before the long work, so that a wrong path is noticed.
    let (network, target) = (network.map(open).transpose()?, target.map(open).transpose()?);
    let mut outcome = check(open(certificate)?).map_err(|error| unreadable(certificate, error))?;
    network.into_iter().for_each(|reader| outcome.bind(reader));
    target.into_iter().for_each(|reader| outcome.bind_target(reader));
    Ok(outcome)
}

/// The first rejection, else all holes together, else verified.
pub fn overall<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Verdict {
    let mut holes = 0;
    for verdict in verdicts {
        match verdict {
            Verdict::Verified => {}
            Verdict::Holey(count) => holes += count,
            rejected @ Verdict::Rejected { .. } => return rejected.clone(),
        }
    }
    if holes == 0 { Verdict::Verified } else { Verdict::Holey(holes) }
}

fn refuse(err: &mut impl Write, sentence: &str) -> io::Result<u8> {
    writeln!(err, "certinet-check: {sentence}")?;
    Ok(2)
}
