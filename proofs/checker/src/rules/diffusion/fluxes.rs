//! Fluxes, their residuals, and the inner products of all fields.

use num_bigint::BigInt;

use super::basis::{EXPONENT, divergence};
use super::fields::{Order, gram};
use super::problem::Diffusion;
use super::reduced::{Reduced, inverse, root};
use super::row::{Budget, Row, small};
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::Problem;
use crate::rules::require;

/// The most bits of a number of a field or a leaf.
pub const BITS: u64 = 96;

/// An exponent of two.
pub fn exponent(tokens: &mut Tokens<'_>) -> Result<i64, Problem> {
    let e = small(&tokens.integer()?, 62)?;
    i64::try_from(e)
        .ok()
        .filter(|e| e.abs() <= EXPONENT)
        .ok_or_else(|| Problem(format!("an exponent of {e}, from -2^12 to 2^12 are accepted")))
}

/// The fluxes: sigma_0, W_1, .., W_q.
pub struct Fluxes {
    pub exponents: Vec<i64>,
    rows: Vec<Row>,
    /// 2-norms of f - D sigma_0 and of the D W_j.
    pub residuals: Vec<Number>,
}

impl Fluxes {
    pub fn new() -> Self {
        Self { exponents: Vec::new(), rows: Vec::new(), residuals: Vec::new() }
    }
    /// The line `flux`.
    pub fn read(
        &mut self,
        equation: &Diffusion,
        reduced: &Reduced,
        order: &Order,
        budget: &mut Budget,
        mut tokens: Tokens<'_>,
    ) -> Result<(), Problem> {
        require(self.rows.len() <= 1 << 10, "there are at most 2^10 fluxes")?;
        let e = exponent(&mut tokens)?;
        let n = equation.cells;
        let mut field = Vec::new();
        for _ in 0..4 * n * n {
            field.push(small(&tokens.integer()?, BITS)?);
        }
        tokens.end()?;
        budget.spend(field.len() as u64)?;
        self.rows.push(order.row(&field, budget)?);
        // Twice D sigma, in units of 2^e.
        let sums = divergence(n, &field);
        let square = if self.exponents.is_empty() {
            // f - D sigma_0 over the denominator of f times a power of two
            let (up, down) = ((e - 1).max(0), (1 - e).max(0));
            let part = |(f, sum): (&BigInt, &i128)| {
                let part = (f << down) - ((&reduced.denominator * *sum) << up);
                &part * &part
            };
            let square: BigInt = reduced.values.iter().zip(&sums).map(part).sum();
            &Number::dyadic(square, -2 * down) * &inverse(&(&reduced.denominator * &reduced.denominator))
        } else {
            let row = Row::of_machine_numbers(&sums);
            Number::dyadic(row.dot(&row), 2 * e - 2)
        };
        self.residuals.push(root(&square));
        self.exponents.push(e);
        Ok(())
    }
}

/// What all leaves share.
pub struct Forms {
    /// The inner products of sigma_0, the W_j, the fields of V, on each block.
    pub grams: Vec<Vec<Row>>,
    /// rho
    pub rho: Number,
    /// Whether the norm is the same for all parameters.
    pub fixed_norm: bool,
}

impl Forms {
    pub fn new(
        fluxes: &Fluxes,
        reduced: &Reduced,
        order: &Order,
        budget: &mut Budget,
        (rho, fixed_norm): (Number, bool),
    ) -> Result<Self, Problem> {
        let rows: Vec<&Row> = fluxes.rows.iter().chain(&reduced.fields).collect();
        let grams = order.blocks.iter().map(|(range, _)| gram(&rows, range, budget)).collect::<Result<_, _>>()?;
        Ok(Self { grams, rho, fixed_norm })
    }
}
