//! Networks of one variable and one output: the pieces on which they are affine.

use num_traits::{One, Signed, Zero};

use super::Q;
use super::layered::Layer;

/// On [lo, hi] the network is slope x + offset.
pub struct Piece {
    pub lo: Q,
    pub hi: Q,
    pub slope: Q,
    pub offset: Q,
}

/// The pieces on [lo, hi] from left to right; nothing if there are more than `most`.
pub fn pieces(layers: &[Layer], lo: &Q, hi: &Q, most: usize) -> Option<Vec<Piece>> {
    // Each part with the values of the current layer, (slope, offset).
    let mut parts = vec![(lo.clone(), hi.clone(), vec![(Q::one(), Q::zero())])];
    for (number, layer) in layers.iter().enumerate() {
        let mut next = Vec::new();
        for (lo, hi, values) in parts {
            let values: Vec<(Q, Q)> = layer
                .rows
                .iter()
                .zip(&layer.bias)
                .map(|(row, bias)| {
                    row.iter().fold((Q::zero(), bias.clone()), |sum, (&column, weight)| {
                        (sum.0 + weight * &values[column].0, sum.1 + weight * &values[column].1)
                    })
                })
                .collect();
            if number + 1 == layers.len() {
                next.push((lo, hi, values));
                continue;
            }
            let mut cuts: Vec<Q> =
                values.iter().filter(|value| !value.0.is_zero()).map(|value| -&value.1 / &value.0).collect();
            cuts.retain(|cut| *cut > lo && *cut < hi);
            cuts.push(hi);
            cuts.sort();
            cuts.dedup();
            let mut left = lo;
            for cut in cuts {
                let middle = (&left + &cut) / Q::from(num_bigint::BigInt::from(2));
                let relu = |(slope, offset): &(Q, Q)| {
                    let positive = (slope * &middle + offset).is_positive();
                    if positive { (slope.clone(), offset.clone()) } else { (Q::zero(), Q::zero()) }
                };
                next.push((left, cut.clone(), values.iter().map(relu).collect()));
                left = cut;
            }
        }
        parts = next;
        if parts.len() > most {
            return None;
        }
    }
    let piece = |(lo, hi, mut values): (Q, Q, Vec<(Q, Q)>)| {
        let (slope, offset) = values.swap_remove(0);
        Piece { lo, hi, slope, offset }
    };
    Some(parts.into_iter().map(piece).collect())
}

/// The supremum of |network - (a x^2 + b x + c)| over the pieces: at their ends or where the derivative vanishes.
pub fn supremum(pieces: &[Piece], [a, b, c]: &[Q; 3]) -> Q {
    let mut most = Q::zero();
    for piece in pieces {
        let mut points = vec![piece.lo.clone(), piece.hi.clone()];
        if !a.is_zero() {
            let critical = (&piece.slope - b) / (a + a);
            if critical > piece.lo && critical < piece.hi {
                points.push(critical);
            }
        }
        for x in points {
            let error = (&piece.slope * &x + &piece.offset - ((a * &x + b) * &x + c)).abs();
            if error > most {
                most = error;
            }
        }
    }
    most
}
