//! y -> u_K, iterates for C_y u = g, C_y = C_0 + sum t_i C_i with y_i = l_i + (h_i - l_i) t_i: u_1 = gamma g,
//! u_{k+1} = w (u_k - gamma C_y u_k + gamma g) + (1 - w) u_{k-1}, u_0 = 0; and z -> V z.
//!
//! Why: the second iterate is affine in t. Then |u_j| <= b, so that z = u / (2 b) + 1/2 lies in \[0, 1\] as t does, and ReLU does
//! not change it; t_i u_j = b (2 t z - t), t z = 2 s^2 - t^2 / 2 - z^2 / 2 with s = (t + z) / 2, which errs by \[-(e + e0) / 2, 2 e\]
//! before 3 e / 4 is taken off; t z is not negative, so that the ReLU behind it brings it nearer.

use num_traits::{One, Zero};

use super::{Builder, ratio, times};
use crate::maps::times as product;
use crate::network::{Axis, Block, Map, Network, Weight};
use crate::problem::{Problem, problem};

/// One step after the second iterate.
#[derive(Debug, Clone)]
pub struct Step {
    /// The number of the network of the squares.
    pub squares: usize,
    /// e, the largest error of a square.
    pub error: Weight,
    /// w
    pub weight: Weight,
    /// b
    pub bound: Weight,
}

/// What determines the network of the coefficients.
#[derive(Debug, Clone)]
pub struct Parametric {
    /// l_i < h_i
    pub sides: Vec<[Weight; 2]>,
    /// gamma
    pub gamma: Weight,
    /// C_0, .., C_p by rows.
    pub matrices: Vec<Vec<Vec<Weight>>>,
    /// g
    pub load: Vec<Weight>,
    /// w of the second iterate.
    pub second: Weight,
    /// The number of the network of the squares of t.
    pub squares: usize,
    /// The steps.
    pub steps: Vec<Step>,
}

/// z -> V z behind network `number`, which is called on the p inputs, with the maps 2 b V and -b V 1: the values pass
/// through \[0, 1\].
///
/// # Errors
/// When it is too large.
pub fn output(inputs: u64, number: usize, [map, bias]: [Map; 2], bound: &Weight) -> Result<Network, Problem> {
    let mut builder = Builder::default();
    let y = builder.input(inputs);
    let u = builder.call(number, 1, vec![y], map.columns);
    let z = unit(&mut builder, u, bound)?;
    let values = builder.affine(vec![(z, map)], bias);
    Ok(builder.finish(values))
}

/// relu(u / (2 b) + 1/2)
fn unit(builder: &mut Builder, u: usize, bound: &Weight) -> Result<usize, Problem> {
    let d = builder.dimension(u);
    let scale = (bound + bound).recip();
    let z = builder.affine(vec![(u, Map::scaled_identity(d, scale)?)], Map::constant(d, ratio(1, 2))?);
    Ok(builder.relu(z))
}

/// The literal matrix of these rows.
fn literal(rows: &[Vec<Weight>], columns: usize) -> Result<Map, Problem> {
    let entries = (0..).zip(rows).flat_map(|(i, row)| (0..).zip(row).map(move |(j, v)| (i, j, v.clone())));
    let entries = entries.filter(|(_, _, v)| !v.is_zero()).collect();
    Map::literal(Block { rows: rows.len() as u64, columns: columns as u64, entries })
}

/// c at row i d + j of p d + d or of p d rows, in column i, or in column j (for all i < p, j < d).
fn spread((p, d): (u64, u64), rows: u64, by_parameter: bool, c: Weight) -> Result<Map, Problem> {
    let (outer, inner, columns) = if by_parameter { (1, 0, p) } else { (0, 1, d) };
    let axes = vec![Axis { count: p, row: d, column: outer }, Axis { count: d, row: 1, column: inner }];
    Map::scalar(rows, columns, (0, 0), axes, c)
}

/// The product of a matrix and a vector.
fn apply(matrix: &[Vec<Weight>], v: &[Weight]) -> Vec<Weight> {
    matrix.iter().map(|row| row.iter().zip(v).map(|(a, v)| a * v).sum()).collect()
}

/// The maps that all steps share.
struct Shared {
    /// I - gamma C_0
    next: Map,
    /// C_1, .., C_p side by side.
    matrices: Map,
    /// Column i is the sum of the columns of C_i.
    sums: Map,
    /// u_1 = gamma g
    first: Map,
    /// (I - gamma C_0) 1
    ones: Map,
    /// Column i is C_i u_1.
    columns: Map,
    /// (I - gamma C_0) u_1
    second: Map,
}

impl Shared {
    fn new(plan: &Parametric, d: usize) -> Result<Self, Problem> {
        let Some((constant, matrices)) = plan.matrices.split_first() else { return problem("there is no matrix") };
        let mut next = constant.clone();
        for (i, row) in next.iter_mut().enumerate() {
            for (j, v) in row.iter_mut().enumerate() {
                *v = -(&plan.gamma * &*v);
                if i == j {
                    *v += Weight::one();
                }
            }
        }
        let row = |i: usize| matrices.iter().filter_map(move |matrix| matrix.get(i));
        let beside: Vec<Vec<Weight>> = (0..d).map(|i| row(i).flatten().cloned().collect()).collect();
        let sums: Vec<Vec<Weight>> = (0..d).map(|i| row(i).map(|row| row.iter().sum()).collect()).collect();
        let ones: Vec<Weight> = next.iter().map(|row| row.iter().sum()).collect();
        let first: Vec<Weight> = plan.load.iter().map(|g| g * &plan.gamma).collect();
        let products: Vec<Vec<Weight>> = matrices.iter().map(|matrix| apply(matrix, &first)).collect();
        let columns: Vec<Vec<Weight>> =
            (0..d).map(|j| products.iter().filter_map(|product| product.get(j).cloned()).collect()).collect();
        Ok(Self {
            next: literal(&next, d)?,
            matrices: literal(&beside, d * matrices.len())?,
            sums: literal(&sums, matrices.len())?,
            second: Map::vector(&apply(&next, &first))?,
            first: Map::vector(&first)?,
            ones: Map::vector(&ones)?,
            columns: literal(&columns, matrices.len())?,
        })
    }
}

/// The network of a plan.
///
/// # Errors
/// When it is too large.
pub fn parametric(plan: &Parametric) -> Result<Network, Problem> {
    let (p, d) = (plan.sides.len() as u64, plan.load.len() as u64);
    let shared = Shared::new(plan, plan.load.len())?;
    let mut builder = Builder::default();
    let y = builder.input(p);
    // t = (y - l) / (h - l), in [0, 1]
    let scales: Vec<Weight> = plan.sides.iter().map(|[l, h]| (h - l).recip()).collect();
    let entries = (0..).zip(&scales).map(|(i, scale)| (i, i, scale.clone())).collect();
    let diagonal = Map::literal(Block { rows: p, columns: p, entries })?;
    let shift: Vec<Weight> = plan.sides.iter().zip(&scales).map(|([l, _], scale)| -(l * scale)).collect();
    let t = builder.affine(vec![(y, diagonal)], Map::vector(&shift)?);
    let t = builder.relu(t);
    let mut squares = t;
    if !plan.steps.is_empty() {
        squares = builder.call(plan.squares, p, vec![t], p);
        squares = builder.relu(squares);
    }
    let (w, gamma) = (&plan.second, &plan.gamma);
    // w ((I - gamma C_0) u_1 + gamma g) - w gamma sum_i t_i C_i u_1
    let bias = shared.second.add(&shared.first)?.scale(w);
    let mut u = builder.affine(vec![(t, shared.columns.scale(&-(w * gamma)))], bias);
    let mut before: Option<(usize, &Weight)> = None;
    let all = times(p + 1, d)?;
    let pairs = product(p, d)?;
    for step in &plan.steps {
        let (w, b) = (&step.weight, &step.bound);
        let z = unit(&mut builder, u, b)?;
        let own = Map::scalar(all, d, (pairs, 0), vec![Axis { count: d, row: 1, column: 1 }], Weight::one())?;
        let half = spread((p, d), all, false, ratio(1, 2))?.add(&own)?;
        let terms = vec![(t, spread((p, d), all, true, ratio(1, 2))?), (z, half)];
        let s = builder.affine(terms, Map::zero(all, 1));
        let q = builder.call(step.squares, all, vec![s], all);
        // 2 s^2 - z^2 / 2 - t^2 / 2 - 3 e / 4
        let axes = vec![Axis { count: p, row: d, column: 0 }, Axis { count: d, row: 1, column: 1 }];
        let twice = Map::scalar(pairs, all, (0, 0), vec![Axis { count: pairs, row: 1, column: 1 }], ratio(2, 1))?;
        let products = twice.add(&Map::scalar(pairs, all, (0, pairs), axes, ratio(-1, 2))?)?;
        let terms = vec![(q, products), (squares, spread((p, d), pairs, true, ratio(-1, 2))?)];
        let r = builder.affine(terms, Map::constant(pairs, &step.error * ratio(-3, 4))?);
        let r = builder.relu(r);
        let (scale, change) = (w * b, w * b * gamma);
        let mut terms = vec![
            (z, shared.next.scale(&(&scale + &scale))),
            (r, shared.matrices.scale(&(&change * ratio(-2, 1)))),
            (t, shared.sums.scale(&change)),
        ];
        let rest = Weight::one() - w;
        let mut bias = shared.ones.scale(&-scale).add(&shared.first.scale(w))?;
        bias = match before {
            // u_1
            None => bias.add(&shared.first.scale(&rest))?,
            Some((z, b)) => {
                let scale = b * &rest;
                terms.push((z, Map::scaled_identity(d, &scale + &scale)?));
                bias.add(&Map::constant(d, -scale)?)?
            }
        };
        u = builder.affine(terms, bias);
        before = Some((z, b));
    }
    Ok(builder.finish(u))
}
