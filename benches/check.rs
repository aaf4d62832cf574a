//! Checking against building, and the rate of the checker, as ratios measured in one run on one thread.
//!
//! A certificate is made with its network (levels chosen, network built, lowered and counted, certificate written) and
//! checked, both in memory. Then a network written out is compared with its certificate, weight by weight.

mod timing;

use certinet::arith::Rational;
use certinet::certify::write_certificate;
use certinet::construct::{
    Construction, InverseMethod, PowerMethod, SolveMethod, SolveRequest, linear_solve, matrix_inverse, power_for_error,
};
use certinet::format::layered_json;
use certinet_check::{Verdict, check};
use timing::{Failure, shortest};

const REPEATS: usize = 5;

fn main() -> Result<(), Failure> {
    let (delta, error) = (Rational::ratio(1, 100), Rational::power_of_two(-40));
    println!("checking / building:");
    for method in InverseMethod::ALL {
        let inverse = || Ok(matrix_inverse(1000, &delta, &error, method)?);
        compare(&format!("inverse, size 1000, delta 1/100, error 2^-40, {}", method.name()), inverse)?;
    }
    let request = SolveRequest {
        size: 1000,
        lower: Rational::ratio(1, 100),
        upper: Rational::ratio(199, 100),
        rhs_bound: Rational::one(),
        error: Rational::ratio(1, 1000),
    };
    for method in SolveMethod::ALL {
        let solve = || Ok(linear_solve(&request, method)?);
        compare(&format!("linear system, size 1000, condition 199, error 1/1000, {}", method.name()), solve)?;
    }
    let ends = (Rational::from(-1), Rational::one());
    let power = || Ok(power_for_error(&error, 4000, (&ends.0, &ends.1), PowerMethod::RightToLeft)?);
    compare("x^4000, error 2^-40", power)?;
    bind(&delta, &error)
}

/// The certificate of a construction.
fn certificate(construction: &Construction) -> Result<Vec<u8>, Failure> {
    let size = match construction.size {
        Some(size) => size,
        None => construction.network.layered()?.size()?,
    };
    let mut text = Vec::new();
    write_certificate(&construction.network, &construction.claim, &size, &construction.proof, &mut text)?;
    Ok(text)
}

fn compare(name: &str, build: impl Fn() -> Result<Construction, Failure>) -> Result<(), Failure> {
    let mut text = Vec::new();
    let built = shortest(REPEATS, || {
        text = certificate(&build()?)?;
        Ok(())
    })?;
    let checked = shortest(REPEATS, || verified(check(text.as_slice())?.verdict))?;
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    println!("  {:5.2}   {name} ({lines} lines, {:.0} lines/s)", checked / built, lines as f64 / checked);
    Ok(())
}

fn bind(delta: &Rational, error: &Rational) -> Result<(), Failure> {
    let inverse = matrix_inverse(10, delta, error, InverseMethod::ProductForm)?;
    let text = certificate(&inverse)?;
    let layered = inverse.network.layered()?;
    let weights = layered.size()?.weights;
    let mut file = Vec::new();
    layered_json::write(&layered, weights, &mut file)?;
    let mut outcome = check(text.as_slice())?;
    let bound = shortest(REPEATS, || {
        outcome.bind(file.as_slice());
        verified(outcome.verdict.clone())
    })?;
    println!("comparing a network written out: {weights} weights, {:.0} weights/s", weights as f64 / bound);
    Ok(())
}

fn verified(verdict: Verdict) -> Result<(), Failure> {
    if verdict == Verdict::Verified { Ok(()) } else { Err(verdict.to_string().into()) }
}
