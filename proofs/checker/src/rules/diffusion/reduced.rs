//! The reduced problem of a basis: B_i = V^T A_i V, f_V = V^T f, and how far V^T G V is from the identity.

use num_bigint::BigInt;
use num_traits::Zero;

use super::basis::{Basis, differences};
use super::fields::Order;
use super::load::load;
use super::problem::Diffusion;
use super::row::{Budget, Row};
use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};

/// Roots and quotients are rounded up to multiples of 2^-100.
const GRID: i64 = 100;

/// At least the root of n / d for n >= 0, d > 0, in multiples of 2^-100 (that many times 2^-100 are returned).
pub fn units(n: &BigInt, d: &BigInt) -> BigInt {
    // The least r with r >= 2^100 (n / d)^(1/2), that is r^2 >= ceil(2^200 n / d).
    let least: BigInt = ((n << (2 * GRID)) + d - 1) / d;
    let root = least.sqrt();
    if &root * &root < least { root + 1 } else { root }
}

/// So many times 2^-100.
pub fn of_units(n: BigInt) -> Number {
    Number::dyadic(n, -GRID)
}

/// The root of a number that is not negative, rounded up.
pub fn root(x: &Number) -> Number {
    let x = x.to_weight();
    of_units(units(x.numer(), x.denom()))
}

/// The quotient of a number by a positive one, rounded up.
pub fn quotient(x: &Number, y: &Weight) -> Number {
    let x = x.to_weight() / y;
    of_units(((x.numer() << GRID) + x.denom() - 1) / x.denom())
}

/// 1 / n
pub fn inverse(n: &BigInt) -> Number {
    Number::from(&Weight::from(n.clone()).recip())
}

/// The reduced problem.
pub struct Reduced {
    /// B_0, .., B_p by rows, integers times the unit.
    pub matrices: Vec<Vec<Vec<BigInt>>>,
    pub unit: Number,
    /// f_V, integers times its unit.
    pub load: Vec<BigInt>,
    pub load_unit: Number,
    /// f, integers over the denominator.
    pub values: Vec<BigInt>,
    pub denominator: BigInt,
    /// The largest row sum of |V^T G V - I|.
    pub delta: Number,
    /// What the fields dV are made of: h grad of the columns of V; for one block of many classes a_i times these, i = 0, .., p.
    pub fields: Vec<Row>,
}

impl Reduced {
    pub fn new(equation: &Diffusion, basis: &Basis, order: &Order, budget: &mut Budget) -> Result<Self, Problem> {
        let d = basis.columns.len();
        let fields: Vec<Vec<i128>> = basis.columns.iter().map(|column| differences(equation.cells, column)).collect();
        let rows = fields.iter().map(|field| order.row(field, budget)).collect::<Result<Vec<_>, _>>()?;
        let numbers = 4 * (equation.cells * equation.cells) as u64;
        // The energy of a triangle is a |h grad v|^2 / 2.
        let exponent = 2 * basis.exponent - 1;
        let mut delta = Number::zero();
        for (i, a) in rows.iter().enumerate() {
            let mut sum = Number::zero();
            for (j, b) in rows.iter().enumerate() {
                budget.spend(numbers * a.length() * b.length())?;
                let entry = Number::dyadic(a.dot(b), exponent);
                sum = &sum + &if i == j { (&entry - &Number::one()).abs() } else { entry.abs() };
            }
            delta = delta.max(sum);
        }
        let many = order.blocks.iter().any(|block| block.1.is_none());
        // An entry takes some words.
        budget.hold(8 * (equation.parameters as u64 + 1) * (d * d) as u64)?;
        let (mut matrices, mut kept) = (Vec::new(), Vec::new());
        for i in 0..=equation.parameters {
            let mut matrix = vec![vec![BigInt::zero(); d]; d];
            for (j, field) in fields.iter().enumerate() {
                let weighted = order.weighted(equation, i, field);
                budget.spend(numbers)?;
                for (k, other) in rows.iter().enumerate() {
                    budget.spend(numbers * weighted.length() * other.length())?;
                    let value = weighted.dot(other);
                    matrix.get_mut(j).and_then(|row| row.get_mut(k)).into_iter().for_each(|v| v.clone_from(&value));
                }
                if many {
                    budget.hold(weighted.length() * numbers)?;
                    kept.push(weighted);
                }
            }
            matrices.push(matrix);
        }
        let unit = &Number::dyadic(1.into(), exponent) * &inverse(&equation.denominator);
        let (values, denominator) = load(equation, budget)?;
        let row = Row::new(&values);
        let mut reduced = Vec::new();
        for column in &basis.columns {
            let column = Row::of_machine_numbers(column);
            budget.spend(numbers * row.length() * column.length())?;
            reduced.push(row.dot(&column));
        }
        let load_unit = &Number::power_of_two(basis.exponent) * &inverse(&denominator);
        let fields = if many { kept } else { rows };
        Ok(Self { matrices, unit, load: reduced, load_unit, values, denominator, delta, fields })
    }
    /// The reduced load.
    pub fn loads(&self) -> impl Iterator<Item = Number> {
        self.load.iter().map(|f| &Number::dyadic(f.clone(), 0) * &self.load_unit)
    }
    /// B'_i over the box with these sides: l_i + (h_i - l_i) t_i is in the place of y_i.
    pub fn shifted(&self, i: usize, sides: &[[Number; 2]]) -> Result<Vec<Vec<Number>>, Problem> {
        let Some(matrix) = self.matrices.get(i) else { return problem("there is no such matrix") };
        let entry = |v: &BigInt, factor: &Number| &(&Number::dyadic(v.clone(), 0) * factor) * &self.unit;
        if let Some([l, h]) = i.checked_sub(1).and_then(|i| sides.get(i)) {
            let length = h - l;
            return Ok(matrix.iter().map(|row| row.iter().map(|v| entry(v, &length)).collect()).collect());
        }
        let one = Number::one();
        let mut sum: Vec<Vec<Number>> = matrix.iter().map(|row| row.iter().map(|v| entry(v, &one)).collect()).collect();
        for ([l, _], matrix) in sides.iter().zip(self.matrices.iter().skip(1)).filter(|(side, _)| !side[0].is_zero()) {
            for (row, other) in sum.iter_mut().zip(matrix) {
                for (place, v) in row.iter_mut().zip(other) {
                    *place = (&*place + &entry(v, l)).reduced();
                }
            }
        }
        Ok(sum)
    }
    /// v . B_i v for a vector of integers, in units.
    pub fn form(&self, i: usize, v: &[BigInt]) -> BigInt {
        let rows = self.matrices.get(i).into_iter().flatten().zip(v);
        rows.map(|(row, x)| row.iter().zip(v).map(|(a, y)| a * y).sum::<BigInt>() * x).sum()
    }
}
