//! Certificates of parametric diffusion that ask for much work or memory in few words: rejected, in bounded time.
#![allow(clippy::unwrap_used)]

mod timed;

use timed::Slowest;

/// A certificate with d coefficients for (n - 1)^2 nodes, V the constant 1 in the first column; no network is what it should be.
fn certificate(target: &str, p: u64, [nodes, d]: [u64; 2], proof: &str) -> String {
    // An axis has at least two places.
    let axis = |count: u64, column: u64| if count > 1 { format!("1 {count} 1 {column}") } else { "0".to_owned() };
    let (rows, identity, copy) = (axis(nodes, 0), axis(d, 1), axis(d, 0));
    let mut text =
        format!("certinet-certificate 1\ntarget diffusion {target}\ndomain cube {p} 0 1\nnorm relative-energy\n");
    text += "error 1\nkind bound\nsize 1 1 1\nblock 1 1 1 0 0 1\nblock 1 1 2 0 0 1\nblock 1 1 2 0 0 -1\n";
    text += &format!("network\ninput {p}\naffine {d} 1 0 1 0 0 0 1 1 {copy} 0\noutput 1\n");
    text +=
        &format!("network\ninput {p}\ncall 0 1 0\naffine {d} 1 1 1 1 0 0 1 1 {identity} 1 1 0 0 1 1 {copy}\nrelu 2\n");
    text += &format!("affine {nodes} 1 3 1 0 0 0 1 1 {rows} 1 2 0 0 1 1 {rows}\noutput 4\n{proof}");
    let lines = text.lines().count();
    format!("{text}end {lines}\n")
}

fn rejects(cases: &[(&str, String, &str)]) {
    let mut slowest = Slowest::default();
    let mut wrong = Vec::new();
    for (name, text, why) in cases {
        let start = std::time::Instant::now();
        let found = slowest.rejects(text);
        println!("{name}: {found}, {:?}", start.elapsed());
        if !found.contains(why) {
            wrong.push(format!("{name}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn large_targets_are_rejected() {
    let long = format!("1/{}", "7".repeat(19_000));
    let open = "diffusion 0\nqed\n";
    let primes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];
    let powers: Vec<String> = primes.iter().map(|p: &u64| format!("1/{}", p.pow(9))).collect();
    rejects(&[
        (
            "many cells",
            certificate("9223372036854775807 1 1 1 0 1 0 2 0", 1, [1, 1], open),
            "statement: the number of cells",
        ),
        ("many parameters", certificate("2 1048577 1 1", 1, [1, 1], open), "statement: the number of parameters"),
        ("many classes", certificate("2 1 524289 1", 1, [1, 1], open), "statement: the number of classes"),
        ("few numbers", certificate("2 1 524288 1 0", 1, [1, 1], open), "statement: the line ends too early"),
        (
            "long numbers",
            certificate(&format!("2 1 1 {long} 1 1 0 8 0"), 1, [1, 1], open),
            "statement: it does not hold",
        ),
        (
            "many denominators",
            certificate(&format!("2 23 1 {} 1 0 8 0", powers.join(" ")), 23, [1, 1], open),
            "statement: it does not hold that common denominators are short",
        ),
        (
            "a long run",
            certificate("2048 1 1 1 1 1 0 9223372036854775807 0", 1, [1, 1], open),
            "statement: the length of a run",
        ),
        (
            "many runs",
            certificate("2 1 1 1 1 9223372036854775807 0 8 0", 1, [1, 1], open),
            "statement: the number of runs",
        ),
        (
            "many terms",
            certificate("2 1 1 1 1 1 0 8 9223372036854775807", 1, [1, 1], open),
            "statement: the number of terms",
        ),
        (
            "a high degree",
            certificate("2 1 1 1 1 1 0 8 1 1 33 33", 1, [1, 1], open),
            "statement: it does not hold that the degree",
        ),
        (
            "another network",
            certificate("2048 1 1 1 1 1 0 8388608 0", 1, [1, 1], open),
            "an output for each interior node",
        ),
        ("many nodes", certificate("2048 1 1 1 1 1 0 8388608 0", 1, [2047 * 2047, 1], open), "at most 2^21 entries"),
        ("many columns", certificate("2 1 1 1 1 1 0 8 0", 1, [1, 1 << 50], open), "d is at most 2^10"),
        ("columns of zeros", certificate("2 1 1 1 1 1 0 8 0", 1, [1, 1024], open), "delta < 1"),
        ("no basis", certificate("9 1 1 1 1 1 0 162 0", 1, [64, 1], open), "delta < 1"),
    ]);
}

#[test]
fn large_problems_take_seconds() {
    let open = "diffusion 0\nqed\n";
    // Without optimisation less has to do.
    let n: u64 = if cfg!(debug_assertions) { 101 } else { 701 };
    let (begin, nodes) = (format!("{n} 1 1 1 1 1 0 {}", 2 * n * n), [(n - 1) * (n - 1), 1]);
    // A high degree on many nodes, where all of V is one number.
    let terms = |denominator: fn(u64) -> u64| {
        let term = |k| format!("1/{} 32 32", denominator(k));
        (0..1024).map(term).collect::<Vec<_>>().join(" ")
    };
    rejects(&[
        ("many nodes", certificate(&format!("{begin} 1 1 64 0"), 1, nodes, open), "delta < 1"),
        (
            "many terms",
            certificate(&format!("{begin} 1024 {}", terms(|k| 2 * k + 3)), 1, nodes, open),
            "statement: it does not hold that common denominators are short",
        ),
        ("many large terms", certificate(&format!("{begin} 1024 {}", terms(|_| 7)), 1, nodes, open), "takes too long"),
        (
            "many parameters",
            certificate(&format!("2 1048575 1 1{} 1 0 8 0", " 1".repeat(1_048_575)), 1_048_575, [1, 1], open),
            "qed: the section before is not concluded",
        ),
    ]);
}
