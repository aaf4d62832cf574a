//! Fluxes and leaves, and what the format says of them, in doubles: coefficients of polynomials from values at Chebyshev points.

use std::f64::consts::PI;

use num_bigint::BigInt;

use super::case::Case;
use super::numbers::{down, dyadic, float, rounded, solve};
use super::writer::{Exact, parameter};
use crate::oracle::Q;
use crate::oracle::diffusion::solve as exact_solve;

/// Bits behind the point of fluxes and leaves.
const FLUX: i32 = 16;
const LEAF: i32 = 18;

type Field = Vec<f64>;

pub struct Leaves<'a> {
    case: &'a Case,
    exact: &'a Exact,
    /// sigma_0, W_1, ..
    fluxes: Vec<Vec<BigInt>>,
    fields: Vec<Field>,
    /// h grad of the columns of V.
    gradients: Vec<Field>,
    residuals: Vec<f64>,
    matrices: Vec<Vec<Vec<f64>>>,
    load: Vec<f64>,
}

/// h grad of the linear function with these values at the corners.
fn gradient(corners: &[[i64; 2]; 3], values: [f64; 3]) -> [f64; 2] {
    let [[x0, y0], [x1, y1], [x2, y2]] = corners.map(|corner| corner.map(|x| x as f64));
    let twice = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    let [u, v, w] = values;
    [(u * (y1 - y2) + v * (y2 - y0) + w * (y0 - y1)) / twice, (u * (x2 - x1) + v * (x0 - x2) + w * (x1 - x0)) / twice]
}

impl<'a> Leaves<'a> {
    pub fn new(case: &'a Case, exact: &'a Exact) -> Self {
        let problem = &exact.problem;
        let f = problem.loads();
        let node = |[i, j]: [i64; 2]| {
            let inside = 1..case.n as i64;
            (inside.contains(&i) && inside.contains(&j)).then(|| ((j - 1) * (case.n as i64 - 1) + i - 1) as usize)
        };
        let field = |u: &[f64]| -> Field {
            let of =
                |corners: &[[i64; 2]; 3]| gradient(corners, corners.map(|corner| node(corner).map_or(0.0, |k| u[k])));
            problem.triangles.iter().flat_map(|(corners, _)| of(corners)).collect()
        };
        let gradients = exact.basis.iter().map(|v| field(&v.iter().map(float).collect::<Vec<_>>())).collect();
        // a grad u at some parameters; differences have no divergence but for rounding.
        let snapshot = |k: usize| -> Field {
            let y = parameter(case, k);
            let u = exact_solve(&problem.stiffness(|number| problem.value(number, &y)), &f).unwrap();
            let gradient = field(&u.iter().map(float).collect::<Vec<_>>());
            gradient.iter().enumerate().map(|(place, g)| g * float(&problem.value(place / 2, &y))).collect()
        };
        let first = snapshot(0);
        let mut exact_fields = vec![first.clone()];
        for k in 1..=case.fluxes {
            exact_fields.push(snapshot(k).iter().zip(&first).map(|(a, b)| a - b).collect());
        }
        let fluxes: Vec<Vec<BigInt>> =
            exact_fields.iter().map(|field| field.iter().map(|x| rounded(*x, FLUX)).collect()).collect();
        let back = |field: &Vec<BigInt>| field.iter().map(|n| float(&Q::from(n.clone())) / 2f64.powi(FLUX)).collect();
        let fields: Vec<Field> = fluxes.iter().map(back).collect();
        // Half the sum over triangles of w . (h grad phi).
        let divergence = |w: &Field| -> Vec<f64> {
            let mut sums = vec![0.0; problem.nodes()];
            for (number, (corners, _)) in problem.triangles.iter().enumerate() {
                for k in 0..3 {
                    let mut values = [0.0; 3];
                    values[k] = 1.0;
                    let [gx, gy] = gradient(corners, values);
                    if let Some(node) = node(corners[k]) {
                        sums[node] += (w[2 * number] * gx + w[2 * number + 1] * gy) / 2.0;
                    }
                }
            }
            sums
        };
        let norm = |v: Vec<f64>| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let mut residuals: Vec<f64> = fields.iter().map(|w| norm(divergence(w))).collect();
        residuals[0] = norm(divergence(&fields[0]).iter().zip(&f).map(|(a, f)| float(f) - a).collect());
        let matrices =
            exact.matrices.iter().map(|matrix| matrix.iter().map(|row| row.iter().map(float).collect()).collect());
        let (matrices, load) = (matrices.collect(), exact.load.iter().map(float).collect());
        Self { case, exact, fluxes, fields, gradients, residuals, matrices, load }
    }
    /// The lines `flux`.
    pub fn fluxes(&self) -> Vec<String> {
        let line = |field: &Vec<BigInt>| {
            let words: Vec<String> = field.iter().map(BigInt::to_string).collect();
            format!("flux {} {}", -FLUX, words.join(" "))
        };
        self.fluxes.iter().map(line).collect()
    }
    /// The lines of all cells; the least rho, a little raised.
    pub fn walk(&self, lines: &mut Vec<String>) -> f64 {
        let mut worst = 0f64;
        let roots: Vec<Vec<[Q; 2]>> = if self.case.faces {
            let face = |f: usize| {
                let mut sides = self.case.sides.clone();
                sides[f][0] = sides[f][1].clone();
                sides
            };
            (0..self.case.sides.len()).map(face).collect()
        } else {
            vec![self.case.sides.clone()]
        };
        for root in roots {
            self.cell(root, self.case.cuts, lines, &mut worst);
        }
        worst.sqrt() * (1.0 + 1e-7) + 1e-12
    }
    fn cell(&self, sides: Vec<[Q; 2]>, cuts: usize, lines: &mut Vec<String>, worst: &mut f64) {
        let longest = (0..sides.len()).max_by_key(|&i| &sides[i][1] - &sides[i][0]).unwrap();
        let [l, h] = &sides[longest];
        let at = down(&((l + h) / Q::from(BigInt::from(2))), 8);
        if cuts == 0 || at <= *l || at >= *h {
            let (line, least) = self.leaf(&sides);
            lines.push(line);
            *worst = worst.max(least);
            return;
        }
        lines.push(format!("cut {longest} {}", dyadic(&at)));
        let (mut below, mut above) = (sides.clone(), sides);
        (below[longest][1], above[longest][0]) = (at.clone(), at);
        self.cell(below, cuts - 1, lines, worst);
        // The second half is cut once less.
        self.cell(above, cuts.saturating_sub(2), lines, worst);
    }
    /// a_y on a triangle.
    fn value(&self, number: usize, y: &[f64]) -> f64 {
        let class = &self.case.classes[self.case.triangles[number]];
        class[1..].iter().zip(y).fold(float(&class[0]), |sum, (a, y)| sum + float(a) * y)
    }
    fn primal(&self, y: &[f64]) -> Vec<f64> {
        let entry = |j: usize, k: usize| {
            self.matrices[1..].iter().zip(y).fold(self.matrices[0][j][k], |sum, (matrix, y)| sum + matrix[j][k] * y)
        };
        let d = self.load.len();
        solve((0..d).map(|j| (0..d).map(|k| entry(j, k)).collect()).collect(), &self.load)
    }
    /// The flux of the span that is nearest to a grad V c.
    fn dual(&self, y: &[f64], c: &[f64]) -> Vec<f64> {
        let count = self.fields[0].len();
        let wanted: Field = (0..count)
            .map(|place| {
                let flux = self.gradients.iter().zip(c).map(|(g, c)| g[place] * c).sum::<f64>();
                self.value(place / 2, y) * flux - self.fields[0][place]
            })
            .collect();
        let inner = |v: &Field, w: &Field| (0..count).map(|k| v[k] * w[k] / self.value(k / 2, y)).sum::<f64>();
        let w = &self.fields[1..];
        let row = |j: usize| (0..w.len()).map(|k| inner(&w[j], &w[k]) + if j == k { 1e-6 } else { 0.0 }).collect();
        let right: Vec<f64> = w.iter().map(|w| inner(w, &wanted)).collect();
        solve((0..w.len()).map(row).collect(), &right)
    }
    /// The line, and the least rho^2 for it.
    fn leaf(&self, sides: &[[Q; 2]]) -> (String, f64) {
        let (t, d, q) = (self.case.degree, self.load.len(), self.fields.len() - 1);
        let ends: Vec<[f64; 2]> = sides.iter().map(|side| [float(&side[0]), float(&side[1])]).collect();
        let free: Vec<usize> = (0..sides.len()).filter(|&i| sides[i][0] < sides[i][1]).collect();
        let at = |tau: &[f64]| -> Vec<f64> {
            let mut y: Vec<f64> = ends.iter().map(|[l, h]| (l + h) / 2.0).collect();
            free.iter().zip(tau).for_each(|(&i, tau)| y[i] += tau * (ends[i][1] - ends[i][0]) / 2.0);
            y
        };
        // Interpolation, with terms of higher degree left out.
        let values = |y: &[f64]| {
            let c = self.primal(y);
            let s = self.dual(y, &c);
            [c, s].concat()
        };
        let coefficients = transform(free.len(), t + 1, &|tau| values(&at(tau)));
        let mut kept: Vec<(Vec<usize>, Vec<f64>)> =
            coefficients.into_iter().filter(|(k, _)| k.iter().sum::<usize>() <= t).collect();
        kept.sort_by_key(|(k, _)| (k.iter().sum::<usize>(), k.clone()));
        let whole = |list: &[f64]| -> Vec<BigInt> { list.iter().map(|x| rounded(*x, LEAF)).collect() };
        let back = |n: &BigInt| float(&Q::from(n.clone())) / 2f64.powi(LEAF);
        // The best multiple of the solution in the middle.
        let form = |i: usize, c: &[f64]| -> f64 {
            (0..d).flat_map(|j| (0..d).map(move |k| (j, k))).map(|(j, k)| c[j] * c[k] * self.matrices[i][j][k]).sum()
        };
        let largest = |c: &[f64]| {
            let parts = ends.iter().enumerate().map(|(i, [l, h])| (l * form(i + 1, c)).max(h * form(i + 1, c)));
            form(0, c) + parts.sum::<f64>()
        };
        let load = |c: &[f64]| self.load.iter().zip(c).map(|(f, c)| f * c).sum::<f64>();
        let middle = self.primal(&at(&vec![0.0; free.len()]));
        let scale = load(&middle) / largest(&middle);
        let point = whole(&middle.iter().map(|c| c * scale).collect::<Vec<_>>());
        let c: Vec<f64> = point.iter().map(back).collect();
        let m = 2.0 * load(&c) - largest(&c);
        let rows: Vec<(Vec<usize>, Vec<BigInt>)> = kept.into_iter().map(|(k, row)| (k, whole(&row))).collect();
        // What the line says, and its error.
        let polynomials = |tau: &[f64]| -> Vec<f64> {
            let mut sum = vec![0.0; d + q];
            for (k, row) in &rows {
                let t: f64 = k.iter().zip(tau).map(|(k, tau)| (*k as f64 * tau.acos()).cos()).product();
                sum.iter_mut().zip(row).for_each(|(sum, n)| *sum += t * back(n));
            }
            sum
        };
        let field = |tau: &[f64]| -> Field {
            let (y, values) = (at(tau), polynomials(tau));
            let place = |place: usize| {
                let flux = self.fields[1..]
                    .iter()
                    .zip(&values[d..])
                    .fold(self.fields[0][place], |sum, (w, s)| sum + w[place] * s);
                let gradient = self.gradients.iter().zip(&values).map(|(g, c)| g[place] * c).sum::<f64>();
                flux - self.value(place / 2, &y) * gradient
            };
            (0..self.fields[0].len()).map(place).collect()
        };
        let corners = |class: &Vec<Q>| {
            let parts = class[1..].iter().zip(&ends).map(|(a, [l, h])| [float(a) * l, float(a) * h]);
            parts.fold([float(&class[0]); 2], |[low, high], [a, b]| [low + a.min(b), high + a.max(b)])
        };
        let ranges: Vec<[f64; 2]> = self.case.classes.iter().map(corners).collect();
        let low = ranges.iter().map(|range| range[0]).fold(f64::INFINITY, f64::min);
        let high = ranges.iter().map(|range| range[1]).fold(0.0, f64::max);
        let mut lengths = vec![0.0; ranges.len()];
        let one = ranges.len() > 64;
        for (_, z) in transform(free.len(), t + 2, &field) {
            let mut squares = vec![0.0; ranges.len()];
            for (place, z) in z.iter().enumerate() {
                squares[if one { 0 } else { self.case.triangles[place / 2] }] += z * z / 2.0;
            }
            lengths.iter_mut().zip(&squares).for_each(|(sum, square)| *sum += square.sqrt());
        }
        let weight = |class: usize| if one { low } else { ranges[class][0] };
        let sum: f64 = lengths.iter().enumerate().map(|(class, z)| z * z / weight(class)).sum();
        let sizes = |j: usize| rows.iter().map(|(_, row)| back(&row[d + j]).abs()).sum::<f64>();
        let residual = (0..q).fold(self.residuals[0], |sum, j| sum + sizes(j) * self.residuals[j + 1]);
        let distance = sum.sqrt() + residual * self.case.n as f64 / (8.0 * low).sqrt();
        let least = distance * distance * if self.case.h1 { high / low } else { 1.0 } / m;
        let mut words = vec![t.to_string(), (-LEAF).to_string()];
        words.extend(point.iter().chain(rows.iter().flat_map(|row| &row.1)).map(BigInt::to_string));
        let _ = &self.exact;
        (format!("leaf {}", words.join(" ")), least)
    }
}

/// The coefficients of the interpolant with `count` Chebyshev points a side.
fn transform(sides: usize, count: usize, f: &dyn Fn(&[f64]) -> Vec<f64>) -> Vec<(Vec<usize>, Vec<f64>)> {
    let angle = |j: usize| PI * (j as f64 + 0.5) / count as f64;
    let all = |_: ()| {
        (0..count.pow(sides as u32)).map(|n| (0..sides).map(|i| n / count.pow(i as u32) % count).collect::<Vec<_>>())
    };
    let points: Vec<(Vec<usize>, Vec<f64>)> =
        all(()).map(|j| (j.clone(), f(&j.iter().map(|&j| angle(j).cos()).collect::<Vec<_>>()))).collect();
    let coefficient = |k: Vec<usize>| {
        let mut sum = vec![0.0; points[0].1.len()];
        for (j, values) in &points {
            let part = |(k, j): (&usize, &usize)| {
                (*k as f64 * angle(*j)).cos() * if *k == 0 { 1.0 } else { 2.0 } / count as f64
            };
            let weight: f64 = k.iter().zip(j).map(part).product();
            sum.iter_mut().zip(values).for_each(|(sum, v)| *sum += weight * v);
        }
        (k, sum)
    };
    all(()).map(coefficient).collect()
}
