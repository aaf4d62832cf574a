//! Time bombs: small files that ask for a lot of work. Each is rejected, in bounded time.
#![allow(clippy::unwrap_used)]

mod timed;

use std::time::Instant;

use certinet_check::check::Verdict;
use timed::Slowest;

/// A certificate of |x| with these blocks, networks and steps instead.
fn certificate(size: &str, body: &str) -> String {
    let head = "certinet-certificate 1\ntarget absolute-value\ndomain space 1\nnorm maximum\nerror 0\nkind exact\n";
    let text = format!("{head}size {size}\n{body}qed\n");
    format!("{text}end {}\n", text.lines().count())
}

const ABSOLUTE: &str =
    "network\ninput 1\naffine 2 1 0 1 0 0 0 1 1 0 0\nrelu 1\naffine 1 1 2 1 1 0 0 1 1 0 0\noutput 3\n";
const BLOCKS: &str = "block 2 1 1 0 0 1 1 0 -1\nblock 1 2 1 0 0 1 0 1 1\nblock 1 1 1 0 0 1\n";

#[test]
fn the_template_is_accepted() {
    let text = certificate("2 4 4", &format!("{BLOCKS}{ABSOLUTE}spec 0 absolute-value\n"));
    assert_eq!(Slowest::default().check(text.as_bytes()), Verdict::Verified);
}

#[test]
fn time_bombs() {
    let mut slowest = Slowest::default();
    let mut bombs: Vec<(String, String)> = Vec::new();
    let mut bomb = |name: &str, text: String| bombs.push((name.to_owned(), text));
    // Calls that double, 60 levels deep: 2^60 networks.
    let mut nested = format!("{BLOCKS}{ABSOLUTE}");
    for level in 0..60 {
        nested += &format!("network\ninput 1\ncall {level} 1 0\ncall {level} 1 1\noutput 2\n");
    }
    bomb("nested calls", certificate("1 1 1", &format!("{nested}spec 0 absolute-value\n")));
    let mut deep = format!("{BLOCKS}{ABSOLUTE}");
    for level in 0..200 {
        deep += &format!("network\ninput 1\ncall {level} 1 0\noutput 1\n");
    }
    bomb("deep calls", certificate("1 1 1", &format!("{deep}spec 0 absolute-value\n")));
    // Copies of copies.
    let mut wide = format!("{BLOCKS}{ABSOLUTE}");
    let mut dimension = 1u64;
    for level in 0..55 {
        dimension *= 2;
        wide += &format!("network\ninput {dimension}\ncall {level} 2 0\noutput 1\n");
    }
    bomb("copies", certificate("1 1 1", &wide));
    for copies in [1u64 << 20, 1 << 40, 1 << 60, (1 << 63) - 1] {
        let body = format!("{BLOCKS}{ABSOLUTE}network\ninput {copies}\ncall 0 {copies} 0\noutput 1\n");
        bomb("many copies", certificate("1 1 1", &body));
        // Maps that a certificate has to write out: a product of a long row with itself.
        let n = copies;
        let row = format!(
            "{BLOCKS}network\ninput {n}\naffine {n} 1 0 1 2 0 0 1 1 1 {n} 1 1 0\nrelu 1\naffine 1 1 2 1 2 0 0 1 1 1 {n} 0 1 0\n\
             affine {n} 1 3 1 2 0 0 1 1 1 {n} 1 0 1 2 0 0 1 1 1 {n} 1 0\nrelu 4\noutput 5\n"
        );
        bomb("long rows", certificate("1 1 1", &row));
        let steps = ["median 1 two-sided", "minimum 1 two-sided"]
            .map(|rule| format!("spec 0 {}\n", rule.replace('1', &n.to_string())));
        for step in steps {
            bomb("blocks", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}{step}")));
        }
        for rule in ["dot N 1 1 1", "dot 1 N 1 1", "squaring N unit delayed", "squaring N 1 four-wide"] {
            let rule = rule.replace('N', &n.to_string());
            bomb("blocks", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}spec 0 {rule}\n")));
        }
        for rule in ["N 1 1", "N N N", "1 N 1", "1 1 N"] {
            let rule = format!("{} 1 1 1 1*2^80 shared-squares", rule.replace('N', &n.to_string()));
            bomb("blocks", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}spec 0 matrix-product {rule}\n")));
        }
    }
    for m in [9999, 10_000] {
        for rule in ["squaring M unit delayed", "squaring M 1/3 four-wide", "dot 1 M 1 1", "dot 9999999 M 1/3 2/7"] {
            let rule = rule.replace('M', &m.to_string());
            bomb("levels", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}spec 0 {rule}\n")));
        }
        let rule = format!("matrix-product 1000 1000 1000 {m} 1/3 1 1000 shared-squares");
        bomb("levels", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}spec 0 {rule}\n")));
    }
    bomb("median", certificate("1 1 1", &format!("{BLOCKS}{ABSOLUTE}spec 0 median 255 two-sided\n")));
    // Long lines and long numbers.
    bomb("a long word", certificate("1 1 1", &format!("block {}\n", "1".repeat(1 << 22))));
    bomb("many words", certificate("1 1 1", &format!("block 1 1 1{}\n", " 0 0 1".repeat(1 << 20))));
    bomb("a long line", "x".repeat((1 << 26) + 10));
    bomb("spaces", " ".repeat((1 << 26) + 10));
    bomb(
        "many axes",
        certificate(
            "1 1 1",
            &format!("{BLOCKS}network\ninput 1\naffine 1 1 0 1 0 0 0 1 1 64{}\n", " 2 1 1".repeat(64)),
        ),
    );
    let tiles = " 2 0 0 1 1 0".repeat(200_000);
    bomb(
        "many tiles",
        certificate("1 1 1", &format!("{BLOCKS}network\ninput 1\naffine 1 1 0 200000{tiles} 0\noutput 1\n")),
    );
    for (name, text) in &bombs {
        let start = Instant::now();
        let why = slowest.rejects(text);
        let why: String = why.chars().take(90).collect();
        println!("{:>9.3?} {name}: {why}", start.elapsed());
    }
}

#[test]
fn time_bombs_in_proofs() {
    let mut slowest = Slowest::default();
    let mut run = |name: &str, text: &str| {
        let start = Instant::now();
        let why: String = slowest.rejects(text).chars().take(90).collect();
        println!("{:>9.3?} {name}: {why}", start.elapsed());
    };
    let one = "block 1 1 1 0 0 1\n";
    let scalar = |n: u64, target: &str, basis: &str, qed: &str| {
        let text = format!(
            "certinet-certificate 1\ntarget {target}\ndomain cube {n} 1/2 1\nnorm maximum\nerror 1\nkind bound\nsize 1 {} 1\n\
             {one}network\ninput {n}\naffine 1 1 0 1 0 0 0 1 1 0 0\noutput 1\nscalar 0 {basis} cube {n} 1/2 1\n\
             input 1 0 0 1 0 0 0 1\nconclude\n{qed}\n",
            n + 1
        );
        format!("{text}end {}\n", text.lines().count())
    };
    for n in ["1000", "2048", "1000000", "9223372036854775807"] {
        for basis in ["powers", "chebyshev 2 -1"] {
            run("degree", &scalar(1, &format!("power {n}"), basis, "qed"));
            run("terms", &scalar(1, &format!("multivariate-polynomial 1 1 1 {n}"), basis, "qed"));
        }
        run("factors", &scalar(2, &format!("product {n}"), "powers", "qed"));
        run("variables", &scalar(2, &format!("multivariate-polynomial {n} 1 1"), "powers", "qed"));
    }
    run("many variables", &scalar(1 << 60, "product 1152921504606846976", "powers", "qed"));
    run("reciprocal", &scalar(1, "reciprocal", "chebyshev 2 -1", "qed 1*2^1048576"));
    run("reciprocal", &scalar(1, "reciprocal", "chebyshev 2 -1", "qed 1*2^-1048576"));
    let coefficients = " 1/3".repeat(200_000);
    for basis in ["powers", "chebyshev 2 -1"] {
        run("coefficients", &scalar(1, &format!("polynomial{coefficients}"), basis, "qed"));
        let long: String = (0..2000).map(|k| format!(" {}{k}/3", "7".repeat(3 * k % 7 + 2000))).collect();
        run("long coefficients", &scalar(1, &format!("polynomial{long}"), basis, "qed"));
    }
    // p^(2^k) by affine maps and squares: the degree doubles in every line.
    for (name, bound) in [("one variable", 1), ("many variables", 40)] {
        let mut nodes = format!("network\ninput {bound}\n");
        let mut steps = String::new();
        for k in 0..bound {
            nodes += &format!("affine 1 1 0 1 0 0 {k} 1 1 0 0\n");
            steps += &format!("input {} {k} 0 1 0 0 0 1\n", k + 1);
        }
        // The sum of all inputs, then squares of squares.
        nodes += &format!("affine 1 {bound}");
        (1..=bound).for_each(|k| nodes += &format!(" {k} 1 1 0 0 1 1 0"));
        nodes += " 0\n";
        let mut last = bound + 1;
        steps += &format!("affine {last} 0 1 0 0 0 1\n");
        for _ in 0..40 {
            nodes += &format!("call 0 1 {last}\n");
            last += 1;
            steps += &format!("square {last} 0 1 -1 1 0 1\n");
        }
        nodes += &format!("output {last}\n");
        let square = "network\ninput 1\naffine 2 1 0 1 2 0 0 1 1 0 1 3 0 0 1 1 0\nrelu 1\naffine 1 1 2 1 4 0 0 1 1 0 0\noutput 3\n";
        let blocks = format!(
            "{one}block 1 1 {bound} 0 0 1\nblock 2 1 1 0 0 1 1 0 1\nblock 2 1 2 1 0 -1\nblock 1 2 2 0 0 1 0 1 2\n"
        )
        .replace("block 1 1 1 0 0 1\nblock 1 1 1 0 0 1\n", "block 1 1 1 0 0 1\nblock 1 1 2 0 0 1\n");
        let text = format!(
            "certinet-certificate 1\ntarget product {bound}\ndomain cube {bound} 0 1\nnorm maximum\nerror 1\nkind bound\nsize 1 1 1\n\
             {blocks}{square}{nodes}spec 0 squaring 1 unit delayed\nscalar 1 powers cube {bound} 0 1\n{steps}conclude\nqed\n"
        );
        run(name, &format!("{text}end {}\n", text.lines().count()));
    }
    // Matrix sections: t with X^(2^k), and coefficients that grow.
    let mut steps = "matrix 0 1 1/2\nstart 0 1*2^-1\n".to_owned();
    steps += "power 1 1*2^-1\n";
    for k in 1..62 {
        let half = 1u64 << (k - 1);
        steps += &format!("power {} 1*2^-{} {half} {half}\n", 1u64 << k, 1u64 << k.min(19));
    }
    let text = format!(
        "certinet-certificate 1\ntarget matrix-inverse 1\ndomain balls 1 1 1/2\nnorm spectral 1 1\nerror 1\nkind bound\nsize 1 2 2\n\
         {one}network\ninput 1\naffine 1 1 0 1 0 0 0 1 1 0 1 0 0 0 1 1 0\noutput 1\n{steps}combine 1 2 0\nconclude neumann 2\nqed\n"
    );
    run("powers", &format!("{text}end {}\n", text.lines().count()));
    let text = text
        .replace("matrix-inverse 1", "matrix-power 1 4611686018427387904")
        .replace("conclude neumann 2", "conclude polynomial");
    run("powers", &format!("{text}end {}\n", text.lines().count()));
    // Solve sections.
    for (d, m0) in [(1u64 << 20, 1), (1 << 40, 1), (1, 10_000), (1000, 10_000)] {
        let mut steps = format!("solve 0 {d} 1 2 1 richardson 1*2^-1 1 1 1 {m0} 1*2^30\nfirst 1 1\n");
        for _ in 0..200 {
            steps += "step 10000 1 1*2^60 1 1 0 1*2^60 1 0 1*2^60 1*2^61\n";
        }
        let text = format!(
            "certinet-certificate 1\ntarget linear-solve {d}\ndomain symmetric-system {d} 1 2 1\nnorm euclidean\nerror 1\nkind bound\n\
             size 1 2 2\n{one}network\ninput 1\noutput 0\n{steps}conclude 1*2^70\nqed\n"
        );
        run("systems", &format!("{text}end {}\n", text.lines().count()));
    }
}

/// A certificate whose proof is taken on trust, so that the networks are lowered and counted: a map from two numbers to one.
fn trusted(networks: &str) -> String {
    let number = networks.lines().filter(|line| *line == "network").count() - 1;
    let head =
        "certinet-certificate 1\ntarget matrix-product 1 1 1\ndomain balls 1 1 1 1 1 1\nnorm spectral 1 1\nerror 1\n";
    let text =
        format!("{head}kind bound\nsize 1 1 1\n{BLOCKS}{networks}assume {number} matrix-product 1 1 1 1 1 1\nqed\n");
    format!("{text}end {}\n", text.lines().count())
}

/// The last network: x + y, then these nodes from node 3 on.
fn last(nodes: &str) -> String {
    format!("network\ninput 1\ninput 1\naffine 1 2 0 1 2 0 0 1 1 0 1 1 2 0 0 1 1 0 0\n{nodes}")
}

/// Sum of n numbers that are copies of node 2, by a row of these tiles.
fn row(n: u64, tiles: &str) -> String {
    last(&format!("affine {n} 1 2 1 2 0 0 1 1 1 {n} 1 0 0\nrelu 3\naffine 1 1 4 {tiles} 0\noutput 5\n"))
}

#[test]
fn time_bombs_for_the_size() {
    let mut slowest = Slowest::default();
    let mut run = |name: &str, networks: &str| {
        let start = Instant::now();
        let why: String = slowest.rejects(&trusted(networks)).chars().take(90).collect();
        println!("{:>9.3?} {name}: {why}", start.elapsed());
    };
    // One call after another, 2^60 layers.
    let mut nested = ABSOLUTE.to_owned();
    (0..60).for_each(|l| nested += &format!("network\ninput 1\ncall {l} 1 0\ncall {l} 1 1\noutput 2\n"));
    run("calls of calls", &(nested + &last("call 60 1 2\noutput 3\n")));
    for levels in [10, 60] {
        // One call beside another, and x carried past two calls.
        let (mut beside, mut past) = (ABSOLUTE.to_owned(), ABSOLUTE.to_owned());
        let one = |argument: usize| format!("{argument} 1 2 0 0 1 1 0");
        for l in 0..levels {
            let sum = format!("affine 1 2 {} {} 0", one(1), one(2));
            beside += &format!("network\ninput 1\ncall {l} 1 0\ncall {l} 1 0\n{sum}\noutput 3\n");
            let sum = format!("affine 1 3 {} {} {} 0", one(0), one(1), one(2));
            past += &format!("network\ninput 1\ncall {l} 1 0\ncall {l} 1 1\n{sum}\noutput 3\n");
        }
        run("calls beside calls", &(beside + &last(&format!("call {levels} 1 2\noutput 3\n"))));
        run("calls past calls", &(past + &last(&format!("call {levels} 1 2\noutput 3\n"))));
        // Weights that have twice as many digits after every call.
        let mut growth = "network\ninput 1\naffine 1 1 0 2 2 0 0 1 1 0 2 0 0 1 1 0 0\noutput 1\n".to_owned();
        (0..levels).for_each(|l| growth += &format!("network\ninput 1\ncall {l} 1 0\ncall {l} 1 1\noutput 2\n"));
        run("long weights", &(growth + &last(&format!("call {levels} 1 2\noutput 3\n"))));
    }
    for copies in [1u64 << 20, 1 << 40, 1 << 55] {
        let sum = format!("1 2 0 0 1 1 1 {copies} 0 1");
        let column = format!("1 2 0 0 1 1 1 {copies} 1 0");
        let nodes = format!("affine {copies} 1 2 {column} 0\ncall 0 {copies} 3\naffine 1 1 4 {sum} 0\noutput 5\n");
        run("copies", &(ABSOLUTE.to_owned() + &last(&nodes)));
        let nodes = format!(
            "affine {copies} 1 2 {column} 0\nrelu 3\naffine 1 1 4 {sum} 0\naffine {copies} 1 5 {column} {column}\nrelu 6\n\
             affine 1 1 7 {sum} 0\noutput 8\n"
        );
        run("dense maps", &last(&nodes));
    }
    // Tiles that coincide here and there: multiples of primes, sums of subsets.
    let is_prime = |p: &u64| (2..*p).all(|q| !p.is_multiple_of(q));
    for (count, n) in [(8, 1u64 << 50), (24, 1 << 50), (64, 1 << 50), (24, 1 << 22), (64, 1 << 22)] {
        let tiles = (2..).filter(is_prime).take(count).map(|p| format!(" 2 0 0 1 1 1 {} 0 {p}", n / p));
        run("multiples", &row(n, &format!("{count}{}", tiles.collect::<String>())));
    }
    for (count, most) in [(16, 1u64 << 40), (24, 1 << 40), (64, 1 << 40), (24, 1 << 10), (64, 1 << 10)] {
        let strides: Vec<u64> = (1..=count).map(|k: u64| k.wrapping_mul(0x9e37_79b9_7f4a_7c15) % most + 1).collect();
        let axes: String = strides.iter().map(|stride| format!(" 2 0 {stride}")).collect();
        run("subsets", &row(strides.iter().sum::<u64>() + 1, &format!("1 2 0 0 1 1 {count}{axes}")));
    }
}
