//! Exact arithmetic on data of so many bits.

use super::super::{Answer, DuelError, Oracle, Place, Solver};
use crate::arith::Rational;
use crate::barrier::l1::{Instance, Solution, solve};
use crate::linalg::Matrix;

/// Bits of a square root in an answer beyond those that were read.
const MORE_BITS: u64 = 32;

/// Reads every entry to K bits and solves what it read exactly ([`solve`](solve())): all errors are those of the data.
///
/// Of several minimisers the first corner is answered.
#[derive(Debug, Clone, Copy)]
pub struct Truncated {
    /// The bits K.
    pub bits: u64,
}

impl Solver for Truncated {
    fn name(&self) -> &str {
        "truncated"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let gave_up = |status: String| DuelError::GaveUp { solver: self.name().to_owned(), status };
        let (mut rows, mut data) = (Vec::new(), Vec::new());
        for row in 0..oracle.rows() {
            let entries = (0..oracle.columns()).map(|column| oracle.read(Place::Matrix { row, column }, self.bits));
            rows.push(entries.collect::<Result<Vec<Rational>, _>>()?);
            data.push(oracle.read(Place::Data { row }, self.bits)?);
        }
        let matrix = Matrix::new(rows).map_err(|error| gave_up(error.to_string()))?;
        let instance = Instance::new(matrix, data, oracle.epsilon().clone())?;
        let Solution::Optimal(optimum) = solve(&instance)? else {
            return Err(gave_up("infeasible".to_owned()));
        };
        let corner = optimum.vertices.first().ok_or_else(|| gave_up("no minimiser".to_owned()))?;
        // An answer is rational: a root is cut off.
        let root = Rational::from(&optimum.q).sqrt_down(self.bits + MORE_BITS);
        let point = corner.iter().map(|x| &x.rational + &(&x.root * &root)).collect();
        Ok(Answer { point, status: format!("exact for {} bits", self.bits) })
    }
}
