//! How large a structured network is once its calls are written out: bounds that keep the lowering finite.

use super::super::network_error::ReadNetworkError;
use crate::network::{LinearMap, Network, Operation};

/// The largest dimension of a value, all copies counted.
pub(super) const MAX_DIMENSION: u128 = 1 << 48;
/// The most entries that a tile places, repetitions counted.
pub(super) const MAX_PLACED: u128 = 1 << 56;
/// The most entries of all values together, all copies counted: what a level can hold when everything is carried.
const MAX_ENTRIES: u128 = 1 << 52;
/// The most operations and tiles when every call is replaced by what it calls.
const MAX_OPERATIONS: u128 = 1 << 22;
/// The most operations times levels: what carrying every value to the end would take.
const MAX_CARRIED: u128 = 1 << 34;
/// The deepest nesting of calls.
const MAX_NESTING: u128 = 256;

/// The extent of a network with its calls written out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// The largest dimension of a value.
    dimension: u128,
    /// The dimensions of all values.
    entries: u128,
    /// Operations and tiles.
    operations: u128,
    /// Levels of ReLUs, at most.
    levels: u128,
    /// The nesting of calls.
    nesting: u128,
}

impl Extent {
    pub(super) fn new() -> Self {
        Self { dimension: 0, entries: 0, operations: 0, levels: 0, nesting: 1 }
    }

    /// The extent with one operation more, of this dimension.
    pub(super) fn push(&mut self, operation: &Operation, dimension: u128, called: Option<&Self>) {
        self.dimension = self.dimension.max(dimension);
        self.entries = self.entries.saturating_add(dimension);
        self.operations = self.operations.saturating_add(1);
        match operation {
            Operation::Relu => self.levels = self.levels.saturating_add(1),
            Operation::Affine { maps, bias } => {
                let tiles: usize = maps.iter().chain([bias]).map(|map: &LinearMap| map.tiles().len()).sum();
                self.operations = self.operations.saturating_add(tiles as u128);
            }
            Operation::Call { copies, .. } => {
                if let Some(called) = called {
                    self.dimension = self.dimension.max(called.dimension.saturating_mul(*copies as u128));
                    self.entries = self.entries.saturating_add(called.entries.saturating_mul(*copies as u128));
                    self.operations = self.operations.saturating_add(called.operations);
                    self.levels = self.levels.saturating_add(called.levels);
                    self.nesting = self.nesting.max(called.nesting + 1);
                }
            }
            Operation::Input => {}
        }
    }

    /// Accepts what can be lowered.
    pub(super) fn check(&self, place: &str) -> Result<(), ReadNetworkError> {
        let carried = self.operations.saturating_mul(self.levels);
        for (found, limit, unit) in [
            (self.dimension, MAX_DIMENSION, "entries of one value, all copies counted"),
            (self.entries, MAX_ENTRIES, "entries of all values, calls written out"),
            (self.operations, MAX_OPERATIONS, "operations and tiles, calls written out"),
            (carried, MAX_CARRIED, "operations times levels, calls written out"),
            (self.nesting, MAX_NESTING, "calls inside one another"),
        ] {
            if found > limit {
                return Err(ReadNetworkError::TooLarge { place: place.to_owned(), found, limit, unit });
            }
        }
        Ok(())
    }
}

/// The extent of a network whose called networks have the extents that `called` finds.
pub(super) fn extent<'a>(network: &Network, called: impl Fn(&Network) -> Option<&'a Extent>) -> Extent {
    let mut extent = Extent::new();
    for value in network.values() {
        let operation = network.operation(value);
        let inner = match operation {
            Operation::Call { network, .. } => called(network),
            _ => None,
        };
        extent.push(operation, network.dimension(value) as u128, inner);
    }
    extent
}
