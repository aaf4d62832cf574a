//! The reduced matrices and the reduced load, exactly.

use rayon::prelude::*;

use crate::arith::{Integer, Rational};

use super::basis::{Basis, Coefficients};
use super::conductance::{Conductances, inner_product, long_inner_product};
use super::dense::approx_cholesky_solve;
use super::setting::Setting;
use super::space::approx_combination;

/// A symmetric matrix: integers times a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The integers, rows below each other.
    pub entries: Vec<Vec<Integer>>,
    /// What one of them stands for.
    pub unit: Rational,
}

/// B_0 = V^T G V, B_i = V^T A_i V and f_V = V^T f for a rounded V.
///
/// **Exactness.** Exact; the doubles beside them are for guesses.
#[derive(Debug, Clone)]
pub struct ReducedSystem {
    forms: Vec<Form>,
    load: Vec<Integer>,
    load_unit: Rational,
    constant: Rational,
    approx_forms: Vec<Vec<Vec<f64>>>,
    approx_load: Vec<f64>,
}

impl Form {
    fn new(matrix: &Conductances, basis: &Basis, columns: &[Vec<i128>]) -> Self {
        // Row j has V_k . S V_j for k <= j; the rest is symmetric.
        let row = |j: usize| -> Vec<Integer> {
            match matrix.apply_short(&columns[j]) {
                Some(image) => columns[..=j].iter().map(|column| inner_product(&image, column)).collect(),
                None => {
                    let image = matrix.apply(&columns[j]);
                    columns[..=j].iter().map(|column| long_inner_product(&image, column)).collect()
                }
            }
        };
        let mut entries: Vec<Vec<Integer>> = (0..columns.len()).into_par_iter().map(row).collect();
        for j in 0..entries.len() {
            for k in j + 1..entries.len() {
                let entry = entries[k][j].clone();
                entries[j].push(entry);
            }
        }
        let unit = Rational::power_of_two(-2 * basis.exponent()) / Rational::from(matrix.denominator());
        Self { entries, unit }
    }
    /// c . B c
    fn energy(&self, c: &Coefficients) -> Rational {
        let mut sum = Integer::zero();
        for (row, a) in self.entries.iter().zip(c.mantissas()) {
            let mut inner = Integer::zero();
            row.iter().zip(c.mantissas()).for_each(|(entry, b)| inner += &(entry * &Integer::from(*b)));
            sum += &(inner * Integer::from(*a));
        }
        (&self.unit * &Rational::from(sum)).scale_by_power_of_two(-2 * c.exponent())
    }
    fn approx(&self) -> Vec<Vec<f64>> {
        let number = |n: &Integer| (&self.unit * &Rational::from(n)).approx_f64();
        self.entries.iter().map(|row| row.iter().map(number).collect()).collect()
    }
}

impl ReducedSystem {
    /// The matrices of a basis.
    pub fn new(setting: &Setting, basis: &Basis) -> Self {
        let affine = setting.affine();
        let columns: Vec<Vec<i128>> =
            basis.columns().iter().map(|column| column.iter().map(|m| i128::from(*m)).collect()).collect();
        let matrices = std::iter::once(affine.one()).chain((0..affine.parameters()).map(|i| affine.term(i)));
        let forms: Vec<Form> = matrices.map(|matrix| Form::new(&matrix, basis, &columns)).collect();
        let (right, denominator) = setting.right();
        let load: Vec<Integer> = columns.iter().map(|column| long_inner_product(right, column)).collect();
        let load_unit = Rational::power_of_two(-basis.exponent()) / Rational::from(denominator);
        Self {
            approx_forms: forms.iter().map(Form::approx).collect(),
            approx_load: load.iter().map(|n| (&load_unit * &Rational::from(n)).approx_f64()).collect(),
            constant: affine.constant().clone(),
            forms,
            load,
            load_unit,
        }
    }
    /// B_0, B_1, .., B_p.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
    /// V^T G V, V^T A_1 V, .. and f_V in doubles, each number off by at most 2^-52 of itself.
    pub fn approx(&self) -> (&[Vec<Vec<f64>>], &[f64]) {
        (&self.approx_forms, &self.approx_load)
    }
    /// f_V: integers times a unit.
    pub fn load(&self) -> (&[Integer], &Rational) {
        (&self.load, &self.load_unit)
    }
    /// The solution of B_y c = f_V in doubles, rounded; 0 where doubles break down.
    pub fn approx_solve(&self, y: &[Rational]) -> Coefficients {
        let factors: Vec<f64> = std::iter::once(&self.constant).chain(y).map(Rational::approx_f64).collect();
        let matrix = approx_combination(&self.approx_forms, &factors);
        let zero = || vec![0.0; self.load.len()];
        Coefficients::round(&approx_cholesky_solve(matrix, self.approx_load.clone()).unwrap_or_else(zero))
    }
    /// 2 f_V . c - c . B_y c, exactly: at most |u_y|_a^2.
    ///
    /// *Proof.* With v = V c it is 2 f . v - v . A_y v = 2 u . A_y v - v . A_y v = |u|_a^2 - |u - v|_a^2.
    pub fn energy_lower(&self, y: &[Rational], c: &Coefficients) -> Rational {
        let mut twice = Integer::zero();
        for (entry, c) in self.load.iter().zip(c.mantissas()) {
            twice += &(entry * &Integer::from(*c));
        }
        let mut sum = (&self.load_unit * &Rational::from(twice.shl(1))).scale_by_power_of_two(-c.exponent());
        for (form, factor) in self.forms.iter().zip(std::iter::once(&self.constant).chain(y)) {
            if !factor.is_zero() {
                sum -= &(factor * &form.energy(c));
            }
        }
        sum
    }
}
