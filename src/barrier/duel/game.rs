//! A solver against the two problems that agree with all it read.

use super::{Accuracy, DuelError, Family, Limits, Oracle, Place, Reading};
use crate::arith::Rational;
use crate::barrier::l1::{Instance, Optimum};
use crate::linalg::Matrix;

/// s = +-2^-60 rounds to the same double as s = 0, and leaves 1 + s far from the point where that changes.
const BEYOND_DOUBLES: u64 = 60;
/// The least n: |s| < 1 is needed.
const LEAST: u64 = 1;
/// How many bits finer than asked for s may be made where the bar is not reached.
const FINER: [u64; 6] = [0, 1, 4, 16, 64, 256];

/// What a solver answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The point, exactly as the solver means it.
    pub point: Vec<Rational>,
    /// What the solver says of it.
    pub status: String,
}

/// A solver of min |x|_1 subject to |A x - y| <= epsilon.
///
/// A solver depends on its readings only: the same readings, the same answer. Programs that do not keep to this are not
/// judged as programs; the single answer is.
pub trait Solver {
    /// Its name.
    fn name(&self) -> &str;

    /// Reads what it wants and answers.
    ///
    /// # Errors
    /// [`DuelError`] where it has no answer.
    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError>;
}

/// The rules of a duel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// An answer at this distance or more from every minimiser is refuted.
    pub bar: Rational,
    /// How much may be read.
    pub limits: Limits,
}

impl Default for Rules {
    fn default() -> Self {
        Self { bar: Rational::ratio(1, 4), limits: Limits::default() }
    }
}

/// How the data were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Dyadic approximations of the bits asked for.
    Oracle,
    /// Entries rounded to doubles.
    Double,
    /// The data themselves, which are doubles.
    ExactData,
}

impl Model {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::Double => "double",
            Self::ExactData => "exact data",
        }
    }
}

/// An answer beside a problem that agrees with all that was read, and its one minimiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duel {
    /// How the data were given.
    pub model: Model,
    /// The family of the problem.
    pub family: Family,
    /// What was read, in order.
    pub readings: Vec<Reading>,
    /// s of the problem chosen.
    pub shift: Rational,
    /// The problem chosen.
    pub instance: Instance,
    /// Why the minimiser is the one of the problem.
    pub optimum: Optimum,
    /// The minimiser.
    pub minimiser: Vec<Rational>,
    /// The solver's answer.
    pub answer: Answer,
    /// |answer - minimiser|^2.
    pub distance_squared: Rational,
    /// Whether the distance reaches the bar.
    pub refuted: bool,
}

/// Lets a solver read the problem for s = 0 and chooses s = +-2^-n afterwards, n the finest that was read of 1 + s.
///
/// **Statement.** All readings agree with the problem chosen. Its minimiser is unique, and the distance is exact. Of the
/// two signs the one with the larger distance is taken: it is at least half the distance of the two minimisers, which
/// rises to K / sqrt(2) as n grows ([`Family`]). Where the bar is not reached, finer s are tried, which agree
/// with the readings, too.
///
/// The statement is about this answer, and about every answer that depends on readings to at most n bits. That no
/// algorithm at all solves the family is a theorem, not something that a finite run shows.
///
/// # Errors
/// [`DuelError`] from the solver or about its answer.
pub fn duel(family: &Family, solver: &dyn Solver, rules: &Rules) -> Result<Duel, DuelError> {
    let mut oracle = Oracle::new(family, &Rational::zero(), rules.limits)?;
    let answer = solver.answer(&mut oracle)?;
    let readings = oracle.into_readings();
    let finest = finest(family, &readings);
    let mut best: Option<Duel> = None;
    for finer in FINER {
        let r = Rational::power_of_two(-i64::try_from(finest + finer).unwrap_or(i64::MAX));
        for shift in [-&r, r] {
            let other = judge(family, shift, &answer, readings.clone(), rules)?;
            if best.as_ref().is_none_or(|best| other.distance_squared > best.distance_squared) {
                best = Some(other);
            }
        }
        if best.as_ref().is_some_and(|best| best.refuted) {
            break;
        }
    }
    best.ok_or(DuelError::Readings { limit: rules.limits.readings })
}

/// Lets a solver read the problem for s itself: exactly, where the data are doubles.
///
/// # Errors
/// [`DuelError`] from the solver or about its answer.
pub fn duel_at(family: &Family, shift: &Rational, solver: &dyn Solver, rules: &Rules) -> Result<Duel, DuelError> {
    let mut oracle = Oracle::new(family, shift, rules.limits)?;
    let answer = solver.answer(&mut oracle)?;
    let duel = judge(family, shift.clone(), &answer, oracle.into_readings(), rules)?;
    Ok(Duel { model: Model::ExactData, ..duel })
}

/// The finest n that was asked of the entry 1 + s.
fn finest(family: &Family, readings: &[Reading]) -> u64 {
    let entry = Place::Matrix { row: 0, column: family.critical()[1] };
    let bits = readings.iter().filter(|reading| reading.place == entry).map(|reading| match reading.accuracy {
        Accuracy::Bits(bits) => bits,
        Accuracy::Double => BEYOND_DOUBLES,
    });
    bits.fold(LEAST, u64::max)
}

fn judge(
    family: &Family,
    shift: Rational,
    answer: &Answer,
    readings: Vec<Reading>,
    rules: &Rules,
) -> Result<Duel, DuelError> {
    if answer.point.len() != family.columns() {
        return Err(DuelError::Dimension { found: answer.point.len(), expected: family.columns() });
    }
    let instance = family.instance(&shift)?;
    // |(1 +- 2^-n) - 1| = 2^-n <= 2^-k for every k <= n that was read; all other entries do not depend on s.
    assert!(
        readings.iter().all(|reading| reading.place.entry(&instance).is_some_and(|x| reading.agrees(x))),
        "the problem that is chosen agrees with all readings"
    );
    let optimum = family.optimum(&shift);
    // For s other than 0 the list of vertices has one point, and its numbers are rational.
    assert!(optimum.is_unique(), "s is not 0");
    let minimiser: Vec<Rational> =
        optimum.vertices.iter().flatten().map(|coordinate| coordinate.rational.clone()).collect();
    let distance_squared =
        Matrix::from_fn(1, minimiser.len(), |_, j| &answer.point[j] - &minimiser[j]).frobenius_squared();
    let has_double = readings.iter().any(|reading| reading.accuracy == Accuracy::Double);
    Ok(Duel {
        model: if has_double { Model::Double } else { Model::Oracle },
        family: family.clone(),
        readings,
        shift,
        instance,
        optimum,
        minimiser,
        answer: answer.clone(),
        refuted: distance_squared >= &rules.bar * &rules.bar,
        distance_squared,
    })
}
