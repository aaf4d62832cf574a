//! Formulas in conjunctive normal form.

use std::ops::Range;

use rayon::prelude::*;

use super::BarrierError;

/// Bit i of pattern j is bit j of i: variable j + 1 in the 64 assignments of a block.
const PATTERNS: [u64; 6] = [
    0xAAAA_AAAA_AAAA_AAAA,
    0xCCCC_CCCC_CCCC_CCCC,
    0xF0F0_F0F0_F0F0_F0F0,
    0xFF00_FF00_FF00_FF00,
    0xFFFF_0000_FFFF_0000,
    0xFFFF_FFFF_0000_0000,
];
/// log2 of the assignments of a block.
const BLOCK: u32 = 6;
/// Blocks that one thread counts at a time.
const CHUNK: u64 = 1 << 12;

/// A conjunction of clauses over the variables 1, .., n.
///
/// Assignments are numbered from 0 to 2^n - 1: variable j is true in assignment k when bit j - 1 of k is 1.
///
/// ```
/// use certinet::barrier::Formula;
/// // (x1 or x2) and not x3: assignments 1, 2 and 3.
/// let formula = Formula::new(3, vec![vec![1, 2], vec![-3]])?;
/// assert!(formula.holds(2) && !formula.holds(6));
/// assert_eq!(formula.count(0..8), 3);
/// # Ok::<(), certinet::barrier::BarrierError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    variables: u32,
    clauses: Vec<Vec<i32>>,
}

impl Formula {
    /// The most variables a formula may have, so that assignments have numbers of 64 bits.
    pub const MAX_VARIABLES: u32 = 62;

    /// The formula with these clauses; literal j stands for variable j, -j for its negation.
    ///
    /// An empty clause holds nowhere, a formula without clauses everywhere.
    ///
    /// # Errors
    /// [`BarrierError::Variables`] beyond [`Formula::MAX_VARIABLES`], [`BarrierError::Literal`] outside 1, .., n.
    pub fn new(variables: u32, clauses: Vec<Vec<i32>>) -> Result<Self, BarrierError> {
        if variables > Self::MAX_VARIABLES {
            return Err(BarrierError::Variables { variables, limit: Self::MAX_VARIABLES });
        }
        for (i, clause) in clauses.iter().enumerate() {
            if let Some(&literal) = clause.iter().find(|l| !(1..=variables).contains(&l.unsigned_abs())) {
                return Err(BarrierError::Literal { clause: i + 1, literal, variables });
            }
        }
        Ok(Self { variables, clauses })
    }

    /// The number n of variables.
    pub fn variables(&self) -> u32 {
        self.variables
    }

    /// The clauses, in order.
    pub fn clauses(&self) -> &[Vec<i32>] {
        &self.clauses
    }

    /// The literals of all clauses together.
    pub fn literals(&self) -> usize {
        self.clauses.iter().map(Vec::len).sum()
    }

    /// The number 2^n of assignments.
    pub fn assignments(&self) -> u64 {
        1 << self.variables
    }

    /// Whether the formula holds in an assignment.
    pub fn holds(&self, assignment: u64) -> bool {
        let is_true = |literal: &i32| (assignment >> (literal.unsigned_abs() - 1) & 1 == 1) == (*literal > 0);
        self.clauses.iter().all(|clause| clause.iter().any(is_true))
    }

    /// How many of these assignments are models; parts of the range beyond the last assignment hold none.
    ///
    /// **Complexity.** At most one word operation a literal and 64 assignments, on all threads.
    pub fn count(&self, assignments: Range<u64>) -> u64 {
        let (start, end) = (assignments.start, assignments.end.min(self.assignments()));
        if start >= end {
            return 0;
        }
        // Short clauses first: most blocks are empty after a few of them.
        let mut clauses: Vec<&[i32]> = self.clauses.iter().map(Vec::as_slice).collect();
        clauses.sort_by_key(|clause| clause.len());
        let (first, last) = (start >> BLOCK, (end - 1) >> BLOCK);
        let in_block = |block: u64| {
            let mut models = models_in_block(&clauses, block);
            if block == first {
                models &= u64::MAX << (start % 64);
            }
            if block == last {
                // Between 1 and 64 assignments of the last block are asked for.
                models &= u64::MAX >> (63 - (end - 1) % 64);
            }
            u64::from(models.count_ones())
        };
        (first / CHUNK..=last / CHUNK)
            .into_par_iter()
            .map(|chunk| (first.max(chunk * CHUNK)..=last.min(chunk * CHUNK + CHUNK - 1)).map(in_block).sum::<u64>())
            .sum()
    }
}

/// Bit i says whether assignment 64 block + i satisfies all clauses.
fn models_in_block(clauses: &[&[i32]], block: u64) -> u64 {
    let mut models = u64::MAX;
    for clause in clauses {
        let mut holds = 0;
        for &literal in *clause {
            let variable = literal.unsigned_abs() - 1;
            let values = match PATTERNS.get(variable as usize) {
                Some(&pattern) => pattern,
                None if block >> (variable - BLOCK) & 1 == 1 => u64::MAX,
                None => 0,
            };
            holds |= if literal > 0 { values } else { !values };
        }
        models &= holds;
        if models == 0 {
            break;
        }
    }
    models
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Formulas of up to `variables` variables, with empty, repeated and contradictory literals.
    pub fn formulas(variables: u32) -> impl Strategy<Value = Formula> {
        (0..=variables).prop_flat_map(|n| {
            let literal = (1..=n.max(1) as i32, any::<bool>()).prop_map(|(j, sign)| if sign { j } else { -j });
            prop::collection::vec(prop::collection::vec(literal, if n == 0 { 0..1 } else { 0..5 }), 0..12)
                .prop_map(move |clauses| Formula::new(n, clauses).unwrap())
        })
    }

    /// Models by splitting on variables, with clauses simplified: another way to count.
    fn split(variables: u32, clauses: &[Vec<i32>]) -> u64 {
        if clauses.iter().any(Vec::is_empty) {
            return 0;
        }
        let Some(pivot) = clauses.first().map(|clause| clause[0]) else { return 1 << variables };
        let assign = |literal: i32| -> Vec<Vec<i32>> {
            let open = clauses.iter().filter(|clause| !clause.contains(&literal));
            open.map(|clause| clause.iter().copied().filter(|&l| l != -literal).collect()).collect()
        };
        split(variables - 1, &assign(pivot)) + split(variables - 1, &assign(-pivot))
    }

    proptest! {
        #[test]
        fn blocks_agree_with_single_assignments_and_with_splitting(
            formula in formulas(15), a in 0u64..40_000, b in 0u64..40_000,
        ) {
            let all = formula.assignments();
            prop_assert_eq!(formula.count(0..all), split(formula.variables(), formula.clauses()));
            let brute = (a..b.min(all)).filter(|&k| formula.holds(k)).count() as u64;
            prop_assert_eq!(formula.count(a..b), brute);
        }
    }

    #[test]
    fn many_blocks_and_many_variables() {
        // Exactly one of 20 variables.
        let mut clauses = vec![(1..=20).collect::<Vec<i32>>()];
        clauses.extend((1..=20).flat_map(|i| (1..i).map(move |j| vec![-i, -j])));
        let formula = Formula::new(20, clauses).unwrap();
        assert_eq!(formula.count(0..1 << 20), 20);
        assert_eq!(formula.count(5..(1 << 19) + 1), 17);
        let wide = Formula::new(62, vec![vec![62], vec![-1]]).unwrap();
        assert_eq!(wide.count((1 << 61) - 3..(1 << 61) + 1001), 501);
        assert_eq!(wide.count(0..1000), 0);
        assert_eq!(wide.count((1 << 62) - 10..u64::MAX), 5);
    }

    #[test]
    fn foreign_literals_are_refused() {
        assert_eq!(
            Formula::new(2, vec![vec![1], vec![2, -3]]),
            Err(BarrierError::Literal { clause: 2, literal: -3, variables: 2 })
        );
        assert!(Formula::new(2, vec![vec![0]]).is_err() && Formula::new(2, vec![vec![i32::MIN]]).is_err());
        assert_eq!(Formula::new(63, vec![]), Err(BarrierError::Variables { variables: 63, limit: 62 }));
        assert_eq!(Formula::new(0, vec![]).unwrap().count(0..1), 1);
        assert_eq!(Formula::new(0, vec![vec![]]).unwrap().count(0..1), 0);
    }
}
