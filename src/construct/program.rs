//! Straight-line programs of affine combinations, squares and products: what every polynomial construction is made of.
//!
//! A [`Program`] says what is computed; [`Program::analyse`] says how far the networks for its squares and products, at
//! given levels, are from it; `realise` makes the network, `levels` chooses the levels. A node holds one number.
//!
//! Of every node two ranges are kept: of its exact value x, and of the error e = (computed - exact). Three rules move
//! them on; each is stated where it is used. Nothing is rounded but outwards.

use super::range::Range;
use crate::arith::Rational;

/// Significant bits kept of the ends of a range of errors.
const ERROR_BITS: u64 = 48;
/// Significant bits kept of the bound that scales the input of a square or product: a weight of the network.
const BOUND_BITS: u64 = 12;

/// A number computed by a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node(pub(super) usize);

#[derive(Debug, Clone)]
pub(super) enum Step {
    Input,
    /// sum c_i x_i + constant
    Affine {
        terms: Vec<(Node, Rational)>,
        constant: Rational,
    },
    /// x^2, at the levels of a group
    Square {
        of: Node,
        group: usize,
    },
    /// x y, at the levels of a group
    Product {
        left: Node,
        right: Node,
        group: usize,
    },
}

/// A straight-line program; its last node is its result.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// Range of the exact value of each node.
    exact: Vec<Range>,
    /// Number of groups: the squares and products of a group have the same levels.
    pub(super) groups: usize,
}

/// What is known about the computed value of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Computed {
    /// computed - exact
    pub(super) error: Range,
    /// computed
    pub(super) value: Range,
}

impl Program {
    fn push(&mut self, step: Step, exact: Range) -> Node {
        self.steps.push(step);
        self.exact.push(exact);
        Node(self.steps.len() - 1)
    }
    fn group(&mut self, group: Option<usize>) -> usize {
        let group = group.unwrap_or(self.groups);
        self.groups = self.groups.max(group + 1);
        group
    }
    pub(super) fn input(&mut self, lo: &Rational, hi: &Rational) -> Node {
        self.push(Step::Input, Range::new(lo.clone(), hi.clone()))
    }
    pub(super) fn affine(&mut self, terms: Vec<(Node, Rational)>, constant: Rational) -> Node {
        let terms: Vec<(Node, Rational)> = terms.into_iter().filter(|term| !term.1.is_zero()).collect();
        let exact = terms.iter().fold(Range::point(constant.clone()), |sum, (x, c)| sum.add(&self.exact[x.0].scale(c)));
        self.push(Step::Affine { terms, constant }, exact)
    }
    /// x^2; without a group, in a group of its own.
    pub(super) fn square(&mut self, of: Node, group: Option<usize>) -> Node {
        let group = self.group(group);
        let exact = self.exact[of.0].square();
        self.push(Step::Square { of, group }, exact)
    }
    /// x y; without a group, in a group of its own.
    pub(super) fn product(&mut self, left: Node, right: Node, group: Option<usize>) -> Node {
        if left == right {
            return self.square(left, group);
        }
        let group = self.group(group);
        let exact = self.exact[left.0].product(&self.exact[right.0]);
        self.push(Step::Product { left, right, group }, exact)
    }
    /// States that the exact value of a node lies in a range; the caller knows why.
    pub(super) fn known(&mut self, node: Node, lo: &Rational, hi: &Rational) {
        self.exact[node.0] = self.exact[node.0].intersect(&Range::new(lo.clone(), hi.clone()));
    }

    /// The levels of one group each, all equal.
    pub(super) fn uniform(&self, levels: usize) -> Vec<usize> {
        vec![levels; self.groups]
    }

    /// Encloses the error and the value of every node when each square and product has the levels of its group.
    pub(super) fn analyse(&self, levels: &[usize]) -> Vec<Computed> {
        let mut known: Vec<Computed> = Vec::with_capacity(self.steps.len());
        for (number, (step, exact)) in self.steps.iter().zip(&self.exact).enumerate() {
            if self.is_like_the_last(number, &known) {
                known.push(known[number - 1].clone());
                continue;
            }
            let (error, direct) = match step {
                Step::Input => (Range::zero(), exact.clone()),
                Step::Affine { terms, constant } => {
                    // (sum c (x + e) + k) - (sum c x + k) = sum c e
                    let mut error = Range::zero();
                    let mut value = Range::point(constant.clone());
                    for (x, c) in terms {
                        error = error.add(&known[x.0].error.scale(c));
                        value = value.add(&known[x.0].value.scale(c));
                    }
                    (error, value)
                }
                Step::Square { of, group } => {
                    let (x, y) = (&self.exact[of.0], &known[of.0]);
                    let bound = bound(&y.value);
                    let scale = &bound * &bound;
                    // The network returns y^2 + delta, 0 <= delta <= B^2 2^(-2m-2), for |y| <= B;
                    let delta = Range::new(Rational::zero(), unit(&scale, levels[*group]));
                    // with y = x + e: y^2 - x^2 = e (x + y).
                    let error = y.error.product(&x.add(&y.value)).add(&delta);
                    // Its values are B^2 f_m(|y| / B), and f_m maps [0, 1] to [0, 1].
                    let value = y.value.square().add(&delta).intersect(&Range::new(Rational::zero(), scale));
                    (error, value)
                }
                Step::Product { left, right, group } => {
                    let (x, y) = (&self.exact[left.0], &self.exact[right.0]);
                    let (u, v) = (&known[left.0], &known[right.0]);
                    let scale = &bound(&u.value) * &bound(&v.value);
                    // The network returns u v + delta, |delta| <= B1 B2 2^(-2m-2), for |u| <= B1, |v| <= B2;
                    let delta = Range::symmetric(&unit(&scale, levels[*group]));
                    // with u = x + e, v = y + f: u v - x y = e v + x f = e y + u f.
                    let first = u.error.product(&v.value).add(&x.product(&v.error));
                    let second = u.error.product(y).add(&u.value.product(&v.error));
                    // Its values are B1 B2 (f_m(|s|) - f_m(|d|)), a difference of two numbers of [0, 1].
                    let value = u.value.product(&v.value).add(&delta).intersect(&Range::symmetric(&scale));
                    (first.intersect(&second).add(&delta), value)
                }
            };
            // computed = exact + error
            let error = error.outward(ERROR_BITS);
            let value = direct.intersect(&exact.add(&error)).outward(ERROR_BITS);
            known.push(Computed { error, value });
        }
        known
    }

    /// The sum of `load` of the levels of every square and product.
    pub(super) fn sum_over_products(&self, levels: &[usize], load: impl Fn(usize) -> usize) -> usize {
        let group = |step: &Step| match step {
            Step::Square { group, .. } | Step::Product { group, .. } => Some(*group),
            Step::Input | Step::Affine { .. } => None,
        };
        self.steps.iter().filter_map(group).map(|group| load(levels[group])).sum()
    }

    /// Whether node `number` is a product of the same ranges at the same levels as the node before it, as in the rows of a
    /// tree: then the same is known about both.
    fn is_like_the_last(&self, number: usize, known: &[Computed]) -> bool {
        let same = |x: &Node, y: &Node| known[x.0] == known[y.0] && self.exact[x.0] == self.exact[y.0];
        let last = number.checked_sub(1).map(|last| &self.steps[last]);
        match (&self.steps[number], last) {
            (Step::Product { left, right, group }, Some(Step::Product { left: x, right: y, group: other })) => {
                group == other && same(left, x) && same(right, y) && self.exact[number] == self.exact[number - 1]
            }
            _ => false,
        }
    }

    /// About the work of one analysis: one unit a step, more where coefficients are long.
    pub(super) fn work(&self) -> usize {
        let long = |c: &Rational| ((c.numerator().bits() + c.denominator().bits()) / 512) as usize;
        let affine = |step: &Step| match step {
            Step::Affine { terms, .. } => terms.iter().map(|(_, c)| long(c)).sum(),
            _ => 0,
        };
        self.steps.iter().map(|step| 1 + affine(step)).sum()
    }

    /// The range of (result of the network - result of the program).
    pub(super) fn error(&self, levels: &[usize]) -> Range {
        self.analyse(levels).pop().map_or(Range::zero(), |last| last.error)
    }

    /// Bounds, for each input, the error of the first partial derivative of the result, almost everywhere.
    ///
    /// With D >= |x'| and E >= |y' - x'| for a computed y = x + e:
    /// square: |R'(y) y' - 2 x x'| <= |R'(y) - 2y| |y'| + 2 |y| |y' - x'| + 2 |e| |x'|, where |R' - 2y| <= B 2^-m;
    /// product: the same for each of the two factors, where |R_u - v| <= B2 2^-m and |R_v - u| <= B1 2^-m.
    /// Where y moves along a fold of R, the gradients on both sides give the same derivative along it.
    pub(super) fn derivative_errors(&self, levels: &[usize]) -> Vec<Rational> {
        let known = self.analyse(levels);
        let inputs = self.steps.iter().filter(|step| matches!(step, Step::Input)).count();
        (0..inputs).map(|input| self.derivative_error(levels, &known, input)).collect()
    }

    fn derivative_error(&self, levels: &[usize], known: &[Computed], input: usize) -> Rational {
        // (D, E) of every node
        let mut slopes: Vec<(Rational, Rational)> = Vec::with_capacity(self.steps.len());
        let mut inputs = 0;
        for step in &self.steps {
            // Most nodes of a program of many inputs do not depend on this one.
            let still = |x: &Node| slopes[x.0].0.is_zero() && slopes[x.0].1.is_zero();
            let constant = match step {
                Step::Input => false,
                Step::Affine { terms, .. } => terms.iter().all(|(x, _)| still(x)),
                Step::Square { of, .. } => still(of),
                Step::Product { left, right, .. } => still(left) && still(right),
            };
            if constant {
                slopes.push((Rational::zero(), Rational::zero()));
                continue;
            }
            let slope = match step {
                Step::Input => {
                    inputs += 1;
                    (Rational::from(i64::from(inputs - 1 == input)), Rational::zero())
                }
                Step::Affine { terms, .. } => {
                    terms.iter().fold((Rational::zero(), Rational::zero()), |(d, e), (x, c)| {
                        (d + &c.abs() * &slopes[x.0].0, e + &c.abs() * &slopes[x.0].1)
                    })
                }
                Step::Square { of, group } => {
                    let two = Rational::from(2);
                    let factor = bound(&known[of.0].value).scale_by_power_of_two(-(levels[*group] as i64));
                    self.factor_slope(&slopes[of.0], *of, &known[of.0], &factor, &two)
                }
                Step::Product { left, right, group } => {
                    let m = levels[*group] as i64;
                    let (u, v) = (&known[left.0], &known[right.0]);
                    let (p, q) = (bound(&v.value), bound(&u.value));
                    let (p, q) = (p.scale_by_power_of_two(-m), q.scale_by_power_of_two(-m));
                    let one = Rational::one();
                    let (d1, e1) = self.factor_slope(&slopes[left.0], *right, v, &p, &one);
                    let (d2, e2) = self.factor_slope(&slopes[right.0], *left, u, &q, &one);
                    (d1 + d2, e1 + e2)
                }
            };
            slopes.push((slope.0.round_up(ERROR_BITS), slope.1.round_up(ERROR_BITS)));
        }
        slopes.pop().map_or(Rational::zero(), |slope| slope.1)
    }

    /// For the term k x' z of a derivative, x' with (D, E) and z another node computed as w: bounds on |k x' z| and on its
    /// error, where the network's own gradient is off by at most `gradient`.
    fn factor_slope(
        &self,
        (d, e): &(Rational, Rational),
        other: Node,
        w: &Computed,
        gradient: &Rational,
        k: &Rational,
    ) -> (Rational, Rational) {
        let z = self.exact[other.0].magnitude();
        // gradient |y'| + k |w| |y' - x'| + k |w - z| |x'|
        let error = gradient * &(d + e) + k * &(&w.value.magnitude() * e) + k * &(&w.error.magnitude() * d);
        (k * &(d * &z), error)
    }
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
                program.known(node, &lo, &hi);
            }
            let square = program.square(u, Some(1));
            let product = program.product(u, v, Some(1));
            let known = program.analyse(&[m, m]);
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
