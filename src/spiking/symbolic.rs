//! One neuron whose inputs fire at affine functions of x, on one polyhedron.

use super::neuron::{Neuron, Synapse};
use super::pieces::Firing;
use super::response::Response;
use super::simulate::{Spikes, weighted_changes};
use crate::arith::Rational;
use crate::polyhedra::{Affine, Piece, Sign};

/// The most spikes of a neuron on one piece.
const MAX_SPIKES: usize = 64;

/// A part of the polyhedron with the firing times of the neuron inside.
#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) piece: Piece,
    pub(super) times: Vec<Affine>,
    /// Whether these are the firing times on the boundary, too.
    pub(super) closed: bool,
}

/// The firing times of a neuron on the parts of a polyhedron, at most `limit` parts; whether these are all.
///
/// # Statement
/// Inside a part the neuron fires exactly at its times. `closed` says that this is so on its boundary if it is for the
/// sources: the firing time is there a continuous function of the arrivals.
///
/// Proof. Four cases, the first that fits.
/// 1. *Settled*: all responses are ramps without an end, W = the sum of the weights is positive, and up to the latest
///    possible arrival H the potential, at most the sum of w (H - earliest arrival) over positive w, is below the threshold:
///    then it is a line of slope W > 0 and comes up once, at (theta + sum w a) / W, on the closed part.
/// 2. *Reflecting*: two ramps of weights w < 0 < c, w + c > 0, arrivals a and r: with s = r + theta / c, the time is s where
///    a >= s and s + |w| (s - a) / (w + c) elsewhere: once, for all arrivals.
/// 3. *Positive*: ramps of positive weights: once, at t_S for the set S of arrivals before t_S; t_S is an upper bound for every S,
///    and lower when an arrival before t_S is added or one after t_S is left out, so that S is found by finitely many
///    changes. The potential is strictly increasing once it is positive: t is continuous.
/// 4. Otherwise the events are taken one after the other, see [`super::scan`]; continuous when the criterion of
///    [`super::continuity`] holds and no neuron fires again.
pub(super) fn scan(
    neuron: &Neuron,
    sources: &[&[Firing]],
    piece: &Piece,
    spikes: Spikes,
    limit: usize,
) -> (Vec<Scanned>, bool) {
    let once = neuron.no_ramps().is_none()
        && (neuron.refractory.is_none() || spikes == Spikes::First)
        && sources.iter().all(|times| times.len() == 1);
    if once {
        let arrival = |(synapse, firing): (&Synapse, &Firing)| Arrival {
            weight: synapse.weight.clone(),
            time: firing.time.plus(&synapse.delay),
            range: firing.range.as_ref().map(|(lo, hi)| (lo + &synapse.delay, hi + &synapse.delay)),
        };
        let single = neuron.synapses.iter().zip(sources.iter().copied().flatten());
        let arrivals: Vec<Arrival> = single.filter(|(synapse, _)| !synapse.weight.is_zero()).map(arrival).collect();
        if let Some(time) = settled(&neuron.threshold, &arrivals) {
            return (vec![Scanned { piece: piece.clone(), times: vec![time], closed: true }], true);
        }
        if let Some(parts) = reflecting(&neuron.threshold, &arrivals, piece) {
            return (parts, true);
        }
        if !arrivals.is_empty() && arrivals.iter().all(|arrival| arrival.weight.is_positive()) {
            return positive(&neuron.threshold, &arrivals, piece, limit);
        }
    }
    let positive = neuron.synapses.iter().map(|synapse| &synapse.weight).filter(|weight| weight.is_positive());
    let negative: Rational =
        neuron.synapses.iter().map(|synapse| &synapse.weight).filter(|weight| weight.is_negative()).sum();
    let closed = once && positive.min().is_some_and(|least| (least + negative).is_positive());
    in_order(neuron, sources, piece, spikes, limit, closed)
}

/// The one spike that a synapse brings.
struct Arrival {
    weight: Rational,
    time: Affine,
    range: Option<(Rational, Rational)>,
}

/// t_S for the arrivals of a set with a positive sum of weights.
fn line<'a>(threshold: &Rational, arrivals: impl Iterator<Item = &'a Arrival> + Clone) -> Option<Affine> {
    let sum: Rational = arrivals.clone().map(|arrival| &arrival.weight).sum();
    let dimension = arrivals.clone().next()?.time.gradient.len();
    let inverse = sum.is_positive().then(|| sum.recip()).flatten()?;
    let mut time = Affine::constant(dimension, threshold * &inverse);
    for arrival in arrivals {
        time.add_multiple(&(&arrival.weight * &inverse), &arrival.time);
    }
    Some(time)
}

fn settled(threshold: &Rational, arrivals: &[Arrival]) -> Option<Affine> {
    let ranges: Vec<&(Rational, Rational)> =
        arrivals.iter().map(|arrival| arrival.range.as_ref()).collect::<Option<_>>()?;
    let latest = ranges.iter().map(|range| &range.1).max()?;
    let bound: Rational =
        arrivals.iter().zip(&ranges).map(|(arrival, range)| arrival.weight.relu() * (latest - &range.0)).sum();
    (bound < *threshold).then(|| line(threshold, arrivals.iter())).flatten()
}

fn reflecting(threshold: &Rational, arrivals: &[Arrival], piece: &Piece) -> Option<Vec<Scanned>> {
    let [first, second] = arrivals else { return None };
    let (inhibit, excite) = if first.weight.is_negative() { (first, second) } else { (second, first) };
    let rest = &inhibit.weight + &excite.weight;
    if !inhibit.weight.is_negative() || !rest.is_positive() {
        return None;
    }
    let alone = excite.time.plus(&(threshold / &excite.weight));
    let before = alone.minus(&inhibit.time);
    let mut later = alone.clone();
    later.add_multiple(&(-&inhibit.weight / &rest), &before);
    let scanned = |piece: Piece, time: Affine| Scanned { piece, times: vec![time], closed: true };
    Some(match piece.sign(&before) {
        Sign::Positive => vec![scanned(piece.clone(), later)],
        Sign::Zero | Sign::Negative => vec![scanned(piece.clone(), alone)],
        Sign::Both(parts) => vec![scanned(parts.0, alone), scanned(parts.1, later)],
    })
}

fn positive(threshold: &Rational, arrivals: &[Arrival], piece: &Piece, limit: usize) -> (Vec<Scanned>, bool) {
    let mut found = Vec::new();
    let mut open = vec![(piece.clone(), (0..arrivals.len()).map(|i| i == 0).collect::<Vec<bool>>())];
    'pieces: while let Some((piece, set)) = open.pop() {
        if found.len() >= limit {
            return (found, false);
        }
        let members = arrivals.iter().zip(&set).filter(|(_, inside)| **inside).map(|(arrival, _)| arrival);
        let Some(time) = line(threshold, members) else { continue };
        for (i, arrival) in arrivals.iter().enumerate() {
            // t_S - a_i: positive exactly for members of the causal set; 0 makes no difference to t_S.
            let wrong = match piece.sign(&time.minus(&arrival.time)) {
                Sign::Positive => !set[i],
                Sign::Negative => set[i],
                Sign::Zero => false,
                Sign::Both(parts) => {
                    let (negative, positive) = *parts;
                    open.push((positive, set.clone()));
                    open.push((negative, set));
                    continue 'pieces;
                }
            };
            if wrong {
                let mut other = set;
                other[i] = !other[i];
                open.push((piece, other));
                continue 'pieces;
            }
        }
        found.push(Scanned { piece, times: vec![time], closed: true });
    }
    (found, true)
}

/// A change of the line of the potential at a time.
#[derive(Debug, Clone)]
struct Event {
    time: Affine,
    slope: Rational,
    jump: Rational,
}

/// Where the search on a piece stands.
#[derive(Debug, Clone)]
struct Search {
    piece: Piece,
    events: Vec<Event>,
    /// The potential is slope t - constant.
    slope: Rational,
    constant: Affine,
    above: bool,
    times: Vec<Affine>,
    phase: Phase,
}

#[derive(Debug, Clone)]
enum Phase {
    /// Take the next events.
    Select,
    /// Events at this time were taken, the potential jumps.
    Jump(Affine),
    /// The piece of the potential up to the next events.
    Line,
}

/// What one step comes to.
enum Step {
    On,
    Cut(Box<(Piece, Piece)>),
    Done,
    TooMany,
}

fn in_order(
    neuron: &Neuron,
    sources: &[&[Firing]],
    piece: &Piece,
    spikes: Spikes,
    limit: usize,
    closed: bool,
) -> (Vec<Scanned>, bool) {
    let mut events = Vec::new();
    for (synapse, times) in neuron.synapses.iter().zip(sources) {
        for change in weighted_changes(synapse).into_iter().filter(|c| !c.slope.is_zero() || !c.jump.is_zero()) {
            events.extend(times.iter().map(|firing| Event {
                time: firing.time.plus(&(&synapse.delay + &change.age)),
                slope: change.slope.clone(),
                jump: change.jump.clone(),
            }));
        }
    }
    let Some(dimension) = events.first().map(|event| event.time.gradient.len()) else {
        return (vec![Scanned { piece: piece.clone(), times: Vec::new(), closed: true }], true);
    };
    let zero = Affine::constant(dimension, Rational::zero());
    let start = Search {
        piece: piece.clone(),
        events,
        slope: Rational::zero(),
        constant: zero,
        above: false,
        times: Vec::new(),
        phase: Phase::Select,
    };
    let (mut found, mut open, mut complete) = (Vec::new(), vec![start], true);
    while let Some(mut search) = open.pop() {
        if found.len() >= limit {
            return (found, false);
        }
        loop {
            match search.step(neuron, spikes) {
                Step::On => {}
                Step::Cut(parts) => {
                    let (negative, positive) = *parts;
                    open.push(Search { piece: positive, ..search.clone() });
                    search.piece = negative;
                }
                Step::Done => {
                    found.push(Scanned { piece: search.piece, times: search.times, closed });
                    break;
                }
                Step::TooMany => {
                    complete = false;
                    break;
                }
            }
        }
    }
    (found, complete)
}

impl Search {
    fn step(&mut self, neuron: &Neuron, spikes: Spikes) -> Step {
        match self.phase.clone() {
            Phase::Select => {
                let next = match self.next() {
                    Err(cut) => return cut,
                    Ok(None) => return Step::Done,
                    Ok(Some(next)) => next,
                };
                let time = self.events[next].time.clone();
                let (same, rest): (Vec<Event>, _) =
                    core::mem::take(&mut self.events).into_iter().partition(|event| event.time == time);
                self.events = rest;
                let mut jumps = false;
                for event in same {
                    // slope (t - time) + jump
                    self.slope += &event.slope;
                    self.constant.add_multiple(&event.slope, &time);
                    self.constant = self.constant.plus(&-&event.jump);
                    jumps |= !event.jump.is_zero();
                }
                self.phase = if jumps { Phase::Jump(time) } else { Phase::Line };
                Step::On
            }
            Phase::Jump(time) => {
                let over = time.times(&self.slope).minus(&self.constant).plus(&-&neuron.threshold);
                let sign = match signum(&self.piece, &over) {
                    Err(cut) => return cut,
                    Ok(sign) => sign,
                };
                self.phase = Phase::Line;
                if self.above {
                    self.above = sign >= 0;
                    return Step::On;
                }
                if sign > 0 || (sign == 0 && !self.slope.is_negative()) {
                    return self.fire(time, neuron.refractory.as_ref(), spikes);
                }
                Step::On
            }
            Phase::Line => {
                let next = match self.next() {
                    Err(cut) => return cut,
                    Ok(next) => next,
                };
                // slope t - constant >= threshold, as slope t >= level
                let level = self.constant.plus(&neuron.threshold);
                let asks = if self.above { self.slope.is_negative() } else { self.slope.is_positive() };
                let mut fires = None;
                if asks {
                    let reaches = match next {
                        None => self.slope.is_positive(),
                        Some(next) => {
                            match signum(&self.piece, &self.events[next].time.times(&self.slope).minus(&level)) {
                                Err(cut) => return cut,
                                Ok(sign) => sign >= 0,
                            }
                        }
                    };
                    if self.above {
                        self.above = reaches;
                    } else if reaches {
                        fires = self.slope.recip().map(|inverse| level.times(&inverse));
                    }
                }
                self.phase = Phase::Select;
                match fires {
                    Some(time) => self.fire(time, neuron.refractory.as_ref(), spikes),
                    None => Step::On,
                }
            }
        }
    }

    fn fire(&mut self, time: Affine, refractory: Option<&Response>, spikes: Spikes) -> Step {
        self.above = true;
        if self.times.len() >= MAX_SPIKES {
            return Step::TooMany;
        }
        let changes = refractory.map(|eta| eta.changes(None)).unwrap_or_default();
        self.events.extend(changes.into_iter().map(|change| Event {
            time: time.plus(&change.age),
            slope: change.slope,
            jump: change.jump,
        }));
        self.times.push(time);
        if spikes == Spikes::First { Step::Done } else { Step::On }
    }

    /// The first event, of equal ones any.
    fn next(&self) -> Result<Option<usize>, Step> {
        let mut least = None;
        for (number, event) in self.events.iter().enumerate() {
            least = match least {
                None => Some(number),
                Some(least) => {
                    let earlier = signum(&self.piece, &event.time.minus(&self.events[least].time))? < 0;
                    Some(if earlier { number } else { least })
                }
            };
        }
        Ok(least)
    }
}

/// The sign of a function on a piece, or the two parts on which it has one.
fn signum(piece: &Piece, function: &Affine) -> Result<i32, Step> {
    match piece.sign(function) {
        Sign::Zero => Ok(0),
        Sign::Positive => Ok(1),
        Sign::Negative => Ok(-1),
        Sign::Both(parts) => Err(Step::Cut(parts)),
    }
}
