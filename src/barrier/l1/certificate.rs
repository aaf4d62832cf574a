//! The certificate of a minimisation: the problem itself, and the reason of its answer.

use std::io::Write;

use super::separation::separation;
use super::uniqueness::uniqueness;
use super::{Instance, Optimum, Solution, Surd};
use crate::arith::{Integer, Rational};
use crate::certify::CertificateError;
use crate::certify::number::{fractions, integer, number};

/// The most bits of accuracy of a reading.
const MAX_READING: u64 = 1 << 16;

/// What a certificate claims beside the least norm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// There is one minimiser only.
    pub unique: bool,
    /// (s, T): every minimiser z has |z - s|^2 >= T.
    pub answer: Option<(Vec<Rational>, Rational)>,
    /// (i, j, k, v): the entry in row i and column j of A, or y_i where j is the number of columns, is at a distance of at
    /// most 2^-k from v.
    pub readings: Vec<(usize, usize, u64, Rational)>,
}

/// Writes the certificate of a solution, in the format that `proofs/FORMAT.md` defines (Minimisation of the 1-norm).
///
/// # Errors
/// [`CertificateError::Unproved`] for a claim that is not true, [`CertificateError::TooLong`] for numbers beyond the
/// format, both before anything is written; [`CertificateError::Io`].
pub fn write_certificate(
    instance: &Instance,
    solution: &Solution,
    claims: &Claims,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let lines = lines(instance, solution, claims)?;
    for line in &lines {
        writeln!(writer, "{line}")?;
    }
    writeln!(writer, "end {}", lines.len())?;
    Ok(())
}

fn unproved(what: &str) -> CertificateError {
    CertificateError::Unproved { what: what.to_owned() }
}

fn lines(instance: &Instance, solution: &Solution, claims: &Claims) -> Result<Vec<String>, CertificateError> {
    let a = instance.matrix();
    let (m, n) = a.shape();
    if m == 0 || n == 0 {
        return Err(unproved("the minimum over a matrix without rows or columns"));
    }
    let q = match solution {
        Solution::Optimal(optimum) => optimum.q.clone(),
        Solution::Infeasible { .. } => Integer::zero(),
    };
    let mut lines = vec![
        "certinet-certificate 1 minimisation".to_owned(),
        format!("minimisation {m} {n} {} {}", number(instance.epsilon())?, integer(&q)?),
    ];
    for i in 0..m {
        lines.push(list("row", a.row(i))?);
    }
    lines.push(list("data", instance.data())?);
    let field = |keyword: &str, numbers: &[Surd]| field_vector(keyword, numbers, !q.is_zero());
    match solution {
        Solution::Optimal(optimum) => {
            lines.push(field("minimum", std::slice::from_ref(&optimum.value))?);
            if claims.unique {
                lines.push("unique".to_owned());
            }
            if let Some((point, squared)) = &claims.answer {
                if point.len() != n || squared.is_negative() {
                    return Err(unproved("a distance below 0, or from a point of another dimension"));
                }
                lines.push(list(&format!("answer {}", number(squared)?), point)?);
            }
        }
        Solution::Infeasible { .. } => {
            if claims.unique || claims.answer.is_some() {
                return Err(unproved("anything of minimisers where no point is feasible"));
            }
            lines.push("infeasible".to_owned());
        }
    }
    readings(instance, claims, &mut lines)?;
    match solution {
        Solution::Optimal(optimum) => proof(instance, optimum, claims, field, &mut lines)?,
        Solution::Infeasible { normal } => lines.push(list("normal", normal)?),
    }
    lines.push("qed".to_owned());
    Ok(lines)
}

fn readings(instance: &Instance, claims: &Claims, lines: &mut Vec<String>) -> Result<(), CertificateError> {
    let n = instance.matrix().columns();
    for (i, j, bits, value) in &claims.readings {
        let entry = if *j == n { instance.data().get(*i) } else { instance.matrix().get(*i, *j) };
        let near = |entry: &Rational| (entry - value).abs() <= Rational::power_of_two(-(*bits as i64));
        if *bits > MAX_READING || !entry.is_some_and(near) {
            return Err(unproved("a reading that is not near its entry"));
        }
        lines.push(format!("reading {i} {j} {bits} {}", number(value)?));
    }
    Ok(())
}

fn proof(
    instance: &Instance,
    optimum: &Optimum,
    claims: &Claims,
    field: impl Fn(&str, &[Surd]) -> Result<String, CertificateError>,
    lines: &mut Vec<String>,
) -> Result<(), CertificateError> {
    let point = optimum.vertices.first().ok_or_else(|| unproved("a minimum without a minimiser"))?;
    lines.push(field("point", point)?);
    lines.push(field("dual", &optimum.dual)?);
    if let Some(normal) = &optimum.normal {
        lines.push(list("normal", normal)?);
    }
    if claims.unique {
        let reason = uniqueness(instance, optimum).ok_or_else(|| unproved("one minimiser where there are several"))?;
        if let Some(narrow) = &reason.narrow {
            lines.push(list("narrow", narrow)?);
        }
        lines.push(format!("inverse {}", reason.left.len()));
        for (j, row) in &reason.left {
            lines.push(list(&format!("left {j}"), row)?);
        }
    }
    if let Some((s, squared)) = &claims.answer {
        let reason = separation(instance, optimum, s).ok_or_else(|| unproved("a distance that was not computed"))?;
        let q = Rational::from(&optimum.q);
        // With c = |h|^2, c^2 >= T |h|^2 says T <= |h|^2.
        if Surd::from(squared.clone()).compare(&reason.squared, &q).is_gt() {
            return Err(unproved("a distance that is larger than the true one"));
        }
        lines.push(field("separation", &reason.difference)?);
        lines.push(field("multipliers", &reason.multipliers)?);
    }
    Ok(())
}

fn list(keyword: &str, numbers: &[Rational]) -> Result<String, CertificateError> {
    let mut line = keyword.to_owned();
    for x in numbers {
        line.push(' ');
        line.push_str(&number(x)?);
    }
    Ok(line)
}

/// Numbers a + b sqrt(q) over their least common denominator; b is left out where q is 0.
fn field_vector(keyword: &str, numbers: &[Surd], with_roots: bool) -> Result<String, CertificateError> {
    let parts = numbers.iter().flat_map(|x| [Some(&x.rational), with_roots.then_some(&x.root)]).flatten();
    fractions(keyword, &parts.cloned().collect::<Vec<_>>())
}
