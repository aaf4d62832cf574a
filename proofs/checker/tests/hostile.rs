//! Hostile input: random tokens of the grammar, mutated bytes, numbers without end, dimensions without measure. Always a
//! verdict, never a panic, in bounded time.
#![allow(clippy::unwrap_used)]

mod corpus_files;
mod draw;

use std::time::{Duration, Instant};

use certinet_check::check::{Verdict, check};
use draw::Random;

/// How long one file may take on a slow machine with tests in parallel.
const LIMIT: Duration = Duration::from_secs(5);

/// The slowest file so far.
#[derive(Default)]
struct Slowest(Duration, String);

impl Slowest {
    /// The verdict on a file.
    fn check(&mut self, text: &[u8]) -> Verdict {
        let start = Instant::now();
        let verdict = check(text).unwrap().verdict;
        let time = start.elapsed();
        if time > self.0 {
            *self = Self(time, String::from_utf8_lossy(&text[..text.len().min(3000)]).into_owned());
        }
        assert!(time < LIMIT, "{time:?} for\n{}", self.1);
        verdict
    }

    /// The verdict on a file that has to be rejected, with a step, a rule and a reason.
    fn rejects(&mut self, text: &str) -> String {
        match self.check(text.as_bytes()) {
            Verdict::Rejected { step, rule, why } => {
                assert!(step > 0 && !rule.is_empty() && !why.is_empty(), "step {step}, rule {rule}, {why}");
                assert!(why.len() < 2000, "{} bytes of a reason", why.len());
                format!("{rule}: {why}")
            }
            other => panic!("{other} for {}", &text[..text.len().min(2000)]),
        }
    }
}

const WORDS: [&str; 74] = [
    "certinet-certificate",
    "target",
    "domain",
    "norm",
    "error",
    "kind",
    "exact",
    "bound",
    "size",
    "block",
    "network",
    "input",
    "affine",
    "relu",
    "call",
    "output",
    "spec",
    "assume",
    "matrix",
    "scalar",
    "solve",
    "qed",
    "end",
    "start",
    "combine",
    "carry",
    "product",
    "apply",
    "power",
    "iterate",
    "residual",
    "step",
    "conclude",
    "square",
    "first",
    "squaring",
    "dot",
    "matrix-product",
    "carried-product",
    "symmetric-inverse",
    "minimum",
    "maximum",
    "median",
    "absolute-value",
    "interpolation",
    "unit",
    "delayed",
    "centred",
    "direct",
    "shared-squares",
    "strassen",
    "two-sided",
    "one-sided",
    "polynomial",
    "neumann",
    "newton-schulz",
    "chebyshev",
    "richardson",
    "powers",
    "space",
    "cube",
    "box",
    "balls",
    "symmetric",
    "symmetric-system",
    "spectral",
    "euclidean",
    "reciprocal",
    "linear-solve",
    "matrix-power",
    "matrix-inverse",
    "multivariate-polynomial",
    "bounded-weights",
    "four-wide",
];

fn number(random: &mut Random) -> String {
    let digits = |random: &mut Random| {
        let length = [1, 1, 2, 19, 20, 400][random.below(6)];
        (0..length).map(|_| char::from(b'0' + random.below(10) as u8)).collect::<String>()
    };
    match random.below(16) {
        0..=4 => random.below(4).to_string(),
        5 => "0".to_owned(),
        6 => (1u64 << random.below(64)).to_string(),
        7 => ((1u64 << random.below(63)) - 1).to_string(),
        8 => format!("-{}", digits(random)),
        9 => format!("{}/{}", digits(random), digits(random)),
        10 => format!("1/{}", 1u64 << random.below(64)),
        11 => format!("1*2^{}", random.between(-1_100_000, 1_100_000)),
        12 => format!("{}*2^-{}", 2 * random.below(1000) + 1, random.below(70)),
        13 => "9223372036854775807".to_owned(),
        14 => digits(random),
        _ => ["-0", "00", "1/1", "2/4", "1/0", "2*2^3", "1*2^0", "1*2^", "*2^1", "+1", "1e9", "--1", "\u{b2}"]
            [random.below(13)]
        .to_owned(),
    }
}

#[test]
fn random_tokens() {
    let mut random = Random(1);
    let mut slowest = Slowest::default();
    let corpus = corpus_files::all();
    for round in 0..6000 {
        // A true beginning, then lines of random tokens.
        let text = &corpus[random.below(corpus.len())].1;
        let lines: Vec<&str> = text.lines().collect();
        let kept = if round % 4 == 0 { 0 } else { random.below(lines.len()) };
        let mut changed: Vec<String> = lines[..kept].iter().map(|line| (*line).to_owned()).collect();
        for _ in 0..1 + random.below(6) {
            let mut words = vec![WORDS[random.below(WORDS.len())].to_owned()];
            for _ in 0..random.below(12) {
                let word = if random.below(6) == 0 {
                    WORDS[random.below(WORDS.len())].to_owned()
                } else {
                    number(&mut random)
                };
                words.push(word);
            }
            changed.push(words.join(" "));
        }
        changed.extend(lines[kept..].iter().skip(random.below(3)).map(|line| (*line).to_owned()));
        let _ = slowest.check((changed.join("\n") + "\n").as_bytes());
    }
    println!("random tokens, the slowest {:?}:\n{}", slowest.0, slowest.1);
}

#[test]
fn huge_numbers_in_every_place() {
    let mut random = Random(2);
    let mut slowest = Slowest::default();
    for (_, text) in corpus_files::all() {
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        let places: Vec<(usize, usize)> =
            lines.iter().enumerate().flat_map(|(i, line)| (1..line.len()).map(move |j| (i, j))).collect();
        for _ in 0..120 {
            let mut changed: Vec<Vec<String>> =
                lines.iter().map(|line| line.iter().map(|word| (*word).to_owned()).collect()).collect();
            for _ in 0..1 + random.below(2) {
                let (i, j) = places[random.below(places.len())];
                changed[i][j] = match random.below(6) {
                    0 => (1u64 << random.between(20, 62)).to_string(),
                    1 => "1*2^1048576".to_owned(),
                    2 => "1*2^-1048576".to_owned(),
                    3 => format!("1/{}", "9".repeat(5000)),
                    4 => format!("1{}", "0".repeat(5000)),
                    _ => number(&mut random),
                };
            }
            let changed: Vec<String> = changed.into_iter().map(|line| line.join(" ")).collect();
            let _ = slowest.check((changed.join("\n") + "\n").as_bytes());
        }
    }
    println!("huge numbers, the slowest {:?}:\n{}", slowest.0, slowest.1);
}

#[test]
fn mutated_bytes() {
    let mut random = Random(3);
    let mut slowest = Slowest::default();
    let corpus = corpus_files::all();
    for _ in 0..4000 {
        let mut bytes = corpus[random.below(corpus.len())].1.clone().into_bytes();
        for _ in 0..1 + random.below(4) {
            let place = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[place] = random.next() as u8,
                1 => bytes.insert(place, random.next() as u8),
                2 => drop(bytes.remove(place)),
                3 => bytes[place] = b" \n0123456789-/*^\r\t\0\xff"[random.below(20)],
                _ => {
                    let end = (place + random.below(200)).min(bytes.len());
                    let part = bytes[place..end].to_vec();
                    let at = random.below(bytes.len());
                    bytes.splice(at..at, part);
                }
            }
        }
        let _ = slowest.check(&bytes);
    }
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.below(300)).map(|_| random.next() as u8).collect();
        let _ = slowest.check(&bytes);
    }
    println!("mutated bytes, the slowest {:?}", slowest.0);
}

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
