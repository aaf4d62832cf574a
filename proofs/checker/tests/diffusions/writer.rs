//! Writes certificates naively: exact dense matrices, claims at the least values that the rules admit, and the errors of the
//! leaves in doubles, from values of the polynomials at Chebyshev points.

use certinet_check::generate::{Parametric, Squaring, Step, output, parametric, squaring};
use certinet_check::network::{Block, Map, Network};
use num_traits::{One, Signed, Zero};

use super::case::Case;
use super::leaves::Leaves;
use super::numbers::{down, dyadic, float, int, power, root, rounded, up};
use crate::common::list;
use crate::oracle::Q;
use crate::oracle::diffusion::{Matrix, Problem, read, solve};

/// Bits behind the point of V, of the matrices, and of claims that are not exact.
const BASIS: i32 = 18;
const MATRIX: i64 = 16;
const CLAIM: i64 = 40;

/// The parts of a certificate.
pub struct Written {
    pub header: Vec<String>,
    pub networks: Vec<Network>,
    pub proof: Vec<String>,
}

impl Written {
    pub fn lines(&self) -> Vec<String> {
        [self.header.clone(), list(&self.networks, 0), self.proof.clone()].concat()
    }
}

/// What is known exactly.
pub struct Exact {
    pub problem: Problem,
    /// V by columns.
    pub basis: Vec<Vec<Q>>,
    /// B_i and f_V.
    pub matrices: Vec<Matrix>,
    pub load: Vec<Q>,
    pub delta: Q,
}

fn form(matrix: &Matrix, v: &[Q], w: &[Q]) -> Q {
    matrix.iter().zip(v).map(|(row, v)| row.iter().zip(w).map(|(a, w)| a * w).sum::<Q>() * v).sum()
}

/// A parameter: a fraction of each side.
pub fn parameter(case: &Case, k: usize) -> Vec<Q> {
    let part = |i: usize| Q::new(((3 + 5 * k + 7 * i * k) % 11).into(), 10.into());
    case.sides.iter().enumerate().map(|(i, [l, h])| l + (h - l) * part(i)).collect()
}

impl Exact {
    pub fn new(case: &Case) -> Self {
        let problem = read(&case.target()).unwrap();
        let f = problem.loads();
        let laplace = problem.stiffness(|_| int(1));
        // Solutions, made orthonormal in doubles, and rounded.
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for k in 0..case.columns {
            let y = parameter(case, k);
            let u = solve(&problem.stiffness(|number| problem.value(number, &y)), &f).unwrap();
            let mut u: Vec<f64> = u.iter().map(float).collect();
            u[k] += 0.01;
            let inner = |v: &[f64], w: &[f64]| -> f64 {
                (0..v.len())
                    .flat_map(|i| (0..v.len()).map(move |j| (i, j)))
                    .map(|(i, j)| v[i] * w[j] * float(&laplace[i][j]))
                    .sum()
            };
            for _ in 0..2 {
                for v in &columns {
                    let part = inner(v, &u);
                    u.iter_mut().zip(v).for_each(|(u, v)| *u -= part * v);
                }
            }
            let norm = inner(&u, &u).sqrt();
            columns.push(u.iter().map(|u| u / norm).collect());
        }
        let exact = |v: &Vec<f64>| v.iter().map(|v| Q::from(rounded(*v, BASIS)) * power(-i64::from(BASIS))).collect();
        let basis: Vec<Vec<Q>> = columns.iter().map(exact).collect();
        let reduced = |matrix: &Matrix| -> Matrix {
            basis.iter().map(|v| basis.iter().map(|w| form(matrix, v, w)).collect()).collect()
        };
        let class = |number: usize, i: usize| problem.classes[problem.triangles[number].1][i].clone();
        let matrices = (0..=problem.p).map(|i| reduced(&problem.stiffness(|number| class(number, i)))).collect();
        let gram = reduced(&laplace);
        let row = |(i, row): (usize, &Vec<Q>)| -> Q {
            row.iter().enumerate().map(|(j, v)| (v - int(i64::from(i == j))).abs()).sum()
        };
        let delta = gram.iter().enumerate().map(row).max().unwrap();
        let load = basis.iter().map(|v| v.iter().zip(&f).map(|(v, f)| v * f).sum()).collect();
        Self { problem, basis, matrices, load, delta }
    }
    /// The least and the largest a_y, and the numbers T and B'_i of the format.
    fn range(&self, case: &Case) -> [Q; 2] {
        let p = case.parameters();
        let corner = |k: usize| (0..p).map(|i| case.sides[i][k >> i & 1].clone()).collect::<Vec<Q>>();
        let value =
            |class: &Vec<Q>, y: &[Q]| class[1..].iter().zip(y).fold(class[0].clone(), |sum, (a, y)| sum + a * y);
        let values = (0..1 << p).flat_map(|k| {
            let y = corner(k);
            case.classes.iter().map(move |class| value(class, &y)).collect::<Vec<_>>()
        });
        let values: Vec<Q> = values.collect();
        [values.iter().min().unwrap().clone(), values.iter().max().unwrap().clone()]
    }
    fn spread(&self, case: &Case) -> Q {
        let length = |i: usize| &case.sides[i][1] - &case.sides[i][0];
        let p = case.parameters();
        let theta = |i: usize| case.classes.iter().map(|class| class[i + 1].abs()).max().unwrap() * length(i);
        let thetas: Vec<Q> = (0..p).map(theta).collect();
        if case.classes.iter().any(|class| class[1..].iter().any(Signed::is_negative)) {
            return thetas.iter().map(|theta| theta * theta).sum();
        }
        let sums = case.classes.iter().map(|class| (0..p).map(|i| &class[i + 1] * length(i)).sum::<Q>());
        sums.max().unwrap() * thetas.iter().max().unwrap()
    }
    fn shifted(&self, case: &Case) -> Vec<Matrix> {
        let mut all = self.matrices.clone();
        for (i, [l, h]) in case.sides.iter().enumerate() {
            for (j, row) in self.matrices[i + 1].iter().enumerate() {
                for (k, entry) in row.iter().enumerate() {
                    all[0][j][k] += l * entry;
                    all[i + 1][j][k] = (h - l) * entry;
                }
            }
        }
        all
    }
}

/// The norm's square.
fn square(v: impl IntoIterator<Item = Q>) -> Q {
    v.into_iter().map(|v| &v * &v).sum()
}

/// 2 b V and -b V 1
pub fn maps(basis: Block, bound: &Q) -> [Map; 2] {
    let mut sums = vec![Q::zero(); basis.rows as usize];
    basis.entries.iter().for_each(|(i, _, v)| sums[*i as usize] -= v * bound);
    [Map::literal(basis.scale(&(bound + bound))).unwrap(), Map::vector(&sums).unwrap()]
}

/// One certificate; `slack` multiplies rho, 1 for the least value that doubles find, and a little more.
pub fn write(case: &Case, slack: f64) -> Written {
    let exact = Exact::new(case);
    let (d, p) = (case.columns, case.parameters());
    let mut proof: Vec<String> =
        case.levels.iter().enumerate().map(|(k, m)| format!("spec {k} squaring {m} unit delayed")).collect();
    let coefficients = case.levels.len();
    proof.push(format!("diffusion {coefficients}"));
    let mut say = |line: String| proof.push(line);
    let claims =
        |word: &str, list: &[&Q]| format!("{word} {}", list.iter().map(|x| dyadic(x)).collect::<Vec<_>>().join(" "));
    // Forms and load, rounded.
    let near = |x: &Q| (x * power(MATRIX)).round() * power(-MATRIX);
    let integer = |x: &Q| (x * power(MATRIX)).to_integer().to_string();
    let exact_forms = exact.shifted(case);
    let forms: Vec<Matrix> =
        exact_forms.iter().map(|form| form.iter().map(|row| row.iter().map(near).collect()).collect()).collect();
    for form in &forms {
        let entries: Vec<String> =
            (0..d).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| integer(&form[i][j])).collect();
        say(format!("form {} {}", -MATRIX, entries.join(" ")));
    }
    let load: Vec<Q> = exact.load.iter().map(near).collect();
    say(format!("load {} {}", -MATRIX, load.iter().map(integer).collect::<Vec<_>>().join(" ")));
    let [least, most] = exact.range(case);
    let (c, big) = (down(&(least * (int(1) - &exact.delta)), CLAIM), up(&(most * (int(1) + &exact.delta)), CLAIM));
    let small_f = root(&square(exact.load.iter().cloned()), CLAIM) - power(-CLAIM);
    let big_f = root(&square(exact.load.iter().cloned()).max(square(load.iter().cloned())), CLAIM);
    let frobenius =
        |(a, b): (&Matrix, &Matrix)| root(&square(a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a - b)), 100);
    let beta: Q = forms.iter().zip(&exact_forms).map(frobenius).sum();
    let phi = root(&square(load.iter().zip(&exact.load).map(|(g, f)| g - f)), CLAIM);
    say(claims("bounds", &[&c, &big, &small_f, &big_f, &beta, &phi]));
    // The iteration.
    let gamma = up(&(int(2) / (&c + &big)), 12);
    let factor = (int(1) - &gamma * &c).abs().max((int(1) - &gamma * &big).abs());
    let x = down(&factor.recip(), 20).min(int(1 << 10));
    let s = up(&(&big_f / &c), CLAIM);
    let norm = &beta + root(&((int(1) + &exact.delta) * (int(1) + &exact.delta) * exact.spread(case)), CLAIM);
    let count = root(&int((p * d) as i64), CLAIM);
    say(claims("affine", &[&gamma, &x, &s, &norm, &count]));
    let (mut decay, mut total, mut size) =
        (up(&x.recip(), CLAIM), up(&(&gamma * &phi), CLAIM), up(&(&gamma * &big_f), CLAIM));
    say(claims("first", &[&decay, &total, &size]));
    let (mut sum, mut before, mut low, mut high) = (total.clone(), Q::zero(), x.clone(), x.clone());
    let error = |m: u64| power(-2 * m as i64 - 2);
    let mut plan = Parametric {
        sides: case.sides.clone(),
        gamma: gamma.clone(),
        matrices: forms.clone(),
        load: load.clone(),
        second: Q::zero(),
        squares: 0,
        steps: Vec::new(),
    };
    for k in 0..coefficients {
        if k == 1 {
            say("squares 0".to_owned());
        }
        (low, high) = (down(&(&x * int(2) - low.recip()), 30).max(int(1)), up(&(&x * int(2) - high.recip()), 30));
        let w = up(&(&x * int(2) / &low), 16);
        let slack = [&low, &high].map(|rho| (&w - &x * int(2) / rho).abs()).into_iter().max().unwrap();
        let slack = up(&slack, CLAIM);
        let b = up(&size, 10);
        let product = if k == 0 {
            Q::zero()
        } else {
            &b * (error(case.levels[k]) * Q::new(5.into(), 2.into()) + error(case.levels[0]))
        };
        let inexact = &norm * &count * product + &beta * &size + &phi;
        let p_k = up(&(w.abs() * &gamma * inexact + &slack * (&size + &gamma * &big_f + &before)), CLAIM);
        decay = up(&(&decay / &low), CLAIM);
        sum = up(&(&sum / &low + &p_k), CLAIM);
        total = up(&(&total / &low + &sum), CLAIM);
        before = size;
        size = up(&(&s * (int(1) + &decay) + &total), CLAIM);
        let rest = [&low, &high, &slack, &p_k, &decay, &sum, &total, &size];
        if k == 0 {
            say(claims("second", &[&[&w][..], &rest[..]].concat()));
            plan.second = w;
        } else {
            say(claims(&format!("step {k}"), &[&[&w, &b][..], &rest[..]].concat()));
            plan.steps.push(Step { squares: k, error: error(case.levels[k]), weight: w, bound: b });
        }
    }
    // Fluxes and cells.
    let leaves = Leaves::new(case, &exact);
    let mut walk = Vec::new();
    let rho = leaves.walk(&mut walk) * slack;
    let rho = up(&(Q::from(rounded(rho, 60)) * power(-60)), CLAIM);
    leaves.fluxes().into_iter().for_each(&mut say);
    say(format!("cells {} {}", if case.faces { "faces" } else { "box" }, dyadic(&rho)));
    walk.into_iter().for_each(&mut say);
    let bound = up(&size, 6);
    let (below, above) = (int(1) - &exact.delta, int(1) + &exact.delta);
    let (e, friedrichs) = if case.h1 {
        (up(&(&rho + &decay * (int(1) + &rho) * above / below), CLAIM), Q::new(51_251.into(), 50_000.into()))
    } else {
        (root(&(&rho * &rho + &decay * &decay), CLAIM), Q::one())
    };
    let claim = friedrichs * (&e + &big * &total / &small_f);
    say(claims("conclude", &[&bound, &e]));
    say("qed".to_owned());
    let mut networks: Vec<Network> =
        case.levels.iter().map(|m| squaring(*m, None, Squaring::Delayed).unwrap()).collect();
    networks.push(parametric(&plan).unwrap());
    let mut entries = Vec::new();
    for i in 0..exact.problem.nodes() {
        let row = (0..d as u64).zip(&exact.basis).filter(|(_, column)| !column[i].is_zero());
        entries.extend(row.map(|(j, column)| (i as u64, j, column[i].clone())));
    }
    let block = Block { rows: exact.problem.nodes() as u64, columns: d as u64, entries };
    networks.push(output(p as u64, coefficients, maps(block, &bound), &bound).unwrap());
    let header = [
        "certinet-certificate 1".to_owned(),
        format!("target {}", case.target()),
        format!("domain {}", case.domain()),
        format!("norm {}", if case.h1 { "relative-h1" } else { "relative-energy" }),
        format!("error {claim}"),
        "kind bound".to_owned(),
        "size ?".to_owned(),
    ];
    Written { header: header.to_vec(), networks, proof }
}
