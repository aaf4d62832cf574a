//! Datasets of solutions: their arrays against certified solutions, and what becomes of interrupted runs.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use certinet::arith::Rational;
use certinet::pde::{Certified, Coefficient, DiscreteProblem, Grid, Load, Shape};
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::Value;

/// The arrays of a file: parameters, solutions, and the text.
struct Arrays {
    parameters: Vec<Vec<f64>>,
    solutions: Vec<Vec<f64>>,
    meta: Value,
}

/// The header's dictionary and the bytes behind it.
fn npy(archive: &[u8], name: &str) -> (String, Vec<u8>) {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes[..8], *b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    (String::from_utf8(bytes[10..10 + length].to_vec()).unwrap(), bytes[10 + length..].to_vec())
}

fn table(archive: &[u8], name: &str) -> Vec<Vec<f64>> {
    let (header, data) = npy(archive, name);
    assert!(header.contains("'<f8'") && header.contains("'fortran_order': False"), "{header}");
    let (_, shape) = header.split_once("'shape': (").unwrap();
    let shape: Vec<usize> = shape.split_once(')').unwrap().0.split(',').map(|n| n.trim().parse().unwrap()).collect();
    assert_eq!((shape.len(), data.len()), (2, 8 * shape[0] * shape[1]));
    let values: Vec<f64> = data.chunks(8).map(|word| f64::from_le_bytes(word.try_into().unwrap())).collect();
    values.chunks(shape[1]).map(<[f64]>::to_vec).collect()
}

fn arrays(path: &str) -> Arrays {
    let archive = fs::read(path).unwrap();
    let (_, text) = npy(&archive, "meta.npy");
    let text: String =
        text.chunks(4).map(|c| char::from_u32(u32::from_le_bytes(c.try_into().unwrap())).unwrap()).collect();
    Arrays {
        parameters: table(&archive, "parameters.npy"),
        solutions: table(&archive, "solutions.npy"),
        meta: serde_json::from_str(&text).unwrap(),
    }
}

fn dataset<'a>(options: &[&'a str], count: &'a str, output: &'a str) -> Vec<&'a str> {
    let start = ["pde", "dataset", "--quiet", "--count", count, "--output", output];
    start.into_iter().chain(options.iter().copied()).collect()
}

const CASES: [(&[&str], Shape); 5] = [
    (&["--case", "trigonometric", "--parameters", "5", "--scaling=-1"], Shape::Trigonometric { terms: 5, scaling: -1 }),
    (&["--case", "chessboard", "--blocks", "2"], Shape::Chessboard { blocks: 2 }),
    (&["--case", "cookies", "--blocks", "3"], Shape::Cookies { blocks: 3 }),
    (&["--case", "cookies-variable", "--blocks", "2"], Shape::CookiesVariable { blocks: 2 }),
    (&["--case", "clipped-polynomial", "--degree", "3"], Shape::ClippedPolynomial { degree: 3 }),
];

#[test]
fn arrays_hold_the_solutions_for_their_parameters() {
    let folder = Folder::new();
    for (k, (options, shape)) in CASES.iter().enumerate() {
        for as_published in [false, true] {
            let output = folder.path(&format!("{k}{as_published}.npz"));
            let mut options = [options, ["--grid", "8", "--shift", "1/100", "--certify", "2"].as_slice()].concat();
            options.extend(as_published.then_some("--as-published-code"));
            let result = json_of(&dataset(&options, "5", &output));
            let data = arrays(&output);
            assert_eq!(result["bytes"], fs::metadata(&output).unwrap().len());
            assert_eq!((&result["kind"], &result["nodal_values"]), (&Value::from("approximate"), &Value::from(64)));
            assert!(!Path::new(&format!("{output}.partial")).exists());
            assert_eq!((data.parameters.len(), data.solutions.len()), (5, 5));
            assert_eq!((&data.meta["case"], &data.meta["seed"]), (&Value::from(shape.name()), &Value::from(1)));
            assert_eq!(data.meta["as_published_code"], as_published);

            let grid = Grid::new(8).unwrap();
            let coefficient = Coefficient::new(*shape, Rational::ratio(1, 100), as_published, grid).unwrap();
            let problem = DiscreteProblem::new(coefficient, &Load::published()).unwrap();
            let mut largest = Rational::zero();
            for (index, (y, u)) in data.parameters.iter().zip(&data.solutions).enumerate() {
                let y: Vec<Rational> = y.iter().map(|y| Rational::from_f64(*y).unwrap()).collect();
                assert_eq!(y.len(), shape.parameters());
                let expected = Certified::new(&problem, &y).unwrap();
                let scale = expected.solution.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
                for j in 0..8 {
                    for i in 0..8 {
                        let value = u[8 * j + i];
                        let expected = grid.unknown(i, j).map_or(0.0, |at| expected.solution[at]);
                        assert!((value - expected).abs() <= 1e-10 * scale, "{shape:?} at ({i}, {j})");
                        assert!(grid.unknown(i, j).is_some() || value.to_bits() == 0);
                    }
                }
                if index < 2 {
                    let inner = (1..7).flat_map(|j| (1..7).map(move |i| u[8 * j + i])).collect();
                    let certified = Certified::of_solution(&problem, &y, inner).unwrap();
                    largest = largest.max(certified.energy_error);
                }
            }
            assert_eq!(number(&result["energy_error_bound"]), largest);
            assert!(largest.is_positive() && largest < Rational::power_of_two(-30));
            assert!(result["largest_relative_residual"].as_f64().unwrap() < 1e-12);
        }
    }
}

#[test]
fn parameters_are_those_of_pde_solve() {
    let folder = Folder::new();
    let output = folder.path("a.npz");
    json_of(&dataset(&["--grid", "5", "--seed", "9"], "4", &output));
    let rows = json_of(&["pde", "solve", "--grid", "5", "--seed", "9", "--random", "4"]);
    let data = arrays(&output);
    let rows = rows.as_array().unwrap_or_else(|| rows["rows"].as_array().unwrap());
    for (row, y) in rows.iter().zip(&data.parameters) {
        let row = if row["y"].is_null() { &row["result"] } else { row };
        let exact: Vec<Rational> = row["y"].as_array().unwrap().iter().map(number).collect();
        assert_eq!(exact, y.iter().map(|y| Rational::from_f64(*y).unwrap()).collect::<Vec<_>>());
    }
    assert_eq!(rows.len(), 4);
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::new();
    let files = ["1", "2", "5"].map(|threads| {
        let output = folder.path(threads);
        json_of(&dataset(&["--grid", "12", "--case", "cookies", "--threads", threads], "37", &output));
        fs::read(output).unwrap()
    });
    assert!(files[0] == files[1] && files[0] == files[2]);
    let other = folder.path("other");
    json_of(&dataset(&["--grid", "12", "--case", "cookies", "--seed", "2"], "37", &other));
    assert!(fs::read(other).unwrap() != files[0]);
}

/// A file of unfinished rows, put together from the arrays of a complete run as its format says; residuals are 0.
fn unfinished(data: &Arrays, meta: &str, count: usize, nodes: usize) -> (usize, Vec<u8>) {
    let text = format!("{meta}\ncount {count}");
    let mut file = b"certinet rows 1\n".to_vec();
    file.extend((text.len() as u64).to_le_bytes());
    file.extend(text.as_bytes());
    file.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
    let header = file.len();
    for (index, (y, u)) in data.parameters.iter().zip(&data.solutions).enumerate() {
        let start = file.len();
        file.extend((index as u64).to_le_bytes());
        let inner = (1..nodes - 1).flat_map(|j| (1..nodes - 1).map(move |i| u[nodes * j + i]));
        y.iter().copied().chain([0.0]).chain(inner).for_each(|x| file.extend(x.to_le_bytes()));
        file.extend(u64::from(crc32fast::hash(&file[start..])).to_le_bytes());
    }
    (header, file)
}

fn meta_text(path: &str) -> String {
    let (_, text) = npy(&fs::read(path).unwrap(), "meta.npy");
    text.chunks(4).map(|c| char::from_u32(u32::from_le_bytes(c.try_into().unwrap())).unwrap()).collect()
}

#[test]
fn interrupted_runs_go_on_where_they_stopped() {
    let folder = Folder::new();
    let (whole, output) = (folder.path("whole.npz"), folder.path("a.npz"));
    let partial = format!("{output}.partial");
    let options = ["--grid", "5", "--seed", "3"];
    json_of(&dataset(&options, "6", &whole));
    let (whole, meta, data) = (fs::read(&whole).unwrap(), meta_text(&whole), arrays(&whole));
    let (header, file) = unfinished(&data, &meta, 6, 5);
    let row = (file.len() - header) / 6;
    assert_eq!(row, 8 * (4 + 9 + 3));
    let run = |content: &[u8]| {
        fs::write(&partial, content).unwrap();
        json_of(&dataset(&options, "6", &output));
        assert!(!Path::new(&partial).exists());
        let result = fs::read(&output).unwrap();
        fs::remove_file(&output).unwrap();
        result
    };
    // Cut in the header, at its end, within a row and between rows; with rubbish or zeros behind.
    let cuts = (0..=header).step_by(7).chain((header..=file.len()).step_by(29)).chain((0..7).map(|k| header + k * row));
    for cut in cuts {
        assert!(run(&file[..cut]) == whole, "cut at {cut}");
    }
    for rubbish in [vec![0; 2 * row], vec![0xff; row], vec![7; 3], file[header..].to_vec()] {
        assert!(run(&[&file[..header + 2 * row], &rubbish].concat()) == whole);
    }
    // A bit that is wrong anywhere in the rows is found.
    for at in (header..file.len()).step_by(41) {
        let mut wrong = file.clone();
        wrong[at] ^= 16;
        assert!(run(&wrong) == whole, "bit at {at}");
    }
    // Rows that are there are taken, not computed again.
    let mut other = arrays_clone(&data);
    other.solutions[1][6] = 7.5;
    let (_, file) = unfinished(&other, &meta, 6, 5);
    fs::write(&partial, &file[..header + 3 * row]).unwrap();
    json_of(&dataset(&options, "6", &output));
    assert_eq!(arrays(&output).solutions, other.solutions);
    // Unless they are thrown away.
    fs::write(&partial, &file).unwrap();
    json_of(&[dataset(&options, "6", &output).as_slice(), &["--restart"]].concat());
    assert!(fs::read(&output).unwrap() == whole);
}

fn arrays_clone(data: &Arrays) -> Arrays {
    Arrays { parameters: data.parameters.clone(), solutions: data.solutions.clone(), meta: data.meta.clone() }
}

/// The program itself, ended by the system in the middle of its work.
#[test]
fn a_killed_run_is_finished_by_the_next() {
    let folder = Folder::new();
    let (output, whole) = (folder.path("a.npz"), folder.path("whole.npz"));
    let partial = format!("{output}.partial");
    let arguments = dataset(&["--grid", "41"], "3000", &output);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_certinet")).args(&arguments).spawn().unwrap();
    // Until the first block is on the disk.
    let row = 8 * (4 + 39 * 39 + 3);
    while fs::metadata(&partial).map_or(0, |file| file.len()) < 2 * row {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(!Path::new(&output).exists() && Path::new(&partial).exists());
    let run = |output: &str, quiet: bool| {
        let mut arguments = dataset(&["--grid", "41"], "3000", output);
        arguments.retain(|word| quiet || *word != "--quiet");
        std::process::Command::new(env!("CARGO_BIN_EXE_certinet")).args(arguments).output().unwrap()
    };
    let second = run(&output, false);
    let note = String::from_utf8(second.stderr).unwrap();
    assert!(second.status.success() && note.contains("of 3000 samples are there from an earlier run"), "{note}");
    let first = run(&whole, true);
    assert!(first.stderr.is_empty());
    assert!(fs::read(&output).unwrap() == fs::read(&whole).unwrap());
    // The same is said of both, residual included.
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert_eq!(text(second.stdout).replace(&output, "FILE"), text(first.stdout).replace(&whole, "FILE"));
    assert!(!Path::new(&partial).exists());
}

#[test]
fn refusals() {
    let folder = Folder::new();
    let output = folder.path("a.npz");
    let partial = format!("{output}.partial");
    let refused = |options: &[&str], count: &str, output: &str, words: &[&str]| {
        let line = refusal(folder.0.path(), &dataset(options, count, output));
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    };
    refused(&["--grid", "5"], "0", &output, &["1 to 1000000"]);
    refused(&["--grid", "5"], "1000001", &output, &["1 to 1000000"]);
    refused(&["--grid", "2049"], "1000000", &output, &["bytes are free", "33,587,240,", "smaller --count"]);
    refused(&["--grid", "5", "--certify", "4"], "3", &output, &["--certify", "up to 3"]);
    refused(&["--grid", "5"], "3", &folder.path("no/a.npz"), &["does not exist"]);
    refused(&["--grid", "5"], "3", &folder.path(""), &["no ordinary file"]);
    refused(&["--grid", "5"], "3", "/dev/null", &["no ordinary file"]);
    let huge = format!("1{}", "0".repeat(400));
    refused(&["--grid", "5", "--shift", &huge], "3", &output, &["beyond the range of doubles", "sample 0"]);
    let line = refusal(folder.0.path(), &["pde", "dataset", "--count", "3"]);
    assert!(line.contains("--output FILE"), "{line}");

    // Rows of another problem, seed or count, and files that are none.
    let finished = folder.path("b.npz");
    json_of(&dataset(&["--grid", "5"], "3", &finished));
    let (_, rows) = unfinished(&arrays(&finished), &meta_text(&finished), 3, 5);
    fs::write(&partial, &rows).unwrap();
    for (options, count) in
        [(["--grid", "6"], "3"), (["--seed", "2"], "3"), (["--shift", "1/9"], "3"), (["--grid", "5"], "4")]
    {
        let options =
            if options[0] == "--grid" { options.to_vec() } else { [&["--grid", "5"], options.as_slice()].concat() };
        refused(&options, count, &output, &["another problem", ".partial", "remove the file or give --restart"]);
    }
    folder.file("a.npz.partial", "a letter");
    refused(&["--grid", "5"], "3", &output, &["none of unfinished rows", "--restart"]);
    assert_eq!(fs::read_to_string(&partial).unwrap(), "a letter");
}
