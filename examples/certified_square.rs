//! A network for x^2, its exact size, its proved error, and an input at which the error is attained.
//!
//! `cargo run --release --example certified_square`

use std::error::Error;
use std::io::Write;

use certinet::arith::Rational;
use certinet::certify::measure;
use certinet::construct::{SquaringMethod, squaring_for_error};

/// Prints one line for each accuracy.
///
/// # Errors
/// When the output cannot be written; the constructions themselves do not fail.
pub fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    for bits in [10, 20, 40] {
        let square = squaring_for_error(&Rational::power_of_two(-bits), None, SquaringMethod::Delayed)?;
        let layered = square.network.layered()?;
        let size = layered.size()?;
        let witness = measure(&layered, &square.claim, &square.candidates)?.ok_or("no witness")?;
        writeln!(
            out,
            "error {} with {} layers and {} weights; at x = {} the exact error is {}",
            square.claim.error, size.layers, size.weights, witness.input[0], witness.error
        )?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock())
}
