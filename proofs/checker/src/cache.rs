//! Results of the algebra by the identity of the shared maps they came from: calls of one network repeat them.

use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;

use num_traits::One;

use crate::network::{Block, Map};
use crate::problem::Problem;

/// Operands, kept so that their addresses stay theirs, and the result.
type Entry = (Option<Rc<Map>>, Option<Rc<Map>>, Rc<Map>);

/// What is done to a map.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Step {
    /// By shape, blocks and places: networks repeat the same maps.
    Tidy(Vec<u64>, Vec<*const Block>),
    Copies(*const Map, u64),
    Repeat(*const Map, u64),
    Product(*const Map, *const Map),
    Sum(*const Map, *const Map),
    Negate(*const Map),
    Identity(u64),
    Zero(u64),
}

/// Maps in normal form; `'a` is the life of the networks whose maps are read.
#[derive(Default)]
pub(crate) struct Cache<'a> {
    results: HashMap<Step, Entry>,
    counts: HashMap<*const Map, (Rc<Map>, u128)>,
    networks: std::marker::PhantomData<&'a Map>,
}

impl<'a> Cache<'a> {
    fn keep(
        &mut self,
        step: Step,
        operands: [Option<&Rc<Map>>; 2],
        make: impl FnOnce() -> Result<Map, Problem>,
    ) -> Result<Rc<Map>, Problem> {
        if let Some(entry) = self.results.get(&step) {
            return Ok(Rc::clone(&entry.2));
        }
        let result = Rc::new(make()?);
        let [a, b] = operands.map(Option::<&Rc<Map>>::cloned);
        self.results.insert(step, (a, b, Rc::clone(&result)));
        Ok(result)
    }
    /// The normal form of a map of a network.
    pub fn tidy(&mut self, map: &'a Map) -> Result<Rc<Map>, Problem> {
        let mut places = vec![map.rows, map.columns];
        for tile in map.tiles.iter() {
            // The number of axes tells where the next tile starts.
            places.extend([tile.row, tile.column, tile.row_step, tile.column_step, tile.axes.len() as u64]);
            places.extend(tile.axes.iter().flat_map(|axis| [axis.count, axis.row, axis.column]));
        }
        let blocks = map.tiles.iter().map(|tile| Rc::as_ptr(&tile.block)).collect();
        self.keep(Step::Tidy(places, blocks), [None, None], || map.tidy())
    }
    /// I_n (x) A.
    pub fn copies(&mut self, a: &Rc<Map>, n: u64) -> Result<Rc<Map>, Problem> {
        if n == 1 {
            return Ok(Rc::clone(a));
        }
        self.keep(Step::Copies(Rc::as_ptr(a), n), [Some(a), None], || a.copies(n))
    }
    /// (1 .. 1)^T (x) A.
    pub fn repeat(&mut self, a: &Rc<Map>, n: u64) -> Result<Rc<Map>, Problem> {
        if n == 1 {
            return Ok(Rc::clone(a));
        }
        self.keep(Step::Repeat(Rc::as_ptr(a), n), [Some(a), None], || a.repeat(n))
    }
    /// A B.
    pub fn product(&mut self, a: &Rc<Map>, b: &Rc<Map>) -> Result<Rc<Map>, Problem> {
        if a.columns == b.rows && a.identity_factor().is_some_and(One::is_one) {
            return Ok(Rc::clone(b));
        }
        if a.columns == b.rows && b.identity_factor().is_some_and(One::is_one) {
            return Ok(Rc::clone(a));
        }
        let step = Step::Product(Rc::as_ptr(a), Rc::as_ptr(b));
        self.keep(step, [Some(a), Some(b)], || a.product(b))
    }
    /// A + B.
    pub fn sum(&mut self, a: &Rc<Map>, b: &Rc<Map>) -> Result<Rc<Map>, Problem> {
        self.keep(Step::Sum(Rc::as_ptr(a), Rc::as_ptr(b)), [Some(a), Some(b)], || a.add(b))
    }
    /// -A.
    pub fn negate(&mut self, a: &Rc<Map>) -> Result<Rc<Map>, Problem> {
        self.keep(Step::Negate(Rc::as_ptr(a)), [Some(a), None], || Ok(a.negate()))
    }
    /// The identity on R^n.
    pub fn identity(&mut self, n: u64) -> Result<Rc<Map>, Problem> {
        self.keep(Step::Identity(n), [None, None], || Map::identity(n))
    }
    /// The zero vector of R^n.
    pub fn zero(&mut self, n: u64) -> Result<Rc<Map>, Problem> {
        self.keep(Step::Zero(n), [None, None], || Ok(Map::zero(n, 1)))
    }
    /// The number of entries that are not zero.
    pub fn nonzeros(&mut self, a: &Rc<Map>) -> Result<u128, Problem> {
        if let Some((_, count)) = self.counts.get(&Rc::as_ptr(a)) {
            return Ok(*count);
        }
        let count = a.nonzeros()?;
        self.counts.insert(Rc::as_ptr(a), (Rc::clone(a), count));
        Ok(count)
    }
}
