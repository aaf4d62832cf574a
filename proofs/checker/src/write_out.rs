//! The layered form written out, one group of neurons at a time; what is too large for that is a [`Problem`].

use std::collections::HashMap;
use std::rc::Rc;

use num_traits::Zero;

use crate::count::for_each_position;
use crate::layered::{Body, Event, Expression, Group, Layered};
use crate::network::{Axis, Block, Map, Weight};
use crate::problem::{Problem, problem};

/// The most entries of one group of neurons.
const BUDGET: u128 = 1 << 25;
/// The most groups of one level.
const GROUPS: usize = 1 << 22;

/// A body inside the calls that lead to it.
struct Nest<'n, 'a> {
    body: &'a Body,
    copies: u64,
    path: Vec<u32>,
    /// The caller, the level of the arguments there, and the first event there that is on level 1 here.
    caller: Option<(&'n Nest<'n, 'a>, u64, u32)>,
}

impl Nest<'_, '_> {
    /// The path of a group from the main network's events: groups on level 1 are events of the caller.
    fn path(&self, level: u64, path: &[u32]) -> Vec<u32> {
        if let (Some((caller, base, first)), 1, Some(event)) = (self.caller, level, path.first())
            && let Ok(place) = self.body.outer.binary_search(event)
        {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            return caller.path(base + 1, &[first.saturating_add(place)]);
        }
        self.path.iter().chain(path).copied().collect()
    }
}

/// What a group of neurons computes from the level below.
enum Rows<'a> {
    Input,
    Relu(Vec<(Vec<u32>, &'a Rc<Map>)>, &'a Rc<Map>),
    Carry(Vec<u32>),
}

struct Neurons<'a> {
    start: u64,
    copies: u64,
    dimension: u64,
    rows: Rows<'a>,
}

/// The groups of one level, one under another.
pub struct Level<'a> {
    /// Number of neurons.
    pub dimension: u64,
    groups: Vec<Neurons<'a>>,
    starts: HashMap<Vec<u32>, u64>,
}

impl Layered {
    /// Number of affine maps.
    pub fn layers(&self) -> u64 {
        self.body.output.level + 1
    }

    /// The neurons of a level: 0 holds the inputs, [`Layered::layers`] the outputs.
    pub fn level(&self, level: u64) -> Result<Level<'_>, Problem> {
        let mut result = Level { dimension: 0, groups: Vec::new(), starts: HashMap::new() };
        let nest = Nest { body: &self.body, copies: 1, path: Vec::new(), caller: None };
        if level == self.layers() {
            result.push(Vec::new(), 1, self.body.output.bias.rows, relu(&self.body.output, &nest))?;
        } else {
            result.collect(&nest, level)?;
        }
        Ok(result)
    }
}

fn relu<'a>(expression: &'a Expression, nest: &Nest) -> Rows<'a> {
    let source = |group: &Group| nest.path(group.level, &group.path);
    Rows::Relu(expression.terms.iter().map(|(group, map)| (source(group), map)).collect(), &expression.bias)
}

impl<'a> Level<'a> {
    fn push(&mut self, path: Vec<u32>, copies: u64, dimension: u64, rows: Rows<'a>) -> Result<(), Problem> {
        let (start, end) = (self.dimension, copies.checked_mul(dimension).and_then(|n| n.checked_add(self.dimension)));
        // Places are kept in 32 bits.
        let Some(end) = end.filter(|&end| end <= u32::MAX.into() && self.groups.len() < GROUPS) else {
            return problem("a level is too large to be written out");
        };
        self.dimension = end;
        self.starts.insert(path, start);
        self.groups.push(Neurons { start, copies, dimension, rows });
        Ok(())
    }

    fn collect(&mut self, nest: &Nest<'_, 'a>, level: u64) -> Result<(), Problem> {
        for &number in nest.body.on_level(level)? {
            let event = usize::try_from(number).ok().and_then(|number| nest.body.events.get(number));
            let path = nest.path(level, &[number]);
            match event {
                Some(Event::Input(n)) => self.push(path, nest.copies, *n, Rows::Input)?,
                Some(Event::Relu(expression)) => {
                    self.push(path, nest.copies, expression.bias.rows, relu(expression, nest))?;
                }
                Some(Event::Carry { source, from, .. }) => {
                    // Inside the run each level is carried from the one below it.
                    let below = if *from == level { nest.path(source.level, &source.path) } else { path.clone() };
                    self.push(path, nest.copies, source.dimension, Rows::Carry(below))?;
                }
                Some(Event::Call { body, copies, base, first }) => {
                    let copies = nest.copies.checked_mul(*copies);
                    let copies = copies.ok_or_else(|| Problem("too many copies".to_owned()))?;
                    self.collect(&Nest { body, copies, path, caller: Some((nest, *base, *first)) }, level - base)?;
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// Distinct weights with their texts.
#[derive(Default)]
pub struct Weights {
    ids: HashMap<Weight, u32>,
    values: Vec<Weight>,
    texts: Vec<Vec<u8>>,
    /// The weights of blocks, by the address of a block that is kept.
    blocks: HashMap<*const Block, (Rc<Block>, Rc<[u32]>)>,
}

impl Weights {
    fn id(&mut self, value: &Weight) -> u32 {
        if let Some(&id) = self.ids.get(value) {
            return id;
        }
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.ids.insert(value.clone(), id);
        self.values.push(value.clone());
        // "p/q" in lowest terms, "p" for integers.
        self.texts.push(value.to_string().into_bytes());
        id
    }
    fn of_block(&mut self, block: &Rc<Block>) -> Rc<[u32]> {
        if let Some((_, ids)) = self.blocks.get(&Rc::as_ptr(block)) {
            return Rc::clone(ids);
        }
        let ids: Rc<[u32]> = block.entries.iter().map(|entry| self.id(&entry.2)).collect();
        self.blocks.insert(Rc::as_ptr(block), (Rc::clone(block), Rc::clone(&ids)));
        ids
    }
    /// The weight of this number and its text.
    pub fn get(&self, id: u32) -> Option<(&Weight, &[u8])> {
        let id = usize::try_from(id).ok()?;
        Some((self.values.get(id)?, self.texts.get(id)?))
    }
}

/// Receives row, column and weight of an entry.
pub type Visit<'v> = dyn FnMut(u32, u32, u32, &Weights) -> Result<(), Problem> + 'v;

impl<'a> Level<'a> {
    /// Visits the entries of the matrix (or of the bias) that makes this level, sorted by row and column.
    pub fn entries(
        &self,
        below: &Level<'a>,
        bias: bool,
        weights: &mut Weights,
        visit: &mut Visit<'_>,
    ) -> Result<(), Problem> {
        let start = |path: &Vec<u32>| {
            let start = below.starts.get(path).copied();
            start.ok_or_else(|| Problem("a group of neurons reads one that is not on the level below".to_owned()))
        };
        for group in &self.groups {
            let mut entries: Vec<[u32; 3]> = Vec::new();
            match &group.rows {
                Rows::Carry(source) if !bias => {
                    let (column, one) = (small(start(source)?)?, weights.id(&Weight::from_integer(1.into())));
                    let row = small(group.start)?;
                    for k in 0..small(group.copies * group.dimension)? {
                        visit(row.saturating_add(k), column.saturating_add(k), one, weights)?;
                    }
                }
                Rows::Relu(_, shift) if bias => place(shift, group, 0, 0, weights, &mut entries)?,
                Rows::Relu(terms, _) => {
                    for (source, map) in terms {
                        place(map, group, start(source)?, map.columns, weights, &mut entries)?;
                    }
                }
                _ => {}
            }
            if !entries.is_sorted() {
                entries.sort_unstable();
            }
            for run in entries.chunk_by(|a, b| a[..2] == b[..2]) {
                match run {
                    [[row, column, id]] => visit(*row, *column, *id, weights)?,
                    // Tiles coincide: their sum is the weight, if it is one.
                    [[row, column, _], ..] => {
                        let values = run.iter().filter_map(|entry| weights.get(entry[2]).map(|found| found.0));
                        let sum: Weight = values.sum();
                        if !sum.is_zero() {
                            let id = weights.id(&sum);
                            visit(*row, *column, id, weights)?;
                        }
                    }
                    [] => {}
                }
            }
        }
        Ok(())
    }
}

fn small(n: u64) -> Result<u32, Problem> {
    u32::try_from(n).map_err(|_| Problem("a level is too large to be written out".to_owned()))
}

/// Adds the entries of copies of a map whose columns start at `column`.
fn place(
    map: &Map,
    group: &Neurons,
    column: u64,
    columns: u64,
    weights: &mut Weights,
    entries: &mut Vec<[u32; 3]>,
) -> Result<(), Problem> {
    for tile in map.tiles.iter() {
        let placed = tile.positions().and_then(|n| n.checked_mul(group.copies.into()));
        let placed = placed.and_then(|n| n.checked_mul(tile.block.entries.len() as u128));
        if placed.is_none_or(|placed| placed.saturating_add(entries.len() as u128) > BUDGET) {
            return problem("a group of neurons is too large to be written out");
        }
        let mut axes = vec![Axis { count: group.copies, row: map.rows, column: columns }];
        axes.extend(&tile.axes);
        let ids = weights.of_block(&tile.block);
        let mut inside = true;
        for_each_position(&axes, group.start + tile.row, column + tile.column, &mut |row, column| {
            for ((i, j, _), id) in tile.block.entries.iter().zip(ids.iter()) {
                match (u32::try_from(row + i), u32::try_from(column + j)) {
                    (Ok(row), Ok(column)) => entries.push([row, column, *id]),
                    _ => inside = false,
                }
            }
        });
        if !inside {
            return problem("a level is too large to be written out");
        }
    }
    Ok(())
}
