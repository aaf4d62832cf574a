//! The commands about regions: regions, equal.

#![allow(clippy::unwrap_used)]

mod cover;
mod folder;
mod session;

use certinet::arith::Rational;
use cover::{Aim, layered, replay};
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

fn side(lo: i64, hi: i64) -> (Rational, Rational) {
    (Rational::from(lo), Rational::from(hi))
}

#[test]
fn regions_are_certified() {
    let folder = Folder::new();
    let own = folder.file("net.json", NETWORK);
    let doubles = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/networks/relu_2-10-5-1.layered.json");
    let square = folder.path("square.json");
    assert_eq!(certinet(&["build", "squaring", "--levels", "4", "--output", &square]).0, 0);
    let product = folder.path("product.json");
    assert_eq!(certinet(&["build", "product", "--levels", "2", "--output", &product]).0, 0);
    let certificate = folder.path("net.cert");
    for (network, domain) in [
        (own.as_str(), None),
        (&own, Some((vec![side(-1, 2), side(0, 3)], "-1:2,0:3"))),
        (doubles, None),
        (doubles, Some((vec![side(-1, 1), side(-2, 1)], "-1:1,-2:1"))),
        (&square, None),
        (&square, Some((vec![side(0, 1)], "0:1"))),
        (&product, None),
    ] {
        let mut arguments = vec!["regions", network, "--count-only", "--certificate", &certificate];
        if let Some((_, words)) = &domain {
            arguments.extend(["--domain", words]);
        }
        let found = json_of(&arguments, 0);
        assert_eq!(found["certificate"], json!(certificate));
        let [count, maps] = ["count", "distinct_maps"].map(|key| found[key].as_u64().unwrap() as usize);
        let text = std::fs::read_to_string(&certificate).unwrap();
        assert_eq!(text.lines().nth(1), Some(format!("regions {count} {maps}").as_str()));
        let sides = domain.as_ref().map(|(sides, _)| sides.as_slice());
        replay(&certificate, &[&layered(network)], sides, &Aim::Regions { count, maps });
    }
    let missing = folder.path("missing.cert");
    let open = json_of(&["regions", &own, "--count-only", "--max-regions", "2", "--certificate", &missing], 3);
    assert!(open["certificate"].is_null() && !std::path::Path::new(&missing).exists());
}

#[test]
fn the_number_of_threads_changes_no_certificate() {
    let folder = Folder::new();
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/networks/relu_2-16-16-1.layered.json");
    let texts = ["1", "3"].map(|threads| {
        let path = folder.path(threads);
        let arguments = ["regions", network, "--count-only", "--threads", threads, "--certificate", &path];
        assert_eq!(certinet(&arguments).0, 0);
        std::fs::read_to_string(path).unwrap()
    });
    assert!(texts[0] == texts[1]);
}

#[test]
fn equality_is_certified() {
    let folder = Folder::new();
    let (network, same, half) =
        (folder.file("a.json", NETWORK), folder.file("b.json", SAME), folder.file("c.json", HALF));
    let certificate = folder.path("net.cert");
    let half_side = |p: i64| (Rational::ratio(p, 3), Rational::ratio(p, 3));
    for (left, right, domain) in [
        (&network, &same, None),
        (&same, &network, Some((vec![side(-1, 1), side(-1, 1)], "-1:1,-1:1"))),
        (&network, &network, None),
        (&network, &half, Some((vec![side(0, 1), side(0, 1)], "0:1,0:1"))),
        (&half, &network, Some((vec![side(-1, -1), side(1, 2)], "-1:-1,1:2"))),
        (&half, &network, Some((vec![side(-1, 2), half_side(5)], "-1:2,5/3:5/3"))),
        (&network, &half, Some((vec![half_side(2), half_side(-1)], "2/3:2/3,-1/3:-1/3"))),
    ] {
        let mut arguments = vec!["equal", left, right, "--certificate", &certificate];
        if let Some((_, words)) = &domain {
            arguments.extend(["--domain", words]);
        }
        assert_eq!(json_of(&arguments, 0)["certificate"], json!(certificate), "{arguments:?}");
        let text = std::fs::read_to_string(&certificate).unwrap();
        assert_eq!(text.lines().nth(1), Some("target network 0"));
        let networks = text.lines().filter(|line| *line == "network").count();
        assert_eq!(networks, if left == right { 1 } else { 2 });
        let sides = domain.as_ref().map(|(sides, _)| sides.as_slice());
        replay(&certificate, &[&layered(left), &layered(right)], sides, &Aim::Equal);
    }
    let missing = folder.path("missing.cert");
    let unequal = json_of(&["equal", &network, &half, "--certificate", &missing], 1);
    assert!(unequal["certificate"].is_null() && !std::path::Path::new(&missing).exists());
}

#[test]
fn a_network_that_the_other_calls_is_listed_last() {
    let folder = Folder::new();
    // Both are x -> x, the second one by a call of the first.
    let (inner, outer) = (folder.path("inner.json"), folder.path("outer.json"));
    write_identities(&inner, &outer);
    let certificate = folder.path("net.cert");
    for (left, right, other) in [(&inner, &outer, 1), (&outer, &inner, 0)] {
        json_of(&["equal", left, right, "--certificate", &certificate], 0);
        let text = std::fs::read_to_string(&certificate).unwrap();
        assert_eq!(text.lines().nth(1), Some(format!("target network {other}").as_str()));
        let last = text.split("network\n").last().unwrap();
        assert_eq!(last.contains("call"), left == &outer);
        replay(&certificate, &[&layered(left), &layered(right)], None, &Aim::Equal);
    }
}

/// x = max(x, 0) - max(-x, 0), and a network that calls it.
fn write_identities(inner: &str, outer: &str) {
    use certinet::format::{NetworkFile, write_network};
    use certinet::network::{Block, LinearMap, Network};
    let mut builder = Network::builder();
    let x = builder.input(1);
    let both = LinearMap::literal(Block::from_ratios(&[[(1, 1)], [(-1, 1)]]));
    let parts = builder.linear(x, both).unwrap();
    let parts = builder.relu(parts);
    let back = LinearMap::literal(Block::from_ratios(&[[(1, 1), (-1, 1)]]));
    let y = builder.linear(parts, back).unwrap();
    let identity = std::sync::Arc::new(builder.finish(y));
    let mut builder = Network::builder();
    let x = builder.input(1);
    let y = builder.call(1, &identity, &[x]).unwrap();
    let calling = builder.finish(y);
    for (path, network) in [(inner, identity.as_ref().clone()), (outer, calling)] {
        let mut text = Vec::new();
        write_network(path, NetworkFile::Structured(network), 100, &mut text).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn volumes_add_up_to_that_of_the_box() {
    let folder = Folder::new();
    let network = folder.file("network.json", NETWORK);
    let all = json_of(&["regions", &network, "--domain=-1:1,-2:3", "--volume"], 0);
    assert_eq!(all["volume"], json!("10"));
    let each = all["regions"].as_array().unwrap().iter().map(|region| region["volume"].as_str().unwrap());
    let each: Vec<Rational> = each.map(|volume| volume.parse().unwrap()).collect();
    assert!(each.len() == 4 && each.iter().all(Rational::is_positive));
    assert_eq!(each.iter().sum::<Rational>(), Rational::from(10));
    let (_, text, _) = certinet(&["regions", &network, "--domain=-1:1,-2:3", "--volume", "--count-only"]);
    assert!(text.contains("volume") && text.contains("10"), "{text}");
    let refused = refusal(&["regions", &network, "--volume"]);
    assert!(refused.contains("region 0 is unbounded and has no volume, option --volume; give a box"), "{refused}");
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
        (&["regions", &network, "--certificate", &network], "would be written over"),
        (&["equal", &line, &network, "--certificate", &network], "would be written over"),
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
