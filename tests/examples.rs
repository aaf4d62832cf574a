//! Every example runs, and prints what it is known to print.

#![allow(missing_docs)]

use std::error::Error;
use std::io::Write;

#[path = "../examples/certified_square.rs"]
#[allow(dead_code)]
mod certified_square;
#[path = "../examples/solve_or_invert.rs"]
#[allow(dead_code)]
mod solve_or_invert;
#[path = "../examples/spiking_neurons.rs"]
#[allow(dead_code)]
mod spiking_neurons;

type Example = fn(&mut dyn Write) -> Result<(), Box<dyn Error>>;

fn printed(run: Example) -> String {
    let mut out = Vec::new();
    if let Err(error) = run(&mut out) {
        return error.to_string();
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn certified_square_prints_attained_errors() {
    assert_eq!(
        printed(certified_square::run),
        "error 1/1024 with 5 layers and 26 weights; at x = 1/32 the exact error is 1/1024\n\
         error 1/1048576 with 10 layers and 61 weights; at x = 1/1024 the exact error is 1/1048576\n\
         error 1/1099511627776 with 20 layers and 131 weights; at x = 1/1048576 the exact error is 1/1099511627776\n"
    );
}

#[test]
fn solving_takes_fewer_weights_than_inverting() {
    let text = printed(solve_or_invert::run);
    let weights: Vec<u128> =
        text.lines().filter_map(|line| line.rsplit_once(", ")?.1.strip_suffix(" weights")?.parse().ok()).collect();
    assert_eq!(weights.len(), 9, "{text}");
    for sizes in weights.chunks(3) {
        // The bar of the Chebyshev iteration: at least seven times smaller than the product form.
        assert!(sizes[0] >= 7 * sizes[2] && sizes[1] <= sizes[0], "{text}");
    }
}

#[test]
fn spiking_neurons_have_the_regions_of_the_slides() {
    assert_eq!(
        printed(spiking_neurons::run),
        "caused by [0]: t = 1 t_0 + 0 t_1 + 3\n\
         caused by [1]: t = 0 t_0 + 1 t_1 + 2\n\
         caused by [0, 1]: t = 1/2 t_0 + 1/2 t_1 + 2\n\
         weights 1, -2, 2 at [0, 1, 10]: t = 1; at [0, 1023/1024, 10]: t >= 10\n\
         the minimum of three numbers up to 1/100, attained at [0, 3/100, 3/100]: [Some(1/100)]\n"
    );
}
