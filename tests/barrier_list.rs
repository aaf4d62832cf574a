//! The list of experiments names what there is.

#![allow(clippy::unwrap_used)]

mod session;

use session::certinet;

#[test]
fn every_experiment_is_a_command_and_every_command_is_listed() {
    let (code, stdout, _) = certinet(&["barrier", "list", "--format", "json"]);
    assert_eq!(code, 0);
    let rows: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let mut listed: Vec<&str> =
        rows.as_array().unwrap().iter().map(|row| row["experiment"].as_str().unwrap()).collect();
    let (_, help, _) = certinet(&["barrier", "--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    commands.retain(|name| !["help", "list"].contains(name));
    listed.sort_unstable();
    commands.sort_unstable();
    assert_eq!(listed, commands);
}
