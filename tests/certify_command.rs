//! The command certify: largest errors, their certificates, refutations and refusals.

#![allow(clippy::unwrap_used)]

mod command;
mod cover;
mod folder;
mod session;

use std::fs;
use std::path::Path;

use certinet::arith::Rational;
use certinet::certify::Target;
use certinet::evaluate::Evaluator;
use command::{json_of, number, refusal};
use cover::{Aim, layered, replay};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

/// JSON of a command that ends with this code.
fn answer(arguments: &[&str], code: u8) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let (found, stdout, stderr) = certinet(&arguments);
    assert_eq!((found, stderr.as_str()), (code, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

fn built(folder: &Folder, name: &str, family: &[&str]) -> String {
    let path = folder.path(name);
    let arguments: Vec<&str> = ["build"].iter().chain(family).copied().chain(["--output", &path]).collect();
    assert_eq!(certinet(&arguments).0, 0, "{family:?}");
    path
}

fn numbers(value: &Value) -> Vec<Rational> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// |R(x) - p(x)| without any of the code for regions.
fn error_at(network: &str, target: &Target, x: &[Rational]) -> Rational {
    let network = layered(network);
    let value = Evaluator::<Rational>::new(&network).unwrap().evaluate(x).unwrap();
    (&value[0] - &target.evaluate(x).unwrap()[0]).abs()
}

/// Certifies, compares the certificate with the answer and replays it.
fn certified(
    folder: &Folder,
    network: &str,
    words: &str,
    target: &Target,
    sides: &[(i64, i64)],
    more: &[&str],
) -> Value {
    let certificate = folder.path("net.cert");
    let domain: Vec<String> = sides.iter().map(|(lo, hi)| format!("{lo}:{hi}")).collect();
    let domain = domain.join(",");
    let arguments = ["certify", network, "--target", words, "--domain", &domain, "--certificate", &certificate];
    let found = answer(&[&arguments, more].concat(), 0);
    assert_eq!(found["certificate"], json!(certificate));
    let exact = found["error_kind"] == json!("exact");
    let (error, witness) = (number(&found["error_upper"]), numbers(&found["witness"]));
    assert_eq!(error_at(network, target, &witness), number(&found["error_lower"]));
    let text = fs::read_to_string(&certificate).unwrap();
    let line = |keyword: &str| text.lines().find(|line| line.starts_with(keyword)).unwrap().to_owned();
    assert_eq!(line("error"), format!("error {error}"));
    assert_eq!(line("kind"), format!("kind {}", if exact { "exact" } else { "bound" }));
    let count = json_of(&["count", network]);
    let size: Vec<&str> = ["layers", "neurons", "weights"].iter().map(|key| count[key].as_str().unwrap()).collect();
    assert_eq!(line("size"), format!("size {}", size.join(" ")));
    let sides: Vec<(Rational, Rational)> = sides.iter().map(|&(lo, hi)| (lo.into(), hi.into())).collect();
    let aim = Aim::Near { target, error, witness: exact.then_some(witness) };
    replay(&certificate, &[&layered(network)], Some(&sides), &aim);
    found
}

#[test]
fn squares_and_products_have_their_known_errors() {
    let folder = Folder::new();
    for levels in 1..=10 {
        let network = built(&folder, "square.json", &["squaring", "--levels", &levels.to_string()]);
        let found = certified(&folder, &network, "square", &Target::Square, &[(0, 1)], &[]);
        assert_eq!((&found["verdict"], &found["error_kind"]), (&json!("exact"), &json!("exact")));
        assert_eq!(number(&found["error_lower"]), Rational::power_of_two(-2 * levels - 2));
        assert_eq!(found["regions"], json!(1 << levels));
    }
    for levels in 1..=3 {
        let network = built(&folder, "product.json", &["product", "--bound", "1", "--levels", &levels.to_string()]);
        let target = Target::Product { factors: 2 };
        let found = certified(&folder, &network, "product", &target, &[(-1, 1), (-1, 1)], &[]);
        assert_eq!(found["error_kind"], json!("exact"));
        assert_eq!(number(&found["error_lower"]), Rational::power_of_two(-2 * levels - 2));
    }
}

#[test]
fn theorems_bound_what_is_found() {
    let folder = Folder::new();
    let coefficients: Vec<Rational> = [1, -1, 0, 2].map(|c| Rational::ratio(c, 2)).to_vec();
    for (family, words, target) in [
        (&["power", "--degree", "3", "--error", "1/500"][..], "power 3", Target::Power { exponent: 3 }),
        (
            &["polynomial", "--coefficients", "1/2,-1/2,0,1", "--error", "1/100"],
            "polynomial 1/2,-1/2,0,1",
            Target::Polynomial { coefficients },
        ),
    ] {
        let path = folder.path("theorem.json");
        let built = json_of(&[&["build"], family, &["--output", &path]].concat());
        let proved = number(&built["error_bound"]);
        let found = certified(&folder, &path, words, &target, &[(-1, 1)], &["--gap", "1/1000"]);
        assert_eq!((&found["verdict"], &found["error_kind"]), (&json!("enclosed"), &json!("bound")));
        let (lower, upper) = (number(&found["error_lower"]), number(&found["error_upper"]));
        assert!(lower <= proved && lower < upper && upper <= lower * Rational::ratio(1001, 1000), "{words}");
        // The theorem's bound is certified by regions alone.
        let asked = certified(&folder, &path, words, &target, &[(-1, 1)], &["--error", &proved.to_string()]);
        assert_eq!((&asked["verdict"], number(&asked["error_upper"])), (&json!("certified"), proved));
    }
}

#[test]
fn networks_of_doubles_are_certified() {
    let folder = Folder::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks/relu_2-10-5-1.layered.json");
    let network = path.to_string_lossy();
    let product = Target::Product { factors: 2 };
    let found = certified(&folder, &network, "product", &product, &[(-1, 1), (0, 2)], &[]);
    assert_eq!(found["error_kind"], json!("exact"));
    let cubic = vec![(Rational::one(), vec![2, 1]), (Rational::from(-1), vec![0, 0])];
    let cubic = Target::MultivariatePolynomial { variables: 2, terms: cubic };
    certified(&folder, &network, "polynomial 1:2:1,-1:0:0", &cubic, &[(-1, 1), (0, 2)], &[]);
    // 101 x 101 points stay below.
    let (upper, net) = (number(&found["error_upper"]), layered(&network));
    let evaluator = Evaluator::<Rational>::new(&net).unwrap();
    for i in 0..=100 {
        for j in (0..=100).step_by(10) {
            let x = [Rational::ratio(i - 50, 50), Rational::ratio(j, 50)];
            assert!((&evaluator.evaluate(&x).unwrap()[0] - &x[0] * &x[1]).abs() <= upper);
        }
    }
}

#[test]
fn refuted_and_open_are_answers() {
    let folder = Folder::new();
    let network = built(&folder, "square.json", &["squaring", "--levels", "3"]);
    let certificate = folder.path("no.cert");
    let asked = ["certify", &network, "--target", "square", "--domain", "0:1", "--certificate", &certificate];
    let refuted = answer(&[&asked[..], &["--error", "1/257"]].concat(), 1);
    assert_eq!(refuted["verdict"], json!("refuted"));
    let (witness, error) = (numbers(&refuted["witness"]), number(&refuted["error_lower"]));
    assert!(error > Rational::ratio(1, 257) && error == error_at(&network, &Target::Square, &witness));
    for (more, upper) in [(["--max-regions", "7"], false), (["--max-cells", "2"], true)] {
        let open = answer(&[&asked[..], &more].concat(), 3);
        assert_eq!((&open["verdict"], &open["certificate"]), (&json!("open"), &json!(null)));
        assert_eq!(!open["error_upper"].is_null(), upper);
        if upper {
            assert!(number(&open["error_upper"]) >= Rational::ratio(1, 256));
        }
    }
    assert!(!Path::new(&certificate).exists());
    let (code, text, _) = certinet(&["certify", &network, "--target", "square", "--domain", "0:1", "--error", "1/256"]);
    assert!(code == 0 && text.starts_with("verdict        certified\n"), "{text}");
    // An error of 0 is proved where there is none.
    let line = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1, "layers": [
        {"rows": 1, "columns": 1, "weights": [[0, 0, "1/3"]], "bias": [[0, 2]]}]}"#;
    let line = folder.file("line.json", line);
    let target = Target::Polynomial { coefficients: vec![Rational::from(2), Rational::ratio(1, 3)] };
    let found = certified(&folder, &line, "polynomial 2,1/3", &target, &[(-5, 7)], &[]);
    assert_eq!((&found["error_kind"], &found["error_upper"]), (&json!("exact"), &json!("0")));
}

#[test]
fn changed_certificates_do_not_replay() {
    let folder = Folder::new();
    let network = built(&folder, "product.json", &["product", "--bound", "1", "--levels", "1"]);
    let certificate = folder.path("net.cert");
    let arguments =
        ["certify", &network, "--target", "product", "--domain", "-1:1,-1:1", "--certificate", &certificate];
    let found = answer(&arguments, 0);
    let text = fs::read_to_string(&certificate).unwrap();
    let (network, target) = (layered(&network), Target::Product { factors: 2 });
    let sides = vec![(Rational::from(-1), Rational::one()); 2];
    let aim =
        Aim::Near { target: &target, error: number(&found["error_upper"]), witness: Some(numbers(&found["witness"])) };
    let replays = |text: &str| {
        fs::write(&certificate, text).unwrap();
        std::panic::catch_unwind(|| replay(&certificate, &[&network], Some(&sides), &aim)).is_ok()
    };
    assert!(replays(&text));
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| *line == "cover").unwrap() + 1;
    for (number, line) in lines.iter().enumerate().skip(start).take(40) {
        // The line left out, and its last number made another one.
        let words: Vec<&str> = line.split(' ').collect();
        let other = [&words[..words.len() - 1], &["7/3"]].concat().join(" ");
        let without = [&lines[..number], &lines[number + 1..]].concat();
        let mut changed = lines.clone();
        changed[number] = &other;
        assert!(!replays(&(without.join("\n") + "\n")), "{line}");
        assert!(!replays(&(changed.join("\n") + "\n")), "{line}");
    }
}

#[test]
fn bad_questions_are_refused() {
    let folder = Folder::new();
    let network = built(&folder, "square.json", &["squaring", "--levels", "2"]);
    let two = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 2, "layers": [
        {"rows": 2, "columns": 1, "weights": [[0, 0, 1]], "bias": []}]}"#;
    let two = folder.file("two.json", two);
    let ask = |network: &str, target: &str, domain: &str, more: &[&str]| {
        refusal(folder.0.path(), &[&["certify", network, "--target", target, "--domain", domain], more].concat())
    };
    for (message, part) in [
        (ask(&network, "cube", "0:1", &[]), "'cube' is no target: accepted are square"),
        (ask(&network, "power 1000", "0:1", &[]), "an exponent of the target exceeds 256"),
        (ask(&network, "polynomial 1:1:1", "0:1", &[]), "the target has 2 variables, the network 1 inputs"),
        (ask(&network, "square", "0:1,0:1", &[]), "the network has 1 inputs"),
        (ask(&network, "square", "1:1", &[]), "side 1 of the domain has no length"),
        (ask(&network, "square", "0:1", &["--error", "-1"]), "numbers of at least 0"),
        (ask(&network, "square", "0:1", &["--gap", "2"]), "strictly between 0 and 1"),
        (ask(&network, "square", "0:1", &["--max-cells", "0"]), "from 1 to"),
        (ask(&network, "square", "0:1", &["--certificate", &network]), "would be written over"),
        (ask(&two, "square", "0:1", &[]), "the network has 2 outputs"),
        (ask("nowhere.json", "square", "0:1", &[]), "no such file"),
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(refusal(folder.0.path(), &["certify", &network, "--target", "square"]).contains("--domain"));
}
