//! Covers that ask for much work or memory in few lines: a verdict in bounded time.
#![allow(clippy::unwrap_used)]

mod timed;

use timed::Slowest;

/// A certificate with these lines for the claim, networks and the cover.
fn certificate(claim: &str, domain: &str, networks: &str, steps: &str) -> String {
    let claim = match claim.split_once(' ') {
        Some(("regions", _)) => format!("{claim}\ndomain {domain}"),
        _ => format!("{claim}\ndomain {domain}\nnorm maximum\nerror 1\nkind bound"),
    };
    let text = format!("certinet-certificate 1\n{claim}\nsize 1 1 1\n{networks}cover\n{steps}conclude\nqed\n");
    format!("{text}end {}\n", text.lines().count())
}

const IDENTITY: &str = "block 1 1 1 0 0 1\nnetwork\ninput 1\naffine 1 1 0 1 0 0 0 1 1 0 0\noutput 1\n";

/// Inputs, neurons on two layers, one output; all weights 1.
fn wide(inputs: usize, neurons: usize) -> String {
    let ones = |rows: usize, columns: usize| {
        let axes: Vec<String> = [(rows, 1, 0), (columns, 0, 1)]
            .iter()
            .filter(|axis| axis.0 > 1)
            .map(|(count, row, column)| format!(" {count} {row} {column}"))
            .collect();
        format!("1 0 0 0 1 1 {}{}", axes.len(), axes.concat())
    };
    let (first, second, last) = (ones(neurons, inputs), ones(neurons, neurons), ones(1, neurons));
    format!(
        "block 1 1 1 0 0 1\nnetwork\ninput {inputs}\naffine {neurons} 1 0 {first} 0\nrelu 1\n\
         affine {neurons} 1 2 {second} 0\nrelu 3\naffine 1 1 4 {last} 0\noutput 5\n"
    )
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|k| line(k) + "\n").collect()
}

#[test]
fn work_and_memory_are_bounded() {
    let mut slowest = Slowest::default();
    let long = "7".repeat(19_000);
    let powers = lines(3000, |k| format!("cut 1 1/{}", num_bigint::BigInt::from(3).pow(2 * k as u32 + 1)));
    // The sum of all variables.
    let on = format!("on 0{}\n", (0..12).map(|j| format!(" {} 1", 2 * j)).collect::<String>());
    let cases = [
        (
            "a deep tree",
            certificate("target network 0", "space 1", IDENTITY, &lines(100_000, |k| format!("cut 1 {k}"))),
            "cut: it does not hold that a cell has at most 2^16 slacks",
        ),
        (
            "a deep tree of many variables",
            certificate(
                "target network 0",
                "space 900",
                &wide(900, 4),
                &lines(60_000, |k| format!("cut{} {k}", " 1".repeat(900))),
            ),
            "cut: the cells take too much memory",
        ),
        (
            "too many variables",
            certificate("target network 0", "space 3000", &wide(3000, 4), ""),
            "cover: it does not hold that there are few inputs",
        ),
        (
            "a box of many variables",
            certificate("target network 0", "cube 1400 0 1", &wide(1400, 4), ""),
            "cover: the cells take too much memory",
        ),
        (
            "too many neurons",
            certificate("target network 0", "space 1", &wide(1, 2000), ""),
            "cover: the network is too large",
        ),
        (
            "copies",
            certificate(
                "regions 1 1",
                "space 1048576",
                &format!("{IDENTITY}network\ninput 1048576\ncall 0 1048576 0\noutput 1\n"),
                "",
            ),
            "cover: ",
        ),
        (
            "large layers again and again",
            certificate(
                "target network 0",
                "space 1",
                &format!(
                    "block 1 1 1 0 0 1\nnetwork\ninput 1\nrelu 0\n\
                     affine {0} 1 1 1 0 0 0 1 1 1 {0} 1 0 0\noutput 2\n",
                    1 << 19
                ),
                &lines(6000, |k| format!("cut 1 0\nsplit 0\noff 0 {0} 1\nleaf\non 0 {0} 1\nleaf", k + 1)),
            ),
            "leaf: the cover takes too long to check",
        ),
        (
            "long numbers in a cut",
            certificate("target network 0", "space 1", IDENTITY, &lines(2000, |_| format!("cut {long} {long}"))),
            "conclude: it does not hold that no cell is left",
        ),
        (
            "long denominators",
            certificate(
                "target square",
                "cube 1 0 1",
                IDENTITY,
                &(powers + "leaf 1 1 9 2991 2992 2993 2994 2995 2996 2997 2998 2999 0\n"),
            ),
            "leaf: it does not hold that the common denominator",
        ),
        (
            "a high power",
            certificate(
                "target square",
                "cube 1 -1/3 1",
                IDENTITY,
                &format!("leaf 1 1 60000{} 0\n", " 0".repeat(60_000)),
            ),
            "leaf: it does not hold that the common denominator",
        ),
        (
            "a high power of integers",
            certificate(
                "target square",
                "cube 1 -3 1",
                IDENTITY,
                &format!("leaf 1 1 60000{} 0\n", " 0".repeat(60_000)),
            ),
            "leaf: the cover takes too long",
        ),
        (
            "a power of many variables",
            certificate(
                "target product 12",
                "cube 12 0 1",
                &wide(12, 1),
                &format!("cut{} 1\n{on}{on}leaf 1 1 40{} 0\n", " 1".repeat(12), " 24".repeat(40)),
            ),
            "leaf: it does not hold that products have",
        ),
        (
            "many multipliers",
            certificate(
                "target network 0",
                "cube 1 0 1",
                &wide(1, 1),
                &format!("on 0{}\n", " 0 1/1000".repeat(100_000)),
            ),
            "on: it does not hold that a line has at most 2^12 multipliers",
        ),
        (
            "multipliers without common denominators",
            certificate(
                "target network 0",
                "cube 1 0 1",
                &wide(1, 1),
                &format!(
                    "on 0{}\n",
                    (0..4000).map(|k| format!(" 0 1/{}", (1u128 << 90) + 2 * k + 1)).collect::<String>()
                ),
            ),
            "on: it does not hold that the common denominator has at most 2^16 bits",
        ),
        (
            "sums of many terms",
            certificate("target square", "cube 1 0 1", IDENTITY, &format!("leaf 70000{} 0\n", " 1 0".repeat(70_000))),
            "leaf: it does not hold that a sum has at most 2^16 terms",
        ),
        (
            "a target of a high degree",
            certificate("target power 9223372036854775807", "cube 1 0 2", IDENTITY, "leaf 0 0\n"),
            "leaf: it does not hold that E - (R - p)",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, text, why) in cases {
        let start = std::time::Instant::now();
        let found = slowest.rejects(&text);
        println!("{name}: {found}, {:?}", start.elapsed());
        if !found.starts_with(why) {
            wrong.push(format!("{name}: {found}"));
        }
    }
    // A power at the point of an exact error.
    let text = certificate("target power 9223372036854775807", "cube 1 0 2", IDENTITY, "");
    assert!(slowest.rejects(&text).starts_with("conclude: it does not hold that no cell is left"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
