//! Straight-line programs of affine combinations, squares and products: what every polynomial construction is made of.
//!
//! A [`Program`] says what is computed; `facts` says how far the networks for its squares and products, at given levels,
//! are from it; `realise` makes the network, `program_levels` chooses the levels. A node holds one number.

use super::range::Range;
use crate::arith::Rational;

/// Significant bits kept of the ends of a range of exact values.
const EXACT_BITS: u64 = 64;

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
    /// Range of the exact value of each node: claims, rounded outwards.
    pub(super) exact: Vec<Range>,
    /// Number of groups: the squares and products of a group have the same levels.
    pub(super) groups: usize,
}

impl Program {
    fn push(&mut self, step: Step, exact: &Range) -> Node {
        self.steps.push(step);
        self.exact.push(exact.outward(EXACT_BITS));
        Node(self.steps.len() - 1)
    }
    fn group(&mut self, group: Option<usize>) -> usize {
        let group = group.unwrap_or(self.groups);
        self.groups = self.groups.max(group + 1);
        group
    }
    pub(super) fn input(&mut self, lo: &Rational, hi: &Rational) -> Node {
        self.push(Step::Input, &Range::new(lo.clone(), hi.clone()))
    }
    pub(super) fn affine(&mut self, terms: Vec<(Node, Rational)>, constant: Rational) -> Node {
        let terms: Vec<(Node, Rational)> = terms.into_iter().filter(|term| !term.1.is_zero()).collect();
        let exact = Range::affine(terms.iter().map(|(x, c)| (&self.exact[x.0], c)), &constant);
        self.push(Step::Affine { terms, constant }, &exact)
    }
    /// x^2; without a group, in a group of its own.
    pub(super) fn square(&mut self, of: Node, group: Option<usize>) -> Node {
        let group = self.group(group);
        let exact = self.exact[of.0].square();
        self.push(Step::Square { of, group }, &exact)
    }
    /// x y; without a group, in a group of its own.
    pub(super) fn product(&mut self, left: Node, right: Node, group: Option<usize>) -> Node {
        if left == right {
            return self.square(left, group);
        }
        let group = self.group(group);
        let exact = self.exact[left.0].product(&self.exact[right.0]);
        self.push(Step::Product { left, right, group }, &exact)
    }
    /// States that a node is a Chebyshev polynomial T_k, k >= 1, of the basis of the proof, or -T_k: |T_k| <= 1.
    pub(super) fn is_chebyshev(&mut self, node: Node) {
        self.exact[node.0] = self.exact[node.0].intersect(&Range::symmetric(&Rational::one()));
    }
    /// Adds a constant to the result.
    pub(super) fn shift(&mut self, shift: &Rational) {
        if shift.is_zero() {
            return;
        }
        let last = Node(self.steps.len() - 1);
        if let Some(Step::Affine { constant, .. }) = self.steps.last_mut() {
            *constant += shift;
            self.exact[last.0] = self.exact[last.0].add(&Range::point(shift.clone())).outward(EXACT_BITS);
        } else {
            self.affine(vec![(last, Rational::one())], shift.clone());
        }
    }

    /// The levels of one group each, all equal.
    pub(super) fn uniform(&self, levels: usize) -> Vec<usize> {
        vec![levels; self.groups]
    }

    /// The sum of `load` of the levels of every square and product.
    pub(super) fn sum_over_products(&self, levels: &[usize], load: impl Fn(usize) -> usize) -> usize {
        let group = |step: &Step| match step {
            Step::Square { group, .. } | Step::Product { group, .. } => Some(*group),
            Step::Input | Step::Affine { .. } => None,
        };
        self.steps.iter().filter_map(group).map(|group| load(levels[group])).sum()
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
}
