//! Compares a structured JSON file with another file of the same network: `bind net.json net.layered.json`.

use std::fs::File;
use std::io::BufReader;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let [structured, other] = names.as_slice() else { return Err("two files expected".into()) };
    let networks = certinet_check::structured::read(BufReader::new(File::open(structured)?))?;
    let bound = certinet_check::bind::bind(&networks, BufReader::with_capacity(1 << 16, File::open(other)?))?;
    println!("{bound:?}");
    Ok(())
}
