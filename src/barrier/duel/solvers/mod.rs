//! Solvers that take part in duels.
//!
//! | file | solver | reads |
//! |---|---|---|
//! | `clarabel` | an interior-point method for cones, the crate of that name | doubles |
//! | `simplex` | the simplex method of the crate microlp, where the problem is linear | doubles |
//! | `fista` | accelerated proximal gradients on the LASSO, with a search for its parameter | doubles |
//! | `unrolled` | iterative soft thresholding, a fixed number of steps as a ReLU network, evaluated exactly | doubles |
//! | `truncated` | the exact minimiser of data cut to so many bits | bits |
//! | `midpoint` | the midpoint of both minimisers, the best answer there is | nothing |

mod clarabel;
mod fista;
mod midpoint;
mod simplex;
mod truncated;
mod unrolled;

pub use clarabel::Clarabel;
pub use fista::Fista;
pub use midpoint::Midpoint;
pub use simplex::Simplex;
pub use truncated::Truncated;
pub use unrolled::{Unrolled, unrolled_network};

use super::{Answer, DuelError, Oracle, Place, nearest_double};
use crate::arith::Rational;

/// The data of a problem as doubles.
struct Doubles {
    matrix: Vec<Vec<f64>>,
    data: Vec<f64>,
    epsilon: f64,
}

impl Doubles {
    /// Reads every entry once.
    fn read(oracle: &mut Oracle) -> Result<Self, DuelError> {
        let (mut matrix, mut data) = (Vec::new(), Vec::new());
        for row in 0..oracle.rows() {
            let entries = (0..oracle.columns()).map(|column| oracle.read_double(Place::Matrix { row, column }));
            matrix.push(entries.collect::<Result<Vec<f64>, _>>()?);
            data.push(oracle.read_double(Place::Data { row })?);
        }
        let epsilon = nearest_double(oracle.epsilon()).ok_or(DuelError::Range { place: Place::Data { row: 0 } })?;
        Ok(Self { matrix, data, epsilon })
    }
    fn columns(&self) -> usize {
        self.matrix.first().map_or(0, Vec::len)
    }
}

/// An answer in doubles, each taken as the number it is.
fn answer_of(point: &[f64], status: impl Into<String>) -> Result<Answer, DuelError> {
    let exact = |(entry, &x): (usize, &f64)| {
        Rational::from_f64(x).map_err(|_| DuelError::NotFinite { entry, value: x.to_string() })
    };
    Ok(Answer { point: point.iter().enumerate().map(exact).collect::<Result<_, _>>()?, status: status.into() })
}
