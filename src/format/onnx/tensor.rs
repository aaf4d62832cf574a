//! Constant arrays.

use super::error::{OnnxError, cut};
use super::messages::{DOUBLE, FLOAT, Tensor};
use crate::network::Precision;

/// An array of floats, the last index first.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    pub precision: Precision,
}

/// Reads an array of floats or doubles, as bytes or as typed numbers.
pub fn read_tensor(tensor: &Tensor) -> Result<Array, OnnxError> {
    let refuse = |problem: String, accepted| OnnxError::Tensor { name: cut(&tensor.name), problem, accepted };
    if tensor.data_location != 0 {
        return Err(refuse("its numbers are in another file".to_owned(), "numbers in the file itself"));
    }
    let precision = match tensor.data_type {
        FLOAT => Precision::Single,
        DOUBLE => Precision::Double,
        other => return Err(refuse(format!("numbers of type {other}"), "floats of 32 bits (1) or of 64 bits (11)")),
    };
    let shape: Option<Vec<usize>> = tensor.dims.iter().map(|n| usize::try_from(*n).ok()).collect();
    let count = shape.as_ref().and_then(|shape| shape.iter().try_fold(1usize, |count, n| count.checked_mul(*n)));
    let (Some(shape), Some(count)) = (shape, count) else {
        return Err(refuse(format!("the shape {:?}", tensor.dims), "whole numbers from 0"));
    };
    let raw = &tensor.raw_data;
    let typed = tensor.float_data.len() + tensor.double_data.len();
    if !raw.is_empty() && typed > 0 {
        return Err(refuse("its numbers are there twice".to_owned(), "raw or typed numbers"));
    }
    let values: Vec<f64> = match (raw.is_empty(), precision) {
        // The lengths are compared below; what does not fill a number is counted as one.
        (false, Precision::Single) => raw.chunks(4).map(|bytes| f64::from(f32::from_le_bytes(padded(bytes)))).collect(),
        (false, Precision::Double) => raw.chunks(8).map(|bytes| f64::from_le_bytes(padded(bytes))).collect(),
        (true, Precision::Single) => tensor.float_data.iter().map(|x| f64::from(*x)).collect(),
        (true, Precision::Double) => tensor.double_data.clone(),
    };
    let width = if precision == Precision::Single { 4 } else { 8 };
    if values.len() != count || !raw.len().is_multiple_of(width) || (raw.is_empty() && typed != count) {
        let found = if raw.is_empty() { format!("{typed} numbers") } else { format!("{} bytes", raw.len()) };
        return Err(refuse(format!("{found} for the shape {shape:?}"), "one number an entry"));
    }
    if values.iter().any(|x| !x.is_finite()) {
        return Err(refuse("a number that is not finite".to_owned(), "finite numbers"));
    }
    Ok(Array { shape, values, precision })
}

/// The bytes with zeros behind them.
fn padded<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    all[..bytes.len()].copy_from_slice(bytes);
    all
}
