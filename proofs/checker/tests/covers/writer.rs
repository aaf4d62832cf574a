//! Writes covers of small networks of one or two variables: multipliers are found among all pairs of slacks.

use num_traits::{Signed, Zero};

use crate::oracle::Q;
use crate::oracle::layered::Layer;

/// Coefficients, the constant last.
pub type Row = Vec<Q>;

fn value(row: &Row, x: &[Q]) -> Q {
    row.iter().zip(x).fold(row.last().unwrap().clone(), |sum, (a, x)| sum + a * x)
}

fn negative(row: &Row) -> Row {
    row.iter().map(|a| -a).collect()
}

/// The slacks of a box, none for a space.
pub fn sides(sides: &[(Q, Q)]) -> Vec<Row> {
    let n = sides.len();
    let row = |j: usize, a: i64, b: Q| {
        let mut row = vec![Q::zero(); n + 1];
        row[j] = Q::from(num_bigint::BigInt::from(a));
        row[n] = b;
        row
    };
    sides.iter().enumerate().flat_map(|(j, (lo, hi))| [row(j, 1, -lo), row(j, -1, hi.clone())]).collect()
}

/// y_1, y_2 with y_1 a + y_2 b = c for vectors of two entries.
fn solve(a: &[Q], b: &[Q], c: &[Q]) -> Option<[Q; 2]> {
    let determinant = &a[0] * &b[1] - &a[1] * &b[0];
    let first = &c[0] * &b[1] - &c[1] * &b[0];
    let second = &a[0] * &c[1] - &a[1] * &c[0];
    (!determinant.is_zero()).then(|| [first / &determinant, second / &determinant])
}

/// Multipliers y with z - sum y s a constant that is not negative.
pub fn prove(slacks: &[Row], z: &Row) -> Option<Vec<(usize, Q)>> {
    let n = z.len() - 1;
    let fits = |terms: &[(usize, Q)]| {
        let mut rest = z.clone();
        for (k, y) in terms {
            rest.iter_mut().zip(&slacks[*k]).for_each(|(rest, s)| *rest -= y * s);
        }
        terms.iter().all(|term| term.1.is_positive()) && rest[..n].iter().all(Zero::is_zero) && !rest[n].is_negative()
    };
    if fits(&[]) {
        return Some(Vec::new());
    }
    for (k, s) in slacks.iter().enumerate() {
        if let Some(j) = (0..n).find(|&j| !s[j].is_zero()) {
            let terms = [(k, &z[j] / &s[j])];
            if fits(&terms) {
                return Some(terms.to_vec());
            }
        }
        for (l, t) in slacks.iter().enumerate().take(k).filter(|_| n == 2) {
            if let Some([y, w]) = solve(s, t, z) {
                let terms = [(k, y), (l, w)];
                if fits(&terms) {
                    return Some(terms.to_vec());
                }
            }
        }
    }
    None
}

/// A point where all slacks are positive, of a bounded cell: the mean of its corners.
pub fn inside(slacks: &[Row]) -> Vec<Q> {
    let n = slacks[0].len() - 1;
    let mut corners: Vec<Vec<Q>> = Vec::new();
    for (k, s) in slacks.iter().enumerate() {
        if n == 1 && !s[0].is_zero() {
            corners.push(vec![-&s[1] / &s[0]]);
        }
        for t in slacks.iter().take(k).filter(|_| n == 2) {
            // s = t = 0, by Cramer's rule for the columns
            let [a, b, c] = [0, 1, 2].map(|j| [s[j].clone(), t[j].clone()]);
            corners.extend(solve(&a, &b, &c.map(|c| -c)).map(|corner| corner.to_vec()));
        }
    }
    corners.retain(|x| slacks.iter().all(|s| !value(s, x).is_negative()));
    let count = Q::from(num_bigint::BigInt::from(corners.len()));
    let mean: Vec<Q> = (0..n).map(|j| corners.iter().map(|x| &x[j]).sum::<Q>() / &count).collect();
    assert!(slacks.iter().all(|s| value(s, &mean).is_positive()));
    mean
}

/// The lines at a leaf, from its slacks and the outputs of all networks.
pub type Leaf<'a> = dyn FnMut(&[Row], &[Vec<Row>]) -> Vec<String> + 'a;

/// The walk through the cells of one network or of two.
pub struct Writer<'a> {
    pub networks: Vec<&'a [Layer]>,
    pub n: usize,
    pub lines: Vec<String>,
}

impl Writer<'_> {
    /// All lines between `cover` and `conclude`.
    pub fn write(&mut self, slacks: &[Row], leaf: &mut Leaf<'_>) {
        self.layer(slacks, 0, 0, &self.inputs(), Vec::new(), leaf);
    }

    fn inputs(&self) -> Vec<Row> {
        let unit = |j: usize| (0..=self.n).map(|k| Q::from(num_bigint::BigInt::from(i64::from(j == k)))).collect();
        (0..self.n).map(unit).collect()
    }

    fn layer(
        &mut self,
        slacks: &[Row],
        network: usize,
        number: usize,
        before: &[Row],
        mut outputs: Vec<Vec<Row>>,
        leaf: &mut Leaf<'_>,
    ) {
        let Some(layers) = self.networks.get(network).copied() else {
            self.lines.extend(leaf(slacks, &outputs));
            return;
        };
        let layer = &layers[number];
        let mut values = Vec::new();
        for (row, bias) in layer.rows.iter().zip(&layer.bias) {
            let mut z = vec![Q::zero(); self.n + 1];
            z[self.n] = bias.clone();
            for (&column, weight) in row {
                z.iter_mut().zip(&before[column]).for_each(|(sum, value)| *sum += weight * value);
            }
            values.push(z);
        }
        if number + 1 == layers.len() {
            outputs.push(values);
            self.layer(slacks, network + 1, 0, &self.inputs(), outputs, leaf);
        } else {
            self.neurons(slacks, (network, number), values, 0, &outputs, leaf);
        }
    }

    fn neurons(
        &mut self,
        slacks: &[Row],
        place: (usize, usize),
        mut values: Vec<Row>,
        i: usize,
        outputs: &[Vec<Row>],
        leaf: &mut Leaf<'_>,
    ) {
        let zero = vec![Q::zero(); self.n + 1];
        let Some(z) = values.get(i).cloned() else {
            return self.layer(slacks, place.0, place.1 + 1, &values, outputs.to_vec(), leaf);
        };
        let text = |terms: Vec<(usize, Q)>| terms.iter().map(|(k, y)| format!(" {k} {y}")).collect::<String>();
        if let Some(terms) = prove(slacks, &z) {
            self.lines.push(format!("on {i}{}", text(terms)));
            self.neurons(slacks, place, values, i + 1, outputs, leaf);
        } else if let Some(terms) = prove(slacks, &negative(&z)) {
            self.lines.push(format!("off {i}{}", text(terms)));
            values[i] = zero;
            self.neurons(slacks, place, values, i + 1, outputs, leaf);
        } else {
            self.lines.push(format!("split {i}"));
            for (slack, new) in [(negative(&z), zero), (z.clone(), z)] {
                let slacks = [slacks, &[slack]].concat();
                values[i] = new;
                self.neurons(&slacks, place, values.clone(), i + 1, outputs, leaf);
            }
        }
    }
}
