//! Prints layers, neurons and weights of structured JSON files, counted by the checker.

use std::fs::File;
use std::io::BufReader;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for name in std::env::args().skip(1) {
        let networks = certinet_check::structured::read(BufReader::new(File::open(&name)?))?;
        match certinet_check::lower::layered(&networks).map(|layered| layered.size) {
            Ok(size) => println!("{name} {} {} {}", size.layers, size.neurons, size.weights),
            Err(problem) => println!("{name} {problem}"),
        }
    }
    Ok(())
}
