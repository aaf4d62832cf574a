//! Other networks for the reduced coefficients: the matrix as an input of a solver or an inverse.

use std::sync::Arc;

use crate::arith::Rational;
use crate::construct::{ConstructError, InverseMethod, SolveMethod, SolveRequest, linear_solve, symmetric_inverse};
use crate::linalg::{Matrix, dot};
use crate::network::{Block, LinearMap, Network, Size};

use super::super::PdeError;
use super::super::whole_box::Norm;
use super::system::ReducedProblem;
use super::total::Budget;

/// How y -> B_y^-1 f is realised, B_y being an input of what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComposedMethod {
    /// Chebyshev semi-iteration for any matrix: d^2 products a step.
    Chebyshev,
    /// The inverse by Newton-Schulz iteration: d^3 products a step.
    NewtonSchulz,
    /// The inverse as a product of doublings.
    ProductForm,
    /// The inverse by the Neumann series, power by power.
    Published,
}

impl ComposedMethod {
    /// All methods.
    pub const ALL: [Self; 4] = [Self::Chebyshev, Self::NewtonSchulz, Self::ProductForm, Self::Published];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chebyshev => "chebyshev",
            Self::NewtonSchulz => "newton-schulz",
            Self::ProductForm => "product-form",
            Self::Published => "published",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::Chebyshev | Self::ProductForm => "certinet",
            Self::NewtonSchulz => "Sch33",
            Self::Published => "KPRS22",
        }
    }
}

/// A network of the reduced coefficients by a method that inverts or solves with any matrix.
#[derive(Debug, Clone)]
pub struct ComposedMap {
    /// y -> c
    pub network: Arc<Network>,
    /// L, N and M.
    pub size: Size,
    /// The error, part by part: what solver or inverse err by counts as products.
    pub budget: Budget,
}

impl ComposedMap {
    /// The network of a method within an error, for a basis with error rho.
    ///
    /// **Statement.** With c' = C_y^-1 g: |c' - c_G| <= (phi + beta s) / (c - beta), as C_y (c' - c_G) = g - f + (B_y - C_y) c_G and
    /// |c_G| <= s; a solver within eta adds eta, an inverse within eta adds eta F. Coefficients that are wrong by e in
    /// the 2-norm are wrong by C |e| / f in the relative norm, see FORMAT.md, section 13.
    ///
    /// **Exactness.** Exact network, upper bound. No certificate is written: the section `diffusion` proves the method
    /// `affine`.
    ///
    /// # Errors
    /// [`PdeError::Unreachable`] where rho leaves no room, [`PdeError::Construct`].
    pub fn new(
        problem: &ReducedProblem,
        method: ComposedMethod,
        norm: Norm,
        rho: &Rational,
        error: &Rational,
    ) -> Result<Self, PdeError> {
        let system = &problem.system;
        let zero = Rational::zero();
        let (lower, upper) = (&system.lower - &system.matrix_error, &system.upper + &system.matrix_error);
        let solution = &system.load_upper / &system.lower;
        let drift = (&system.load_error + &(&system.matrix_error * &solution)) / &lower;
        let allowed = norm.allowed(problem, error, rho, &zero).map(|allowed| allowed - &drift);
        let Some(allowed) = allowed.filter(Rational::is_positive) else {
            let reached = Budget::new(problem, norm, rho, &zero, &drift).total;
            return Err(PdeError::Unreachable { error: Box::new(error.clone()), reached: Box::new(reached) });
        };
        let allowed = allowed.round_down(24);
        let (size, entries) = (system.size(), system.size() * system.size());
        let mut builder = Network::builder();
        let y = builder.input(system.parameters());
        let (slope, constant) = affine_matrix(problem);
        let matrix = builder.affine(&[(y, slope)], constant).map_err(ConstructError::from)?;
        let (output, reached) = match method {
            ComposedMethod::Chebyshev => {
                let rhs_bound = system.load_upper.clone();
                let request = SolveRequest { size, lower, upper, rhs_bound, error: allowed };
                let solve = linear_solve(&request, SolveMethod::Chebyshev)?;
                let none = LinearMap::zero(size, system.parameters());
                let load = builder.affine(&[(y, none)], LinearMap::vector(&system.load));
                let load = load.map_err(ConstructError::from)?;
                let output = builder.call(1, &solve.network, &[matrix, load]).map_err(ConstructError::from)?;
                (output, solve.claim.error)
            }
            ComposedMethod::NewtonSchulz | ComposedMethod::ProductForm | ComposedMethod::Published => {
                let own = match method {
                    ComposedMethod::ProductForm => InverseMethod::ProductForm,
                    ComposedMethod::Published => InverseMethod::Published,
                    _ => InverseMethod::NewtonSchulz,
                };
                let inverse_error = (&allowed / &system.load_upper).round_down(24);
                let inverse = symmetric_inverse(size, (&lower, &upper), &inverse_error, own)?;
                let value = builder.call(1, &inverse.network, &[matrix]).map_err(ConstructError::from)?;
                // Row j of the inverse times g.
                let row = Block::from_rows(&[&system.load]);
                let map = LinearMap::literal(row).copies(size);
                debug_assert_eq!(map.columns(), entries);
                let output = builder.linear(value, map).map_err(ConstructError::from)?;
                (output, &inverse.claim.error * &system.load_upper)
            }
        };
        let network = Arc::new(builder.finish(output));
        let size = network.layered().and_then(|layered| layered.size()).map_err(ConstructError::from)?;
        let budget = Budget::new(problem, norm, rho, &zero, &(reached + drift));
        Ok(Self { network, size, budget })
    }
}

/// y -> C_y, row by row: (h_i - l_i) t_i = y_i - l_i.
fn affine_matrix(problem: &ReducedProblem) -> (LinearMap, LinearMap) {
    let system = &problem.system;
    let d = system.size();
    let row = |entry: usize| -> Vec<Rational> {
        let slope =
            |(matrix, (lower, upper)): (&Matrix, &(Rational, Rational))| &matrix.entries()[entry] / &(upper - lower);
        system.matrices[1..].iter().zip(&system.domain).map(slope).collect()
    };
    let rows: Vec<Vec<Rational>> = (0..d * d).map(row).collect();
    let lower: Vec<Rational> = system.domain.iter().map(|(lower, _)| lower.clone()).collect();
    let bias: Vec<Rational> =
        rows.iter().zip(system.matrices[0].entries()).map(|(row, constant)| constant - &dot(row, &lower)).collect();
    let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
    (LinearMap::literal(Block::from_rows(&rows)), LinearMap::vector(&bias))
}
