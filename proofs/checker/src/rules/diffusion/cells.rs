//! The walk through the trees of cells.

use std::rc::Rc;

use super::problem::Diffusion;
use crate::lexer::Tokens;
use crate::network::Weight;
use crate::problem::{Problem, problem};
use crate::rules::require;

use super::problem::within;

/// The most cells that wait.
const WAITING: usize = 1 << 16;
/// The most bits of a place where a side is cut.
const BITS: u64 = 1 << 8;

type Side = [Weight; 2];

/// A cut on the way from the root to the current cell: side i was as given here, and is cut at v.
struct Cut {
    side: usize,
    before: Side,
    at: Weight,
    /// Whether the current cell is on the upper side.
    second: bool,
}

/// The cells: boxes of parameters.
pub struct Cells {
    domain: Vec<Side>,
    /// Whether the trees are those of the faces, one for each parameter.
    faces: bool,
    /// The number of the current tree.
    tree: usize,
    current: Vec<Side>,
    path: Vec<Cut>,
}

/// Whether u is homogeneous along rays: a_k = a_ki (mu_i + y_i) for each class, with one i, and mu_i the same for all classes of this i.
pub fn is_conical(equation: &Diffusion) -> bool {
    let mut ratios: Vec<Option<&Vec<num_bigint::BigInt>>> = vec![None; equation.parameters];
    let conical = equation.values.iter().all(|class| {
        let mut found = class.iter().enumerate().skip(1).filter(|(_, a)| **a != num_bigint::BigInt::ZERO);
        let (Some((i, a)), None, Some(constant)) = (found.next(), found.next(), class.first()) else { return false };
        if *a < num_bigint::BigInt::ZERO || *constant < num_bigint::BigInt::ZERO {
            return false;
        }
        let Some(place) = ratios.get_mut(i - 1) else { return false };
        let other = *place.get_or_insert(class);
        // a_k0 / a_ki
        other.first().zip(other.get(i)).is_some_and(|(c, b)| c * a == constant * b)
    });
    conical && ratios.iter().all(Option::is_some)
}

impl Cells {
    pub fn new(equation: &Rc<Diffusion>, domain: &[Side], faces: bool) -> Result<Self, Problem> {
        require(!faces || is_conical(equation), "every class has one parameter, and one ratio for each parameter")?;
        let mut cells = Self { domain: domain.to_vec(), faces, tree: 0, current: domain.to_vec(), path: Vec::new() };
        cells.root();
        Ok(cells)
    }
    /// The root of the current tree.
    fn root(&mut self) {
        self.current.clone_from(&self.domain);
        if let Some(side) = self.current.get_mut(self.tree).filter(|_| self.faces) {
            // The face y_f = h_f.
            side[0] = side[1].clone();
        }
    }
    /// Whether all cells are finished.
    pub fn ended(&self) -> bool {
        self.tree >= if self.faces { self.domain.len() } else { 1 }
    }
    /// The current cell.
    pub fn current(&self) -> Result<&[Side], Problem> {
        require(!self.ended(), "a cell is left")?;
        Ok(&self.current)
    }
    /// The line `cut`.
    pub fn cut(&mut self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        require(!self.ended(), "a cell is left")?;
        let side = within(&mut tokens, "the side", 0, self.domain.len() as u64 - 1)?;
        let at = tokens.dyadic()?;
        tokens.end()?;
        require(at.bits() <= BITS, "v has at most 2^8 bits, its exponent counted")?;
        require(self.path.len() < WAITING, "at most 2^16 cells wait")?;
        let at = at.to_weight();
        let Some(ends) = self.current.get_mut(side) else { return problem("there is no such side") };
        require(ends[0] < at && at < ends[1], "v lies inside the side")?;
        let before = ends.clone();
        ends[1] = at.clone();
        self.path.push(Cut { side, before, at, second: false });
        Ok(())
    }
    /// Goes on to the next cell.
    pub fn leave(&mut self) {
        while let Some(cut) = self.path.last_mut() {
            let Some(ends) = self.current.get_mut(cut.side) else { return };
            if cut.second {
                ends.clone_from(&cut.before);
                self.path.pop();
            } else {
                *ends = [cut.at.clone(), cut.before[1].clone()];
                cut.second = true;
                return;
            }
        }
        self.tree += 1;
        self.root();
    }
}
