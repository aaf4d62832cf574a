//! The choice of levels: the fewest sawtooth levels, product by product, that a certificate accepts.

use super::error::{ConstructError, count};
use super::squaring::MAX_LEVELS;

/// Finds levels m_1, .., m_n, small in sum, for which `certifies` holds.
///
/// `certifies` is monotone (more levels never hurt) and decides exactly; the search only proposes. First each product's
/// need is found with all others exact for all purposes, then one common surplus is added until the whole certifies,
/// then single levels are taken away round by round while it still does.
///
/// # Errors
/// [`ConstructError::Parameter`] when [`MAX_LEVELS`] levels everywhere do not certify.
pub(super) fn fewest_levels(
    products: usize,
    certifies: impl Fn(&[usize]) -> bool,
) -> Result<Vec<usize>, ConstructError> {
    let all = |m: usize| vec![m; products];
    let enough = least(1, MAX_LEVELS, |m| certifies(&all(m)));
    count("levels needed for the error", enough, 1, MAX_LEVELS - 32)?;
    let generous = enough + 32;
    let needs: Vec<usize> = (0..products)
        .map(|i| {
            least(1, generous, |m| {
                let mut levels = all(generous);
                levels[i] = m;
                certifies(&levels)
            })
        })
        .collect();
    let with = |surplus: usize| needs.iter().map(|need| need + surplus).collect::<Vec<_>>();
    let mut levels = with(least(0, 64, |surplus| certifies(&with(surplus))));
    polish(&mut levels, &certifies);
    if certifies(&levels) {
        Ok(levels)
    } else {
        // Not reached for a monotone certificate: `enough` everywhere certifies.
        Ok(all(enough))
    }
}

/// Finds the cheaper of the iterations with `shortest` and `shortest + 1` steps: one more leaves more room for products.
///
/// # Errors
/// As [`fewest_levels`].
pub(super) fn cheaper_length(
    shortest: usize,
    products: impl Fn(usize) -> usize,
    certifies: impl Fn(usize, &[usize]) -> bool,
) -> Result<(usize, Vec<usize>), ConstructError> {
    // A product costs its levels and about one more for its first and last layers.
    let cost = |levels: &[usize]| levels.iter().map(|m| m + 1).sum::<usize>();
    let find = |steps: usize| fewest_levels(products(steps), |levels| certifies(steps, levels));
    let (short, long) = (find(shortest)?, find(shortest + 1)?);
    Ok(if cost(&long) < cost(&short) { (shortest + 1, long) } else { (shortest, short) })
}

/// Takes single levels away, round by round, while the rest still certifies.
pub(super) fn polish(levels: &mut [usize], certifies: impl Fn(&[usize]) -> bool) {
    let mut movable = vec![true; levels.len()];
    while movable.contains(&true) {
        for i in 0..levels.len() {
            if movable[i] && levels[i] > 1 {
                levels[i] -= 1;
                if certifies(levels) {
                    continue;
                }
                levels[i] += 1;
            }
            movable[i] = false;
        }
    }
}

/// The least m in lower..=upper that passes, or upper + 1; `passes` is monotone.
fn least(lower: usize, upper: usize, passes: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (lower, 1);
    // Exponential search first: certificates at few levels are cheap.
    let mut high = lower;
    while high <= upper && !passes(high) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    let mut high = high.min(upper + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn least_is_least() {
        for target in 1..200 {
            assert_eq!(least(1, 150, |m| m >= target), target.min(151));
        }
    }

    #[test]
    fn levels_certify_and_no_single_one_can_go() {
        // sum_i 4^(-m_i) w_i <= 2^-20 with very different weights
        let weights = [1.0, 1e3, 1e-3, 50.0];
        let certifies = |m: &[usize]| {
            m.iter().zip(weights).map(|(&m, w)| w * 0.25f64.powi(m as i32)).sum::<f64>() <= 2f64.powi(-20)
        };
        let levels = fewest_levels(4, certifies).unwrap();
        assert!(certifies(&levels));
        for i in 0..4 {
            let mut fewer = levels.clone();
            fewer[i] -= 1;
            assert!(!certifies(&fewer));
        }
    }
}
