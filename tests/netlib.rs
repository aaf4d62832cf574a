//! Linear programs of netlib, solved exactly; others know their optima to 32 digits.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use certinet::arith::Rational;
use certinet::certify::write_program_certificate;
use certinet::format::mps;
use certinet::programs::{Answer, LinearProgram, solve};
use certinet_check::{Verdict, check};

/// Optima rounded to 32 digits (Koch 2004).
const OPTIMA: [(&str, &str); 21] = [
    ("adlittle", "0.22549496316238038228101176621492e6"),
    ("afiro", "-0.46475314285714285714285714285714e3"),
    ("blend", "-0.30812149845828220173774356124984e2"),
    ("bore3d", "0.13730803942084927215581987251301e4"),
    ("brandy", "0.15185098964881283835426751550618e4"),
    ("capri", "0.26900129137681610087717280693754e4"),
    ("israel", "-0.89664482186304572966200464196045e6"),
    ("kb2", "-0.17499001299062057129526866493726e4"),
    ("lotfi", "-0.2526470606188e2"),
    ("recipe", "-0.266616e3"),
    ("sc105", "-0.52202061211707248062628010857689e2"),
    ("sc205", "-0.52202061211707248062628010857689e2"),
    ("sc50a", "-0.64575077058564509026860413914575e2"),
    ("sc50b", "-0.7e2"),
    ("scagr25", "-0.14753433060768523167790925075974e8"),
    ("scagr7", "-0.2331389824330984e7"),
    ("scorpion", "0.18781248227381066296479411763586e4"),
    ("share1b", "-0.7658931857918568112797274346007e5"),
    ("share2b", "-0.41573224074141948654519910873841e3"),
    ("vtp-base", "0.1298314624613613657395984384889e6"),
    ("beaconfd", "0.335924858072e5"),
];

const INFEASIBLE: [&str; 6] = ["box1", "ex72a", "forest6", "galenet", "klein1", "woodinfe"];

fn program(name: &str) -> LinearProgram {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/netlib").join(format!("{name}.mps"));
    let file = mps::read(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(file.integers.is_empty());
    file.program
}

#[test]
fn exact_optima_round_to_the_known_ones() {
    for (name, known) in OPTIMA {
        let program = program(name);
        let answer = solve(&program);
        assert!(answer.holds(&program), "{name}");
        let Answer::Optimal { value, .. } = answer else { panic!("{name} has an optimum") };
        // The number after the e is that of the digits before the point: 32 digits end at 10^(e - 32).
        let (_, exponent) = known.split_once('e').unwrap();
        let place = format!("1e{}", exponent.parse::<i32>().unwrap() - 32).parse::<Rational>().unwrap();
        let error = (value - known.parse::<Rational>().unwrap()).abs();
        assert!(error * Rational::from(2) <= place, "{name}");
    }
}

#[test]
fn programs_without_an_optimum_say_why() {
    for name in INFEASIBLE {
        let program = program(name);
        let answer = solve(&program);
        assert!(answer.holds(&program) && matches!(answer, Answer::Infeasible { .. }), "{name}");
    }
    let program = program("gas11");
    let answer = solve(&program);
    assert!(answer.holds(&program) && matches!(answer, Answer::Unbounded { .. }));
}

#[test]
fn certificates_of_all_programs_are_verified() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/netlib");
    let (mut count, mut optima) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_suffix(".mps") else { continue };
        let program = program(name);
        let mut text = Vec::new();
        write_program_certificate(&program, &solve(&program), &mut text).unwrap();
        assert_eq!(check(text.as_slice()).unwrap().verdict, Verdict::Verified, "{name}");
        // The same proof for another optimum.
        let text = String::from_utf8(text).unwrap();
        let line = text.lines().nth(1).unwrap();
        if let Some((start, value)) = line.rsplit_once(' ')
            && let Ok(value) = value.parse::<Rational>()
        {
            let other = text.replace(line, &format!("{start} {}", value + Rational::power_of_two(-40)));
            let verdict = check(other.as_bytes()).unwrap().verdict;
            assert!(matches!(verdict, Verdict::Rejected { rule: "program", .. }), "{name}: {verdict}");
            optima += 1;
        }
        count += 1;
    }
    assert_eq!((count, optima), (28, 21));
}

#[test]
fn sizes_are_those_of_the_readme_of_netlib() {
    // Rows of netlib count the objective, its nonzeros the objective's.
    for (name, rows, columns, nonzeros) in
        [("afiro", 28, 32, 88), ("israel", 175, 142, 2358), ("scagr25", 472, 500, 2029)]
    {
        let program = program(name);
        let costs = program.columns().iter().filter(|column| !column.cost.is_zero()).count();
        let found = (program.rows().len() + 1, program.columns().len(), program.nonzeros() + costs);
        assert_eq!(found, (rows, columns, nonzeros), "{name}");
    }
}
