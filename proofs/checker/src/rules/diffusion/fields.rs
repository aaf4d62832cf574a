//! Fields of two numbers a triangle, and their inner products on blocks of triangles.

use core::ops::Range;

use num_bigint::BigInt;
use num_traits::Zero;

use super::problem::Diffusion;
use super::row::{Budget, Row};
use crate::problem::Problem;

/// Up to so many classes are blocks of their own.
const CLASSES: usize = 64;

/// The triangles, block by block.
pub struct Order {
    /// Numbers of triangles.
    triangles: Vec<u32>,
    /// The places of each block that has triangles, and its class.
    pub blocks: Vec<(Range<usize>, Option<usize>)>,
}

impl Order {
    pub fn new(equation: &Diffusion) -> Self {
        let count = equation.values.len();
        let mut triangles: Vec<u32> = (0..).take(equation.classes.len()).collect();
        if count > CLASSES {
            return Self { blocks: vec![(0..2 * triangles.len(), None)], triangles };
        }
        let class = |triangle: u32| equation.classes.get(triangle as usize).map_or(0, |class| *class as usize);
        triangles.sort_by_key(|triangle| class(*triangle));
        let (mut blocks, mut start) = (Vec::new(), 0);
        for run in triangles.chunk_by(|a, b| class(*a) == class(*b)) {
            let end = start + 2 * run.len();
            blocks.push((start..end, run.first().map(|triangle| class(*triangle))));
            start = end;
        }
        Self { triangles, blocks }
    }
    /// The numbers of a field, block by block.
    fn sorted(&self, field: &[i128]) -> Vec<i128> {
        let pair = |triangle: &u32| field.get(2 * *triangle as usize..2 * *triangle as usize + 2);
        self.triangles.iter().filter_map(pair).flatten().copied().collect()
    }
    /// A field as a vector.
    pub fn row(&self, field: &[i128], budget: &mut Budget) -> Result<Row, Problem> {
        let row = Row::of_machine_numbers(&self.sorted(field));
        budget.hold(row.length() * field.len() as u64)?;
        Ok(row)
    }
    /// a_i times the field, over the denominator of the coefficient.
    pub fn weighted(&self, equation: &Diffusion, i: usize, field: &[i128]) -> Row {
        let zero = BigInt::zero();
        let value = |triangle: &u32| {
            let class = equation.classes.get(*triangle as usize).and_then(|class| equation.values.get(*class as usize));
            class.and_then(|class| class.get(i)).unwrap_or(&zero)
        };
        let values = self.triangles.iter().flat_map(|triangle| [value(triangle); 2]);
        let products: Vec<BigInt> = values.zip(self.sorted(field)).map(|(a, v)| a * v).collect();
        Row::new(&products)
    }
}

/// The inner products of all rows on a range.
pub fn gram(rows: &[&Row], range: &Range<usize>, budget: &mut Budget) -> Result<Vec<Row>, Problem> {
    // Some words each, here and as digits.
    budget.hold(16 * (rows.len() as u64).saturating_mul(rows.len() as u64))?;
    let mut table = vec![vec![BigInt::zero(); rows.len()]; rows.len()];
    for (i, a) in rows.iter().enumerate() {
        for (j, b) in rows.iter().enumerate().take(i + 1) {
            budget.spend(a.length() * b.length() * range.len() as u64 + 16)?;
            let value = a.dot_of(b, range.clone());
            if let Some(place) = table.get_mut(j).and_then(|row| row.get_mut(i)) {
                place.clone_from(&value);
            }
            table.get_mut(i).and_then(|row| row.get_mut(j)).into_iter().for_each(|place| place.clone_from(&value));
        }
    }
    Ok(table.iter().map(|row| Row::new(row)).collect())
}
