//! Results and refusals of commands.

use std::fs;
use std::path::Path;

use certinet::arith::Rational;
use serde_json::Value;

use crate::session::certinet;

/// The JSON result of a command that succeeds.
pub fn json_of(arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

/// The one line of an error; nothing was printed and no file was written.
pub fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let names = || fs::read_dir(folder).unwrap().count();
    let before = names();
    let (code, stdout, stderr) = certinet(arguments);
    assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
    assert!(stderr.starts_with("certinet: ") && stderr.lines().count() == 1, "{stderr}");
    assert_eq!(names(), before, "{arguments:?}");
    stderr
}

/// An exact number of a result.
pub fn number(value: &Value) -> Rational {
    value.as_str().unwrap().parse().unwrap()
}
