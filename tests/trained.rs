//! Networks of floats: files, and certified errors against exact ones computed in another way.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::{Enclosure, Rational, SplitMix64};
use certinet::evaluate::MlpEvaluator;
use certinet::format::onnx;
use certinet::linalg::{Matrix, dot, solve_vector};
use certinet::network::{DenseLayer, Mlp, Precision};
use certinet::pde::{
    Coefficient, DiscreteProblem, ErrorBounds, Grid, Load, NodalNetwork, Shape, Stiffness, Verified, VerifyError,
};
use command::{json_of, number, refusal};
use folder::Folder;

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

/// A network with small numbers and the slope 1/4.
fn random_network(random: &mut SplitMix64, widths: &[usize], precision: Precision) -> Mlp {
    let mut number = || {
        let x = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        if precision == Precision::Single { f64::from(x as f32) } else { x }
    };
    let layers = widths.windows(2).map(|pair| {
        let weights = (0..pair[0] * pair[1]).map(|_| number()).collect();
        DenseLayer::new(pair[0], weights, (0..pair[1]).map(|_| number()).collect()).unwrap()
    });
    Mlp::new(layers.collect(), q(1, 4), precision).unwrap()
}

fn bytes(network: &Mlp) -> Vec<u8> {
    let mut bytes = Vec::new();
    onnx::write(network, &mut bytes).unwrap();
    bytes
}

fn problem(shape: Shape, nodes: usize) -> DiscreteProblem {
    let coefficient = Coefficient::new(shape, q(1, 10), false, Grid::new(nodes).unwrap()).unwrap();
    DiscreteProblem::new(coefficient, &Load::published()).unwrap()
}

/// Integrals of grad v . grad w times the coefficient and of v w for nodal values on the whole grid: element matrices by
/// the textbook, summed over triangles.
fn forms(grid: Grid, coefficient: &[Rational], v: &[Rational]) -> [Rational; 3] {
    let n = grid.nodes();
    let h = q(1, grid.cells() as i64);
    let area = &h * &h / Rational::from(2);
    let mut sums = [Rational::zero(), Rational::zero(), Rational::zero()];
    for (triangle, a) in grid.triangles().zip(coefficient) {
        let corners = triangle.corners();
        let values: Vec<&Rational> = corners.iter().map(|[i, j]| &v[j * n + i]).collect();
        // The gradient from the three equations of a linear function.
        let rows = corners.map(|c| [c.map(|k| &h * &Rational::from(k)).to_vec(), vec![Rational::one()]].concat());
        let matrix = Matrix::new(rows.to_vec()).unwrap();
        let linear = solve_vector(&matrix, &values.iter().map(|x| (*x).clone()).collect::<Vec<_>>()).unwrap();
        let gradient = &area * &dot(&linear[..2], &linear[..2]);
        sums[0] += &(a * &gradient);
        sums[1] += &gradient;
        // Midpoints of the sides integrate quadratic functions exactly.
        for (i, j) in [(0, 1), (1, 2), (2, 0)] {
            let middle = (values[i] + values[j]) / Rational::from(2);
            sums[2] += &(&area / &Rational::from(3) * &(&middle * &middle));
        }
    }
    sums
}

/// u_y at all nodes, by elimination in rationals.
fn exact_solution(problem: &DiscreteProblem, values: &[Rational]) -> Vec<Rational> {
    let grid = problem.grid();
    let mut rows = vec![vec![Rational::zero(); grid.unknowns()]; grid.unknowns()];
    for (i, j, x) in Stiffness::new(grid, values).lower_entries() {
        rows[i][j] = x.clone();
        rows[j][i] = x;
    }
    let inner = solve_vector(&Matrix::new(rows).unwrap(), problem.load()).unwrap();
    let at =
        |k: usize| grid.unknown(k % grid.nodes(), k / grid.nodes()).map_or_else(Rational::zero, |at| inner[at].clone());
    (0..grid.nodes() * grid.nodes()).map(at).collect()
}

/// The squares of error and norm, in energy and in H1.
fn exact_errors(problem: &DiscreteProblem, network: &Mlp, y: &[Rational]) -> [[Rational; 2]; 2] {
    let grid = problem.grid();
    let values = problem.coefficient().values(y).unwrap();
    let solution = exact_solution(problem, &values);
    let output = MlpEvaluator::<Rational>::new(network).unwrap().evaluate(y).unwrap();
    let nodal: Vec<Rational> = if output.len() == solution.len() {
        output
    } else {
        let at = |k: usize| grid.unknown(k % grid.nodes(), k / grid.nodes());
        (0..solution.len()).map(|k| at(k).map_or_else(Rational::zero, |at| output[at].clone())).collect()
    };
    let difference: Vec<Rational> = nodal.iter().zip(&solution).map(|(a, b)| a - b).collect();
    let [error, norm] = [&difference, &solution].map(|v| forms(grid, &values, v));
    [[error[0].clone(), norm[0].clone()], [&error[1] + &error[2], &norm[1] + &norm[2]]]
}

/// Whether the exact numbers lie in their bounds, and the relative ones with them.
fn contained(bounds: &ErrorBounds, [error, norm]: &[Rational; 2]) -> bool {
    let inside =
        |range: &Enclosure, square: &Rational| range.lo() * range.lo() <= *square && *square <= range.hi() * range.hi();
    inside(bounds.error.as_ref().unwrap(), error)
        && inside(bounds.norm.as_ref().unwrap(), norm)
        && bounds.relative().is_none_or(|relative| inside(&relative, &(error / norm)))
}

fn width(bounds: &ErrorBounds) -> f64 {
    bounds.error.as_ref().unwrap().width().approx_f64()
}

const SHAPES: [Shape; 5] = [
    Shape::Trigonometric { terms: 3, scaling: 0 },
    Shape::Chessboard { blocks: 2 },
    Shape::Cookies { blocks: 2 },
    Shape::CookiesVariable { blocks: 1 },
    Shape::ClippedPolynomial { degree: 1 },
];

#[test]
fn bounds_at_points_hold_the_exact_errors() {
    let mut random = SplitMix64::new(17);
    for shape in SHAPES {
        let problem = problem(shape, 6);
        for outputs in [36, 16] {
            let p = shape.parameters();
            let network = random_network(&mut random, &[p, 6, 5, outputs], Precision::Single);
            let nodal = NodalNetwork::new(&network, &problem).unwrap();
            for sample in 0..3 {
                let draw = |i: usize| {
                    let [lo, hi] = shape.range(i);
                    // The second point has thirds, which floats do not hold.
                    if sample == 1 { &lo + &((&hi - &lo) * q(1, 3)) } else { random.between(&lo, &hi) }
                };
                let y: Vec<Rational> = (0..p).map(draw).collect();
                let point = y.iter().cloned().map(Enclosure::point).collect();
                let verified = Verified::new(&problem, &nodal, point).unwrap();
                let [energy, h1] = exact_errors(&problem, &network, &y);
                assert!(contained(&verified.energy, &energy) && contained(&verified.h1, &h1), "{shape:?}");
                // And they are sharp: two-sided up to rounding.
                assert!(width(&verified.energy) < 1e-9 && width(&verified.h1) < 1e-9, "{shape:?}");
            }
        }
    }
}

#[test]
fn bounds_on_boxes_hold_everywhere() {
    let mut random = SplitMix64::new(23);
    for shape in SHAPES {
        let problem = problem(shape, 5);
        let p = shape.parameters();
        for outputs in [25, 9] {
            let network = random_network(&mut random, &[p, 5, 5, outputs], Precision::Double);
            let nodal = NodalNetwork::new(&network, &problem).unwrap();
            let mut widths = Vec::new();
            for radius in [q(1, 1000), q(1, 20), q(1, 3)] {
                let side = |i: usize| {
                    let [lo, hi] = shape.range(i);
                    let middle = &lo + &((&hi - &lo) * q(2, 5));
                    Enclosure::around(&middle, &radius).intersect(&Enclosure::hull(lo, hi)).unwrap()
                };
                let sides: Vec<Enclosure> = (0..p).map(side).collect();
                let verified = Verified::new(&problem, &nodal, sides.clone()).unwrap();
                for sample in 0..6u32 {
                    let coordinate = |(k, y): (usize, &Enclosure)| match sample {
                        0..4 if sample >> (k % 2) & 1 == 0 => y.lo().clone(),
                        0..4 => y.hi().clone(),
                        _ => random.between(y.lo(), y.hi()),
                    };
                    let y: Vec<Rational> = sides.iter().enumerate().map(coordinate).collect();
                    let [energy, h1] = exact_errors(&problem, &network, &y);
                    assert!(contained(&verified.energy, &energy) && contained(&verified.h1, &h1), "{shape:?} {radius}");
                }
                widths.push(width(&verified.h1));
            }
            // Smaller boxes have narrower bounds, unless a cookie takes a triangle in.
            let jumps = matches!(shape, Shape::CookiesVariable { .. });
            assert!(widths[0] < widths[1] && widths[1] < widths[2], "{widths:?}");
            assert!(jumps || widths[0] < 0.2, "{widths:?}");
        }
    }
}

#[test]
fn networks_that_do_not_fit_are_refused() {
    let mut random = SplitMix64::new(1);
    let problem = problem(Shape::Chessboard { blocks: 2 }, 5);
    for (widths, expected) in [([3, 4, 25], "takes 3 inputs"), ([4, 4, 24], "has 24 outputs; accepted are 25")] {
        let network = random_network(&mut random, &widths, Precision::Single);
        let error: VerifyError = NodalNetwork::new(&network, &problem).err().unwrap();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn commands_read_and_write_onnx() {
    let folder = Folder::new();
    let mut random = SplitMix64::new(5);
    for precision in [Precision::Single, Precision::Double] {
        let network = random_network(&mut random, &[2, 4, 3], precision);
        let path = folder.path("net.onnx");
        fs::write(&path, bytes(&network)).unwrap();
        // 15 + 12 parameters; the hidden layer is doubled.
        let count = json_of(&["count", &path]);
        assert_eq!((count["layers"].as_str(), count["neurons"].as_str()), (Some("2"), Some("13")));
        assert_eq!(count["weights"], (2 * 12 + 2 * 12 + 3).to_string());
        let json = folder.path("net.json");
        json_of(&["convert", &path, "--output", &json]);
        assert_eq!(count, json_of(&["count", &json]));
        let x = [q(1, 3), q(-2, 7)];
        let expected = MlpEvaluator::<Rational>::new(&network).unwrap().evaluate(&x).unwrap();
        for file in [&path, &json] {
            let value = json_of(&["eval", file, "--input", "1/3,-2/7"]);
            let output: Vec<Rational> = value["output"].as_array().unwrap().iter().map(number).collect();
            assert_eq!(output, expected);
        }
        // The same file again, and a ReLU network of doubles.
        let again = folder.path("again.onnx");
        json_of(&["convert", &path, "--output", &again]);
        assert_eq!(fs::read(&again).unwrap(), fs::read(&path).unwrap());
    }
    let layered = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1, "layers": [
        {"rows": 2, "columns": 1, "weights": [[0, 0, 2], [1, 0, -1]], "bias": [[0, "1/4"]]},
        {"rows": 1, "columns": 2, "weights": [[0, 0, 1], [0, 1, "W"]], "bias": []}]}"#;
    let good = folder.file("good.json", &layered.replace('W', "-3/8"));
    let written = folder.path("good.onnx");
    json_of(&["convert", &good, "--output", &written]);
    let network = onnx::read(&fs::read(&written).unwrap()).unwrap();
    assert_eq!((network.precision(), network.slope().is_zero()), (Precision::Single, true));
    for input in ["-3", "5/7"] {
        let of = |file: &str| json_of(&["eval", file, "--input", input])["output"].clone();
        assert_eq!(of(&good), of(&written));
    }
    let bad = folder.file("bad.json", &layered.replace('W', "1/3"));
    let message = refusal(folder.0.path(), &["convert", &bad, "--output", &folder.path("bad.onnx")]);
    assert!(message.contains("the weight 1/3, which no double equals"), "{message}");
}

#[test]
fn verify_prints_certified_errors() {
    let folder = Folder::new();
    let mut random = SplitMix64::new(8);
    let network = random_network(&mut random, &[4, 5, 49], Precision::Single);
    let path = folder.path("net.onnx");
    fs::write(&path, bytes(&network)).unwrap();
    let options = ["pde", "verify", path.as_str(), "--grid", "7"];
    let with = |more: &[&'static str]| json_of(&[&options[..], more].concat());
    let point = with(&["--at", "1/2,1/3,0,1"]);
    assert_eq!(
        (point["error_kind"].as_str(), point["scope"].as_str()),
        (Some("bound"), Some("certified at this point"))
    );
    let problem = problem(Shape::Chessboard { blocks: 2 }, 7);
    let [energy, h1] = exact_errors(&problem, &network, &[q(1, 2), q(1, 3), q(0, 1), q(1, 1)]);
    for (name, [error, norm]) in [("energy", energy), ("h1", h1)] {
        let ends: Vec<Rational> =
            point["samples"][0][name]["relative"].as_array().unwrap().iter().map(number).collect();
        let square = error / norm;
        assert!(&ends[0] * &ends[0] <= square && square <= &ends[1] * &ends[1]);
    }
    let samples = with(&["--samples", "3", "--seed", "5"]);
    assert_eq!(samples["samples"].as_array().unwrap().len(), 3);
    assert_eq!(samples["scope"], "certified at each of these points, sampled in between");
    let uppers: Vec<Rational> =
        samples["samples"].as_array().unwrap().iter().map(|row| number(&row["h1"]["relative"][1])).collect();
    assert_eq!(number(&samples["relative_h1_error"]["max"]), uppers.iter().max().unwrap().clone());
    let mean = uppers.iter().cloned().sum::<Rational>() / Rational::from(3);
    let printed = number(&samples["relative_h1_error"]["mean"]);
    assert!(mean <= printed && printed <= mean * (Rational::one() + Rational::power_of_two(-50)));
    assert_eq!(samples, with(&["--samples", "3", "--seed", "5", "--threads", "1"]));
    // A box holds the bound of its middle.
    let inner = with(&["--box", "1/1000"]);
    let middle = with(&[]);
    assert_eq!(inner["scope"], "certified for all parameters of the box");
    assert!(number(&middle["relative_h1_error"]["max"]) <= number(&inner["relative_h1_error"]["max"]));
    // Boxes that cover all parameters bound every sample, and finer ones bound better.
    let all = with(&["--shift", "2", "--cells", "2"]);
    assert_eq!((all["scope"].as_str(), all["cells"].as_u64()), (Some("certified for all parameters"), Some(16)));
    let largest = |result: &serde_json::Value| number(&result["relative_h1_error"]["max"]);
    let finer = largest(&with(&["--shift", "2", "--cells", "3"]));
    assert!(largest(&with(&["--shift", "2", "--samples", "9"])) <= finer && finer < largest(&all));
    let here = folder.0.path();
    for (more, words) in [
        (&["--cells", "20"][..], "20^4 boxes are too many"),
        (&["--cells", "2", "--box", "1"], "cannot be used with"),
        (&["--at", "1,2"][..], "2 parameters are given; the case has 4"),
        (&["--at", "1,2,0,0"], "parameter 2 is 2"),
        (&["--box", "0"], "numbers above 0"),
        (&["--at", "0,0,0,0", "--samples", "2"], "cannot be used with"),
        (&["--grid", "8"], "49 outputs; accepted are 64"),
        (&["--blocks", "3"], "takes 4 inputs; the problem has 9"),
    ] {
        // The last of two equal options is refused as well, so the grid is given once.
        let start: &[&str] = if more[0] == "--grid" { &options[..3] } else { &options };
        let message = refusal(here, &[start, more].concat());
        assert!(message.contains(words), "{message}");
    }
    let broken = folder.path("broken.onnx");
    fs::write(&broken, &bytes(&network)[..200]).unwrap();
    for command in [&["count"][..], &["pde", "verify"], &["eval", "--input", "0"]] {
        let message = refusal(here, &[command, &[broken.as_str()]].concat());
        assert!(message.contains("no ONNX model") && message.contains("broken.onnx"), "{message}");
    }
}

#[cfg(not(feature = "train"))]
#[test]
fn without_the_feature_train_says_how_to_get_it() {
    let folder = Folder::new();
    let output = folder.path("net.onnx");
    let message = refusal(folder.0.path(), &["train", "data.npz", "--widths", "1,2", "--output", &output]);
    assert!(message.contains("cargo build --release --features train"), "{message}");
}

#[cfg(feature = "train")]
#[test]
fn training_learns_and_repeats() {
    let folder = Folder::new();
    let data = folder.path("data.npz");
    let problem = ["--blocks", "1", "--grid", "5"];
    let dataset = ["pde", "dataset", "--quiet", "--count", "120", "--output", data.as_str()];
    json_of(&[&dataset[..], &problem].concat());
    let train = |name: &str, epochs: &'static str, seed: &'static str| {
        let path = folder.path(name);
        let options = ["--widths", "1,16,16,25", "--epochs", epochs, "--rate", "0.01", "--batch", "16", "--seed", seed];
        let result = json_of(&[&["train", data.as_str(), "--output", path.as_str()][..], &options].concat());
        (result, fs::read(path).unwrap())
    };
    let (first, bytes) = train("a.onnx", "200", "1");
    assert_eq!(bytes, train("b.onnx", "200", "1").1);
    assert_ne!(bytes, train("c.onnx", "200", "2").1);
    assert_eq!(first["error_kind"], "sampled");
    let (short, _) = train("d.onnx", "1", "1");
    let error = |result: &serde_json::Value| result["test_error"]["mean"].as_f64().unwrap();
    assert!(error(&first) < 0.2 && error(&first) < error(&short) / 3.0, "{first} {short}");
    // The loss in floats is the error that is certified: the test samples of the dataset, one by one.
    let network = folder.path("a.onnx");
    let archive = fs::File::open(&data).unwrap();
    let mut archive = certinet::format::npz_read::NpzReader::new(archive).unwrap();
    let parameters = archive.doubles("parameters", 1 << 20).unwrap();
    let mut mean = 0.0;
    for y in &parameters.values[108..] {
        let y = Rational::from_f64(*y).unwrap().to_string();
        let verify = ["pde", "verify", network.as_str(), "--at", y.as_str()];
        mean += number(&json_of(&[&verify[..], &problem].concat())["relative_h1_error"]["max"]).approx_f64() / 12.0;
    }
    assert!((mean - error(&first)).abs() < 1e-4 * mean + 1e-6, "{mean} and {first}");
    let here = folder.0.path();
    for (words, expected) in [
        (&["--widths", "2,25"][..], "begin with 1 and end with 25"),
        (&["--widths", "1"], "begin with 1 and end with 25"),
        (&["--widths", "1,25", "--test", "120"], "leave none for training"),
        (&["--widths", "1,25", "--rate", "2"], "above 0 and up to 1"),
    ] {
        let output = folder.path("no.onnx");
        let message = refusal(here, &[&["train", data.as_str(), "--output", output.as_str()][..], words].concat());
        assert!(message.contains(expected), "{message}");
    }
    let output = folder.path("no.json");
    refusal(here, &["train", &data, "--output", &output, "--widths", "1,25"]);
}
