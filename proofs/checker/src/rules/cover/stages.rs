//! Layered networks written out for a cover: integer matrices over one denominator a layer.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::One;

use super::integer::Int;
use crate::lower::layered;
use crate::network::{Network, Weight};
use crate::problem::{Problem, problem};
use crate::write_out::Weights;

/// The most weights, neurons and layers of a network that is covered.
const MOST: [u128; 3] = [1 << 20, 1 << 20, 1 << 10];
/// The most bits of the denominator of a layer, those of the layers before it multiplied in.
const DENOMINATOR_BITS: u64 = 1 << 14;
/// The most bits of the weights of a network together, over the denominators of their layers too.
const WEIGHT_BITS: u64 = 1 << 30;

/// One layer: its values are (matrix times the values before it + bias) / denominator.
pub struct Stage {
    /// The stage that it reads, with ReLU between both; nothing for the inputs.
    pub reads: Option<usize>,
    /// The number of rows.
    pub rows: usize,
    /// Whether its values are pre-activations, not outputs.
    pub hidden: bool,
    /// Where the entries of each row start, and where the last one ends.
    starts: Vec<usize>,
    /// Column and numerator.
    entries: Vec<(usize, Int)>,
    bias: Vec<Int>,
    /// The product of the denominators of the layers up to this one.
    pub denominator: Int,
    /// The size of the largest numerator, in words.
    pub words: u64,
}

impl Stage {
    /// The entries of a row, and its bias.
    pub fn row(&self, i: usize) -> Option<(&[(usize, Int)], &Int)> {
        let range = *self.starts.get(i)?..*self.starts.get(i + 1)?;
        Some((self.entries.get(range)?, self.bias.get(i)?))
    }
    /// The number of entries.
    pub fn weights(&self) -> u64 {
        self.entries.len() as u64
    }
}

/// Numbers of inputs and outputs.
pub type Shape = [usize; 2];

/// Appends the layers of the last of these networks.
///
/// # Errors
/// When it is too large.
pub fn append(networks: &[Network], stages: &mut Vec<Stage>) -> Result<Shape, Problem> {
    let layered = layered(networks)?;
    let size = layered.size;
    if [size.weights, size.neurons, size.layers].iter().zip(MOST).any(|(found, most)| *found > most) {
        return problem("the network is too large to be covered");
    }
    let mut weights = Weights::default();
    let mut below = layered.level(0)?;
    let inputs = small(below.dimension)?;
    let (mut reads, mut product, mut bits) = (None, BigInt::one(), 0u64);
    let mut outputs = inputs;
    for number in 1..=layered.layers() {
        let level = layered.level(number)?;
        outputs = small(level.dimension)?;
        let mut list = |bias: bool| {
            let mut list: Vec<(usize, usize, Weight)> = Vec::new();
            level.entries(&below, bias, &mut weights, &mut |row, column, id, weights| {
                let value = weights.get(id).map(|found| found.0.clone());
                let value = value.ok_or_else(|| Problem("a weight is not known".to_owned()))?;
                bits = bits.saturating_add(value.numer().bits()).saturating_add(value.denom().bits());
                if bits > WEIGHT_BITS {
                    return problem("the weights of the network are too long to be covered");
                }
                list.push((small(row.into())?, small(column.into())?, value));
                Ok(())
            })?;
            Ok::<_, Problem>(list)
        };
        let (matrix, shift) = (list(false)?, list(true)?);
        let mut common = BigInt::one();
        for (.., value) in matrix.iter().chain(&shift) {
            if !common.is_multiple_of(value.denom()) {
                common = common.lcm(value.denom());
            }
            if common.bits() + product.bits() > DENOMINATOR_BITS {
                return problem("the denominators of the network are too long to be covered");
            }
        }
        bits = bits.saturating_add(common.bits().saturating_mul((matrix.len() + shift.len()) as u64));
        if bits > WEIGHT_BITS {
            return problem("the weights of the network are too long to be covered");
        }
        let numerator = |value: &Weight| Int::from(value.numer() * (&common / value.denom()));
        let mut bias = vec![Int::ZERO; outputs];
        for (row, _, value) in &shift {
            bias.get_mut(*row).into_iter().for_each(|place| *place = numerator(value));
        }
        let mut starts = vec![0; outputs + 1];
        let mut entries = Vec::with_capacity(matrix.len());
        for (row, column, value) in &matrix {
            entries.push((*column, numerator(value)));
            starts.get_mut(row + 1).into_iter().for_each(|end| *end = entries.len());
        }
        // Rows without entries end where the row before them ends.
        let mut end = 0;
        for start in &mut starts {
            end = end.max(*start);
            *start = end;
        }
        product *= &common;
        let words = entries.iter().map(|entry| entry.1.words()).chain(bias.iter().map(Int::words)).max().unwrap_or(1);
        stages.push(Stage {
            reads,
            rows: outputs,
            hidden: number < layered.layers(),
            starts,
            entries,
            bias,
            denominator: Int::from(product.clone()),
            words,
        });
        reads = Some(stages.len() - 1);
        below = level;
    }
    Ok([inputs, outputs])
}

fn small(n: u64) -> Result<usize, Problem> {
    usize::try_from(n).map_err(|_| Problem("the network is too large to be covered".to_owned()))
}

/// The outputs of the network whose layers these are at the point x / denominator, over the denominator of the last
/// layer times that one.
///
/// # Errors
/// When they do not fit together.
pub fn evaluate(stages: &[Stage], x: &[Int], denominator: &Int) -> Result<Vec<Int>, Problem> {
    let (mut values, mut scale) = (x.to_vec(), denominator.clone());
    for stage in stages {
        let mut next = Vec::with_capacity(stage.rows);
        for i in 0..stage.rows {
            let missing = || Problem("a layer reads what is not known".to_owned());
            let (entries, bias) = stage.row(i).ok_or_else(missing)?;
            let mut sum = bias.times(&scale);
            for (column, weight) in entries {
                sum.add_product(weight, values.get(*column).ok_or_else(missing)?);
            }
            next.push(if stage.hidden && sum.sign().is_lt() { Int::ZERO } else { sum });
        }
        (values, scale) = (next, stage.denominator.times(denominator));
    }
    Ok(values)
}
