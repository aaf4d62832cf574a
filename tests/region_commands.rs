//! The commands about regions: regions, equal.

#![allow(clippy::unwrap_used)]

mod folder;
mod session;

use certinet::arith::Rational;
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

/// max(x + y, 0) / 2 - max(x - y, 0) / 3.
const NETWORK: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1, "layers": [
    {"rows": 2, "columns": 2, "weights": [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, -1]], "bias": []},
    {"rows": 1, "columns": 2, "weights": [[0, 0, "1/2"], [0, 1, "-1/3"]], "bias": []}]}"#;

/// max(2 x + 2 y, 0) / 4 - max(x - y, 0) / 3, the neurons exchanged.
const SAME: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1, "layers": [
    {"rows": 2, "columns": 2, "weights": [[0, 0, 1], [0, 1, -1], [1, 0, 2], [1, 1, 2]], "bias": []},
    {"rows": 1, "columns": 2, "weights": [[0, 0, "-1/3"], [0, 1, "1/4"]], "bias": []}]}"#;

/// (x + y) / 2 - max(x - y, 0) / 3: equal where x + y >= 0.
const HALF: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1, "layers": [
    {"rows": 3, "columns": 2, "weights": [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, -1], [2, 0, -1], [2, 1, -1]], "bias": []},
    {"rows": 1, "columns": 3, "weights": [[0, 0, "1/2"], [0, 1, "-1/3"], [0, 2, "-1/2"]], "bias": []}]}"#;

fn json_of(arguments: &[&str], expected: u8) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!((code, stderr.as_str()), (expected, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = certinet(arguments);
    assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
    assert!(stderr.starts_with("certinet: ") && stderr.lines().count() == 1, "{stderr}");
    stderr
}

fn numbers(value: &Value) -> Vec<Rational> {
    value.as_array().unwrap().iter().map(|number| number.as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn regions_are_listed() {
    let folder = Folder::new();
    let network = folder.file("net.json", NETWORK);
    let all = json_of(&["regions", &network], 0);
    assert_eq!((&all["count"], &all["complete"], &all["distinct_maps"]), (&json!(4), &json!(true), &json!(4)));
    let regions = all["regions"].as_array().unwrap();
    assert_eq!(regions.len(), 4);
    for region in regions {
        let interior = numbers(&region["interior"]);
        for half in region["halfspaces"].as_array().unwrap() {
            let normal = numbers(&half["normal"]);
            let value: Rational = normal.iter().zip(&interior).map(|(a, x)| a * x).sum();
            assert!(value < half["offset"].as_str().unwrap().parse().unwrap());
        }
        let map: Rational = numbers(&region["matrix"][0]).iter().zip(&interior).map(|(a, x)| a * x).sum();
        let text: Vec<String> = interior.iter().map(Rational::to_string).collect();
        let value = json_of(&["eval", &network, "--input", &text.join(",")], 0);
        assert_eq!(map + &numbers(&region["offset"])[0], numbers(&value["output"])[0]);
    }
    // In the right half of the diamond's square: only x + y > 0 and x - y > 0 meet [2, 3] x [-1, 1].
    let inside = json_of(&["regions", &network, "--domain", "2:3,-1:1", "--count-only"], 0);
    assert_eq!(inside, json!({"count": 1, "complete": true, "distinct_maps": 1}));
    let open = json_of(&["regions", &network, "--domain", "-1:1,-1:1", "--max-regions", "3"], 3);
    assert_eq!((&open["count"], &open["complete"]), (&json!(3), &json!(false)));
    let (code, text, _) = certinet(&["regions", &network]);
    assert!(code == 0 && text.starts_with("count          4\ncomplete       yes\n"), "{text}");
}

#[test]
fn networks_are_compared() {
    let folder = Folder::new();
    let (network, same, half) =
        (folder.file("a.json", NETWORK), folder.file("b.json", SAME), folder.file("c.json", HALF));
    assert_eq!(json_of(&["equal", &network, &same], 0)["equal"], json!(true));
    assert_eq!(json_of(&["equal", &network, &half, "--domain", "0:1,0:1"], 0)["equal"], json!(true));
    assert_eq!(json_of(&["equal", &network, &half, "--domain", "-1:-1,1:2"], 0)["equal"], json!(true));
    let answer = json_of(&["equal", &network, &half, "--domain", "-1/1000:1,-1/1000:1"], 1);
    assert_eq!(answer["equal"], json!(false));
    let witness: Vec<String> = numbers(&answer["witness"]).iter().map(Rational::to_string).collect();
    for (file, side) in [(&network, "left"), (&half, "right")] {
        assert_eq!(json_of(&["eval", file, "--input", &witness.join(",")], 0)["output"], answer[side]);
    }
    assert_ne!(answer["left"], answer["right"]);
    assert_eq!(json_of(&["equal", &network, &same, "--max-regions", "2"], 3)["equal"], json!(null));
    let (code, text, _) = certinet(&["equal", &network, &same]);
    assert_eq!((code, text.lines().next()), (0, Some("equal    yes, proved")));
}

#[test]
fn bad_questions_are_refused() {
    let folder = Folder::new();
    let network = folder.file("a.json", NETWORK);
    let line = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1, "layers": [
        {"rows": 1, "columns": 1, "weights": [[0, 0, 1]], "bias": []}]}"#;
    let line = folder.file("line.json", line);
    for (arguments, part) in [
        (&["regions", &network, "--domain", "0:1"][..], "the network has 2 inputs"),
        (&["regions", &network, "--domain", "0:1,1:0"], "ends in the wrong order"),
        (&["regions", &network, "--domain", "0:1,1:1"], "side 2 of the domain has no length"),
        (&["regions", &network, "--domain", "0:1,x"], "no pair"),
        (&["regions", &network, "--max-regions", "0"], "from 1 to"),
        (&["regions", "nowhere.json"], "no such file"),
        (&["equal", &network, &line], "the second network has 1 inputs, the first has 2"),
        (&["equal", &network, &network, "--domain", "0:1,0:1,0:1"], "the network has 2 inputs"),
        (&["equal", &network, &network, "--domain", "1:0,0:1"], "ends in the wrong order"),
        (&["equal", &network], "required"),
    ] {
        let message = refusal(arguments);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}

#[test]
fn regions_of_a_flat() {
    let folder = Folder::new();
    let network = folder.file("net.json", NETWORK);
    // (t, 1 - t): x + y = 1 is positive, x - y = 2 t - 1 changes sign.
    let line = json_of(&["regions", &network, "--base", "0,1", "--direction", "1,-1"], 0);
    assert_eq!(line["count"], json!(2));
    let maps: Vec<&Value> = line["regions"].as_array().unwrap().iter().map(|region| &region["matrix"]).collect();
    assert_eq!(maps, [&json!([["0"]]), &json!([["-2/3"]])]);
    // The whole plane in other coordinates.
    let plane = ["--base", "5,7", "--direction", "1,2", "--direction", "-1,1", "--count-only"];
    let plane = json_of(&[["regions", &network].as_slice(), &plane].concat(), 0);
    assert_eq!(plane["count"], json!(4));
    for (options, words) in [
        (vec!["--base", "0,1,2", "--direction", "1,1"], ["--base", "2 inputs"]),
        (vec!["--base", "0,1", "--direction", "1"], ["--direction", "2 inputs"]),
        (vec!["--base", "0,1"], ["required", "--direction"]),
        (vec!["--direction", "0,1"], ["required", "--base"]),
        (vec!["--base", "0,1", "--direction", "1,-1", "--domain", "0:1,0:1"], ["--domain", "1 inputs"]),
        (vec!["--domain", "0:1,1:1"], ["has no length", "--base"]),
    ] {
        let line = refusal(&[["regions", &network].as_slice(), &options].concat());
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
}
