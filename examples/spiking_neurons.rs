//! What one spiking neuron computes: the toy neuron with its three regions, a neuron that jumps, and a minimum.
//!
//! `cargo run --release --example spiking_neurons`

use std::error::Error;
use std::io::Write;

use certinet::arith::Rational;
use certinet::spiking::{Continuity, FiringRegions, Neuron, Synapse, approximate_minimum, continuity, evaluate};

/// A neuron with these weights and delays, and threshold 1.
fn neuron(synapses: &[(i64, i64)]) -> Neuron {
    let synapse = |(from, &(weight, delay)): (usize, &(i64, i64))| {
        Synapse::new(from, Rational::from(weight), Rational::from(delay))
    };
    let synapses: Vec<Synapse> = synapses.iter().enumerate().map(synapse).collect();
    Neuron::new(synapses.len(), Rational::one(), synapses)
}

/// Prints a line for each region, for a jump, and for a minimum.
///
/// # Errors
/// When the output cannot be written; the neurons themselves are accepted.
pub fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    for region in FiringRegions::new(&neuron(&[(1, 2), (1, 1)]))?.iter() {
        let (set, gradient) = (region.causal_set, region.gradient);
        writeln!(out, "caused by {set:?}: t = {} t_0 + {} t_1 + {}", gradient[0], gradient[1], region.offset)?;
    }
    let nearly = Rational::power_of_two(-10);
    if let Continuity::Discontinuous(jump) =
        continuity(&neuron(&[(1, 0), (-2, 0), (2, 0)]), &nearly, &Rational::from(9))?
    {
        let (input, near) = (&jump.input, &jump.near);
        writeln!(out, "weights 1, -2, 2 at {input:?}: t = {}; at {near:?}: t >= {}", jump.time, jump.near_time_lower)?;
    }
    let minimum = approximate_minimum(3, &Rational::one(), &Rational::ratio(3, 100))?;
    let value = evaluate(&minimum.network, &minimum.too_large)?;
    writeln!(
        out,
        "the minimum of three numbers up to {}, attained at {:?}: {value:?}",
        minimum.error, minimum.too_large
    )?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock())
}
