//! Using the lowered body of a called network again.
//!
//! On arguments of one level a body is what lowering the network on them would give: its groups on level 1 are written
//! in the arguments' groups, all others read its own groups. On arguments of different levels the body is used only
//! when every value that the network makes of a lower argument alone would be raised by carrying all of that argument's
//! groups before anything else happens to it; then the arguments can be carried before the call, in the same order.

use std::rc::Rc;

use crate::layered::{Body, Event, Expression, Group};
use crate::lower::{Lowering, Stop, same_inputs};
use crate::network::Map;
use crate::problem::Problem;
use crate::raise::groups;
use crate::tiles::DIMENSION_LIMIT;

type Shared = Rc<Expression>;

impl Lowering<'_> {
    /// The result of a call by the body of the network, `None` when it has to be written out.
    pub fn call(&mut self, number: usize, copies: u64, arguments: &[Shared]) -> Result<Option<Shared>, Stop> {
        let Some(body) = self.bodies.get(number).cloned().flatten() else { return Ok(None) };
        let level = arguments.iter().map(|argument| argument.level).max().unwrap_or(0);
        let apart = arguments.iter().any(|argument| argument.level != level);
        if apart && !self.can_raise(&body, copies, arguments, level)? {
            return Ok(None);
        }
        if level == 0 && self.frame.unknown && !same_inputs(arguments.iter()) {
            match &body.raised {
                None => self.frame.raised = None,
                Some(raised) => {
                    for (input, map) in raised {
                        let map = self.cache.copies(map, copies)?;
                        if let Some(argument) = arguments.get(*input) {
                            self.note_raised(Some(&map), argument)?;
                        }
                    }
                }
            }
        }
        let mut raised = arguments.to_vec();
        for (input, _) in body.raised.iter().flatten().filter(|_| apart) {
            if let Some(argument) = raised.get_mut(*input).filter(|argument| argument.level < level) {
                let mut terms = Vec::new();
                for (group, map) in &argument.terms {
                    terms.push((self.carry(group, level)?, Rc::clone(map)));
                }
                *argument = self.expression(level, terms, Rc::clone(&argument.bias));
            }
        }
        self.place(&body, copies, arguments, &raised, level).map(Some)
    }

    /// Whether all lower arguments would be raised by carrying their groups.
    fn can_raise(&mut self, body: &Body, copies: u64, arguments: &[Shared], level: u64) -> Result<bool, Problem> {
        let Some(raised) = &body.raised else { return Ok(false) };
        if body.output.level == 0 && body.output.terms.is_empty() {
            return Ok(false); // A constant, on the level of an argument that is no longer known.
        }
        let lower = |input: &usize| arguments.get(*input).filter(|argument| argument.level < level);
        for (input, map) in raised {
            let Some(argument) = lower(input) else { continue };
            // The rule of `raise`: groups are carried unless the value takes fewer neurons.
            let rows = u128::from(map.rows) * u128::from(copies);
            if argument.level == 0 || groups(argument) > 2 * rows {
                return Ok(false);
            }
            let map = self.cache.copies(map, copies)?;
            for (_, inner) in &argument.terms {
                if self.cache.product(&map, inner)?.tiles.is_empty() {
                    return Ok(false);
                }
            }
        }
        let all = (0..arguments.len()).filter(|input| lower(input).is_some());
        Ok(all.into_iter().all(|input| raised.iter().any(|(raised, _)| *raised == input)))
    }

    /// In a body on unknown inputs: the map of this argument, on level 0, is raised if its inputs are not the highest.
    pub fn note_raised(&mut self, map: Option<&Rc<Map>>, argument: &Shared) -> Result<(), Problem> {
        if !self.frame.unknown || argument.terms.len() == self.frame.inputs.len() {
            return Ok(());
        }
        let raised = match argument.terms.as_slice() {
            [(group, inner)] => {
                let whole = map.map_or_else(|| Ok(Rc::clone(inner)), |map| self.cache.product(map, inner))?;
                group.path.first().and_then(|&input| usize::try_from(input).ok()).map(|input| (input, whole))
            }
            _ => None,
        };
        match (raised, &mut self.frame.raised) {
            (Some(raised), Some(list)) => list.push(raised),
            _ => self.frame.raised = None,
        }
        Ok(())
    }

    /// Places the body on arguments of one level.
    fn place(
        &mut self,
        body: &Rc<Body>,
        copies: u64,
        arguments: &[Shared],
        raised: &[Shared],
        level: u64,
    ) -> Result<Shared, Stop> {
        if let Some(input) = body.inputs.iter().position(|&id| id == body.output.id) {
            return arguments.get(input).cloned().ok_or(Stop::Unknown);
        }
        let first = u32::try_from(self.frame.events.len()).map_err(|_| Problem("too many events".to_owned()))?;
        for event in &body.outer {
            let event = usize::try_from(*event).ok().and_then(|event| body.events.get(event));
            let Some(Event::Relu(expression)) = event else { return Err(Stop::Unknown) };
            let argument = self.written_in(expression, copies, raised, level)?;
            self.relu(&argument)?;
        }
        if body.output.level == 0 {
            // An expression in one input alone stays on the level of its argument.
            let apart = arguments.iter().any(|argument| argument.level != level);
            let alone = body.output.terms.len() != body.inputs.len();
            let output = if alone && apart {
                self.written_in(&body.output, copies, arguments, 0)?
            } else {
                self.written_in(&body.output, copies, raised, level)?
            };
            if output.terms.len() != self.frame.inputs.len() && !same_inputs(arguments.iter()) {
                self.frame.raised = None;
            }
            return Ok(output);
        }
        if level.checked_add(body.levels).is_none_or(|level| level >= DIMENSION_LIMIT) {
            return Err(Problem("too many levels".to_owned()).into());
        }
        let call = if body.levels > 1 {
            let call = Event::Call { body: Rc::clone(body), copies, base: level, first };
            self.event(call, level, 0)?.path.first().copied()
        } else {
            None
        };
        let here = Here { body, copies, level, first, call: call.unwrap_or(first) };
        let output = self.moved(&body.output, &here)?;
        if let Some(split) = body.split.get(&body.output.id) {
            let split = self.moved(split, &here)?;
            self.frame.split.insert(output.id, split);
        }
        Ok(output)
    }

    /// An expression in the inputs of a body, for copies, in terms of the arguments.
    fn written_in(
        &mut self,
        expression: &Expression,
        copies: u64,
        arguments: &[Shared],
        least: u64,
    ) -> Result<Shared, Stop> {
        let mut placed = Vec::new();
        for (group, map) in &expression.terms {
            let input = group.path.first().and_then(|&input| usize::try_from(input).ok());
            let argument = input.and_then(|input| arguments.get(input)).ok_or(Stop::Unknown)?;
            placed.push((self.cache.copies(map, copies)?, Rc::clone(argument)));
        }
        let bias = self.cache.repeat(&expression.bias, copies)?;
        let together = std::mem::take(&mut self.frame.raised);
        let written = self.affine(&placed, bias, least)?;
        // What is raised here was noted for the whole call.
        self.frame.raised = together;
        Ok(written)
    }

    /// An expression in the body's own groups, for copies, with where these groups have been carried.
    fn moved(&mut self, expression: &Expression, here: &Here) -> Result<Shared, Problem> {
        let mut terms = Vec::new();
        for (group, map) in &expression.terms {
            let moved = here.group(group)?;
            if let Some(links) = here.body.carried.get(group) {
                let links = links.iter().map(|(path, from, to)| {
                    (here.path(*from, path), here.level.saturating_add(*from), here.level.saturating_add(*to))
                });
                let links = links.collect();
                self.frame.carried.insert(moved.clone(), links);
            }
            terms.push((moved, self.cache.copies(map, here.copies)?));
        }
        let bias = self.cache.repeat(&expression.bias, here.copies)?;
        let level = here.level.saturating_add(expression.level);
        Ok(self.expression(level, terms, bias))
    }
}

/// Where a body is placed.
pub(crate) struct Here<'a> {
    pub body: &'a Body,
    pub copies: u64,
    pub level: u64,
    pub first: u32,
    pub call: u32,
}

impl Here<'_> {
    /// The path of a group of the body: groups on level 1 are events of the caller, the others lie in the call.
    pub fn path(&self, level: u64, path: &[u32]) -> Rc<[u32]> {
        let outer = path.first().filter(|_| level == 1).and_then(|event| self.body.outer.binary_search(event).ok());
        match outer.and_then(|place| u32::try_from(place).ok()) {
            Some(place) => Rc::new([self.first.saturating_add(place)]),
            None => [self.call].into_iter().chain(path.iter().copied()).collect(),
        }
    }
    fn group(&self, group: &Group) -> Result<Group, Problem> {
        let dimension = group.dimension.checked_mul(self.copies);
        Ok(Group {
            level: self.level.saturating_add(group.level),
            dimension: dimension.ok_or_else(|| Problem("a dimension is too large".to_owned()))?,
            path: self.path(group.level, &group.path),
        })
    }
}
