//! Certificates of the size of real ones, with claims that say little: only their length matters.

use certinet_check::generate::{Parametric, Squaring, Step, output, parametric, squaring};
use certinet_check::network::Block;
use num_traits::{One, Zero};

use super::numbers::{dyadic, float, int, power, rounded, up};
use crate::common::list;
use crate::draw::Random;
use crate::oracle::Q;
use crate::writer::maps;

/// Bits of the entries of V.
const BASIS: i32 = 40;
const CLAIM: i64 = 20;

/// Sizes of a certificate.
pub struct Large {
    pub n: usize,
    pub columns: usize,
    pub fluxes: usize,
    /// a_k0, .., a_kp for each class.
    pub classes: Vec<Vec<Q>>,
    pub triangles: Vec<usize>,
    pub faces: bool,
    pub degree: usize,
    /// Leaves in each tree.
    pub leaves: usize,
    pub steps: usize,
}

impl Large {
    /// V: products of sines, orthonormal in the norm of G.
    fn basis(&self) -> Vec<Vec<f64>> {
        let n = self.n as f64;
        let side = (self.columns as f64).sqrt().ceil() as usize;
        let mode = |k: usize| {
            let (a, b) = ((k % side + 1) as f64, (k / side + 1) as f64);
            let angle = |f: f64, i: usize| (std::f64::consts::PI * f * i as f64 / n).sin();
            let root = |f: f64| (std::f64::consts::PI * f / (2.0 * n)).sin().powi(2);
            // |sine|^2 = n^2 / 4, eigenvalue 4 (sin^2 + sin^2)
            let scale = 1.0 / (n / 2.0 * (4.0 * (root(a) + root(b))).sqrt());
            (1..self.n)
                .flat_map(|j| (1..self.n).map(move |i| (i, j)))
                .map(|(i, j)| scale * angle(a, i) * angle(b, j))
                .collect()
        };
        (0..self.columns).map(mode).collect()
    }
    /// The file without its end.
    pub fn lines(&self) -> Vec<String> {
        let (n, d, p) = (self.n, self.columns, self.classes[0].len() - 1);
        let mut random = Random(3);
        let basis = self.basis();
        let value = |v: &[f64], i: usize, j: usize| {
            if i == 0 || j == 0 || i == n || j == n { 0.0 } else { v[(j - 1) * (n - 1) + i - 1] }
        };
        let field = |v: &Vec<f64>| -> Vec<[f64; 2]> {
            let cell = |c: usize| {
                let (i, j) = (c % n, c / n);
                let [a, b, c, d] = [value(v, i, j), value(v, i + 1, j), value(v, i, j + 1), value(v, i + 1, j + 1)];
                [[b - a, d - b], [d - c, c - a]]
            };
            (0..n * n).flat_map(cell).collect()
        };
        let fields: Vec<Vec<[f64; 2]>> = basis.iter().map(field).collect();
        let classes: Vec<Vec<f64>> = self.classes.iter().map(|class| class.iter().map(float).collect()).collect();
        let dyadics = |word: &str, list: &[&Q]| {
            format!("{word} {}", list.iter().map(|x| dyadic(x)).collect::<Vec<_>>().join(" "))
        };
        let mut proof = vec!["spec 0 squaring 10 unit delayed".to_owned(), "diffusion 1".to_owned()];
        let mut forms = Vec::new();
        for part in 0..=p {
            let weight = self.triangles.iter().map(|class| float(&self.classes[*class][part]));
            let weight: Vec<f64> = weight.collect();
            let mut form = vec![vec![Q::zero(); d]; d];
            let mut words = Vec::new();
            for j in 0..d {
                for k in 0..=j {
                    let pairs = fields[j].iter().zip(&fields[k]).zip(&weight);
                    let sum: f64 = pairs.map(|((u, v), weight)| weight * (u[0] * v[0] + u[1] * v[1])).sum();
                    let entry = rounded(sum / 2.0, BASIS);
                    words.push(entry.to_string());
                    (form[j][k], form[k][j]) =
                        (Q::from(entry.clone()) * power(-i64::from(BASIS)), Q::from(entry) * power(-i64::from(BASIS)));
                }
            }
            proof.push(format!("form {} {}", -BASIS, words.join(" ")));
            forms.push(form);
        }
        // f = 1: h^2 times the sum of the nodal values.
        let loads: Vec<_> = basis.iter().map(|v| rounded(v.iter().sum::<f64>() / (n * n) as f64, BASIS)).collect();
        proof.push(format!("load {} {}", -BASIS, loads.iter().map(|g| g.to_string()).collect::<Vec<_>>().join(" ")));
        let load: Vec<Q> = loads.iter().map(|g| Q::from(g.clone()) * power(-i64::from(BASIS))).collect();
        let norm = load.iter().map(float).map(|g| g * g).sum::<f64>().sqrt();
        let claim = |x: f64| Q::from(rounded(x, 30)) * power(-30);
        let sum = |class: &Vec<f64>| class.iter().sum::<f64>();
        let least = classes.iter().map(|class| class[0]).fold(f64::INFINITY, f64::min);
        let most = classes.iter().map(sum).fold(0.0, f64::max);
        let (c, big, small_f, big_f) = (claim(least * 0.9), claim(most * 1.1), claim(norm * 0.9), claim(norm * 1.1));
        let tiny = power(-10);
        proof.push(dyadics("bounds", &[&c, &big, &small_f, &big_f, &tiny, &tiny]));
        let gamma = up(&(int(2) / (&c + &big)), CLAIM).min(up(&(int(2) / &big), CLAIM) - power(-CLAIM));
        let (s, spread, count) = (up(&(&big_f / &c), CLAIM), claim(most * 4.0 * p as f64 + 1.0), int((p * d) as i64));
        let one = Q::one();
        proof.push(dyadics("affine", &[&gamma, &one, &s, &spread, &count]));
        let (mut total, mut size) = (up(&(&gamma * &tiny), CLAIM), up(&(&gamma * &big_f), CLAIM));
        let mut sum = total.clone();
        proof.push(dyadics("first", &[&one, &total, &size]));
        let zero = Q::zero();
        let sides = vec![[Q::zero(), Q::one()]; p];
        let mut plan = Parametric {
            sides,
            gamma: gamma.clone(),
            matrices: forms,
            load,
            second: int(2),
            squares: 0,
            steps: Vec::new(),
        };
        let error = power(-22);
        for k in 0..=self.steps {
            // x = 1: all T_k are 1, the weights are 2.
            let b = up(&size, 0);
            let product = if k == 0 { Q::zero() } else { &b * &error * Q::new(7.into(), 2.into()) };
            let inexact = &spread * &count * product + &tiny * &size + &tiny;
            let own = up(&(int(2) * &gamma * inexact), CLAIM);
            sum = up(&(&sum + &own), CLAIM);
            total = up(&(&total + &sum), CLAIM);
            size = up(&(&s * int(2) + &total), CLAIM);
            let rest = [&one, &one, &zero, &own, &one, &sum, &total, &size];
            if k == 0 {
                proof.push(dyadics("second", &[&[&int(2)][..], &rest[..]].concat()));
                proof.push("squares 0".to_owned());
            } else {
                proof.push(dyadics("step 0", &[&[&int(2), &b][..], &rest[..]].concat()));
                plan.steps.push(Step { squares: 0, error: error.clone(), weight: int(2), bound: b });
            }
        }
        for _ in 0..=self.fluxes {
            let numbers: Vec<String> =
                (0..4 * n * n).map(|_| random.between(-(1 << 40), 1 << 40).to_string()).collect();
            proof.push(format!("flux -44 {}", numbers.join(" ")));
        }
        let rho = power(40);
        proof.push(format!("cells {} {}", if self.faces { "faces" } else { "box" }, dyadic(&rho)));
        for tree in 0..if self.faces { p } else { 1 } {
            let free = if self.faces { p - 1 } else { p };
            let count = (1..=self.degree).fold(1usize, |n, k| n * (free + k) / k);
            for leaf in 0..self.leaves {
                if leaf + 1 < self.leaves {
                    // Slices from the left of the first side that is free.
                    let side = usize::from(self.faces && tree == 0);
                    let at = Q::new((leaf as i64 + 1).into(), 64.into());
                    proof.push(format!("cut {side} {}", dyadic(&at)));
                }
                let mut words = vec![format!("leaf {} -40", self.degree)];
                // A small multiple of f_V has a positive compliance.
                words.extend(loads.iter().map(|g| (g >> 6u32).to_string()));
                words.extend((0..count * (d + self.fluxes)).map(|_| random.between(-(1 << 38), 1 << 38).to_string()));
                proof.push(words.join(" "));
            }
        }
        let bound = up(&size, 0);
        let e = &rho + &one;
        let claim = &e + &big * &total / &small_f;
        proof.push(dyadics("conclude", &[&bound, &e]));
        proof.push("qed".to_owned());
        let mut networks = vec![squaring(10, None, Squaring::Delayed).unwrap(), parametric(&plan).unwrap()];
        let mut entries = Vec::new();
        for i in 0..(n - 1) * (n - 1) {
            let row = basis.iter().enumerate().map(|(j, v)| (j, rounded(v[i], BASIS))).filter(|(_, v)| !v.is_zero());
            entries.extend(row.map(|(j, v)| (i as u64, j as u64, Q::from(v) * power(-i64::from(BASIS)))));
        }
        let block = Block { rows: ((n - 1) * (n - 1)) as u64, columns: d as u64, entries };
        networks.push(output(p as u64, 1, maps(block, &bound), &bound).unwrap());
        let mut target = vec![format!("diffusion {n} {p} {}", self.classes.len())];
        target.extend(self.classes.iter().flatten().map(Q::to_string));
        let runs: Vec<&[usize]> = self.triangles.chunk_by(|a, b| a == b).collect();
        target.push(runs.len().to_string());
        target.extend(runs.iter().map(|run| format!("{} {}", run[0], run.len())));
        let header = [
            "certinet-certificate 1".to_owned(),
            format!("target {} 1 1 0 0", target.join(" ")),
            format!("domain cube {p} 0 1"),
            "norm relative-energy".to_owned(),
            format!("error {claim}"),
            "kind bound".to_owned(),
            "size ?".to_owned(),
        ];
        [header.to_vec(), list(&networks, 0), proof].concat()
    }
}
