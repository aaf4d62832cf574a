//! What is known about every number that a network for a program computes: the rules of FORMAT.md, section 6.
//!
//! Of a number three ranges are known: of its exact value x, of the error e = (computed - exact), and of the computed
//! value. They are claims, dyadic and rounded outwards: what certifies an error is what its proof says.

use super::program::{Node, Program, Step};
use super::range::Range;
use crate::arith::Rational;
use crate::certify::rules::scalar::Ranges;

/// Significant bits kept of the ends of a range of errors or computed values.
const ERROR_BITS: u64 = 48;
/// Significant bits kept of the ends of the exact range of a partial sum.
const SUM_BITS: u64 = 64;
/// Significant bits kept of the bound that scales the input of a square or product: a weight of the network.
const BOUND_BITS: u64 = 12;

/// What is known about one number of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// Of the exact value.
    pub(super) exact: Range,
    /// computed - exact
    pub(super) error: Range,
    /// computed
    pub(super) value: Range,
}

impl Fact {
    /// The claims, from what the rule of a node gives.
    fn new(exact: Range, error: &Range, value: &Range) -> Self {
        let error = error.outward(ERROR_BITS);
        // computed = exact + error
        let value = value.intersect(&exact.add(&error)).outward(ERROR_BITS);
        Self { exact, error, value }
    }
    fn input(exact: Range) -> Self {
        let side = exact.clone();
        Self::new(exact, &Range::zero(), &side)
    }
    /// (sum c (x + e) + k) - (sum c x + k) = sum c e
    fn affine<'a>(
        exact: Range,
        terms: impl Iterator<Item = (&'a Self, &'a Rational)> + Clone,
        constant: &Rational,
    ) -> Self {
        let error = Range::affine(terms.clone().map(|(x, c)| (&x.error, c)), &Rational::zero());
        let value = Range::affine(terms.map(|(x, c)| (&x.value, c)), constant);
        Self::new(exact, &error, &value)
    }
    fn square(exact: Range, y: &Self, levels: usize) -> Self {
        let bound = bound(&y.value);
        let scale = &bound * &bound;
        // The network returns y^2 + delta, 0 <= delta <= B^2 2^(-2m-2), for |y| <= B;
        let delta = Range::new(Rational::zero(), unit(&scale, levels));
        // with y = x + e: y^2 - x^2 = e (x + y).
        let error = y.error.product(&y.exact.add(&y.value)).add(&delta);
        // Its values are B^2 f_m(|y| / B), and f_m maps [0, 1] to [0, 1].
        let value = y.value.square().add(&delta).intersect(&Range::new(Rational::zero(), scale));
        Self::new(exact, &error, &value)
    }
    fn product(exact: Range, u: &Self, v: &Self, levels: usize) -> Self {
        let scale = &bound(&u.value) * &bound(&v.value);
        // The network returns u v + delta, |delta| <= B1 B2 2^(-2m-2), for |u| <= B1, |v| <= B2;
        let delta = Range::symmetric(&unit(&scale, levels));
        // with u = x + e, v = y + f: u v - x y = e v + x f = e y + u f.
        let first = u.error.product(&v.value).add(&u.exact.product(&v.error));
        let second = u.error.product(&v.exact).add(&u.value.product(&v.error));
        // Its values are B1 B2 (f_m(|s|) - f_m(|d|)), a difference of two numbers of [0, 1].
        let value = u.value.product(&v.value).add(&delta).intersect(&Range::symmetric(&scale));
        Self::new(exact, &first.intersect(&second).add(&delta), &value)
    }
    /// Whether the square of this number needs its absolute value first.
    pub(super) fn two_sided(&self) -> bool {
        self.value.lo.is_negative()
    }
    /// The claims in the order of a certificate.
    pub(super) fn ranges(&self) -> Ranges<'_> {
        [&self.exact, &self.error, &self.value].map(|range| (&range.lo, &range.hi))
    }
}

/// The facts of a program at given levels.
pub(super) struct Facts {
    /// Of every step.
    pub(super) steps: Vec<Fact>,
    /// The layer of ReLU outputs on which each step is an affine expression; 0 is the input.
    pub(super) places: Vec<usize>,
    /// Of the sums of all groups but the last of [`groups_by_place`], where the result is an affine combination.
    pub(super) partial_sums: Vec<Fact>,
}

impl Facts {
    /// Of the result.
    pub(super) fn result(self) -> Option<Fact> {
        let mut steps = self.steps;
        steps.pop()
    }
}

impl Program {
    /// What is known about every node when each square and product has the levels of its group.
    pub(super) fn facts(&self, levels: &[usize]) -> Facts {
        let (mut facts, mut places) = (Vec::<Fact>::with_capacity(self.steps.len()), Vec::<usize>::new());
        let mut partial_sums = Vec::new();
        for (number, (step, exact)) in self.steps.iter().zip(&self.exact).enumerate() {
            places.push(match step {
                Step::Input => 0,
                Step::Affine { terms, .. } => terms.iter().map(|(x, _)| places[x.0]).max().unwrap_or(0),
                Step::Square { of, group } => places[of.0] + levels[*group] + usize::from(facts[of.0].two_sided()),
                Step::Product { left, right, group } => places[left.0].max(places[right.0]) + levels[*group] + 1,
            });
            if self.is_like_the_last(number, &facts) {
                facts.push(facts[number - 1].clone());
                continue;
            }
            let exact = exact.clone();
            let fact = match step {
                Step::Input => Fact::input(exact),
                Step::Affine { terms, constant } if number + 1 == self.steps.len() => {
                    partial_sums = sums(&facts, &groups_by_place(terms, &places), constant);
                    partial_sums.pop().unwrap_or_else(|| Fact::affine(exact, std::iter::empty(), constant))
                }
                Step::Affine { terms, constant } => {
                    Fact::affine(exact, terms.iter().map(|(x, c)| (&facts[x.0], c)), constant)
                }
                Step::Square { of, group } => Fact::square(exact, &facts[of.0], levels[*group]),
                Step::Product { left, right, group } => {
                    Fact::product(exact, &facts[left.0], &facts[right.0], levels[*group])
                }
            };
            facts.push(fact);
        }
        Facts { steps: facts, places, partial_sums }
    }

    /// The range of (result of the network - result of the program).
    pub(super) fn error(&self, levels: &[usize]) -> Range {
        self.facts(levels).result().map_or(Range::zero(), |last| last.error)
    }

    /// Whether node `number` is a product of the same ranges at the same levels as the node before it, as in the rows of a
    /// tree: then the same is known about both.
    fn is_like_the_last(&self, number: usize, facts: &[Fact]) -> bool {
        let same = |x: &Node, y: &Node| facts[x.0] == facts[y.0];
        let last = number.checked_sub(1).map(|last| &self.steps[last]);
        match (&self.steps[number], last) {
            (Step::Product { left, right, group }, Some(Step::Product { left: x, right: y, group: other })) => {
                group == other && same(left, x) && same(right, y) && self.exact[number] == self.exact[number - 1]
            }
            _ => false,
        }
    }
}

/// The terms of a result in the order in which they are there, those of one layer together.
pub(super) fn groups_by_place(terms: &[(Node, Rational)], places: &[usize]) -> Vec<Vec<(Node, Rational)>> {
    let mut terms = terms.to_vec();
    terms.sort_by_key(|(x, _)| places[x.0]);
    terms.chunk_by(|(x, _), (y, _)| places[x.0] == places[y.0]).map(<[_]>::to_vec).collect()
}

/// The sums of the groups up to each, the constant added to the last.
fn sums(facts: &[Fact], groups: &[Vec<(Node, Rational)>], constant: &Rational) -> Vec<Fact> {
    let one = Rational::one();
    let mut sums: Vec<Fact> = Vec::with_capacity(groups.len());
    for (number, group) in groups.iter().enumerate() {
        let constant = if number + 1 == groups.len() { constant.clone() } else { Rational::zero() };
        let terms = group.iter().map(|(x, c)| (&facts[x.0], c)).chain(sums.last().map(|sum| (sum, &one)));
        let exact = Range::affine(terms.clone().map(|(x, c)| (&x.exact, c)), &constant).outward(SUM_BITS);
        let sum = Fact::affine(exact, terms, &constant);
        sums.push(sum);
    }
    sums
}

/// The bound B >= |y| that scales a square or product: short and positive.
pub(super) fn bound(value: &Range) -> Rational {
    let magnitude = value.magnitude();
    if magnitude.is_zero() { Rational::one() } else { magnitude.round_up(BOUND_BITS) }
}

/// scale 2^(-2m-2)
fn unit(scale: &Rational, levels: usize) -> Rational {
    scale.scale_by_power_of_two(-2 * levels as i64 - 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ends and middle of a range.
    fn samples(r: &Range) -> Vec<Rational> {
        [0, 1, 2].iter().map(|&k| &r.lo + &(&(&r.hi - &r.lo) * &Rational::ratio(k, 2))).collect()
    }

    proptest! {
        /// The rules hold for every exact value and error in the ranges of the arguments, not only for those that occur.
        #[test]
        fn the_rules_hold_over_the_whole_ranges(
            lo in -8i64..8, length in 1i64..16, other in -8i64..8, shift in -8i64..9, m in 1usize..3,
        ) {
            let mut program = Program::default();
            let x = program.input(&Rational::ratio(lo, 8), &Rational::ratio(lo + length, 8));
            let y = program.input(&Rational::ratio(other, 8), &Rational::ratio(other + 3, 8));
            let rough = program.square(x, Some(0));
            let u = program.affine(vec![(rough, Rational::one())], Rational::ratio(shift, 8));
            let rough = program.product(x, y, Some(0));
            let v = program.affine(vec![(rough, Rational::from(-2)), (y, Rational::one())], Rational::zero());
            // As where a bound is known that interval arithmetic does not see: computed values leave the exact range.
            for node in [u, v] {
                let quarter = (&program.exact[node.0].hi - &program.exact[node.0].lo) * Rational::ratio(1, 4);
                let (lo, hi) = (&program.exact[node.0].lo + &quarter, &program.exact[node.0].hi - &quarter);
                program.exact[node.0] = Range::new(lo, hi);
            }
            let square = program.square(u, Some(1));
            let product = program.product(u, v, Some(1));
            let known = program.facts(&[m, m]).steps;
            let pairs = |node: Node| {
                let mut list = Vec::new();
                for exact in samples(&program.exact[node.0]) {
                    for error in samples(&known[node.0].error) {
                        let computed = &exact + &error;
                        if known[node.0].value.lo <= computed && computed <= known[node.0].value.hi {
                            list.push((exact.clone(), computed));
                        }
                    }
                }
                list
            };
            for (exact, computed) in pairs(u) {
                let error = &computed * &computed - &exact * &exact;
                // Between the network's own error 0 and its largest.
                let b = bound(&known[u.0].value);
                let most = &error + &unit(&(&b * &b), m);
                prop_assert!(known[square.0].error.lo <= error && most <= known[square.0].error.hi);
                for (exact2, computed2) in pairs(v) {
                    let error = &computed * &computed2 - &exact * &exact2;
                    let most = unit(&(&b * &bound(&known[v.0].value)), m);
                    prop_assert!(known[product.0].error.lo <= &error - &most);
                    prop_assert!(&error + &most <= known[product.0].error.hi);
                }
            }
        }
    }
}
