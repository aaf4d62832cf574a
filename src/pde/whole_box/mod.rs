//! The error of a reduced basis over the whole box of parameters, proved.
//!
//! For every y the Galerkin solution u_G is the best approximation of u_y in the span of a rounded basis V in the energy
//! norm, so that any polynomial c(y) bounds its error by that of V c(y), and any flux sigma(y) with -div sigma = f bounds
//! that one (the hypercircle). The box is cut in cells, on each of which both are polynomials whose difference
//! sigma - a_y grad V c is bounded by the sum of its coefficients. The mathematics with its proof: section 13 of the
//! certificate format. Doubles guess the polynomials; what is proved of them is rounded outwards.
//!
//! | file | object |
//! |---|---|
//! | `classes` | [`Classes`]: triangles with the same coefficient |
//! | `fields` | gradients, fluxes and their defects, exactly |
//! | `dual` | the choice of fluxes |
//! | `blocks` | fields on blocks of triangles, orthogonalised |
//! | `indices` | multi-indices |
//! | `cell` | boxes of parameters and their cuts |
//! | `fit` | polynomials on a cell, guessed |
//! | `bound` | the bound of a cell, proved |
//! | `tree` | the cells of a cover |
//! | `cover` | [`cover()`], [`resume`], [`approx_cells`] |
//!
//! **Source.** The hypercircle: PS47.

mod blocks;
mod bound;
mod cell;
mod classes;
mod cover;
mod dual;
mod fields;
mod fit;
mod indices;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod tree;

use crate::arith::Rational;

pub use classes::Classes;
pub use cover::{approx_cells, cover, resume};

/// Fields, each two numbers a triangle: h sigma along x1 and x2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fluxes {
    /// sigma_0, then W_1, .., W_q; 4 n^2 integers each.
    pub fields: Vec<Vec<i64>>,
    /// The power of two that divides them.
    pub exponent: i64,
}

/// What the trees of cells begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The upper faces of the box, one after another.
    Faces,
    /// The box.
    Box,
}

/// The norm of an error relative to that of the solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// That of A_y.
    Energy,
    /// That of G, and up to a factor that of H1: an error relative to the norm of the gradient.
    H1,
}

/// A step of a walk through the cells, depth first.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// First the part below, then the part above.
    Cut {
        /// The side, from 0.
        parameter: usize,
        /// A dyadic number strictly inside.
        at: Rational,
    },
    /// A cell that is done.
    Leaf(Leaf),
}

/// Polynomials on a cell: integers times 2^exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The total degree.
    pub degree: u32,
    /// The power of two.
    pub exponent: i64,
    /// c*, d numbers.
    pub below: Vec<i64>,
    /// For every multi-index, by its sum, then lexicographically: d numbers c_k, then q numbers s_k.
    pub polynomials: Vec<i64>,
}

/// How to cover a box.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverOptions {
    /// The relative error that every cell has to reach.
    pub target: f64,
    /// The norm.
    pub norm: Norm,
    /// The total degree of polynomials; chosen where there is none.
    pub degree: Option<u32>,
    /// The most fluxes besides sigma_0.
    pub fluxes: usize,
    /// The share of the squared gap that may be the fluxes'.
    pub saturation: f64,
    /// The share of the target below which no gap is looked at.
    pub share: f64,
    /// The random parameters that fluxes are chosen from.
    pub training: usize,
    /// The seed of all random choices.
    pub seed: u64,
    /// The most cells.
    pub cells: usize,
    /// Whether the polynomials of all cells are kept.
    pub keep: bool,
}

impl Default for CoverOptions {
    fn default() -> Self {
        Self {
            target: 1e-3,
            norm: Norm::Energy,
            degree: None,
            fluxes: 128,
            saturation: 0.05,
            share: 0.1,
            training: 200,
            seed: 1,
            cells: 1 << 14,
            keep: true,
        }
    }
}

/// A covered box.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// What the trees begin with.
    pub mode: Mode,
    /// The norm.
    pub norm: Norm,
    /// A bound of the relative error for all parameters of the box: a dyadic number.
    pub rho: Rational,
    /// The classes of triangles.
    pub classes: Classes,
    /// The fluxes.
    pub fluxes: Fluxes,
    /// The degree of polynomials.
    pub degree: u32,
    /// The number of cells.
    pub cells: usize,
    /// The walk; cells that are done are left out where they were not kept.
    pub steps: Vec<Step>,
    /// The gaps over the training set with 0, 1, .. fluxes besides sigma_0: estimates.
    pub gaps: Vec<f64>,
}

/// What was decided for one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// It is cut.
    Cut {
        /// The side, from 0.
        parameter: usize,
        /// Where.
        at: f64,
    },
    /// It is done.
    Leaf {
        /// The bound of its relative error.
        bound: f64,
    },
}

/// How far a cover is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress<'a> {
    /// All decisions, in the order in which cells are met: the state that [`resume`] goes on from.
    pub decisions: &'a [Decision],
    /// Cells that are done.
    pub leaves: usize,
    /// Cells that wait.
    pub open: usize,
    /// The share of the box that is done, where every cut halves.
    pub share: f64,
    /// The largest bound so far.
    pub bound: f64,
}
