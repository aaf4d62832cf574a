//! The same program on what a digital computer reads of its input.

use serde_json::{Value as Json, json};

use super::Printout;
use crate::arith::Rational;
use crate::barrier::bss::{Ending, FieldError, Number, Program, Run, RunError, RunOptions, Tower, run};

/// A run on approximations of the input.
pub struct Digital {
    bits: u32,
    /// Dyadic numbers within 2^-bits of the inputs.
    input: Vec<Rational>,
    /// The run on them, over exact numbers too.
    pub run: Run,
    /// The Euclidean distance of its outputs from the exact ones; `None` where their numbers differ or a run is open.
    pub distance: Option<Number>,
}

/// Reads every input to accuracy 2^-bits, runs the program on that, and compares the outputs.
///
/// # Errors
/// [`RunError`] where an instruction has no value on the approximations, or the distance meets a limit of the field.
pub fn run_digital(
    program: &Program,
    input: &[Number],
    exact: &Run,
    tower: &mut Tower,
    options: &RunOptions,
    bits: u32,
) -> Result<Digital, RunError> {
    let readings: Vec<Rational> = input.iter().map(|x| tower.approximation(x, bits)).collect();
    let numbers: Vec<Number> = readings.iter().cloned().map(Number::from).collect();
    let options = RunOptions { steps: options.steps, trace: 0 };
    let run = run(program, &numbers, tower, &options)?;
    let comparable = exact.ending == Ending::Halted
        && run.ending == Ending::Halted
        && run.outputs.len() == exact.outputs.len()
        && !run.outputs.is_empty();
    // A distance that the field does not hold is not shown; nothing else depends on it.
    let distance = if comparable { distance(&exact.outputs, &run.outputs, tower).ok() } else { None };
    Ok(Digital { bits, input: readings, run, distance })
}

fn distance(x: &[Number], y: &[Number], tower: &mut Tower) -> Result<Number, FieldError> {
    let mut sum = Number::zero();
    for (x, y) in x.iter().zip(y) {
        let difference = tower.subtract(x, y)?;
        sum = tower.add(&sum, &tower.multiply(&difference, &difference)?)?;
    }
    tower.sqrt(&sum)
}

impl Digital {
    /// The object in JSON.
    pub fn json(&self, tower: &Tower) -> Json {
        json!({
            "bits": self.bits,
            "input": self.input.iter().map(Rational::to_string).collect::<Vec<_>>(),
            "outputs": self.run.outputs.iter().map(|x| Printout::new(x, tower).json()).collect::<Vec<_>>(),
            "distance": self.distance.as_ref().map(|x| Printout::new(x, tower).json()),
        })
    }
}
