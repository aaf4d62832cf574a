//! The programs that come with certinet, on instances where reading digits is not enough.

use serde_json::{Value as Json, json};

use super::super::super::context::{Context, Exit};
use super::super::super::error::CliError;
use super::{Printout, digital, read_input, words};
use crate::barrier::bss::{Number, RunOptions, Tower, read_program, run};
use crate::report::{Cell, Column, Table};

/// A program with an input.
struct Example {
    name: &'static str,
    text: &'static str,
    input: &'static str,
}

const EXAMPLES: [Example; 4] = [
    Example {
        name: "l1",
        text: include_str!("../../../../examples/bss/l1.bss"),
        // |x_1 + (1 + 2^-70) x_2 - 1| <= 1/8
        input: "1,1/8,1,1+2^-70",
    },
    Example {
        name: "pseudoinverse",
        text: include_str!("../../../../examples/bss/pseudoinverse.bss"),
        input: "2,2,1,0,0,2^-70",
    },
    Example {
        name: "classifier",
        text: include_str!("../../../../examples/bss/classifier.bss"),
        // The same number written twice, and a little more.
        input: "sqrt(2)+sqrt(3),sqrt(5+2*sqrt(6))+2^-70",
    },
    Example {
        name: "spectral_norm",
        text: include_str!("../../../../examples/bss/spectral_norm.bss"),
        input: "1,2,3,4+2^-70",
    },
];

/// Runs every example over exact numbers and on what a digital computer reads, and delivers the table.
pub fn deliver(context: &Context, bits: u32, options: &RunOptions) -> Result<Exit, CliError> {
    let mut table = Table::new(vec![
        Column::left("program"),
        Column::left("input"),
        Column::right("steps"),
        Column::left("exact output"),
        Column::left(format!("output on {bits} bits")),
        Column::left("distance"),
    ]);
    for example in &EXAMPLES {
        let place = format!("program {}", example.name);
        let program = read_program(example.text).map_err(|error| CliError::new(error).at(&place))?;
        let mut tower = Tower::new();
        let input = read_input(Some(example.input), &mut tower)?;
        let exact = run(&program, &input, &mut tower, options).map_err(|error| CliError::new(error).at(&place))?;
        let digital = digital::run_digital(&program, &input, &exact, &mut tower, options, bits)
            .map_err(|error| CliError::new(error).at(&place))?;
        let list = |outputs: &[Number]| {
            outputs.iter().map(|x| Printout::new(x, &tower).short()).collect::<Vec<_>>().join(", ")
        };
        let row = vec![
            Cell::text(example.name),
            Cell::text(example.input),
            Cell::count(exact.counts.steps()),
            Cell::text(list(&exact.outputs)),
            Cell::text(list(&digital.run.outputs)),
            Cell::text(words(digital.distance.as_ref().map(|x| Printout::new(x, &tower).short()))),
        ];
        let outputs =
            |outputs: &[Number]| -> Json { outputs.iter().map(|x| Printout::new(x, &tower).json()).collect() };
        table.push(
            row,
            json!({
                "program": example.name,
                "input": example.input,
                "steps": exact.counts.steps().to_string(),
                "outputs": outputs(&exact.outputs),
                "bits": bits,
                "digital": digital.json(&tower),
            }),
        )?;
    }
    context.deliver(&table)?;
    Ok(Exit::Done)
}
