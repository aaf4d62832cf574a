//! The program itself: exit codes, one-line errors, closed pipes.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output, Stdio};

fn certinet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certinet")).args(arguments).output().unwrap()
}

#[test]
fn help_and_version_go_to_standard_output() {
    for argument in ["--help", "--version"] {
        let output = certinet(&[argument]);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.starts_with(b"certinet") || output.stdout.starts_with(b"Neural networks"));
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn bad_usage_is_one_line_on_standard_error() {
    for arguments in [&[] as &[&str], &["no-such-command"], &["--no-such-option"], &["--threads", "x"], &["a\nb"]] {
        let output = certinet(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("certinet: ") && stderr.lines().count() == 1, "{stderr}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certinet"))
        .arg("--help")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
