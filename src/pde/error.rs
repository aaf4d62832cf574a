//! What can be wrong with a parametric problem.

use crate::arith::Rational;

use super::grid::MAX_NODES;

/// A parametric problem that is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PdeError {
    /// A grid without interior nodes, or too fine.
    #[error("a grid of {nodes} x {nodes} nodes; accepted are 3 to {MAX_NODES} nodes a side")]
    Nodes {
        /// Nodes a side.
        nodes: usize,
    },
    /// A shift that does not keep coefficients away from 0.
    #[error("the shift is {shift}; accepted are numbers above 0")]
    Shift {
        /// What was given.
        shift: Rational,
    },
    /// A number of parameters, blocks or a degree beyond the limits.
    #[error("{what} is {given}; accepted are numbers from {least} to {most}")]
    Size {
        /// What is counted.
        what: &'static str,
        /// The number given.
        given: usize,
        /// The least.
        least: usize,
        /// The most.
        most: usize,
    },
    /// Parameters of the wrong number.
    #[error("{given} parameters are given; the case has {expected}")]
    Length {
        /// The number given.
        given: usize,
        /// The number of the case.
        expected: usize,
    },
    /// A parameter outside its range.
    #[error("parameter {index} is {value}; accepted are numbers from {} to {}", range[0], range[1])]
    Range {
        /// Which one, from 1.
        index: usize,
        /// Its value.
        value: Box<Rational>,
        /// The ends of its range.
        range: Box<[Rational; 2]>,
    },
    /// A coefficient that is not positive.
    #[error("the coefficient is {value} at ({}, {}), which is not positive", place[0], place[1])]
    Coefficient {
        /// The value.
        value: Box<Rational>,
        /// Where.
        place: Box<[Rational; 2]>,
    },
    /// A coefficient that no double holds.
    #[error("the coefficient at ({}, {}) is beyond the range of doubles", place[0], place[1])]
    Overflow {
        /// Where.
        place: Box<[Rational; 2]>,
    },
    /// A coefficient without an affine dependence on its parameters.
    #[error("the case {case} is not affine in its parameters; accepted are chessboard, cookies and trigonometric")]
    NotAffine {
        /// The case.
        case: &'static str,
    },
    /// A basis that is not nearly orthonormal.
    #[error("the reduced basis is not nearly orthonormal in double precision; accepted are smaller dimensions")]
    Basis,
    /// An error that no network for this basis has.
    #[error(
        "the error {error} cannot be reached: the basis alone has {reached}; accepted are larger errors or dimensions"
    )]
    Unreachable {
        /// What was asked for.
        error: Box<Rational>,
        /// What can be reached.
        reached: Box<Rational>,
    },
    /// A network that was not built.
    #[error(transparent)]
    Construct(#[from] crate::construct::ConstructError),
    /// No snapshot from which a basis could begin.
    #[error("the solutions are all 0, which no reduced basis is needed for; accepted are loads that are not 0")]
    NoSnapshot,
    /// The factorisation broke down in doubles.
    #[error("the stiffness matrix is not positive definite in double precision")]
    Factorisation,
    /// Factors that memory cannot hold.
    #[error("there is not enough memory for a grid of {nodes} x {nodes} nodes")]
    Memory {
        /// Nodes a side.
        nodes: usize,
    },
    /// A solution that is none.
    #[error("the solution is not one finite number for each interior node")]
    Solution,
    /// A target that no cover is made for.
    #[error("the target is {target:e}; accepted are numbers from {least:e} to 1")]
    Target {
        /// What was asked for.
        target: f64,
        /// The least.
        least: f64,
    },
    /// Numbers beyond the range of doubles.
    #[error(
        "the basis, the fluxes or the box have numbers that doubles do not hold; accepted are loads and coefficients of moderate size"
    )]
    Doubles,
    /// A target that the basis does not reach at one parameter.
    #[error(
        "the bound with {fluxes} fluxes is {gap:.3e} at one parameter already, above the target {target:e}; accepted are larger targets, longer bases and more fluxes"
    )]
    Gap {
        /// The relative bound there, in doubles.
        gap: f64,
        /// What was asked for.
        target: f64,
        /// The number of fluxes.
        fluxes: usize,
    },
    /// A cover of too many cells.
    #[error("with {cells} cells the bound is {bound:.3e}, and below the target {target:e} on {:.1} % of the box only; accepted are larger targets, longer bases and more cells", 100.0 * share)]
    Cells {
        /// The number of cells.
        cells: usize,
        /// What was asked for.
        target: f64,
        /// The share of the box where it is reached.
        share: f64,
        /// The bound on the whole box.
        bound: f64,
    },
    /// A cover that was told to stop.
    #[error("the cover was stopped before its end")]
    Stopped,
}
