//! The values of a layer on a cell, as affine functions of the inputs.

use super::budget::{Budget, PLACE, WORDS, longest};
use super::integer::Int;
use super::stages::Stage;
use crate::problem::Problem;
use crate::rules::require;

/// The values of a stage before ReLU: one row for each neuron, over the denominator of the stage.
pub struct Functions {
    /// The numerators, row after row, the constant of each one last.
    pub rows: Vec<Int>,
    /// The size of the largest one, in words.
    pub words: u64,
}

/// The layer before.
pub struct Before<'a> {
    /// Its values.
    pub functions: &'a Functions,
    /// Which of its neurons are on.
    pub decisions: &'a [Option<bool>],
    /// Its denominator.
    pub denominator: &'a Int,
}

impl Functions {
    /// z_i = (sum of the entries times the values of the neurons that are on + bias) / denominator; without a layer
    /// before, the entries are the coefficients of the inputs.
    pub fn new(stage: &Stage, before: Option<Before<'_>>, width: usize, budget: &mut Budget) -> Result<Self, Problem> {
        let (long, columns) = before.as_ref().map_or((1, 1), |before| (before.functions.words, width as u64));
        let places = (stage.rows as u64).saturating_mul(width as u64);
        budget.allow(places.saturating_mul(long.saturating_add(stage.words).saturating_add(PLACE)))?;
        let products = stage.weights().saturating_mul(columns).saturating_add(places.saturating_mul(2 * PLACE));
        budget.spend(products, [long, stage.words])?;
        let missing = || Problem("a layer reads what is not known".to_owned());
        let one = Int::ONE;
        let scale = before.as_ref().map_or(&one, |before| before.denominator);
        let mut rows = vec![Int::ZERO; stage.rows.saturating_mul(width)];
        for (i, row) in rows.chunks_exact_mut(width).enumerate() {
            let (entries, bias) = stage.row(i).ok_or_else(missing)?;
            for (column, weight) in entries {
                let Some(before) = &before else {
                    *row.get_mut(*column).ok_or_else(missing)? = weight.clone();
                    continue;
                };
                // A neuron that is off has the value 0.
                if before.decisions.get(*column).copied().flatten().ok_or_else(missing)? {
                    let values = before.functions.rows.get(column * width..(column + 1) * width).ok_or_else(missing)?;
                    row.iter_mut().zip(values).for_each(|(sum, value)| sum.add_product(weight, value));
                }
            }
            row.last_mut().ok_or_else(missing)?.add_product(bias, scale);
        }
        let words = longest(&rows);
        require(words <= WORDS, "the numbers of a cell have at most 2^16 bits")?;
        budget.hold(&rows)?;
        Ok(Self { rows, words })
    }
}
