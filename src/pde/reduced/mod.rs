//! Reduced bases of affine problems, with errors at single parameters that are proved.
//!
//! Doubles choose the space; then its basis is rounded to integers over a power of two, and from there everything is
//! exact: the reduced matrices, the residual of any reduced solution, and with it the bound of its error. An estimate
//! is called one and a maximum over samples bounds nothing between them.
//!
//! | file | object |
//! |---|---|
//! | `affine` | [`Affine`]: a_y as a constant and terms, in integers |
//! | `conductance` | [`Conductances`]: stiffness matrices over integers |
//! | `setting` | [`Setting`]: the problem, exactly and in doubles |
//! | `training` | [`approx_training_set`] |
//! | `estimator`, `space`, `dense` | residual norms and reduced solutions in doubles |
//! | `greedy`, `pod` | [`approx_greedy`], [`approx_pod`]: the choice of a space |
//! | `basis` | [`Basis`]: rounded to integers; [`Coefficients`], [`Nodal`] |
//! | `system` | [`ReducedSystem`]: reduced matrices and load, exactly |
//! | `bound` | [`Reduced`]: a reduced solution with its error |
//! | `check` | [`Checked`]: that error against the true one |
//!
//! Start at [`ReducedModel`]; another choice of snapshots is a function that returns [`Chosen`].

mod affine;
pub(super) mod basis;
mod bound;
mod check;
mod conductance;
pub(super) mod dense;
mod estimator;
mod greedy;
mod pod;
mod setting;
pub(super) mod space;
mod system;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod training;

pub use affine::Affine;
pub use basis::{Basis, Coefficients, Nodal};
pub use bound::{Reduced, dual_norm_upper};
pub use check::Checked;
pub use conductance::Conductances;
pub use greedy::approx_greedy;
pub use pod::approx_pod;
pub use setting::Setting;
pub use system::{Form, ReducedSystem};
pub use training::approx_training_set;

use super::PdeError;

/// When a basis is long enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// The largest dimension.
    pub dimension: usize,
    /// The estimate at which to stop before.
    pub error: Option<f64>,
}

/// A space as it was chosen, in doubles.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Vectors that are nearly orthonormal for G.
    pub basis: Vec<Vec<f64>>,
    /// The measure of the method for the first 1, 2, .. of them.
    pub decay: Vec<f64>,
    /// Whether the goal for the error was reached, where there is one.
    pub reached: bool,
}

/// A problem with a rounded basis and its exact reduced matrices.
#[derive(Debug, Clone)]
pub struct ReducedModel {
    setting: Setting,
    basis: Basis,
    system: ReducedSystem,
}

impl ReducedModel {
    /// The model of a space.
    ///
    /// # Errors
    /// [`PdeError::NoSnapshot`] where the space is empty.
    pub fn new(setting: Setting, chosen: &Chosen) -> Result<Self, PdeError> {
        let basis = Basis::round(setting.grid(), &chosen.basis)?;
        Ok(Self { system: ReducedSystem::new(&setting, &basis), setting, basis })
    }
    /// The problem.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }
    /// V
    pub fn basis(&self) -> &Basis {
        &self.basis
    }
    /// The reduced matrices.
    pub fn system(&self) -> &ReducedSystem {
        &self.system
    }
}
