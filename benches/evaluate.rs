//! Evaluation rates, as ratios measured in one run on one thread.
//!
//! Squaring with 20 levels at 53-bit dyadic inputs: exact fixed-width integers against f64 of the same library, against
//! a kernel written by hand for this one network, and against rationals. Then f64 on the inverse of
//! 10 x 10 matrices, about three million weights, never written out.

mod timing;

use certinet::arith::Rational;
use certinet::construct::{SquaringMethod, neumann_inverse, squaring_network};
use certinet::evaluate::{Evaluator, FixedPlan, FloatNetwork, InputFormat, PlanOptions};
use timing::{Failure, shortest};

const LEVELS: usize = 20;
const COUNT: usize = 1 << 18;
const REPEATS: usize = 15;

fn main() -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    pool.install(|| {
        squaring()?;
        structured()
    })
}

fn squaring() -> Result<(), Failure> {
    let network = squaring_network(LEVELS, None, SquaringMethod::Delayed)?.layered()?;
    let plan = FixedPlan::new(&network, &InputFormat::unit(1, 53), PlanOptions::default())?;
    let float = FloatNetwork::new(&network)?;
    let mask = (1i64 << 53) - 1;
    let inputs: Vec<i64> = (0..COUNT as i64).map(|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15u64 as i64) & mask).collect();
    let floats: Vec<f64> = inputs.iter().map(|&n| n as f64 / (1u64 << 53) as f64).collect();

    let mut exact = Vec::new();
    let fixed_time = shortest(REPEATS, || Ok(plan.evaluate_batch(&inputs, &mut exact)?))?;
    let mut by_hand = Vec::new();
    let hand_time = shortest(REPEATS, || {
        squares_by_hand(&inputs, &mut by_hand);
        Ok(())
    })?;
    let shift = plan.output_fraction_bits() - HAND_FRACTION_BITS;
    let same = exact.iter().zip(&by_hand).all(|(&a, &b)| if shift >= 0 { a == b << shift } else { a << -shift == b });
    if !same || exact.len() != by_hand.len() {
        return Err("the plan and the kernel written by hand disagree".into());
    }
    let mut values = Vec::new();
    let float_time = shortest(REPEATS, || Ok(float.approx_evaluate_batch(&floats, &mut values)?))?;
    let bounded_time = shortest(REPEATS, || {
        float.evaluate_batch(&floats)?;
        Ok(())
    })?;
    let few = 2000;
    let rationals: Vec<Vec<Rational>> =
        inputs[..few].iter().map(|&n| vec![Rational::from(n).scale_by_power_of_two(-53)]).collect();
    let evaluator = Evaluator::<Rational>::new(&network)?;
    let rational_time = shortest(REPEATS, || {
        evaluator.evaluate_batch(&rationals)?;
        Ok(())
    })? * COUNT as f64
        / few as f64;

    let rate = |time: f64| COUNT as f64 / time / 1e6;
    println!("squaring, {LEVELS} levels, 53-bit inputs, one thread:");
    println!(
        "  exact / f64 time             {:8.2}   ({:.1} and {:.1} million inputs/s)",
        fixed_time / float_time,
        rate(fixed_time),
        rate(float_time)
    );
    println!(
        "  exact / by-hand time         {:8.2}   (by hand {:.1} million inputs/s)",
        fixed_time / hand_time,
        rate(hand_time)
    );
    println!(
        "  rational / exact time        {:8.0}   (rational {:.4} million inputs/s)",
        rational_time / fixed_time,
        rate(rational_time)
    );
    println!("  f64 with bound / f64 time    {:8.2}", bounded_time / float_time);
    Ok(())
}

const HAND_FRACTION_BITS: i64 = 53 + LEVELS as i64;
const HAND_LANES: usize = 64;

/// x^2 by the sawtooth recursion in i64 with one i128 sum: what one would write for this network alone.
fn squares_by_hand(inputs: &[i64], outputs: &mut Vec<i128>) {
    outputs.clear();
    outputs.resize(inputs.len(), 0);
    for (inputs, outputs) in inputs.chunks(HAND_LANES).zip(outputs.chunks_mut(HAND_LANES)) {
        let mut tooth = [0i64; HAND_LANES];
        tooth[..inputs.len()].copy_from_slice(inputs);
        for (output, &x) in outputs.iter_mut().zip(&tooth) {
            *output = i128::from(x) << LEVELS;
        }
        for level in 1..=LEVELS {
            // At scale 53 - level: g' = 2 min(g, 1 - g).
            let one = 1i64 << (54 - level);
            for g in &mut tooth {
                *g = (*g).min(one.wrapping_sub(*g));
            }
            // g' 4^-level at scale 53 + LEVELS.
            let shift = LEVELS - level;
            for (output, &g) in outputs.iter_mut().zip(&tooth) {
                *output = output.wrapping_sub(i128::from(g) << shift);
            }
        }
    }
}

/// The inverse of I - A for 10 x 10 matrices, delta = 1/100: about three million weights, never written out.
fn structured() -> Result<(), Failure> {
    let inverse = neumann_inverse(10, &Rational::ratio(1, 100), &Rational::ratio(1, 1000))?;
    let network = inverse.network.layered()?;
    let (weights, dimension) = (network.size()?.weights, network.input_dimension());
    let float = FloatNetwork::new(&network)?;
    let batch = 64;
    let inputs: Vec<f64> = (0..dimension * batch).map(|k| ((k as f64 * 0.618).fract() * 2.0 - 1.0) / 10.0).collect();
    let mut outputs = Vec::new();
    let together = shortest(REPEATS, || Ok(float.approx_evaluate_batch(&inputs, &mut outputs)?))?;
    let scalar = Evaluator::<f64>::new(&network)?;
    let alone = shortest(REPEATS, || {
        scalar.evaluate(&inputs[..dimension])?;
        Ok(())
    })? * batch as f64;
    println!("f64, structured network of {weights} weights, one thread:");
    println!(
        "  one by one / batch time      {:8.2}   ({:.0} evaluations/s in batch)",
        alone / together,
        batch as f64 / together
    );
    Ok(())
}
