//! One cell of parameters: polynomials c(y), s(y) for which the fluxes and the functions V c(y) prove the error.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::basis::Basis;
use super::fields::Order;
use super::fluxes::{BITS, Fluxes, Forms, exponent};
use super::indices::Indices;
use super::problem::{Diffusion, common, over, within};
use super::reduced::{Reduced, of_units, quotient, root, units};
use super::row::{Budget, Row, small};
use crate::lexer::Tokens;
use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::rules::require;

/// The most numbers of a leaf.
const NUMBERS: usize = 1 << 22;

/// What leaves are checked with.
pub struct Context<'a> {
    pub equation: &'a Diffusion,
    pub basis: &'a Basis,
    pub reduced: &'a Reduced,
    pub order: &'a Order,
    pub fluxes: &'a Fluxes,
    pub forms: &'a Forms,
}

/// What the line says: all numbers times 2^exponent.
struct Line {
    indices: Indices,
    exponent: i64,
    /// c*
    point: Vec<BigInt>,
    /// c_k and s_k
    primal: Vec<Vec<BigInt>>,
    dual: Vec<Vec<BigInt>>,
}

/// The cell: y_i = m_i + r_i tau_i, all over one denominator.
struct Cell {
    middles: Vec<BigInt>,
    /// (i, r_i) for the sides of positive length.
    radii: Vec<(usize, BigInt)>,
    denominator: BigInt,
}

/// One field of V times an affine function: (constant + sum over sides of slope tau) / scale, `scale` being that of the leaf.
struct Factor {
    constant: BigInt,
    slopes: Vec<(usize, BigInt)>,
}

impl Cell {
    fn new(sides: &[[Weight; 2]]) -> Result<Self, Problem> {
        let half = Weight::new(BigInt::one(), BigInt::from(2));
        let middles: Vec<Weight> = sides.iter().map(|[l, h]| (l + h) * &half).collect();
        let radii: Vec<Weight> = sides.iter().map(|[l, h]| (h - l) * &half).collect();
        let denominator = common(middles.iter().chain(&radii), 1 << 16)?;
        let radii = radii.iter().enumerate().filter(|(_, r)| !r.is_zero());
        let radii = radii.map(|(i, r)| (i, over(r, &denominator))).collect();
        Ok(Self { middles: middles.iter().map(|m| over(m, &denominator)).collect(), radii, denominator })
    }
    /// a_k0 + sum a_ki y_i, times twice all denominators; the slopes are those of 2 tau.
    fn factor(&self, class: &[BigInt]) -> Factor {
        let Some((constant, slopes)) = class.split_first() else {
            return Factor { constant: BigInt::zero(), slopes: Vec::new() };
        };
        let sum: BigInt = slopes.iter().zip(&self.middles).filter(|(a, _)| !a.is_zero()).map(|(a, m)| a * m).sum();
        let slope = |(place, (i, r)): (usize, &(usize, BigInt))| {
            let a = slopes.get(*i).filter(|a| !a.is_zero())?;
            Some((place, a * r))
        };
        let slopes = self.radii.iter().enumerate().filter_map(slope).collect();
        Factor { constant: (constant * &self.denominator + sum) * 2, slopes }
    }
}

impl Line {
    fn read(
        mut tokens: Tokens<'_>,
        sides: usize,
        (d, q): (usize, usize),
        budget: &mut Budget,
    ) -> Result<Self, Problem> {
        let t = within(&mut tokens, "the degree", 0, 1 << 8)?;
        let indices = Indices::new(sides, u16::try_from(t).unwrap_or(0))?;
        budget.spend((indices.list.len() * (sides + 16) * 16) as u64)?;
        let exponent = exponent(&mut tokens)?;
        require(indices.count.saturating_mul(d + q) <= NUMBERS, "a leaf has at most 2^22 numbers")?;
        let mut numbers = |count: usize| -> Result<Vec<BigInt>, Problem> {
            (0..count).map(|_| tokens.integer().and_then(|n| small(&n, BITS).map(|_| n))).collect()
        };
        let point = numbers(d)?;
        let (mut primal, mut dual) = (Vec::new(), Vec::new());
        for _ in 0..indices.count {
            primal.push(numbers(d)?);
            dual.push(numbers(q)?);
        }
        tokens.end()?;
        Ok(Self { indices, exponent, point, primal, dual })
    }
    /// Coefficient k of twice (constant / 2 + sum of slope tau) c.
    fn product(&self, factor: &Factor, place: usize, k: &[u16], d: usize) -> Vec<BigInt> {
        let mut sum = vec![BigInt::zero(); d];
        let mut add = |c: &BigInt, place: usize| {
            for (sum, v) in sum.iter_mut().zip(self.primal.get(place).into_iter().flatten()) {
                *sum += c * v;
            }
        };
        add(&factor.constant, place);
        for (i, slope) in &factor.slopes {
            self.indices.neighbours(k, *i).for_each(|(place, times)| add(&(slope * times), place));
        }
        sum
    }
}

impl Context<'_> {
    /// The line `leaf` about the cell with these sides.
    pub fn leaf(&self, sides: &[[Weight; 2]], tokens: Tokens<'_>, budget: &mut Budget) -> Result<(), Problem> {
        let cell = Cell::new(sides)?;
        let fluxes = self.fluxes.exponents.len() - 1;
        let line = Line::read(tokens, cell.radii.len(), (self.basis.columns.len(), fluxes), budget)?;
        budget.spend(256 * (self.equation.values.len() * (self.equation.parameters + 1)) as u64)?;
        let ranges = self.equation.ranges(sides)?;
        let (least, most) = (ranges.least(), ranges.most());
        require(least.is_positive(), "a_y > 0 on the cell")?;
        let compliance = self.compliance(sides, &line, budget)?;
        require(compliance.is_positive(), "m > 0")?;
        // sum over blocks of Z^2 / lo
        let mut sum = Number::zero();
        for ((_, class), table) in self.order.blocks.iter().zip(&self.forms.grams) {
            let lo = class.map_or_else(|| least.clone(), |class| ranges.least_of(class));
            sum = &sum + &quotient(&self.distance(&cell, &line, *class, table, budget)?.square(), &lo);
        }
        // |f - D sigma| n / (8 alo)^(1/2)
        let residuals = self.fluxes.residuals.iter();
        let mut residual = residuals.clone().next().cloned().unwrap_or_else(Number::zero);
        for (j, r) in residuals.skip(1).enumerate() {
            let size: BigInt = line.dual.iter().filter_map(|dual| dual.get(j)).map(Signed::abs).sum();
            residual = &residual + &(&Number::dyadic(size, line.exponent) * r);
        }
        let residual = (&residual * &Number::from(self.equation.cells as u64)).square();
        let eight = Weight::from(BigInt::from(8));
        let residual = root(&Number::from(&(residual.to_weight() / (&eight * &least))));
        let distance = (&root(&sum) + &residual).square();
        let wanted = &self.forms.rho.square() * &compliance;
        let holds = if self.forms.fixed_norm {
            // Energy norms are between the roots of the least and the largest value times this one.
            &distance * &Number::from(&most) <= &wanted * &Number::from(&least)
        } else {
            distance <= wanted
        };
        require(holds, "((sum of Z^2 / lo)^(1/2) + g)^2 kappa <= rho^2 m")
    }

    /// m, at most |u_y|^2 on the cell: 2 f . v - v . A_y v with v = V c*.
    fn compliance(&self, sides: &[[Weight; 2]], line: &Line, budget: &mut Budget) -> Result<Number, Problem> {
        let (d, e) = (self.basis.columns.len() as u64, line.exponent);
        budget.spend(128 * d * d * (self.equation.parameters as u64 + 1))?;
        let load: BigInt = self.reduced.load.iter().zip(&line.point).map(|(f, c)| f * c).sum();
        let mut sum = &Number::dyadic(load, e + 1) * &self.reduced.load_unit;
        let unit = &self.reduced.unit.scaled(2 * e);
        let form = |i: usize| &Number::dyadic(self.reduced.form(i, &line.point), 0) * unit;
        sum = &sum - &form(0);
        for (i, [l, h]) in sides.iter().enumerate() {
            let b = form(i + 1);
            sum = (&sum - &(&b * &Number::from(l)).max(&b * &Number::from(h))).reduced();
        }
        Ok(sum)
    }

    /// Z on a block: the sum over k of the roots of half the squared lengths of z_k.
    fn distance(
        &self,
        cell: &Cell,
        line: &Line,
        class: Option<usize>,
        table: &[Row],
        budget: &mut Budget,
    ) -> Result<Number, Problem> {
        let d = self.basis.columns.len();
        let exponents = &self.fluxes.exponents;
        let Some((first, others)) = exponents.split_first() else { return problem("there is no flux") };
        let scale = &cell.denominator * &self.equation.denominator * 2;
        // Fields of V with weights: a_y of the class; or y_i for each of the fields a_i grad V, 1 for the first.
        let unit = |i: usize| {
            let mut unit = vec![BigInt::zero(); self.equation.parameters + 1];
            unit.get_mut(i).into_iter().for_each(|entry| *entry = BigInt::one());
            unit
        };
        let factors: Vec<Factor> = match class {
            Some(class) => self.equation.values.get(class).map(|class| cell.factor(class)).into_iter().collect(),
            None => (0..=self.equation.parameters).map(|i| cell.factor(&unit(i))).collect(),
        };
        // All coefficients over one power of two.
        let low = others.iter().chain([&self.basis.exponent]).map(|e| e + line.exponent).fold(*first, i64::min);
        let shift = |n: &BigInt, e: i64| n << usize::try_from(e - low).unwrap_or(0);
        let divisor = &scale * &scale;
        let mut sum = BigInt::zero();
        for (place, k) in line.indices.list.iter().enumerate() {
            let mut x = vec![if place == 0 { shift(&scale, *first) } else { BigInt::zero() }];
            let dual = line.dual.get(place);
            for (j, e) in others.iter().enumerate() {
                let s = dual.and_then(|dual| dual.get(j));
                x.push(s.map_or_else(BigInt::zero, |s| shift(&(s * &scale), e + line.exponent)));
            }
            for factor in &factors {
                budget.spend(64 * (d * (2 * factor.slopes.len() + 1)) as u64)?;
                let product = line.product(factor, place, k, d);
                x.extend(product.iter().map(|c| -shift(c, self.basis.exponent + line.exponent)));
            }
            let row = Row::new(&x);
            budget.spend(64 * (row.length() + 8) * (row.length() + 8))?;
            let mut square = BigInt::zero();
            for (x, line) in x.iter().zip(table) {
                budget.spend(row.length() * line.length() * table.len() as u64 + 16)?;
                if !x.is_zero() {
                    square += x * line.dot(&row);
                }
            }
            // times 2^(2 low) / scale^2, halved
            let (up, down) = ((2 * low - 1).max(0), (1 - 2 * low).max(0));
            sum += units(&(square << up), &(&divisor << down));
        }
        Ok(of_units(sum))
    }
}
