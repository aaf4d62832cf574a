//! Counting structured networks against counting them written out, as ratios measured in one run.
//!
//! The same construction is counted both ways where writing out is affordable; at dimension 1000, where it is not, the
//! time is put beside the time that writing out would take at the measured rate.

mod timing;

use certinet::arith::Rational;
use certinet::construct::neumann_inverse;
use certinet::network::{Layered, Unrolled};
use timing::{Failure, shortest};

const REPEATS: usize = 5;

fn main() -> Result<(), Failure> {
    let (delta, error) = (Rational::ratio(1, 10), Rational::power_of_two(-40));
    println!("inverse in product form, delta 1/10, error 2^-40:");
    let mut rate = 0.0;
    for size in [2, 10, 20, 1000] {
        let mut layered = None;
        let certified = shortest(REPEATS, || {
            let inverse = neumann_inverse(size, &delta, &error)?;
            layered = Some(inverse.network.layered()?);
            Ok(())
        })?;
        let Some(layered) = layered else { continue };
        let mut weights = 0;
        let counted = shortest(REPEATS, || {
            weights = layered.size()?.weights;
            Ok(())
        })?;
        if size <= 20 {
            let mut entries = 0;
            let written = shortest(REPEATS, || {
                entries = written_out(&layered)?;
                Ok(())
            })?;
            if entries != weights {
                return Err(format!("{entries} written-out weights, {weights} counted").into());
            }
            rate = weights as f64 / written;
            println!(
                "  size {size:4}: written out / counted {:10.1}   ({weights} weights; certified and lowered in {:.1} ms, counted in {:.2} ms)",
                written / counted,
                certified * 1e3,
                counted * 1e3
            );
        } else {
            println!(
                "  size {size:4}: written out / counted {:10.0}   ({weights} weights; certified and lowered in {:.1} ms, counted in {:.2} ms; written out at the rate above)",
                weights as f64 / rate / counted,
                certified * 1e3,
                counted * 1e3
            );
        }
    }
    Ok(())
}

/// The weights of all layers, entry by entry.
fn written_out(network: &Layered) -> Result<u128, Failure> {
    let mut entries = 0;
    for layer in network.layers() {
        for map in [&layer.map, &layer.bias] {
            entries += Unrolled::new(map, 1 << 28)?.nonzeros() as u128;
        }
    }
    Ok(entries)
}
