//! From a problem and an error to a network with its proof.

use core::ops::ControlFlow;

use crate::arith::Rational;
use crate::certify::{Claim, Proof};
use crate::construct::{Construction, Parameter, Published};

use super::super::reduced::{Chosen, Goal, ReducedModel, Setting, approx_greedy, approx_training_set};
use super::super::whole_box::{Cover, CoverOptions, Norm, Progress, cover};
use super::super::{Coefficient, Grid, Load, PdeError, Stiffness};
use super::map::ParametricMap;
use super::{certificate, published};

/// Dimensions beyond the first guess that are tried.
const MORE_DIMENSIONS: usize = 8;
/// The largest dimension.
const MAX_DIMENSION: usize = 256;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct MapOptions {
    /// The largest relative error.
    pub error: Rational,
    /// Its norm.
    pub norm: Norm,
    /// The dimension of the basis; the smallest that serves where there is none.
    pub dimension: Option<usize>,
    /// Random training parameters of the basis.
    pub training: usize,
    /// Where random numbers start.
    pub seed: u64,
    /// The most cells of the cover.
    pub cells: usize,
}

/// A network for the parametric map with everything that proves its error over the whole box.
#[derive(Debug, Clone)]
pub struct CertifiedMap {
    /// The basis.
    pub model: ReducedModel,
    /// The bound of its error.
    pub cover: Cover,
    /// The network.
    pub map: ParametricMap,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stage<'a> {
    /// Covering the box for a basis of this dimension.
    Cover {
        /// d
        dimension: usize,
        /// How far it is.
        progress: &'a Progress<'a>,
    },
}

impl CertifiedMap {
    /// Chooses a basis, covers the box, and builds the smallest network within the error.
    ///
    /// **Statement.** As [`ParametricMap::new`], with rho from [`cover`].
    ///
    /// **Exactness.** Exact network, upper bound of the error for all parameters of the box.
    ///
    /// # Errors
    /// As [`Setting::new`], [`approx_greedy`], [`cover`] and [`ParametricMap::new`].
    pub fn new(
        coefficient: &Coefficient,
        load: &Load,
        options: &MapOptions,
        report: &mut dyn FnMut(Stage<'_>) -> ControlFlow<()>,
    ) -> Result<Self, PdeError> {
        let setting = Setting::new(coefficient, load)?;
        let training = approx_training_set(coefficient, options.training, options.seed);
        let error = options.error.approx_f64();
        // Guesses: estimates of the greedy choice are about twice the error; half of the budget is the basis'.
        let share = match options.norm {
            Norm::Energy => 0.45,
            Norm::H1 => 0.3 / contrast(coefficient),
        };
        let dimension = options.dimension.unwrap_or(MAX_DIMENSION).min(setting.grid().unknowns());
        let goal = Goal { dimension, error: options.dimension.is_none().then_some(share * error / 50.0) };
        let chosen = approx_greedy(&setting, &training, &goal)?;
        let first = match options.dimension {
            Some(_) => chosen.basis.len(),
            None => 1 + chosen.decay.iter().position(|x| *x <= share * error).unwrap_or(chosen.basis.len() - 1),
        };
        let target = match options.norm {
            Norm::Energy => 0.6 * error,
            Norm::H1 => 0.45 * error,
        };
        let mut failure = None;
        for dimension in first..=chosen.basis.len().min(first + MORE_DIMENSIONS) {
            let own = Chosen {
                basis: chosen.basis[..dimension].to_vec(),
                decay: chosen.decay[..dimension].to_vec(),
                reached: chosen.reached,
            };
            let model = ReducedModel::new(setting.clone(), &own)?;
            let cover_options = CoverOptions {
                target,
                norm: options.norm,
                cells: options.cells,
                seed: options.seed,
                ..CoverOptions::default()
            };
            let mut report = |progress: &Progress<'_>| report(Stage::Cover { dimension, progress });
            match cover(&model, &cover_options, &mut report) {
                Ok(cover) => {
                    let map = ParametricMap::new(&model, options.norm, &cover.rho, &options.error)?;
                    return Ok(Self { model, cover, map });
                }
                Err(error @ (PdeError::Gap { .. } | PdeError::Cells { .. })) => failure = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(failure.unwrap_or(PdeError::NoSnapshot))
    }
    /// The error of nodal values for one parameter, relative in the norm of the map, in doubles.
    ///
    /// **Exactness.** Approximate: a sample.
    ///
    /// # Errors
    /// As [`Setting::approx_solution`].
    pub fn approx_relative_error(&self, y: &[f64], nodal: &[f64]) -> Result<f64, PdeError> {
        let setting = self.model.setting();
        let solution = setting.approx_solution(y)?;
        let difference: Vec<f64> = nodal.iter().zip(&solution).map(|(a, b)| a - b).collect();
        let values = match self.map.norm {
            Norm::Energy => setting.approx_values(y)?,
            Norm::H1 => vec![1.0; setting.grid().elements()],
        };
        let matrix = Stiffness::new(setting.grid(), &values);
        let squared = |v: &[f64]| -> f64 {
            let energy: f64 = v.iter().zip(&matrix.apply(v)).map(|(a, b)| a * b).sum();
            match self.map.norm {
                Norm::Energy => energy,
                Norm::H1 => energy + approx_mass(setting.grid(), v),
            }
        };
        Ok((squared(&difference) / squared(&solution)).sqrt())
    }
    /// What the network claims.
    pub fn claim(&self) -> Claim {
        certificate::claim(&self.map, self.model.setting().problem(), &self.cover.classes)
    }
    /// Why it holds, for a certificate.
    pub fn proof(&self) -> Proof {
        certificate::proof(&self.map, &self.cover)
    }
    /// The published bound for the network of the coefficients, where its constants are open.
    pub fn published(&self) -> Published {
        published::published(&self.map)
    }
    /// The network of nodal values as a construction among others.
    pub fn construction(&self) -> Construction {
        let map = &self.map;
        let count = |n: usize| Parameter::Count(n as u64);
        Construction {
            family: "parametric-map",
            method: "affine",
            parameters: vec![
                ("case", Parameter::Word(self.model.setting().problem().coefficient().shape().name().to_owned())),
                ("parameters", count(map.problem.system.parameters())),
                ("shift", Parameter::Number(self.model.setting().problem().coefficient().shift().clone())),
                ("grid", count(self.model.setting().grid().nodes())),
                ("dimension", count(self.model.basis().dimension())),
                ("cells", count(self.cover.cells)),
                ("iterates", count(map.solution.iterates)),
                ("coefficient-weights", Parameter::Count(u64::try_from(map.reduced_size.weights).unwrap_or(u64::MAX))),
                ("levels", Parameter::Numbers(map.solution.levels.iter().map(|&m| Rational::from(m)).collect())),
            ],
            network: std::sync::Arc::clone(&map.network),
            claim: self.claim(),
            proof: self.proof(),
            candidates: Vec::new(),
            published: Some(self.published()),
            lower_bound: None,
            size: None,
        }
    }
}

/// The integral of the square of the linear function with these nodal values: on a triangle of area h^2 / 2 it is the sum
/// of squares and products of its corners, over 6, times the area.
fn approx_mass(grid: Grid, v: &[f64]) -> f64 {
    let value = |[i, j]: [usize; 2]| grid.unknown(i, j).map_or(0.0, |k| v[k]);
    let sum: f64 = grid
        .triangles()
        .map(|triangle| {
            let [a, b, c] = triangle.corners().map(value);
            a * a + b * b + c * c + a * b + b * c + a * c
        })
        .sum();
    sum / (12.0 * (grid.cells() * grid.cells()) as f64)
}

/// The root of the largest over the least coefficient, about: what the norms of A_y and G differ by.
fn contrast(coefficient: &Coefficient) -> f64 {
    let shape = coefficient.shape();
    let shift = coefficient.shift().approx_f64();
    let spread: f64 = (0..shape.parameters()).map(|i| shape.range(i)[1].approx_f64().abs()).fold(0.0, f64::max);
    ((shift + spread) / shift).sqrt()
}
