//! The crossings of one potential, in integers.

use crate::arith::Integer;

/// Where the potential changes its line: a response starts or ends.
///
/// On a piece the potential is slope T - constant, at time T in units of the common denominator.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) time: Integer,
    pub(super) slope: Integer,
    pub(super) constant: Integer,
    /// Whether a window ends, so that the potential may jump just after.
    pub(super) jump: bool,
}

impl Event {
    /// A response w (T - A) that starts at A.
    pub(super) fn start(arrival: Integer, weight: Integer) -> Self {
        Self { constant: &weight * &arrival, slope: weight, time: arrival, jump: false }
    }
    /// The end, at `time`, of a response that started at A.
    pub(super) fn end(time: Integer, arrival: &Integer, weight: &Integer) -> Self {
        Self { time, constant: -(weight * arrival), slope: -weight, jump: true }
    }
}

/// A crossing at numerator / divisor in units of the common denominator; the divisor is positive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) numerator: Integer,
    pub(super) divisor: Integer,
}

/// What is looked for.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    /// The threshold, in the units of the potential.
    pub(super) threshold: Integer,
    /// Only the first crossing.
    pub(super) first: bool,
    /// Only crossings up to this time.
    pub(super) until: Option<&'a Integer>,
}

/// The upward crossings of the threshold, in order.
///
/// # Statement
/// With P the potential, the result is the list of all t with P < threshold just before t and
/// t = inf { s >= t : P(s) >= threshold }.
///
/// Proof. `above` says whether P(s) >= threshold for the last s <= the event time. P is continuous from the left and
/// linear between events. Just after an event at e, P tends to p = slope e - constant. From below, P comes up at e itself
/// when p > threshold, or p = threshold and P does not fall from there; otherwise it comes up inside the piece or at its
/// end exactly when the slope is positive and the line reaches the threshold there (p < threshold in that case, since
/// slope >= 0 and p >= threshold were answered before). From above, P goes below when p < threshold, or when the value at
/// the end of the piece is below; a line that starts above cannot come up again within its piece.
///
/// # Complexity
/// Time O(n log n) comparisons and O(n) products of a weight sum and a time, for n events.
///
/// # Exactness
/// Exact.
pub(super) fn crossings(mut events: Vec<Event>, scan: &Scan) -> Vec<Crossing> {
    events.sort_unstable_by(|a, b| a.time.cmp(&b.time));
    let mut found = Vec::new();
    let (mut slope, mut constant) = (Integer::zero(), Integer::zero());
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
        let time = &events[here].time;
        if scan.until.is_some_and(|until| time > until) {
            break;
        }
        if jump {
            let value = &slope * time - &constant;
            if above {
                above = value >= scan.threshold;
            } else if value > scan.threshold || (value == scan.threshold && slope.signum() >= 0) {
                above = true;
                found.push(Crossing { numerator: time.clone(), divisor: Integer::one() });
            }
        }
        let end = events.get(next).map(|event| &event.time);
        // slope T - constant >= threshold, as slope T >= level
        let level = &scan.threshold + &constant;
        let reaches = |end: &Integer| &slope * end >= level;
        if above && slope.signum() < 0 {
            above = end.is_some_and(reaches);
        } else if !above && slope.signum() > 0 && end.is_none_or(reaches) {
            if scan.until.is_some_and(|until| level > &slope * until) {
                break;
            }
            above = true;
            found.push(Crossing { numerator: level, divisor: slope.clone() });
        }
        if scan.first && !found.is_empty() {
            break;
        }
    }
    found
}
