//! Regions, equality and largest errors: what is found is written as a certificate, and the independent checker verifies
//! it.

#![allow(clippy::unwrap_used)]

mod folder;
mod session;

use std::fs;
use std::path::Path;

use folder::Folder;
use session::certinet;

/// A small generator of numbers that are the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn between(&mut self, lower: i64, upper: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lower + ((self.0 >> 33) % (upper - lower + 1) as u64) as i64
    }
    /// A layered network of these widths, weights a / b with |a| <= 9.
    fn network(&mut self, widths: &[usize]) -> String {
        let mut layers = Vec::new();
        for pair in widths.windows(2) {
            let (columns, rows) = (pair[0], pair[1]);
            let mut weights = Vec::new();
            for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                let a = self.between(-9, 9);
                if a != 0 {
                    weights.push(format!("[{i}, {j}, \"{}\"]", fraction(a, self.between(1, 4))));
                }
            }
            let bias: Vec<String> = (0..rows)
                .map(|i| (i, self.between(1, 9)))
                .map(|(i, a)| format!("[{i}, \"{}\"]", fraction(a, 5)))
                .collect();
            let (weights, bias) = (weights.join(", "), bias.join(", "));
            layers.push(format!(
                "{{\"rows\": {rows}, \"columns\": {columns}, \"weights\": [{weights}], \"bias\": [{bias}]}}"
            ));
        }
        let (inputs, outputs) = (widths[0], widths[widths.len() - 1]);
        format!(
            "{{\"format\": \"certinet-layered\", \"version\": 1, \"inputs\": {inputs}, \"outputs\": {outputs}, \"layers\": [{}]}}",
            layers.join(", ")
        )
    }
}

fn fraction(a: i64, b: i64) -> String {
    certinet::arith::Rational::ratio(a, b).to_string()
}

/// Runs a command that succeeds with this code.
fn run(arguments: &[&str], code: u8) -> String {
    let (found, stdout, stderr) = certinet(arguments);
    assert_eq!((found, stderr.as_str()), (code, ""), "{arguments:?}: {stdout}");
    stdout
}

fn verified(certificate: &str, network: &str) {
    let stdout = run(&["check", certificate, "--network", network], 0);
    assert!(stdout.starts_with("verified\n"), "{stdout}");
}

#[test]
fn regions_of_random_networks_are_verified() {
    let folder = Folder::new();
    let mut numbers = Numbers(2);
    let shapes: [&[usize]; 6] = [&[1, 4, 3, 1], &[2, 5, 2], &[2, 4, 4, 1], &[3, 4, 3, 2], &[2, 3, 3, 3, 1], &[4, 5, 1]];
    for round in 0..36 {
        let widths = shapes[round % shapes.len()];
        let network = folder.file("net.json", &numbers.network(widths));
        let certificate = folder.path("net.cert");
        let sides = vec!["-2:5/3"; widths[0]].join(",");
        let domain = format!("--domain={sides}");
        let mut arguments = vec!["regions", &network, "--count-only", "--certificate", &certificate];
        if round % 2 == 0 {
            arguments.push(&domain);
        }
        run(&arguments, 0);
        verified(&certificate, &network);
        // One cell more or less is no theorem.
        let text = fs::read_to_string(&certificate).unwrap();
        let (before, rest) = text.split_once("regions ").unwrap();
        let (count, after) = rest.split_once(' ').unwrap();
        let count: u64 = count.parse().unwrap();
        for wrong in [count - 1, count + 1] {
            let changed = folder.file("wrong.cert", &format!("{before}regions {wrong} {after}"));
            assert_eq!(certinet(&["check", &changed]).0, 1);
        }
    }
}

#[test]
fn the_networks_of_known_counts_are_verified() {
    let folder = Folder::new();
    for (name, count) in [("2-10-5-1", "110 activation cells, 91 affine maps"), ("2-16-16-1", "420 activation cells")] {
        let network = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/networks/relu_{name}.layered.json"));
        let (network, certificate) = (network.to_string_lossy().into_owned(), folder.path("net.cert"));
        run(&["regions", &network, "--count-only", "--certificate", &certificate], 0);
        let stdout = run(&["check", &certificate, "--network", &network], 0);
        assert!(stdout.starts_with("verified\n") && stdout.contains(count), "{stdout}");
    }
}

#[test]
fn equal_networks_are_verified() {
    let folder = Folder::new();
    let (first, second) = (folder.path("first.json"), folder.path("second.json"));
    let certificate = folder.path("equal.cert");
    for levels in ["1", "3", "5"] {
        run(&["build", "squaring", "--levels", levels, "--output", &first], 0);
        run(&["build", "squaring", "--levels", levels, "--method", "bounded-weights", "--output", &second], 0);
        // Layered files are compared with either side, whatever else the certificate holds.
        for file in [&first, &second] {
            run(&["convert", file, "--output", &format!("{file}.layered.json")], 0);
        }
        let [first, second] = [&first, &second].map(|file| format!("{file}.layered.json"));
        run(&["equal", &first, &second, "--domain=0:1", "--certificate", &certificate], 0);
        let check =
            |first: &str, second: &str| certinet(&["check", &certificate, "--network", first, "--target", second]);
        assert!(check(&first, &second).1.starts_with("verified\n"));
        let (code, stdout, _) = check(&first, &first);
        assert!(code == 1 && stdout.starts_with("rejected step 0 rule network: "), "{stdout}");
    }
    // A network and itself, on all of space; on a flat.
    let network = folder.file("net.json", &Numbers(9).network(&[2, 3, 3, 1]));
    for domain in ["", "--domain=-1:1,1/2:1/2"] {
        let arguments = ["equal", &network, &network, "--certificate", &certificate, domain];
        run(&arguments[..if domain.is_empty() { 5 } else { 6 }], 0);
        verified(&certificate, &network);
    }
}

#[test]
fn largest_errors_are_verified() {
    let folder = Folder::new();
    let (network, certificate) = (folder.path("net.json"), folder.path("error.cert"));
    for (build, target, domain) in [
        (vec!["squaring", "--levels", "5"], "square", "--domain=0:1"),
        (vec!["squaring", "--levels", "3", "--bound", "3/2"], "square", "--domain=-3/2:1"),
        (vec!["product", "--levels", "2"], "product", "--domain=-1:1,-1/2:1"),
        (vec!["power", "--degree", "3", "--error", "1/100"], "power 3", "--domain=0:1"),
        (vec!["absolute-value"], "polynomial 1/2,0,1/3", "--domain=-2:1"),
    ] {
        let build = ["build"].into_iter().chain(build).chain(["--output", &network]).collect::<Vec<_>>();
        run(&build, 0);
        run(&["certify", &network, "--target", target, domain, "--certificate", &certificate], 0);
        verified(&certificate, &network);
    }
    let mut numbers = Numbers(4);
    for round in 0..12 {
        let widths: &[usize] = [[1usize, 5, 3, 1].as_slice(), &[2, 4, 1], &[3, 3, 1]][round % 3];
        let network = folder.file("net.json", &numbers.network(widths));
        let domain = format!("--domain={}", vec!["-1:1"; widths[0]].join(","));
        let target = ["square", "product", "polynomial 1:1:1:0,-2:0:0:2,1/2:0:0:0"][round % 3];
        run(&["certify", &network, "--target", target, &domain, "--certificate", &certificate], 0);
        verified(&certificate, &network);
        // A smaller error is refuted, or not proved by this certificate.
        let text = fs::read_to_string(&certificate).unwrap();
        let line = text.lines().find(|line| line.starts_with("error ")).unwrap().to_owned();
        let changed = folder.file("wrong.cert", &text.replacen(&line, "error 1/1000000", 1));
        assert_eq!(certinet(&["check", &changed]).0, 1);
    }
}
