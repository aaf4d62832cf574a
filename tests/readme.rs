//! Every `console` command of the README runs and prints what the README shows.
//!
//! With the environment variable CERTINET_UPDATE_README set, the README is rewritten instead with what the commands
//! print; the change is then looked at like any other.

#![allow(missing_docs, clippy::unwrap_used)]

mod session;

use std::fs;
use std::path::Path;

/// Standard output of a command that answers: 0, or 1 where something is refuted.
fn run(line: &str) -> String {
    let words = shlex::split(line).unwrap();
    let (code, stdout, stderr) = session::certinet(&words[1..]);
    assert!(code <= 1 && stderr.is_empty(), "{line}: {stderr}");
    stdout
}

#[test]
fn console_blocks_show_what_the_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (place, names) in [
        ("examples", &["table.toml", "laplace.mtx", "load.mtx", "toy_neuron.json", "formula.cnf"][..]),
        ("examples/bss", &["classifier.bss"]),
        ("tests/netlib", &["afiro.mps"]),
    ] {
        fs::create_dir_all(folder.path().join(place)).unwrap();
        for name in names {
            fs::copy(root.join(place).join(name), folder.path().join(place).join(name)).unwrap();
        }
    }
    std::env::set_current_dir(folder.path()).unwrap();

    let mut shown = String::new();
    let (mut inside, mut commands) = (false, 0);
    for line in readme.lines() {
        if line == "```console" {
            inside = true;
        } else if line == "```" {
            inside = false;
        }
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if !inside || command.is_some() || line == "```console" {
            shown.push_str(line);
            shown.push('\n');
        }
        if let Some(command) = command {
            commands += 1;
            shown.push_str(&run(command));
        }
    }
    assert!(commands >= 8, "the README shows {commands} commands");
    if std::env::var_os("CERTINET_UPDATE_README").is_some() {
        fs::write(root.join("README.md"), shown).unwrap();
    } else {
        assert!(readme == shown, "README.md shows something else than:\n{shown}");
    }
}
