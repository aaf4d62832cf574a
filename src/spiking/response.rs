//! The shape of a response: a piecewise-linear function of the age of a spike.

use crate::arith::Rational;

/// A piecewise-linear function of the age of a spike: 0 up to age 0, then through its knots, then of one slope.
///
/// A first knot of another value than 0 is a jump just after age 0; from there on the function is continuous.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::spiking::Response;
/// // Up to 1 at age 1, down to 0 at age 3, 0 from there on.
/// let knot = |age: i64, value: i64| (Rational::from(age), Rational::from(value));
/// let hat = Response::new(vec![knot(0, 0), knot(1, 1), knot(3, 0)], Rational::zero()).ok_or("knots")?;
/// assert_eq!(hat.value(&Rational::from(2)), Rational::ratio(1, 2));
/// assert_eq!(hat.value(&Rational::from(9)), Rational::zero());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    knots: Vec<(Rational, Rational)>,
    slope: Rational,
}

/// A change of the line of a response: from this age on, slope (t - age) + jump is added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) age: Rational,
    pub(super) slope: Rational,
    pub(super) jump: Rational,
}

impl Response {
    /// The function through these knots (age, value), of this slope after the last; `None` unless the first age is 0 and
    /// ages increase.
    pub fn new(knots: Vec<(Rational, Rational)>, slope: Rational) -> Option<Self> {
        let starts = knots.first().is_some_and(|(age, _)| age.is_zero());
        let increases = knots.windows(2).all(|pair| pair[0].0 < pair[1].0);
        (starts && increases).then_some(Self { knots, slope })
    }
    /// The response of the slides: the age itself.
    pub fn ramp() -> Self {
        Self { knots: vec![(Rational::zero(), Rational::zero())], slope: Rational::one() }
    }
    /// The knots (age, value).
    pub fn knots(&self) -> &[(Rational, Rational)] {
        &self.knots
    }
    /// The slope after the last knot.
    pub fn slope(&self) -> &Rational {
        &self.slope
    }
    /// The value at an age. Exact; continuous from the left, so 0 at age 0.
    pub fn value(&self, age: &Rational) -> Rational {
        if !age.is_positive() {
            return Rational::zero();
        }
        let after = self.knots.partition_point(|(start, _)| start < age);
        let (start, value) = &self.knots[after - 1];
        value + (age - start) * self.slope_from(after - 1)
    }
    /// The slope just after a knot.
    fn slope_from(&self, knot: usize) -> Rational {
        match self.knots.get(knot + 1) {
            None => self.slope.clone(),
            Some((end, last)) => {
                let (start, first) = &self.knots[knot];
                // Ages increase.
                (last - first) / (end - start)
            }
        }
    }
    /// The changes of the function, cut off at the end of a window (after which it is 0), increasing in age.
    pub(super) fn changes(&self, window: Option<&Rational>) -> Vec<Change> {
        let mut changes = Vec::with_capacity(self.knots.len() + 1);
        let mut before = Rational::zero();
        for (number, (age, value)) in self.knots.iter().enumerate() {
            if window.is_some_and(|window| age >= window) {
                break;
            }
            let slope = self.slope_from(number);
            let jump = if number == 0 { value.clone() } else { Rational::zero() };
            changes.push(Change { age: age.clone(), slope: &slope - &before, jump });
            before = slope;
        }
        if let Some(window) = window {
            changes.push(Change { age: window.clone(), slope: -before, jump: -self.value(window) });
        }
        changes
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn knots(list: &[(i64, i64)]) -> Vec<(Rational, Rational)> {
        list.iter().map(|&(age, value)| (Rational::from(age), Rational::from(value))).collect()
    }

    #[test]
    fn changes_add_up_to_the_function() {
        let shapes = [
            (knots(&[(0, 0)]), 1),
            (knots(&[(0, 0), (1, 1), (3, 0)]), 0),
            (knots(&[(0, -4), (2, -1), (5, 0)]), 0),
            (knots(&[(0, 3), (4, 3)]), -2),
        ];
        for (knots, slope) in shapes {
            let response = Response::new(knots, Rational::from(slope)).unwrap();
            for window in [None, Some(Rational::from(1)), Some(Rational::ratio(7, 2)), Some(Rational::from(20))] {
                let changes = response.changes(window.as_ref());
                for n in -8..100i64 {
                    let age = Rational::ratio(n, 4);
                    let open = changes.iter().filter(|change| change.age < age);
                    let sum: Rational = open.map(|change| &change.jump + (&age - &change.age) * &change.slope).sum();
                    let inside = window.as_ref().is_none_or(|window| age <= *window);
                    assert_eq!(sum, if inside { response.value(&age) } else { Rational::zero() }, "{age}");
                }
            }
        }
        assert_eq!(Response::new(knots(&[]), Rational::one()), None);
        assert_eq!(Response::new(knots(&[(1, 0)]), Rational::one()), None);
        assert_eq!(Response::new(knots(&[(0, 0), (2, 1), (2, 3)]), Rational::one()), None);
    }
}
