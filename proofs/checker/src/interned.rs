//! Tiles as they are read: networks repeat their maps, and equal ones are kept once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::network::{Axis, Block, Tile};
use crate::problem::{Problem, problem};
use crate::shapes::AXES;

/// The tiles of maps by the numbers that they are written in: for each tile block, row, column, row step, column step, the
/// number of axes, and count, row and column of each axis.
#[derive(Default)]
pub(crate) struct Tiles {
    known: HashMap<Vec<u64>, Rc<[Tile]>>,
    numbers: Vec<u64>,
}

impl Tiles {
    /// The tiles whose numbers `write` writes.
    pub fn of(
        &mut self,
        blocks: &[Rc<Block>],
        write: impl FnOnce(&mut Vec<u64>) -> Result<(), Problem>,
    ) -> Result<Rc<[Tile]>, Problem> {
        self.numbers.clear();
        write(&mut self.numbers)?;
        if let Some(tiles) = self.known.get(&self.numbers) {
            return Ok(Rc::clone(tiles));
        }
        let tiles = tiles(&self.numbers, blocks)?;
        self.known.insert(self.numbers.clone(), Rc::clone(&tiles));
        Ok(tiles)
    }
}

fn tiles(mut numbers: &[u64], blocks: &[Rc<Block>]) -> Result<Rc<[Tile]>, Problem> {
    let mut tiles = Vec::new();
    while let [block, row, column, row_step, column_step, count, rest @ ..] = numbers {
        let (block, count) = (*block, *count);
        let found = usize::try_from(block).ok().and_then(|block| blocks.get(block));
        let Some(found) = found else { return problem(format!("there is no block {block}")) };
        let length = usize::try_from(count).ok().filter(|&count| count <= AXES).map(|count| 3 * count);
        let Some((own, rest)) = length.and_then(|length| rest.split_at_checked(length)) else {
            return problem(format!("a tile has at most {AXES} axes"));
        };
        let mut axes = Vec::with_capacity(own.len() / 3);
        for axis in own.chunks_exact(3) {
            match *axis {
                [count, row, column] if count >= 2 && (row, column) != (0, 0) => axes.push(Axis { count, row, column }),
                _ => return problem("an axis has at least two positions and moves something"),
            }
        }
        let [row, column, row_step, column_step] = [*row, *column, *row_step, *column_step];
        tiles.push(Tile { block: Rc::clone(found), row, column, row_step, column_step, axes });
        numbers = rest;
    }
    Ok(tiles.into())
}
