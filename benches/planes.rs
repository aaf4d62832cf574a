//! All regions of a square in a plane through a network of the size of ACAS Xu: time for each region against one exact
//! evaluation of the network.

#[path = "../tests/plane/mod.rs"]
#[allow(clippy::unwrap_used)]
mod plane;
mod timing;

use certinet::arith::Rational;
use certinet::evaluate::Evaluator;
use certinet::polyhedra::regions;
use timing::{Failure, shortest};

fn main() -> Result<(), Failure> {
    println!("5 inputs, 6 hidden layers of 50, 5 outputs, on the square [-1/2, 1/2]^2 of a plane:");
    for (name, network) in [("24-bit weights", plane::float_weights()), ("4-bit weights", plane::coarse_weights())] {
        let restricted = plane::plane(&network);
        let evaluator = Evaluator::<Rational>::new(&restricted)?;
        let point = [Rational::ratio(1, 7), Rational::ratio(-1, 9)];
        let evaluated = shortest(5, || {
            evaluator.evaluate(&point)?;
            Ok(())
        })?;
        let mut count = 0;
        let cut = shortest(1, || {
            let all = regions(&restricted, Some(&plane::square("1")), 1_000_000)?;
            if !all.is_complete() {
                return Err("the regions are not complete".into());
            }
            count = all.found().len();
            Ok(())
        })?;
        println!(
            "  {name}: region / evaluation {:.2}   ({count} regions in {cut:.2} s)",
            cut / count as f64 / evaluated
        );
    }
    Ok(())
}
