//! Solving B u = f by a network: inverting I - A in product form or by Newton-Schulz against a Chebyshev iteration
//! that never forms the inverse. Same matrices, same certified error.
//!
//! `cargo run --release --example solve_or_invert`

use std::error::Error;
use std::io::Write;

use certinet::arith::Rational;
use certinet::construct::{
    Construction, SolveMethod, SolveRequest, linear_solve, neumann_inverse, newton_schulz_inverse,
};

/// Prints the sizes side by side.
///
/// # Errors
/// When the output cannot be written; the constructions themselves do not fail.
pub fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let error = Rational::ratio(1, 1000);
    let delta = Rational::ratio(1, 10);
    for size in [10, 100, 1000] {
        // |A| <= 9/10, so I - A has its spectrum in [1/10, 19/10] when A is symmetric.
        let request = SolveRequest {
            size,
            lower: delta.clone(),
            upper: Rational::from(2) - &delta,
            rhs_bound: Rational::one(),
            error: error.clone(),
        };
        let all: [Construction; 3] = [
            neumann_inverse(size, &delta, &error)?,
            newton_schulz_inverse(size, &delta, &error)?,
            linear_solve(&request, SolveMethod::Chebyshev)?,
        ];
        for construction in &all {
            let found = construction.network.layered()?.size()?;
            writeln!(
                out,
                "{size} x {size} {} {}: {} layers, {} weights",
                construction.family, construction.method, found.layers, found.weights
            )?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock())
}
