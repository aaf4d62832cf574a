//! Values that are used on a later level than they are made on.

use std::rc::Rc;

use crate::layered::{Event, Expression, Group, Link};
use crate::lower::{Lowering, Stop};
use crate::problem::Problem;

type Shared = Rc<Expression>;

impl Lowering<'_> {
    /// The same value as an expression on a higher level.
    pub fn raise(&mut self, expression: &Shared, level: u64) -> Result<Shared, Stop> {
        if expression.level >= level {
            return Ok(Rc::clone(expression));
        }
        if expression.level == 0 && self.frame.unknown {
            return Err(Stop::Unknown);
        }
        let (groups, rows) = (groups(expression), u128::from(expression.bias.rows));
        if expression.level > 0 && groups <= 2 * rows {
            let mut terms = Vec::new();
            for (group, map) in &expression.terms {
                terms.push((self.carry(group, level)?, Rc::clone(map)));
            }
            return Ok(self.expression(level, terms, Rc::clone(&expression.bias)));
        }
        if expression.level > 0 || rows < groups {
            let split = match self.frame.split.get(&expression.id) {
                Some(split) => Rc::clone(split),
                None => {
                    let split = self.split(expression)?;
                    self.frame.split.insert(expression.id, Rc::clone(&split));
                    split
                }
            };
            return self.raise(&split, level);
        }
        // Inputs have any sign: x = max(x, 0) - max(-x, 0) for each input.
        let mut terms = Vec::new();
        for (group, map) in &expression.terms {
            let split = match self.frame.split_inputs.get(group) {
                Some(split) => Rc::clone(split),
                None => {
                    let input = self.of_group(group.clone())?;
                    let split = self.split(&input)?;
                    self.frame.split_inputs.insert(group.clone(), Rc::clone(&split));
                    split
                }
            };
            for (half, sign) in &split.terms {
                terms.push((half.clone(), self.cache.product(map, sign)?));
            }
        }
        let raised = self.expression(1, terms, Rc::clone(&expression.bias));
        self.raise(&raised, level)
    }

    /// The group on a higher level, by identity rows: ReLU outputs are >= 0, so ReLU leaves them as they are.
    pub fn carry(&mut self, group: &Group, level: u64) -> Result<Group, Problem> {
        if group.level == level {
            return Ok(group.clone());
        }
        let on_level = |(path, _, _): &Link, level: u64| Group { level, path: Rc::clone(path), ..*group };
        let links = self.frame.carried.get(group).map_or(&[][..], Vec::as_slice);
        if let Some(link) = links.iter().find(|link| link.1 <= level && level <= link.2) {
            return Ok(on_level(link, level));
        }
        let source = links.last().map_or_else(|| group.clone(), |link| on_level(link, link.2));
        let from = source.level + 1;
        let carried = self.event(Event::Carry { source, from, to: level }, level, group.dimension)?;
        self.frame.carried.entry(group.clone()).or_default().push((Rc::clone(&carried.path), from, level));
        Ok(carried)
    }

    /// v = max(v, 0) - max(-v, 0), one level higher.
    fn split(&mut self, expression: &Shared) -> Result<Shared, Problem> {
        let mut minus = Vec::new();
        for (group, map) in &expression.terms {
            minus.push((group.clone(), self.cache.negate(map)?));
        }
        let bias = self.cache.negate(&expression.bias)?;
        let negated = self.expression(expression.level, minus, bias);
        let (positive, negative) = (self.relu(expression)?, self.relu(&negated)?);
        let identity = self.cache.identity(positive.dimension)?;
        let (minus, zero) = (self.cache.negate(&identity)?, self.cache.zero(positive.dimension)?);
        Ok(self.expression(expression.level + 1, vec![(positive, identity), (negative, minus)], zero))
    }
}

/// The neurons of the groups of an expression.
pub(crate) fn groups(expression: &Expression) -> u128 {
    expression.terms.iter().map(|term| u128::from(term.0.dimension)).sum()
}
