//! Duels with solvers of the 1-norm problem, as commands.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;
use std::time::{Duration, Instant};

use certinet::arith::Rational;
use certinet_check::{Verdict, check};
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn duel(arguments: &[&str]) -> (u8, Value) {
    let arguments: Vec<&str> =
        ["barrier", "duel"].iter().chain(arguments).copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!(stderr, "", "{arguments:?}");
    (code, serde_json::from_str(&stdout).unwrap())
}

fn verdict(text: &str) -> Verdict {
    check(text.as_bytes()).unwrap().verdict
}

fn numbers(value: &Value) -> Vec<Rational> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// What a refutation says, computed again from its own data.
fn holds(found: &Value) {
    let (answer, minimiser) = (numbers(&found["answer"]), numbers(&found["minimiser"]));
    assert_eq!(answer.len(), minimiser.len());
    let squares = answer.iter().zip(&minimiser).map(|(a, b)| (a - b) * (a - b));
    let squared = squares.fold(Rational::zero(), |a, b| a + b);
    assert_eq!(number(&found["distance_squared"]), squared);
    let bar = number(&found["bar"]);
    assert_eq!(found["verdict"] == "refuted", squared >= &bar * &bar);
    // The minimiser has |x|_1 = (y - epsilon) / (largest entry of the first row) and residual epsilon.
    let instance = &found["instance"];
    let row = numbers(&instance["matrix"][0]);
    let largest = row.iter().fold(Rational::zero(), |a, b| a.max(b.abs()));
    let excess = number(&instance["rhs"][0]) - number(&instance["epsilon"]);
    let norm = minimiser.iter().map(Rational::abs).fold(Rational::zero(), |a, b| a + b);
    assert_eq!(&norm * &largest, excess);
    let product = row.iter().zip(&minimiser).map(|(a, x)| a * x).fold(Rational::zero(), |a, b| a + b);
    assert_eq!(product, excess);
}

#[test]
fn every_built_in_solver_is_refuted_with_a_certificate() {
    let folder = Folder::new();
    let file = folder.path("duel.cert");
    for solver in ["clarabel", "simplex", "fista", "unrolled", "truncated", "midpoint"] {
        for more in [&[][..], &["--permute", "--y", "7/3"], &["--data", "exact"], &["--rows", "2", "--columns", "4"]] {
            let one_row = solver == "simplex";
            if (solver == "midpoint" && more.contains(&"exact")) || (one_row && more.contains(&"--rows")) {
                continue;
            }
            let arguments = [&["--solver", solver, "--certificate", &file], more].concat();
            let (code, found) = duel(&arguments);
            assert_eq!((code, &found["verdict"], &found["solver"]), (1, &json!("refuted"), &json!(solver)));
            assert_eq!(found["certificate"], json!(file));
            holds(&found);
            assert!(number(&found["distance_squared"]) >= Rational::ratio(1, 16));
            let exact = more.contains(&"exact");
            let model = match solver {
                _ if exact => "exact data",
                "truncated" | "midpoint" => "oracle",
                _ => "double",
            };
            assert_eq!(found["model"], json!(model), "{solver}");
            assert_eq!(found["transcript"].as_array().unwrap().len() as u64, found["queries"].as_u64().unwrap() + 2);

            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(verdict(&text), Verdict::Verified, "{solver} {more:?}\n{text}");
            assert!(text.contains("\nunique\n"));
            let line = |keyword: &str| text.lines().find(|line| line.starts_with(keyword)).unwrap();
            let rejected = |old: &str, new: &str| {
                assert_ne!(old, new);
                let changed = text.replacen(old, new, 1);
                assert!(matches!(verdict(&changed), Verdict::Rejected { .. }), "{solver}: {new}");
            };
            // A larger distance, the minimiser itself as the answer, and a reading that would tell the problems apart.
            let squared = number(&found["distance_squared"]);
            let claim = line("answer ");
            rejected(
                claim,
                &claim.replacen(&squared.to_string(), &(&squared + Rational::power_of_two(-80)).to_string(), 1),
            );
            let minimiser: Vec<String> = numbers(&found["minimiser"]).iter().map(Rational::to_string).collect();
            rejected(claim, &format!("answer {squared} {}", minimiser.join(" ")));
            if !exact && solver != "midpoint" {
                let s = number(&found["s"]);
                let entry = &Rational::one() + &s;
                let near = text.lines().find(|line| {
                    line.starts_with("reading") && line.ends_with(" 1") && {
                        let column: usize = line.split(' ').nth(2).unwrap().parse().unwrap();
                        found["instance"]["matrix"][0].get(column).is_some_and(|value| number(value) == entry)
                    }
                });
                let near = near.unwrap();
                let words: Vec<&str> = near.split(' ').collect();
                let bits: u64 = words[3].parse().unwrap();
                assert_eq!(s.abs(), Rational::power_of_two(-(bits as i64)));
                rejected(near, &format!("reading 0 {} {} 1", words[2], bits + 1));
            }
        }
    }
}

#[test]
fn all_solvers_make_a_table() {
    let (code, rows) = duel(&[]);
    assert_eq!(code, 1);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        assert_eq!(row["verdict"], "refuted");
        holds(row);
        let exact = &row["exact_data"];
        if row["solver"] == "midpoint" {
            assert_eq!(exact, &Value::Null);
        } else {
            assert!(exact["refuted"].as_u64().unwrap() > 0);
            assert!(number(&exact["distance_squared"]) >= Rational::ratio(1, 16));
        }
    }
    let (_, stdout, _) = certinet(&["barrier", "duel", "--rows", "2"]);
    assert!(stdout.contains("fista") && !stdout.contains("simplex"), "{stdout}");
    let (code, stdout, _) = certinet(&["barrier", "duel", "--solver", "clarabel"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("Solved") && stdout.contains("1 - 2^-60") | stdout.contains("1 + 2^-60"), "{stdout}");
}

#[test]
fn bars_and_bits_decide() {
    let (code, found) = duel(&["--solver", "midpoint", "--bar", "5/8"]);
    assert_eq!((code, &found["verdict"]), (0, &json!("survived")));
    assert_eq!(number(&found["distance_squared"]), number(&found["breakdown_squared"]));
    let folder = Folder::new();
    let file = folder.path("duel.cert");
    for bits in ["0", "1", "100", "16384"] {
        let (code, found) = duel(&["--solver", "truncated", "--bits", bits, "--certificate", &file]);
        assert_eq!(verdict(&fs::read_to_string(&file).unwrap()), Verdict::Verified);
        let bits: i64 = bits.parse().unwrap();
        assert_eq!((code, number(&found["s"]).abs()), (1, Rational::power_of_two(-bits.max(1))));
    }
    // Data that are read to the last bit leave nothing to choose.
    let (code, found) = duel(&["--solver", "truncated", "--bits", "52", "--data", "exact"]);
    assert_eq!((code, &found["verdict"]), (0, &json!("survived")));
    assert_eq!((&found["distance_squared"], &found["exact_data"]["refuted"]), (&json!("0"), &json!(0)));
    let (code, found) = duel(&["--solver", "clarabel", "--queries", "2"]);
    assert_eq!((code, &found["verdict"], &found["reason"]), (3, &json!("failed"), &json!("more than 2 readings")));
    assert_eq!(found["instance"], Value::Null);
    let (_, third) = duel(&["--solver", "fista", "--epsilon", "1/3"]);
    assert_eq!((&third["exact_data"], &third["verdict"]), (&Value::Null, &json!("refuted")));
}

/// Skips the four lines that open a duel.
const OPENING: &str = "read a; read b; read c; read d\n";

fn program(folder: &Folder, script: &str) -> String {
    format!("sh '{}'", folder.file("solver.sh", &format!("{OPENING}{script}")))
}

#[test]
fn programs_take_part() {
    let folder = Folder::new();
    let file = folder.path("duel.cert");
    let command = program(
        &folder,
        "echo \"matrix 0 1 100\"; read v\necho \"data 0 5\"; read w\necho \"double matrix 0 0\"; read x\n\
         echo \"status $a, $b, $c, $d: $v $w $x\"\necho \"answer 7/8 0e5\"\nsleep 100\n",
    );
    let (code, found) = duel(&["--command", &command, "--certificate", &file]);
    assert_eq!((code, &found["verdict"], &found["reason"]), (1, &json!("refuted"), &Value::Null));
    holds(&found);
    let status = "certinet-duel 1, problem l1 1 2, epsilon 1/8, ready: 1 1 1.0";
    assert_eq!((&found["status"], &found["queries"]), (&json!(status), &json!(3)));
    assert_eq!(number(&found["s"]), Rational::power_of_two(-100));
    let readings = ["matrix 0 1 100: 1", "data 0 5: 1", "double matrix 0 0: 1.0", &format!("status {status}")];
    for (line, expected) in found["transcript"].as_array().unwrap().iter().zip(readings) {
        assert_eq!(line, expected);
    }
    assert_eq!(verdict(&fs::read_to_string(&file).unwrap()), Verdict::Verified);

    // awk computes in doubles, and exact data are doubles: comparing is enough.
    let command = program(
        &folder,
        "echo \"double matrix 0 1\"; read v\n\
         awk -v v=\"$v\" 'BEGIN { if (v > 1) printf \"answer 0 %.17g\\n\", 0.875 / v; else print \"answer 0.875 0\" }'\n",
    );
    let (code, found) = duel(&["--command", &command, "--data", "exact"]);
    assert_eq!((code, &found["verdict"], &found["exact_data"]["survived"]), (0, &json!("survived"), &json!(8)));
    assert_eq!(duel(&["--command", &command]).0, 1);
}

#[test]
fn programs_that_break_off_fail() {
    let folder = Folder::new();
    for (script, more, words) in [
        ("exit 7", &[][..], "ended without an answer (exit status: 7)"),
        ("echo one >&2; echo 'no licence' >&2; echo >&2; exit 3", &[], "(exit status: 3); its last words: no licence"),
        ("kill -9 $$", &[], "ended without an answer (signal: 9"),
        ("echo hello", &[], "wrote 'hello', which is no line of the protocol"),
        ("echo", &[], "wrote '"),
        ("echo matrix -1 0 1", &[], "no line of the protocol"),
        ("echo matrix 0 9 1", &[], "matrix 0 9 is read; there are 1 rows and 2 columns"),
        ("echo data 1 1", &[], "data 1 is read"),
        ("echo matrix 0 0 16385", &[], "16385 bits of matrix 0 0 are asked for; at most 16384"),
        ("echo answer nan 0", &[], "entry 0 of the answer is 'nan'"),
        ("echo answer 0 -inf", &[], "entry 1 of the answer is '-inf'"),
        ("echo answer 1 1e99999", &[], "entry 1 of the answer is '1e99999'"),
        ("echo answer 1/0 1", &[], "entry 0 of the answer is '1/0'"),
        ("echo answer 1", &[], "the answer has 1 entries; 2 are expected"),
        ("echo answer 1 2 3", &[], "the answer has 3 entries; 2 are expected"),
        ("printf '\\377\\376\\n'", &[], "wrote a line that is no text"),
        ("head -c 2000000 /dev/zero | tr '\\0' x", &[], "wrote a line of more than 1048576 bytes"),
        ("while :; do echo matrix 0 0 1; done", &["--queries", "50"], "more than 50 readings"),
        ("while :; do echo double data 0; done", &[], "more than 10000 readings"),
        ("while :; do echo status busy; done", &["--seconds", "1"], "gave no answer within 1 seconds"),
        ("while :; do echo lost >&2; done", &["--seconds", "1"], "within 1 seconds; its last words: lost"),
        ("exec 1>&-; sleep 100", &[], "ended without an answer"),
        ("trap '' TERM INT HUP; sleep 100", &["--seconds", "1"], "gave no answer within 1 seconds"),
    ] {
        let command = program(&folder, &format!("{script}\n"));
        let started = Instant::now();
        let file = folder.path("never.cert");
        let (code, found) = duel(&[&["--command", &command, "--certificate", &file], more].concat());
        let reason = found["reason"].as_str().unwrap();
        assert_eq!((code, &found["verdict"]), (3, &json!("failed")), "{script}: {reason}");
        assert!(reason.contains(words), "{script}: {reason}");
        assert_eq!((&found["certificate"], fs::exists(&file).unwrap()), (&Value::Null, false));
        assert!(started.elapsed() < Duration::from_secs(20), "{script}");
    }
    // With exact data a program that broke off is not started again.
    let count = folder.path("count");
    let command = program(&folder, &format!("echo x >> '{count}'\nexit 1\n"));
    let (code, found) = duel(&["--command", &command, "--data", "exact"]);
    assert_eq!((code, &found["exact_data"]["failed"]), (3, &json!(1)));
    assert_eq!(fs::read_to_string(&count).unwrap(), "x\n");
}

/// Whether a process exists and is more than an entry that nobody has collected.
fn runs(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim().starts_with(['Z', 'X']))
}

#[test]
#[cfg(target_os = "linux")]
fn no_process_outlives_a_duel() {
    let folder = Folder::new();
    let file = folder.path("processes");
    let script = format!("sleep 98 &\necho $! > '{file}'\necho $$ >> '{file}'\n");
    for (end, expected) in [("sleep 99", 3), ("wait", 3), ("echo answer 0 0\nwait", 1), ("exit 0", 3)] {
        let command = program(&folder, &format!("{script}{end}\n"));
        let (code, found) = duel(&["--command", &command, "--seconds", "1"]);
        assert_eq!(code, expected, "{found}");
        let processes = fs::read_to_string(&file).unwrap();
        assert_eq!(processes.lines().count(), 2);
        // A killed process takes a moment to vanish.
        let until = Instant::now() + Duration::from_secs(5);
        while processes.lines().any(runs) {
            assert!(Instant::now() < until, "{end}: {processes}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    assert!(runs("self"));
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let file = folder.path("x.cert");
    for (arguments, words) in [
        (vec!["--solver", "magic"], vec!["magic", "clarabel, simplex, fista, unrolled, truncated, midpoint"]),
        (vec!["--solver", "clarabel", "--command", "x"], vec!["--command"]),
        (
            vec!["--rows", "2", "--columns", "2"],
            vec!["2 rows and 2 columns", "accepted are 1 <= rows < columns <= 256"],
        ),
        (vec!["--rows", "0"], vec!["whole numbers from 1 to 255"]),
        (vec!["--columns", "1"], vec!["whole numbers from 2 to 256"]),
        (vec!["--epsilon", "1"], vec!["epsilon is 1 and y is 1; accepted are 0 <= epsilon < y <= 2^40"]),
        (vec!["--epsilon", "-1/2"], vec!["epsilon is -1/2"]),
        (vec!["--y", "2^41"], vec!["accepted are 0 <= epsilon < y <= 2^40"]),
        (vec!["--bar", "0"], vec!["numbers above 0"]),
        (vec!["--data", "exact", "--y", "4/3"], vec!["not both doubles", "--data exact"]),
        (vec!["--data", "exact", "--solver", "midpoint"], vec!["without reading"]),
        (vec!["--solver", "fista", "--bits", "9"], vec!["only the truncated solver", "--bits"]),
        (vec!["--solver", "truncated", "--bits", "16385"], vec!["whole numbers from 0 to 16384"]),
        (vec!["--solver", "simplex", "--rows", "2"], vec!["simplex does not take 2 rows", "one row, or epsilon 0"]),
        (vec!["--seconds", "5"], vec!["--command"]),
        (vec!["--certificate", &file], vec!["a certificate is about one duel", "--solver or --command"]),
        (vec!["--certificate", &file, "--output", &file, "--solver", "fista"], vec!["give another file"]),
        (vec!["--command", "sh 'x"], vec!["a quote that is not closed"]),
        (vec!["--command", " "], vec!["the command is empty"]),
        (vec!["--command", "/no/such/program 1"], vec!["/no/such/program does not start"]),
    ] {
        let arguments: Vec<&str> = ["barrier", "duel"].into_iter().chain(arguments.iter().map(|w| &**w)).collect();
        let line = refusal(folder.0.path(), &arguments);
        for word in words {
            assert!(line.contains(word), "{arguments:?}: {line}");
        }
    }
    assert_eq!(json_of(&["barrier", "duel", "--solver", "midpoint", "--bar", "9"])["verdict"], "survived");
}
