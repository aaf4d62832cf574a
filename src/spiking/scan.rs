//! The crossings of one potential, in integers or in rationals.

use core::ops::{AddAssign, Mul, Sub};

use crate::arith::{Integer, Rational};

/// Numbers that a potential is scanned in.
pub(super) trait Scalar: Clone + Ord + for<'a> AddAssign<&'a Self> {
    fn zero() -> Self;
    fn one() -> Self;
    fn signum(&self) -> i32;
}

impl Scalar for Integer {
    fn zero() -> Self {
        Self::zero()
    }
    fn one() -> Self {
        Self::one()
    }
    fn signum(&self) -> i32 {
        self.signum()
    }
}

impl Scalar for Rational {
    fn zero() -> Self {
        Self::zero()
    }
    fn one() -> Self {
        Self::one()
    }
    fn signum(&self) -> i32 {
        self.signum()
    }
}

/// Where the potential changes its line: slope (T - time) + jump is added to it from `time` on.
///
/// On a piece the potential is slope T - constant, for rationals at time T, for integers at time T in units of the common
/// denominator.
#[derive(Debug)]
pub(super) struct Event<N> {
    pub(super) time: N,
    pub(super) slope: N,
    pub(super) constant: N,
    /// Whether the potential jumps just after.
    pub(super) jump: bool,
}

impl<N: Scalar> Event<N>
where
    for<'a> &'a N: Mul<&'a N, Output = N> + Sub<&'a N, Output = N>,
{
    pub(super) fn new(time: N, slope: N, jump: &N) -> Self {
        let rise = &slope * &time;
        Self { constant: &rise - jump, slope, time, jump: jump.signum() != 0 }
    }
}

/// A crossing at numerator / divisor; the divisor is positive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crossing<N> {
    pub(super) numerator: N,
    pub(super) divisor: N,
}

/// What is looked for.
#[derive(Debug)]
pub(super) struct Scan<'a, N> {
    /// The threshold, in the units of the potential.
    pub(super) threshold: N,
    /// Only the first crossing.
    pub(super) first: bool,
    /// Only crossings up to this time.
    pub(super) until: Option<&'a N>,
}

/// The upward crossings of the threshold, in order; `None` when `after` ends the search.
///
/// # Statement
/// With P the potential, the result is the list of all t with P < threshold just before t and
/// t = inf { s >= t : P(s) >= threshold }. What `after` returns for a crossing, events not before it, is added to the
/// potential; if anything, then something at the crossing itself.
///
/// Proof. `above` says whether P(s) >= threshold for the last s <= the event time. P is continuous from the left and
/// linear between events. Just after an event at e, P tends to p = slope e - constant. From below, P comes up at e itself
/// when p > threshold, or p = threshold and P does not fall from there; otherwise it comes up inside the piece or at its
/// end exactly when the slope is positive and the line reaches the threshold there (p < threshold in that case, since
/// slope >= 0 and p >= threshold were answered before). From above, P goes below when p < threshold, or when the value at
/// the end of the piece is below; a line that starts above cannot come up again within its piece. At an event that a
/// crossing added at its own time, P is the threshold: above.
///
/// # Complexity
/// Time O(n log n) comparisons and O(n) products of a weight sum and a time, for n events; an event that is added costs O(n).
///
/// # Exactness
/// Exact.
pub(super) fn crossings<N: Scalar>(
    mut events: Vec<Event<N>>,
    scan: &Scan<N>,
    mut after: impl FnMut(&Crossing<N>) -> Option<Vec<Event<N>>>,
) -> Option<Vec<Crossing<N>>>
where
    for<'a> &'a N: Mul<&'a N, Output = N> + Sub<&'a N, Output = N>,
{
    events.sort_unstable_by(|a, b| a.time.cmp(&b.time));
    let mut found: Vec<Crossing<N>> = Vec::new();
    let (mut slope, mut constant) = (N::zero(), N::zero());
    let mut above = false;
    let mut next = 0;
    while next < events.len() {
        let here = next;
        let mut jump = false;
        while next < events.len() && events[next].time == events[here].time {
            slope += &events[next].slope;
            constant += &events[next].constant;
            jump |= events[next].jump;
            next += 1;
        }
        if scan.until.is_some_and(|until| events[here].time > *until) {
            break;
        }
        if jump {
            let time = &events[here].time;
            let value = &(&slope * time) - &constant;
            if above {
                above = value >= scan.threshold;
            } else if value > scan.threshold || (value == scan.threshold && slope.signum() >= 0) {
                above = true;
                let crossing = Crossing { numerator: time.clone(), divisor: N::one() };
                insert(&mut events, next, after(&crossing)?);
                found.push(crossing);
            }
        }
        let end = events.get(next).map(|event| &event.time);
        // slope T - constant >= threshold, as slope T >= level
        let mut level = scan.threshold.clone();
        level += &constant;
        let reaches = |end: &N| &slope * end >= level;
        if above && slope.signum() < 0 {
            above = end.is_some_and(reaches);
        } else if !above && slope.signum() > 0 && end.is_none_or(reaches) {
            if scan.until.is_some_and(|until| level > &slope * until) {
                break;
            }
            above = true;
            let crossing = Crossing { numerator: level, divisor: slope.clone() };
            insert(&mut events, next, after(&crossing)?);
            found.push(crossing);
        }
        if scan.first && !found.is_empty() {
            break;
        }
    }
    Some(found)
}

/// Adds events to the sorted ones from `next` on.
fn insert<N: Scalar>(events: &mut Vec<Event<N>>, next: usize, added: Vec<Event<N>>) {
    for event in added {
        let place = next + events[next..].partition_point(|other| other.time <= event.time);
        events.insert(place, event);
    }
}
