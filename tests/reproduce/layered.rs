//! A reader and an exact evaluation of the exchange form, on num-bigint alone.
//!
//! Numbers of one layer are integers over one common denominator. After each layer the common factors of two, and the
//! others when there are any, are divided out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use num_bigint::{BigInt, Sign};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    format: String,
    version: u64,
    inputs: usize,
    outputs: usize,
    #[serde(borrow)]
    layers: Vec<LayerText<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerText<'a> {
    rows: usize,
    columns: usize,
    #[serde(borrow)]
    weights: Vec<(usize, usize, &'a str)>,
    #[serde(borrow)]
    bias: Vec<(usize, &'a str)>,
}

/// Numbers n_i / d with one denominator d > 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaled {
    pub numerators: Vec<BigInt>,
    pub denominator: BigInt,
}

impl Scaled {
    /// Numbers of the form p or p/q over their least common denominator.
    pub fn parse<'a>(numbers: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let parts: Vec<(BigInt, BigInt)> = numbers.map(number).collect::<Result<_, _>>()?;
        let mut denominator = BigInt::from(1);
        for (_, q) in &parts {
            denominator = &denominator / gcd(&denominator, q) * q;
        }
        let numerators = parts.iter().map(|(p, q)| p * (&denominator / q)).collect();
        Ok(Self { numerators, denominator })
    }

    fn reduce(&mut self) {
        let zeros = |x: &BigInt| x.trailing_zeros().unwrap_or(u64::MAX);
        let shift = self.numerators.iter().map(zeros).min().unwrap_or(0).min(zeros(&self.denominator));
        let odd = &self.denominator >> zeros(&self.denominator);
        self.denominator >>= shift;
        self.numerators.iter_mut().for_each(|x| *x >>= shift);
        let factor = self.numerators.iter().fold(odd, |factor, x| gcd(&factor, x));
        if factor != BigInt::from(1) {
            self.denominator /= &factor;
            self.numerators.iter_mut().for_each(|x| *x /= &factor);
        }
    }
}

fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.clone(), b.clone());
    while b.sign() != Sign::NoSign && a != BigInt::from(1) {
        let rest = &a % &b;
        (a, b) = (b, rest);
    }
    BigInt::from(a.magnitude().clone())
}

fn number(text: &str) -> Result<(BigInt, BigInt), String> {
    let (p, q) = text.split_once('/').unwrap_or((text, "1"));
    let read = |digits: &str| digits.parse::<BigInt>().map_err(|_| format!("'{text}' is no number"));
    let (p, q) = (read(p)?, read(q)?);
    if q.sign() == Sign::Plus { Ok((p, q)) } else { Err(format!("'{text}' has no positive denominator")) }
}

/// The map x -> W x + b; entries refer to the list of values.
pub struct Layer {
    pub rows: usize,
    pub columns: usize,
    pub weights: Vec<(u32, u32, u32)>,
    pub bias: Vec<(u32, u32)>,
    pub values: Scaled,
}

/// A ReLU network with every weight written out.
pub struct Network {
    pub inputs: usize,
    pub layers: Vec<Layer>,
}

impl Network {
    /// Reads the exchange form; entries must be sorted, unique, inside their matrix and not zero.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.format != "certinet-layered" || file.version != 1 || file.layers.is_empty() {
            return Err("not version 1 of certinet-layered".to_owned());
        }
        let mut layers: Vec<Layer> = Vec::new();
        for (number, text) in file.layers.into_iter().enumerate() {
            let columns = layers.last().map_or(file.inputs, |layer| layer.rows);
            if text.columns != columns {
                return Err(format!("layer {number} has {} columns after {columns} rows", text.columns));
            }
            layers.push(layer(text).map_err(|error| format!("layer {number}: {error}"))?);
        }
        if layers.last().is_none_or(|layer| layer.rows != file.outputs) {
            return Err("the last layer does not have one row for each output".to_owned());
        }
        Ok(Self { inputs: file.inputs, layers })
    }

    /// Every count that a row of the table states, by its key.
    pub fn counts(&self) -> Vec<(&'static str, u128)> {
        let entries = |layer: &Layer| (layer.weights.len() + layer.bias.len()) as u128;
        let heights = || std::iter::once(self.inputs).chain(self.layers.iter().map(|layer| layer.rows));
        vec![
            ("layers", self.layers.len() as u128),
            ("neurons", heights().map(|rows| rows as u128).sum()),
            ("weights", self.layers.iter().map(entries).sum()),
            ("first_layer_weights", self.layers.first().map_or(0, entries)),
            ("last_layer_weights", self.layers.last().map_or(0, entries)),
            ("width", heights().max().map_or(0, |rows| rows as u128)),
            ("dense_parameters", self.layers.iter().map(|layer| (layer.rows * (layer.columns + 1)) as u128).sum()),
        ]
    }

    /// The exact output.
    pub fn evaluate(&self, input: &Scaled) -> Scaled {
        let mut x = input.clone();
        for (number, layer) in self.layers.iter().enumerate() {
            if number > 0 {
                // max(n / d, 0) = max(n, 0) / d
                x.numerators.iter_mut().filter(|n| n.sign() == Sign::Minus).for_each(|n| *n = BigInt::from(0));
            }
            // (W' / v) (n / d) + b' / v = (W' n + b' d) / (v d)
            let mut y = vec![BigInt::from(0); layer.rows];
            for &(row, value) in &layer.bias {
                y[row as usize] += &layer.values.numerators[value as usize] * &x.denominator;
            }
            for &(row, column, value) in &layer.weights {
                let n = &x.numerators[column as usize];
                if n.sign() != Sign::NoSign {
                    y[row as usize] += &layer.values.numerators[value as usize] * n;
                }
            }
            x = Scaled { numerators: y, denominator: &x.denominator * &layer.values.denominator };
            x.reduce();
        }
        x
    }
}

fn layer(text: LayerText) -> Result<Layer, String> {
    let (rows, columns) = (text.rows, text.columns);
    let sorted = text.weights.windows(2).all(|pair| (pair[0].0, pair[0].1) < (pair[1].0, pair[1].1))
        && text.bias.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let inside = text.weights.iter().all(|entry| entry.0 < rows && entry.1 < columns)
        && text.bias.iter().all(|entry| entry.0 < rows);
    if rows == 0 || !sorted || !inside {
        return Err("entries are unsorted, repeated or outside".to_owned());
    }
    let mut list: Vec<&str> = Vec::new();
    let mut places: HashMap<&str, u32> = HashMap::new();
    let mut place = |value| match places.entry(value) {
        Entry::Occupied(entry) => *entry.get(),
        Entry::Vacant(entry) => {
            list.push(value);
            *entry.insert(list.len() as u32 - 1)
        }
    };
    let weights = text.weights.iter().map(|&(i, j, value)| (i as u32, j as u32, place(value))).collect();
    let bias = text.bias.iter().map(|&(i, value)| (i as u32, place(value))).collect();
    let values = Scaled::parse(list.into_iter())?;
    if values.numerators.iter().any(|value| value.sign() == Sign::NoSign) {
        return Err("an entry is zero".to_owned());
    }
    Ok(Layer { rows, columns, weights, bias, values })
}
