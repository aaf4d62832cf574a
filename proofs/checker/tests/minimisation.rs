//! Certificates about minimisers of the 1-norm: each condition accepted and rejected, changed numbers against brute force.
#![allow(clippy::unwrap_used)]

mod standalone;

use certinet_check::{Verdict, check};
use standalone::{rejected, verdict};

/// a = (1, 3/4), y = 1, E = 1/8: the minimiser is (7/8, 0); the answer (1/2, 1/2) is wrong by 5/8.
const AXIS: [&str; 15] = [
    "certinet-certificate 1 minimisation",
    "minimisation 1 2 1/8 0",
    "row 1 3/4",
    "data 1",
    "minimum 8 7",
    "unique",
    "answer 25/64 1/2 1/2",
    "reading 0 1 2 1",
    "point 8 7 0",
    "dual 1 1",
    "inverse 1",
    "left 0 1",
    "separation 8 3 -4",
    "multipliers 8 3",
    "qed",
];

/// One column (1, 1), y = (1, 0), E = 4/5: the minimiser is (5 - sqrt 7) / 10.
const ROOT: [&str; 15] = [
    "certinet-certificate 1 minimisation",
    "minimisation 2 1 4/5 7",
    "row 1",
    "row 1",
    "data 1 0",
    "minimum 10 5 -1",
    "unique",
    "answer 29/50 1",
    "point 10 5 -1",
    "dual 14 7 5 7 -5",
    "inverse 1",
    "left 0 1 0",
    "separation 10 -5 -1",
    "multipliers 10 -5 -1 0 0",
    "qed",
];

/// One column (1, 0), y = (1, 1), E = 1: the line of all A x touches the ball at x = 1.
const TOUCHING: [&str; 12] = [
    "certinet-certificate 1 minimisation",
    "minimisation 2 1 1 0",
    "row 1",
    "row 0",
    "data 1 1",
    "minimum 1 1",
    "unique",
    "point 1 1",
    "dual 1 1 0",
    "normal 0 1",
    "inverse 1",
    "left 0 1 0",
];

/// Columns (1, 0), (1, 1), (1, 2), y = (1, 0), E = 0: all of them on the face, but one minimiser.
const NARROW: [&str; 13] = [
    "certinet-certificate 1 minimisation",
    "minimisation 2 3 0 0",
    "row 1 1 1",
    "row 0 1 2",
    "data 1 0",
    "minimum 1 1",
    "unique",
    "point 1 1 0 0",
    "dual 1 1 0",
    "narrow 0 1",
    "inverse 1",
    "left 0 1 0",
    "qed",
];

/// a = (1, 1), y = 1, E = 1/8: a segment of minimisers; (0, 0) is at the squared distance 49/128.
const SEGMENT: [&str; 10] = [
    "certinet-certificate 1 minimisation",
    "minimisation 1 2 1/8 0",
    "row 1 1",
    "data 1",
    "minimum 8 7",
    "answer 49/128 0 0",
    "point 8 7 0",
    "dual 1 1",
    "separation 16 7 7",
    "multipliers 16 7",
];

/// One column (1, 0), y = (1, 1), E = 1/2: out of reach.
const INFEASIBLE: [&str; 9] = [
    "certinet-certificate 1 minimisation",
    "minimisation 2 1 1/2 0",
    "row 1",
    "row 0",
    "data 1 1",
    "infeasible",
    "reading 0 1 3 1",
    "normal 0 1",
    "qed",
];

fn with_qed<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    lines.iter().copied().chain(["qed"]).collect()
}

#[test]
fn one_measurement() {
    let cases = [
        ("certinet-certificate 1 minimisation", "certinet-certificate 1 minimum", "text: no certificate is about"),
        ("minimisation 1 2 1/8 0", "minimisation 1 2 1/9 0", "the point is feasible"),
        ("minimisation 1 2 1/8 0", "minimisation 1 2 1/7 0", "(p . y - V)^2 >= E^2 |p|^2"),
        ("minimisation 1 2 1/8 0", "minimisation 1 2 -1/8 0", "statement: it does not hold that E >= 0"),
        ("minimisation 1 2 1/8 0", "minimisation 1 2 1/8 -1", "statement: it does not hold that E >= 0 and q >= 0"),
        ("minimisation 1 2 1/8 0", "minimisation 0 2 1/8 0", "1 <= m n <= 2^20"),
        ("minimisation 1 2 1/8 0", "minimisation 1 3 1/8 0", "statement: "),
        ("minimisation 1 2 1/8 0", "minimisation 1 2097152 1/8 0", "1 <= m n <= 2^20"),
        ("row 1 3/4", "row 1 5/4", "|a_j . p| <= 1 for j = 1"),
        ("data 1", "data 2", "the point is feasible"),
        ("data 1", "data -1", "the point is feasible"),
        ("minimum 8 7", "minimum 8 6", "the point has the 1-norm V"),
        ("minimum 8 7", "minimum -8 -7", "D > 0"),
        ("unique", "single", "minimisation: "),
        ("answer 25/64 1/2 1/2", "answer 26/64 1/2 1/2", "statement: "),
        ("answer 25/64 1/2 1/2", "answer 13/32 1/2 1/2", "(w . b - h . s)^2 >= T |h|^2"),
        ("answer 25/64 1/2 1/2", "answer -1 1/2 1/2", "T >= 0"),
        ("answer 25/64 1/2 1/2", "answer 25/64 5/2 1/2", "w . b >= h . s"),
        ("reading 0 1 2 1", "reading 0 1 3 1", "the reading is within 2^-k of the entry"),
        ("reading 0 1 2 1", "reading 1 1 2 1", "there is no entry in row 1"),
        ("reading 0 1 2 1", "reading 0 3 2 1", "there is no entry in row 0 and column 3"),
        ("reading 0 1 2 1", "reading 0 1 65537 1", "k <= 2^16"),
        ("point 8 7 0", "point 8 6 0", "the point is feasible"),
        ("point 8 7 0", "point 8 8 0", "the point has the 1-norm V"),
        ("point 8 7 0", "point 0 7 0", "D > 0"),
        ("dual 1 1", "dual 2 1", "p . y >= V"),
        ("dual 1 1", "dual 1 2", "|a_j . p| <= 1 for j = 0"),
        ("inverse 1", "inverse 2", "c is the number of columns left"),
        ("left 0 1", "left 0 1/2", "l . a_i is 1 for i = j, else 0"),
        ("left 0 1", "left 1 1", "the columns left, in order"),
        ("separation 8 3 -4", "separation 8 2 -4", "t_j (h_j - a_j . w) >= 0 on the face"),
        ("separation 8 3 -4", "separation 8 0 0", "t_j (h_j - a_j . w) >= 0 on the face"),
        ("multipliers 8 3", "multipliers 8 2", "(w . b - h . s)^2 >= T |h|^2"),
        ("qed", "end", "qed: "),
    ];
    rejected(&AXIS, &cases);
    assert_eq!(reading_of("reading 0 2 5 31/32"), Verdict::Verified);
    // No direction separates nothing from anything.
    let mut lines = AXIS.to_vec();
    lines.splice(12..14, ["separation 8 0 0", "multipliers 8 0"]);
    assert!(matches!(verdict(&lines), Verdict::Rejected { why, .. } if why.contains("h is not 0")));
    lines[6] = "answer 0 1/2 1/2";
    assert_eq!(verdict(&lines), Verdict::Verified);
}

#[test]
fn claims_in_words() {
    let words = |lines: &[&str]| {
        let text = format!("{}\nend {}\n", lines.join("\n"), lines.len());
        check(text.as_bytes()).unwrap().claim().unwrap()
    };
    assert_eq!(
        words(&AXIS),
        "the least |x|_1 over |A x - y| <= E is 7/8 for E = 1/8, A 1 x 2, one minimiser, \
         every minimiser at a squared distance of at least 25/64 from the answer, in agreement with 1 readings"
    );
    assert!(
        words(&ROOT).starts_with("the least |x|_1 over |A x - y| <= E is 1/2 + -1/10 sqrt(7) for E = 4/5, A 2 x 1")
    );
    assert!(words(&INFEASIBLE).starts_with("no x has |A x - y| <= E for E = 1/2"));
}

/// The verdict with another reading.
fn reading_of(line: &str) -> Verdict {
    let mut lines = AXIS.to_vec();
    lines[7] = line;
    verdict(&lines)
}

#[test]
fn square_roots() {
    let cases = [
        ("minimisation 2 1 4/5 7", "minimisation 2 1 4/5 8", "minimisation: "),
        ("minimum 10 5 -1", "minimum 10 5 1", "the point has the 1-norm V"),
        ("point 10 5 -1", "point 10 5 1", "the point has the 1-norm V"),
        ("answer 29/50 1", "answer 59/100 1", "(w . b - h . s)^2 >= T |h|^2"),
        ("dual 14 7 5 7 -5", "dual 14 7 5 7 5", "|a_j . p| <= 1 for j = 0"),
        ("dual 14 7 5 7 -5", "dual 14 7 5 7 -6", "p . y - V"),
        ("multipliers 10 -5 -1 0 0", "multipliers 10 -4 -1 0 0", "t_j (h_j - a_j . w) >= 0"),
    ];
    rejected(&ROOT, &cases);
}

#[test]
fn touching_ranges_and_narrow_faces() {
    let touching = with_qed(&TOUCHING);
    let cases = [
        ("normal 0 1", "normal 1 1", "a_j . r = 0 for all j"),
        ("normal 0 1", "normal 0 2", "|r|^2 = r . y = E^2"),
        ("normal 0 1", "normal 0 -1", "|r|^2 = r . y = E^2"),
        ("dual 1 1 0", "dual 2 1 0", "p . (y - r) >= V"),
        ("minimisation 2 1 1 0", "minimisation 2 1 2 0", "|r|^2 = r . y = E^2"),
        ("normal 0 1", "narrow 0 1", "(p . y - V)^2 >= E^2 |p|^2"),
    ];
    rejected(&touching, &cases);
    let cases = [
        ("narrow 0 1", "narrow 0 -1", "t_j (a_j . w) >= 0 on the face"),
        ("narrow 0 1", "narrow 1 0", "a_j . w = 0 where x_j is not 0"),
        ("narrow 0 1", "narrow 0 0", "c is the number of columns left"),
        ("data 1 0", "data 1 1", "the point is feasible"),
        ("row 0 1 2", "row 0 1 -2", "t_j (a_j . w) >= 0 on the face"),
    ];
    rejected(&NARROW, &cases);
}

#[test]
fn sets_of_minimisers() {
    let segment = with_qed(&SEGMENT);
    let cases = [
        ("answer 49/128 0 0", "answer 1/2 0 0", "(w . b - h . s)^2 >= T |h|^2"),
        ("separation 16 7 7", "separation 16 7 6", "t_j (h_j - a_j . w) >= 0 on the face"),
        ("separation 16 7 7", "separation 16 8 8", "(w . b - h . s)^2 >= T |h|^2"),
        ("answer 49/128 0 0", "unique", "minimisation: "),
    ];
    rejected(&segment, &cases);
    // No certificate says that a segment is one point.
    let mut lines = segment.clone();
    lines[5] = "unique";
    lines.splice(8..10, ["inverse 2", "left 0 1", "left 1 1"]);
    assert!(matches!(verdict(&lines), Verdict::Rejected { why, .. } if why.contains("l . a_i is 1")));
}

#[test]
fn infeasible_problems() {
    let cases = [
        ("minimisation 2 1 1/2 0", "minimisation 2 1 1 0", "(r . y)^2 > E^2 |r|^2"),
        ("normal 0 1", "normal 0 -1", "r . y > 0"),
        ("normal 0 1", "normal 1 1", "a_j . r = 0 for all j"),
        ("infeasible", "minimum 1 1", "minimisation: "),
        ("reading 0 1 3 1", "unique", "minimisation: "),
    ];
    rejected(&INFEASIBLE, &cases);
}

/// Numbers changed one at a time: what is accepted is true by another method, in doubles.
#[test]
fn what_is_accepted_is_true() {
    let (mut accepted, mut tried) = (0, 0);
    for lines in
        [AXIS.to_vec(), ROOT.to_vec(), with_qed(&TOUCHING), NARROW.to_vec(), with_qed(&SEGMENT), INFEASIBLE.to_vec()]
    {
        for (k, line) in lines.iter().enumerate().skip(1) {
            let words: Vec<&str> = line.split(' ').collect();
            for place in 1..words.len() {
                for new in changes(words[place]) {
                    let mut changed: Vec<String> = words.iter().map(ToString::to_string).collect();
                    changed[place] = new;
                    let changed = changed.join(" ");
                    let mut mutant = lines.clone();
                    mutant[k] = &changed;
                    tried += 1;
                    if verdict(&mutant) == Verdict::Verified {
                        accepted += 1;
                        assert!(holds(&mutant), "accepted though false: {changed} in {lines:?}");
                    }
                }
            }
        }
    }
    assert!(tried > 500 && accepted > 20, "{accepted} of {tried}");
}

/// Numbers near a number.
fn changes(word: &str) -> Vec<String> {
    let (p, q) = word.split_once('/').unwrap_or((word, "1"));
    let (p, q): (i64, i64) = (p.parse().unwrap(), q.parse().unwrap());
    let near =
        [(p + 1, q), (p - 1, q), (-p, q), (p, q + 1), (p, q - 1), (0, 1), (2 * p + 1, 2 * q), (2 * p - 1, 2 * q)];
    let near = near.into_iter().filter(|(_, q)| *q > 0).map(|(p, q)| {
        let common = gcd(p, q);
        if q == common { (p / common).to_string() } else { format!("{}/{}", p / common, q / common) }
    });
    near.filter(|new| new != word).collect()
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

/// Whether the statement of a small certificate is true, up to rounding.
fn holds(lines: &[&str]) -> bool {
    let number = |word: &str| {
        let (p, q) = word.split_once('/').unwrap_or((word, "1"));
        p.parse::<f64>().unwrap() / q.parse::<f64>().unwrap()
    };
    let of = |keyword: &str| -> Vec<Vec<f64>> {
        let found = lines.iter().filter(|line| line.split(' ').next() == Some(keyword));
        found.map(|line| line.split(' ').skip(1).map(number).collect()).collect()
    };
    let head = of("minimisation").remove(0);
    let (epsilon, q) = (head[2], head[3]);
    let (rows, data) = (of("row"), of("data").remove(0));
    let readings = of("reading").iter().all(|r| {
        let entry =
            if r[1] as usize == rows[0].len() { data[r[0] as usize] } else { rows[r[0] as usize][r[1] as usize] };
        (entry - r[3]).abs() <= 0.5f64.powf(r[2]) + 1e-12
    });
    let points = minimisers(&rows, &data, epsilon);
    let Some(minimum) = of("minimum").pop() else { return readings && points.is_empty() };
    let value = (minimum[1] + minimum.get(2).unwrap_or(&0.0) * q.sqrt()) / minimum[0];
    let norm = |z: &Vec<f64>| z.iter().map(|x| x.abs()).sum::<f64>();
    let far = of("answer").pop().is_none_or(|answer| {
        let distance = |z: &Vec<f64>| z.iter().zip(&answer[1..]).map(|(z, s)| (z - s).powi(2)).sum::<f64>();
        let middles = points
            .iter()
            .flat_map(|a| points.iter().map(|b| a.iter().zip(b).map(|(a, b)| (a + b) / 2.0).collect::<Vec<f64>>()));
        points.iter().cloned().chain(middles).all(|z| distance(&z) >= answer[0] - 1e-9)
    });
    let one = points.iter().all(|z| z.iter().zip(&points[0]).all(|(a, b)| (a - b).abs() < 1e-9));
    readings
        && !points.is_empty()
        && (norm(&points[0]) - value).abs() < 1e-9
        && far
        && (one || !lines.contains(&"unique"))
}

/// The minimisers whose nonzero entries have independent columns (at most two of them), by trying all supports and signs.
fn minimisers(rows: &[Vec<f64>], data: &[f64], epsilon: f64) -> Vec<Vec<f64>> {
    let n = rows[0].len();
    let column = |j: usize| rows.iter().map(|row| row[j]).collect::<Vec<f64>>();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let residual = |z: &[f64]| {
        let r: Vec<f64> = rows.iter().zip(data).map(|(row, y)| y - dot(row, z)).collect();
        dot(&r, &r).sqrt()
    };
    let mut candidates = vec![vec![0.0; n]];
    for i in 0..n {
        for j in i..n {
            for signs in 0..4 {
                let support: Vec<usize> = if i == j { vec![i] } else { vec![i, j] };
                let sigma: Vec<f64> =
                    (0..support.len()).map(|k| if signs >> k & 1 == 0 { 1.0 } else { -1.0 }).collect();
                let columns: Vec<Vec<f64>> = support.iter().map(|&j| column(j)).collect();
                let gram: Vec<Vec<f64>> = columns.iter().map(|a| columns.iter().map(|b| dot(a, b)).collect()).collect();
                let right: Vec<f64> = columns.iter().map(|a| dot(a, data)).collect();
                let (Some(u), Some(v)) = (solve(&gram, &right), solve(&gram, &sigma)) else { continue };
                // x = u - mu v, |residual|^2 = d^2 + mu^2 sigma . v
                let full = |mu: f64| {
                    let mut z = vec![0.0; n];
                    support.iter().zip(u.iter().zip(&v)).for_each(|(&j, (u, v))| z[j] = u - mu * v);
                    z
                };
                let d = residual(&full(0.0));
                candidates.push(full(((epsilon * epsilon - d * d).max(0.0) / dot(&sigma, &v)).sqrt()));
            }
        }
    }
    let norm = |z: &Vec<f64>| z.iter().map(|x| x.abs()).sum::<f64>();
    candidates.retain(|z| residual(z) <= epsilon + 1e-9);
    let least = candidates.iter().map(norm).fold(f64::INFINITY, f64::min);
    candidates.retain(|z| norm(z) <= least + 1e-9);
    candidates
}

/// Solves one or two equations.
fn solve(gram: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    if let ([row], [y]) = (gram, right) {
        return (row[0] > 1e-9).then(|| vec![y / row[0]]);
    }
    let determinant = gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0];
    (determinant > 1e-9).then(|| {
        vec![
            (right[0] * gram[1][1] - right[1] * gram[0][1]) / determinant,
            (gram[0][0] * right[1] - gram[1][0] * right[0]) / determinant,
        ]
    })
}
