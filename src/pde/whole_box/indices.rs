//! Multi-indices of total degree, and multiplication by variables.

/// The multi-indices k with |k| <= degree + 1 in the order of certificates: by |k|, then lexicographically.
///
/// Those with |k| <= degree are the first `count`; products of their Chebyshev polynomials with one variable need all.
#[derive(Debug, Clone)]
pub struct Indices {
    degree: u32,
    count: usize,
    list: Vec<Vec<u32>>,
    /// For every variable and every one of the first `count` indices: where T_k tau goes, with weights. One place occurs
    /// twice where both halves go there.
    moves: Vec<Vec<[usize; 2]>>,
    /// 2^-(number of entries that are not 0): the squared norms of T_k.
    weights: Vec<f64>,
}

impl Indices {
    /// All multi-indices of some variables.
    pub fn new(variables: usize, degree: u32) -> Self {
        let mut list: Vec<Vec<u32>> = Vec::new();
        let mut count = 0;
        let highest = if variables == 0 { 0 } else { degree + 1 };
        for sum in 0..=highest {
            compositions(&mut list, &mut Vec::new(), variables, sum);
            if sum == degree.min(highest) {
                count = list.len();
            }
        }
        let numbers: std::collections::BTreeMap<&[u32], usize> =
            list.iter().enumerate().map(|(number, k)| (k.as_slice(), number)).collect();
        let place = |k: &[u32], i: usize, up: bool| {
            let mut k = k.to_vec();
            k[i] = if up { k[i] + 1 } else { k[i].abs_diff(1) };
            numbers.get(k.as_slice()).copied().unwrap_or(0)
        };
        let moves = (0..variables)
            .map(|i| list[..count].iter().map(|k| [place(k, i, true), place(k, i, false)]).collect())
            .collect();
        let weight = |k: &Vec<u32>| 0.5f64.powi(k.iter().filter(|e| **e > 0).count() as i32);
        let weights = list[..count].iter().map(weight).collect();
        Self { degree, count, moves, weights, list }
    }
    /// How many have |k| <= degree.
    pub fn count(&self) -> usize {
        self.count
    }
    /// How many have |k| <= degree + 1.
    pub fn total(&self) -> usize {
        self.list.len()
    }
    /// The degree.
    pub fn degree(&self) -> u32 {
        self.degree
    }
    /// All multi-indices.
    pub fn list(&self) -> &[Vec<u32>] {
        &self.list
    }
    /// The squared norms of the T_k for the weight of Chebyshev polynomials, that of 1 being 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
    /// out += factor tau_i x for coefficients x of degree `degree`; `rows` numbers each. Terms beyond the end of `out` are
    /// left out.
    ///
    /// **Statement.** 2 T_1 T_k = T_(k+1) + T_|k-1|: for every k the two halves go to two places, for k = 0 to one.
    pub fn add_product(&self, out: &mut [f64], rows: usize, i: usize, factor: f64, x: &[f64]) {
        let half = 0.5 * factor;
        for (places, x) in self.moves[i].iter().zip(x.chunks_exact(rows)) {
            for place in places {
                if let Some(out) = out.get_mut(place * rows..(place + 1) * rows) {
                    out.iter_mut().zip(x).for_each(|(out, x)| *out += half * x);
                }
            }
        }
    }
}

/// All lists with this sum, in lexicographic order.
fn compositions(list: &mut Vec<Vec<u32>>, start: &mut Vec<u32>, variables: usize, sum: u32) {
    if variables <= 1 {
        if variables == 1 {
            start.push(sum);
        }
        list.push(start.clone());
        if variables == 1 {
            start.pop();
        }
        return;
    }
    for first in 0..=sum {
        start.push(first);
        compositions(list, start, variables - 1, sum - first);
        start.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_products() {
        let mut list = Vec::new();
        (0..=2).for_each(|sum| compositions(&mut list, &mut Vec::new(), 2, sum));
        assert_eq!(list, [[0, 0], [0, 1], [1, 0], [0, 2], [1, 1], [2, 0]]);
        let indices = Indices::new(3, 4);
        assert_eq!((indices.count(), indices.total()), (35, 56));
        assert_eq!((Indices::new(0, 4).count(), Indices::new(0, 4).total()), (1, 1));
        // A product against values at a point.
        let mut list = Vec::new();
        (0..=5).for_each(|sum| compositions(&mut list, &mut Vec::new(), 3, sum));
        let tau = [0.3, -0.7, 0.9f64];
        let value = |c: &[f64]| -> f64 {
            let basis =
                |k: &Vec<u32>| k.iter().zip(tau).map(|(k, t)| (f64::from(*k) * t.acos()).cos()).product::<f64>();
            c.iter().zip(&list).map(|(c, k)| c * basis(k)).sum()
        };
        let x: Vec<f64> = (0..35).map(|k| f64::from(k * 37 % 11) - 5.0).collect();
        for (i, tau) in tau.iter().enumerate() {
            let mut out = vec![0.0; 56];
            indices.add_product(&mut out, 1, i, 1.5, &x);
            assert!((value(&out) - 1.5 * tau * value(&x)).abs() < 1e-12);
        }
    }
}
