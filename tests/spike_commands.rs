//! The commands for spiking networks: spike run, regions, from-relu, to-relu.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::Rational;
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn numbers(value: &Value) -> Vec<Rational> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The toy neuron of the slides.
const TOY: &str = r#"{"format": "certinet-spiking", "version": 1, "inputs": 2, "neurons": [
    {"id": 2, "threshold": "1", "synapses": [{"from": 0, "weight": "1", "delay": "2", "window": null},
                                            {"from": 1, "weight": "1", "delay": "1", "window": null}]}],
    "outputs": [2]}"#;

/// max(x + y, 0) / 2 - max(x - y, 0) / 3.
const RELU: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1, "layers": [
    {"rows": 2, "columns": 2, "weights": [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, -1]], "bias": []},
    {"rows": 1, "columns": 2, "weights": [[0, 0, "1/2"], [0, 1, "-1/3"]], "bias": []}]}"#;

#[test]
fn networks_are_run() {
    let folder = Folder::new();
    let toy = folder.file("toy.json", TOY);
    let outputs = |more: &[&str]| {
        let arguments: Vec<&str> = ["spike", "run", toy.as_str()].iter().chain(more).copied().collect();
        json_of(&arguments)["outputs"].clone()
    };
    assert_eq!(outputs(&["--input", "0,1"]), json!([["5/2"]]));
    assert_eq!(outputs(&["--input", "-1/3,0.5"]), json!([["25/12"]]));
    assert_eq!(outputs(&["--input", "0,silent"]), json!([["3"]]));
    assert_eq!(outputs(&["--input", "silent,silent"]), json!([[]]));
    assert_eq!(outputs(&["--input", "0,1", "--until", "2"]), json!([[]]));
    assert_eq!(outputs(&["--input", "0,1", "--first"]), json!([["5/2"]]));
    let run = json_of(&["spike", "run", &toy, "--input", "0,1", "--trace", "2"]);
    let points = [("2", "0", "0")];
    let points = points.map(|(t, v, a)| json!({"time": t, "value": v, "value_after": a}));
    assert_eq!(run["trace"], json!({"neuron": 2, "breakpoints": points, "last_slope": "2"}));
    assert_eq!((&run["neurons"], &run["layers"], &run["spikes"]), (&json!("3"), &json!("1"), &json!("3")));
    let (_, text, _) = certinet(&["spike", "run", &toy, "--input", "0,1"]);
    assert!(text.contains("neuron 2 fires at") && text.contains("5/2"), "{text}");
    let (_, text, _) = certinet(&["spike", "run", &toy, "--input", "silent,silent"]);
    assert!(text.contains("silent"), "{text}");
    // Windows, several spikes.
    let twice = TOY.replace("\"window\": null", "\"window\": \"1\"");
    let twice = folder.file("twice.json", &twice);
    assert_eq!(json_of(&["spike", "run", &twice, "--input", "0,5"])["outputs"], json!([["3", "7"]]));
}

#[test]
fn regions_are_listed() {
    let folder = Folder::new();
    let toy = folder.file("toy.json", TOY);
    let regions = json_of(&["spike", "regions", &toy, "--neuron", "2"]);
    assert_eq!(
        (&regions["count"], &regions["complete"], &regions["distinct_maps"]),
        (&json!(3), &json!(true), &json!(3))
    );
    assert_eq!((&regions["upper_bound"], &regions["layer_upper_bound"]), (&json!("3"), &json!("3")));
    assert_eq!((&regions["continuous"], &regions["discontinuity"]), (&json!(true), &Value::Null));
    let list = regions["regions"].as_array().unwrap();
    assert_eq!(list[2]["causal_set"], json!([0, 1]));
    assert_eq!((&list[2]["matrix"], &list[2]["offset"]), (&json!([["1/2", "1/2"]]), &json!(["2"])));
    let sides = json!([{"normal": ["1", "-1"], "offset": "0"}, {"normal": ["-1", "1"], "offset": "2"}]);
    assert_eq!(list[2]["halfspaces"], sides);
    for region in list {
        // The interior point lies inside, and the network fires there when the map says.
        let x = numbers(&region["interior"]);
        let dot = |row: &[Rational]| row.iter().zip(&x).map(|(a, b)| a * b).sum::<Rational>();
        for side in region["halfspaces"].as_array().unwrap() {
            assert!(dot(&numbers(&side["normal"])) < number(&side["offset"]));
        }
        let input: Vec<String> = x.iter().map(ToString::to_string).collect();
        let run = json_of(&["spike", "run", &toy, "--input", &input.join(",")]);
        let time = dot(&numbers(&region["matrix"][0])) + number(&region["offset"][0]);
        assert_eq!(run["outputs"], json!([[time.to_string()]]));
    }
    let mut counted = json_of(&["spike", "regions", &toy, "--count-only"]);
    assert!(counted.get("regions").is_none());
    counted["regions"] = regions["regions"].clone();
    assert_eq!(counted, regions);
    let file = folder.path("regions.json");
    certinet(&["spike", "regions", &toy, "--format", "json", "--output", &file]);
    assert_eq!(serde_json::from_str::<Value>(&fs::read_to_string(file).unwrap()).unwrap(), regions);
    let (_, text, _) = certinet(&["spike", "regions", &toy]);
    assert!(text.contains("1/2 t_0 + 1/2 t_1 + 2"), "{text}");
    // A negative weight: fewer regions, and a jump.
    let mixed = folder.file("mixed.json", &TOY.replacen("\"weight\": \"1\"", "\"weight\": \"-1\"", 1));
    let regions = json_of(&["spike", "regions", &mixed, "--distance", "1/8", "--gap", "5"]);
    assert_eq!((&regions["count"], &regions["continuous"]), (&json!(1), &json!(false)));
    assert_eq!(regions["regions"][0]["causal_set"], json!([1]));
    let jump = &regions["discontinuity"];
    let run = |key: &str| {
        let input: Vec<String> = numbers(&jump[key]).iter().map(ToString::to_string).collect();
        json_of(&["spike", "run", &mixed, "--first", "--input", &input.join(",")])["outputs"][0].clone()
    };
    assert_eq!(run("input"), json!([jump["time"]]));
    assert_eq!(run("near"), json!([]));
    let (_, text, _) = certinet(&["spike", "regions", &mixed, "--count-only"]);
    assert!(text.contains("discontinuous: 1 at "), "{text}");
}

#[test]
fn relu_networks_become_spiking_and_spiking_become_relu() {
    let folder = Folder::new();
    let relu = folder.file("net.layered.json", RELU);
    let certificate = folder.path("network.cert");
    let checked = |network: &str| {
        let (code, text, _) = certinet(&["check", &certificate, "--network", network]);
        (code, text.lines().next().unwrap().to_owned())
    };
    for (method, layers, neurons) in [("published", "4", "13"), ("compact", "3", "10")] {
        let spiking = folder.path(&format!("{method}.json"));
        let arguments = ["spike", "from-relu", &relu, "--domain", "-1:1,-1:1", "--method", method];
        let result = json_of(&[&arguments[..], &["--output", &spiking, "--certificate", &certificate]].concat());
        assert_eq!(result["certificate"], certificate.as_str());
        assert_eq!(checked(&spiking), (0, "verified".to_owned()));
        let (code, first) = checked(&relu);
        assert_eq!(code, 1);
        assert!(first.starts_with("rejected step 0 rule network"), "{first}");
        assert_eq!((&result["layers"], &result["neurons"]), (&json!(layers), &json!(neurons)));
        let file: Value = serde_json::from_str(&fs::read_to_string(&spiking).unwrap()).unwrap();
        assert_eq!(file["reference_inputs"], json!([{"id": 2, "time": "0"}]));
        for input in ["1/3,2/5", "-1,1", "1,-1", "0,0", "-7/9,-1/11"] {
            let expected = json_of(&["eval", &relu, "--input", input])["output"].clone();
            let run = json_of(&["spike", "run", &spiking, "--input", input]);
            assert_eq!(run["values"], expected);
            // With the reference input, and by the offset.
            let all = json_of(&["spike", "run", &spiking, "--input", &format!("{input},0")]);
            assert_eq!(all, run);
            let time = number(&run["outputs"][0][0]);
            assert_eq!(time - number(&file["output_offset"]), number(&expected[0]));
        }
    }
    let toy = folder.file("toy.json", TOY);
    for method in ["tree", "sorting"] {
        let back = folder.path(&format!("{method}.layered.json"));
        let written = ["--output", &back, "--certificate", &certificate];
        let result = json_of(&[&["spike", "to-relu", &toy, "--method", method][..], &written].concat());
        assert_eq!(checked(&back), (0, "verified".to_owned()));
        let count = json_of(&["count", &back]);
        for key in ["layers", "neurons", "weights"] {
            assert_eq!(result[key], count[key]);
        }
        for input in ["0,1", "-1/3,1/2", "5,-5", "-5,5"] {
            let run = json_of(&["spike", "run", &toy, "--input", input]);
            assert_eq!(json_of(&["eval", &back, "--input", input])["output"], run["outputs"][0]);
        }
    }
}

#[test]
fn bad_input_is_one_line_and_writes_nothing() {
    let folder = Folder::new();
    let here = folder.0.path();
    let toy = folder.file("toy.json", TOY);
    let relu = folder.file("net.json", RELU);
    let changed = |name: &str, old: &str, new: &str| {
        assert!(TOY.contains(old), "{old}");
        folder.file(name, &TOY.replacen(old, new, 1))
    };
    let delay = changed("delay.json", "\"delay\": \"2\"", "\"delay\": \"-2\"");
    let threshold = changed("threshold.json", "\"threshold\": \"1\"", "\"threshold\": \"0\"");
    let cycle = changed("cycle.json", "\"from\": 0", "\"from\": 2");
    let unknown = changed("unknown.json", "\"from\": 0", "\"from\": 7");
    let negative = changed("negative.json", "\"weight\": \"1\"", "\"weight\": \"-1\"");
    let output = changed("output.json", "\"outputs\": [2]", "\"outputs\": [2, 0]");
    let broken = folder.file("broken.json", &TOY[..200]);
    let (out, layered) = (folder.path("out.json"), folder.path("out.layered.json"));
    for (arguments, expected) in [
        (vec!["spike", "run", &toy], "--input"),
        (vec!["spike", "run", &toy, "--input", ""], "entry 1 is empty"),
        (vec!["spike", "run", &toy, "--input", "1"], "1 input firing times were given, the network has 2 inputs"),
        (vec!["spike", "run", &toy, "--input", "1,x"], "'x' is not a number"),
        (vec!["spike", "run", &toy, "--input", "1,2", "--trace", "0"], "the trace names neuron 0"),
        (vec!["spike", "run", &delay, "--input", "1,2"], "neuron 2, synapses[0] has the delay -2"),
        (vec!["spike", "run", &threshold, "--input", "1,2"], "neuron 2 has the threshold 0"),
        (vec!["spike", "run", &cycle, "--input", "1,2"], "neuron 2 reads neuron 2, which depends on it"),
        (vec!["spike", "run", &unknown, "--input", "1,2"], "reads neuron 7: there is no neuron with this id"),
        (vec!["spike", "run", &relu, "--input", "1,2"], "the format is 'certinet-layered'"),
        (vec!["spike", "run", &broken, "--input", "1,2"], "the text ends inside"),
        (vec!["spike", "regions", &toy, "--neuron", "9"], "neuron 9 is not in the network"),
        (vec!["spike", "regions", &toy, "--neuron", "1"], "neuron 1 is an input"),
        (vec!["spike", "regions", &output], "the network has 2 outputs"),
        (vec!["spike", "from-relu", &relu, "--output", &out], "--domain"),
        (vec!["spike", "from-relu", &relu, "--domain", "0:1"], "the file to write is missing"),
        (
            vec!["spike", "from-relu", &relu, "--domain", "0:1", "--output", &out],
            "the domain has 1 intervals, the network takes 2 inputs, option --domain",
        ),
        (vec!["spike", "from-relu", &relu, "--domain", "0:1,1:0", "--output", &out], "its ends in the wrong order"),
        (
            vec!["spike", "from-relu", &relu, "--domain", "0:1,0:1", "--method", "fast", "--output", &out],
            "'fast' is no method of this family: accepted are published, compact",
        ),
        (vec!["spike", "from-relu", &toy, "--domain", "0:1,0:1", "--output", &out], "the format is 'certinet-spiking'"),
        (vec!["spike", "to-relu", &negative, "--output", &out], "neuron 2 has a weight that is not positive"),
        (vec!["spike", "to-relu", &toy], "the file to write is missing"),
        (vec!["spike", "to-relu", &toy, "--output", &toy], "the file to write is the file to read"),
        (
            vec!["spike", "from-relu", &relu, "--domain", "0:1,0:1", "--output", &out, "--certificate", &out],
            "the certificate would be written over",
        ),
        (
            vec!["spike", "to-relu", &toy, "--output", &out, "--certificate", &toy],
            "the certificate would be written over",
        ),
        (
            vec!["build", "spiking-minimum", "--size", "3", "--error", "1/2", "--output", &layered],
            "a spiking network is written as spiking JSON",
        ),
        (vec!["build", "spiking-minimum", "--size", "3", "--output", &out], "--error"),
        (vec!["build", "spiking-to-relu", "--output", &out], "--size"),
        (
            vec!["build", "spiking-to-relu", "--weights", "1,-1", "--output", &out],
            "neuron 2 has a weight that is not positive",
        ),
        (
            vec!["build", "spiking-to-relu", "--weights", "1,2", "--method", "sorting", "--output", &out],
            "neuron 2 has different weights",
        ),
        (
            vec!["build", "spiking-to-relu", "--size", "17", "--method", "tree", "--output", &out],
            "neuron 17 has 17 synapses",
        ),
        (vec!["build", "relu-to-spiking", "--of", "cube", "--levels", "1", "--output", &out], "cube"),
        (vec!["build", "relu-to-spiking", "--output", &out], "--error"),
        (vec!["spike"], "no command was given"),
    ] {
        let message = refusal(here, &arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}
