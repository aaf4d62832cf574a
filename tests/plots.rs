//! Pictures: regions, firing times, potentials and spikes.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;
use std::path::Path;

use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::json;

const TOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/toy_neuron.json");
const PLANE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/networks/relu_2-10-5-1.layered.json");
const SPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/networks/relu_3-16-16-1.layered.json");

/// |x|: two pieces.
const ABSOLUTE: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1, "layers": [
    {"rows": 2, "columns": 1, "weights": [[0, 0, 1], [1, 0, -1]], "bias": []},
    {"rows": 1, "columns": 2, "weights": [[0, 0, 1], [0, 1, 1]], "bias": []}]}"#;

/// w = (1, -2, 2): the firing time jumps.
const JUMP: &str = r#"{"format": "certinet-spiking", "version": 1, "inputs": 3, "outputs": [3], "neurons": [
    {"id": 3, "threshold": "1", "synapses": [{"from": 0, "weight": "1", "delay": "0", "window": null},
    {"from": 1, "weight": "-2", "delay": "0", "window": null}, {"from": 2, "weight": "2", "delay": "0", "window": null}]}]}"#;

/// Fires again and again, with windows that end.
const AGAIN: &str = r#"{"format": "certinet-spiking", "version": 1, "inputs": 2, "outputs": [2], "neurons": [
    {"id": 2, "threshold": "1", "refractory": {"knots": [["0", "-1"], ["2", "0"]], "slope": "0"}, "synapses": [
    {"from": 0, "weight": "1", "delay": "0", "window": "2"}, {"from": 1, "weight": "1", "delay": "1/2", "window": "3"}]}]}"#;

fn picture(path: &str) -> String {
    let text = fs::read_to_string(Path::new(path)).unwrap();
    assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
    text
}

#[test]
fn regions_are_drawn() {
    let folder = Folder::new();
    let svg = folder.path("a.svg");
    let result = json_of(&["regions", PLANE, "--domain=-1:1,-1:1", "--count-only", "--plot", &svg]);
    // One polygon a region.
    assert_eq!(result["count"], json!(45));
    assert_eq!(picture(&svg).matches("<polygon").count(), 45);
    // All of R^2: regions are cut off at the window, which shows all corners.
    let result = json_of(&["regions", PLANE, "--count-only", "--plot", &svg]);
    assert_eq!(result["count"], json!(110));
    assert_eq!(picture(&svg).matches("<polygon").count(), 110);
    let absolute = folder.file("absolute.json", ABSOLUTE);
    json_of(&["regions", &absolute, "--domain=-1:2", "--plot", &svg]);
    assert_eq!(picture(&svg).matches("<circle").count(), 4);
    let refused =
        refusal(folder.0.path(), &["regions", SPACE, "--domain=0:1/8,0:1/8,0:1/8", "--plot", &folder.path("b.svg")]);
    assert!(refused.contains("a picture shows one or two inputs, the network has 3"), "{refused}");
    // Nor is a certificate left behind.
    let (b, certificate) = (folder.path("b.svg"), folder.path("b.cert"));
    let arguments =
        ["regions", SPACE, "--domain=0:1/8,0:1/8,0:1/8", "--plot", b.as_str(), "--certificate", certificate.as_str()];
    assert!(refusal(folder.0.path(), &arguments).contains("a picture shows one or two inputs"));
    let refused = refusal(folder.0.path(), &["regions", PLANE, "--plot", &folder.path("b.png")]);
    assert!(refused.contains("end in .svg"), "{refused}");
}

#[test]
fn firing_times_are_drawn() {
    let folder = Folder::new();
    let svg = folder.path("a.svg");
    json_of(&["spike", "regions", TOY, "--plot", &svg]);
    let text = picture(&svg);
    assert_eq!(text.matches("<polygon").count(), 3);
    for set in ["{0}", "{1}", "{0, 1}", "firing time of neuron 1"] {
        assert!(text.contains(set), "{set}");
    }
    let jump = folder.file("jump.json", JUMP);
    json_of(&["spike", "regions", &jump, "--plot", &svg, "--plane", "0,x,y", "--view=-1:2,-1:2"]);
    assert!(picture(&svg).contains("{0, 1, 2}"));
    let again = folder.file("again.json", AGAIN);
    let result = json_of(&["spike", "regions", &again, "--plot", &svg]);
    assert_eq!((&result["patterns"], &result["complete"], &result["closed"]), (&json!(3), &json!(true), &json!(false)));
    assert!(picture(&svg).contains("x + 1"));
    for (more, expected) in [
        (vec!["--plane", "0,x"], "has not one x and one y"),
        (vec!["--plane", "x,y"], "2 entries are given, neuron 3 reads 3 neurons"),
        (vec!["--view", "0:1"], "the part to draw is no rectangle"),
    ] {
        let arguments = ["spike", "regions", &jump, "--plot", &svg].into_iter().chain(more).collect::<Vec<_>>();
        let refused = refusal(folder.0.path(), &arguments);
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn potentials_and_spikes_are_drawn() {
    let folder = Folder::new();
    let svg = folder.path("a.svg");
    let again = folder.file("again.json", AGAIN);
    let run = json_of(&["spike", "run", &again, "--input", "0,1", "--plot", &svg]);
    let spikes = run["outputs"][0].as_array().unwrap().len();
    let text = picture(&svg);
    // The firing times on the threshold and their disc in the legend.
    assert_eq!(text.matches("<circle").count(), spikes + 1);
    assert!(spikes > 3 && text.contains("membrane potential of neuron 2") && text.contains("threshold 1"));
    // Nobody fires.
    json_of(&["spike", "run", TOY, "--input", "silent,silent", "--plot", &svg]);
    picture(&svg);
}

#[test]
fn spiking_networks_have_regions_and_are_compared() {
    let folder = Folder::new();
    let absolute = folder.file("absolute.json", ABSOLUTE);
    let spiking = folder.path("spiking.json");
    json_of(&["spike", "from-relu", &absolute, "--domain=-2:2", "--method", "compact", "--output", &spiking]);
    let regions = json_of(&["regions", &spiking, "--domain=-2:2"]);
    assert_eq!(
        (&regions["complete"], &regions["closed"], &regions["distinct_maps"]),
        (&json!(true), &json!(true), &json!(2))
    );
    let equal = json_of(&["equal", &spiking, &absolute, "--domain=-2:2"]);
    assert_eq!((&equal["equal"], &equal["witness"]), (&json!(true), &json!(null)));
    assert_eq!(json_of(&["equal", &absolute, &spiking, "--domain=-2:2"])["equal"], json!(true));
    assert_eq!(json_of(&["equal", &spiking, &spiking, "--domain=-2:2"])["equal"], json!(true));
    // Beyond its box the spiking network is another function: code 1, values in the order of the files.
    let (code, stdout, _) = session::certinet(&["equal", &absolute, &spiking, "--domain=-9:9", "--format", "json"]);
    let unequal: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &unequal["equal"]), (1, &json!(false)));
    let x = number(&unequal["witness"][0]);
    assert_eq!(unequal["left"], json!([x.abs().to_string()]));
    assert_ne!(unequal["left"], unequal["right"]);
    let (code, stdout, _) = session::certinet(&["equal", &absolute, &spiking, "--domain=-2:2", "--max-regions", "1"]);
    assert!(code == 3 && stdout.contains("open: there are more regions than the limit"), "{stdout}");
    let refused = refusal(folder.0.path(), &["equal", &spiking, PLANE, "--domain=-2:2"]);
    assert!(refused.contains("give two networks of the same dimensions"), "{refused}");
    let refused = refusal(folder.0.path(), &["regions", &spiking, "--domain=-2:2,0:1"]);
    assert!(refused.contains("the network has 1 inputs"), "{refused}");
}
