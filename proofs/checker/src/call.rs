//! Using the lowered body of a called network again.
//!
//! Arguments of a call are on one level, and a body is what lowering the network on them would give: its groups on level 1
//! are written in the arguments' groups, all others read its own groups.

use std::rc::Rc;

use crate::layered::{Body, Event, Expression, Group};
use crate::lower::{Lowering, Stop};
use crate::problem::Problem;
use crate::tiles::DIMENSION_LIMIT;

type Shared = Rc<Expression>;

impl Lowering<'_> {
    /// The result of a call by the body of the network, `None` when it has to be written out.
    pub fn call(&mut self, number: usize, copies: u64, arguments: &[Shared]) -> Result<Option<Shared>, Stop> {
        let Some(body) = self.bodies.get(number).cloned().flatten() else { return Ok(None) };
        let level = arguments.first().map_or(0, |argument| argument.level);
        self.place(&body, copies, arguments, level).map(Some)
    }

    /// Places the body on arguments of one level.
    fn place(&mut self, body: &Rc<Body>, copies: u64, arguments: &[Shared], level: u64) -> Result<Shared, Stop> {
        if let Some(input) = body.inputs.iter().position(|&id| id == body.output.id) {
            return arguments.get(input).cloned().ok_or(Stop::Unknown);
        }
        let first = u32::try_from(self.frame.events.len()).map_err(|_| Problem("too many events".to_owned()))?;
        for event in &body.outer {
            let event = usize::try_from(*event).ok().and_then(|event| body.events.get(event));
            let Some(Event::Relu(expression)) = event else { return Err(Stop::Unknown) };
            let argument = self.written_in(expression, copies, arguments, level)?;
            self.relu(&argument)?;
        }
        if body.output.level == 0 {
            return self.written_in(&body.output, copies, arguments, level);
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
        self.affine(&placed, bias, least)
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
