//! Maps of known form: multiples of the identity, constant vectors, numbers.

use std::borrow::Cow;

use num_traits::{One, Zero};

use crate::algebra::equal;
use crate::network::{Axis, Map, Weight};
use crate::problem::{Problem, problem};

/// The entry in the first row and column of a matrix.
///
/// # Errors
/// For a matrix without entries.
pub fn corner(map: &Map) -> Result<Cow<'_, Weight>, Problem> {
    if map.rows == 0 || map.columns == 0 {
        return problem("a matrix has no entries");
    }
    if let [tile] = &*map.tiles
        && let ([(0, 0, c)], (0, 0)) = (tile.block.entries.as_slice(), (tile.row, tile.column))
        && tile.axes.iter().all(|axis| (axis.row, axis.column) != (0, 0))
    {
        return Ok(Cow::Borrowed(c));
    }
    let mut sum = Weight::zero();
    for tile in map.tiles.iter().filter(|tile| (tile.row, tile.column) == (0, 0)) {
        // Strides are not negative, and no axis stands still: only the first position reaches the corner.
        if tile.axes.iter().any(|axis| (axis.row, axis.column) == (0, 0)) {
            return problem("an axis moves nothing");
        }
        for (i, j, v) in &tile.block.entries {
            if (*i == 0 || tile.row_step == 0) && (*j == 0 || tile.column_step == 0) {
                sum += v;
            }
        }
    }
    Ok(Cow::Owned(sum))
}

/// Whether a map is one number at (0, 0), (row, column), (2 row, 2 column), .. in `count` places, seen from its form.
fn is_plain(map: &Map, axis: Axis) -> bool {
    let [tile] = &*map.tiles else { return false };
    let along = match tile.axes.as_slice() {
        [] => axis.count == 1,
        [only] => *only == axis,
        _ => false,
    };
    along && matches!(tile.block.entries.as_slice(), [(0, 0, _)]) && (tile.row, tile.column) == (0, 0)
}

/// The number c when a map is c times the identity.
///
/// # Errors
/// When it is not.
pub fn identity_factor(map: &Map) -> Result<Cow<'_, Weight>, Problem> {
    let n = map.rows;
    if map.columns == n {
        let c = corner(map)?;
        let plain = is_plain(map, Axis { count: n, row: 1, column: 1 });
        if plain || n == 1 || equal(map, &Map::scaled_identity(n, c.clone().into_owned())?)? {
            return Ok(c);
        }
    }
    problem("a map is not a multiple of the identity")
}

/// The number c when a bias is (c, .., c).
///
/// # Errors
/// When it is not.
pub fn constant(bias: &Map) -> Result<Cow<'_, Weight>, Problem> {
    every(bias, bias.rows, 1, "a bias is not constant")
}

/// The number c when a bias is c times the d x d identity matrix, row by row.
///
/// # Errors
/// When it is not.
pub fn identity_bias(bias: &Map, d: u64) -> Result<Cow<'_, Weight>, Problem> {
    if d.checked_mul(d) != Some(bias.rows) {
        return problem("a bias is not a d x d matrix");
    }
    every(bias, d, d + 1, "a bias is not a multiple of the identity matrix")
}

fn every<'a>(bias: &'a Map, count: u64, stride: u64, what: &str) -> Result<Cow<'a, Weight>, Problem> {
    let c = corner(bias)?;
    if bias.tiles.is_empty()
        || is_plain(bias, Axis { count, row: stride, column: 0 })
        || equal(bias, &Map::strided_constant(bias.rows, 0, count, stride, c.clone().into_owned())?)?
    {
        return Ok(c);
    }
    problem(what)
}

/// Whether all entries are 0.
///
/// # Errors
/// When that is not settled.
pub fn is_zero(map: &Map) -> Result<bool, Problem> {
    Ok(map.tiles.is_empty() || equal(map, &Map::zero(map.rows, map.columns))?)
}

/// Whether a map is the identity.
///
/// # Errors
/// When it is no multiple of the identity.
pub fn is_identity(map: &Map) -> Result<bool, Problem> {
    Ok(identity_factor(map)?.is_one())
}
