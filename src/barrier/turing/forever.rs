//! Proofs that a machine never halts: a stretch of its run that repeats, in place or shifted.

use std::collections::BTreeMap;

use super::{Machine, Run, Stop};

/// A stretch of a run after which the machine does the same again, `shift` cells further, for ever.
///
/// **Statement.** Let p be the cell of the head at time `start` and q that at `start + period`, q - p = `shift`, the
/// state being the same at both. Let \[a, b\] contain the cells, as offsets from p, that are read at the times from `start`
/// to before `start + period`; no step of these halts. Let the symbol at q + i, at the later time, be the symbol at p + i,
/// at the earlier one, for all i
///
/// * in \[a, b\], where the shift is 0 (a *cycler*),
/// * i >= a, where it is positive, and i <= b, where it is negative (a *translated cycler*).
///
/// Then the machine never halts.
///
/// *Proof* for a positive shift. Call view of a time: the state, and the symbols at the offsets i >= a from the head.
/// During the stretch only cells of the view at `start` are read, so the steps of the stretch and the contents of these
/// cells after it depend on that view only. As q > p, the cells q + i with i >= a are among the cells p + i with i >= a,
/// so the view after the stretch is a function G of the view before it. The condition is that G has the view at `start` as
/// a fixed point: the next `period` steps are the same, the view after them is the same again, and so on; none of these
/// steps halts. For a negative shift the same with left and right exchanged; for shift 0 the cells outside of \[a, b\] stay
/// as they are, and the whole configuration repeats.
///
/// Where the head stands on a cell that it never saw before at both times, as in the records that [`find`](Loop::find)
/// compares, all cells beyond it are blank at both, and only those in \[a, 0\] are left to compare.
///
/// **Source.** The method is that of Lin and Rado (LR65) for three states; the statement is our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// The steps made before the stretch.
    pub start: u64,
    /// The steps of the stretch.
    pub period: u64,
    /// The cells by which the head has moved after the stretch.
    pub shift: i64,
    /// The first cell that is read in the stretch, as an offset from the head at `start`.
    pub from: i64,
    /// The symbols at `start` from that cell to the last that is read.
    pub window: Vec<u8>,
}

impl Loop {
    /// Searches the first `steps` steps for a stretch that repeats; `None` where there is none, or where the machine halts.
    ///
    /// Marks are set at times whose distances double (Brent), for each of three kinds: any time, times at which the head
    /// stands on the right end of what it saw, and on the left end. What is found is found again by
    /// [`verify`](Self::verify), which shares nothing with this search.
    ///
    /// **Complexity.** O(steps) and the comparisons of windows.
    pub fn find(machine: &Machine, steps: u64) -> Option<Self> {
        let mut run = Run::default();
        let mut marks = [Kind::Still, Kind::Right, Kind::Left].map(|kind| Mark::new(kind, &run));
        let mut seen = run.range();
        while run.steps() < steps {
            if run.advance(machine, run.steps() + 1) != Stop::Steps {
                return None;
            }
            let range = run.range();
            for mark in &mut marks {
                let due = match mark.kind {
                    Kind::Still => true,
                    Kind::Right => range.1 > seen.1,
                    Kind::Left => range.0 < seen.0,
                };
                if due {
                    if let Some(found) = mark.compare(&run) {
                        return Some(found);
                    }
                    mark.renew(&run);
                }
                mark.extend(&run);
            }
            seen = range;
        }
        None
    }

    /// Whether the conditions of the statement hold, by running the machine from the start on another tape.
    ///
    /// **Complexity.** O((start + period) log) time: the tape is a map of the cells that are not blank.
    pub fn verify(&self, machine: &Machine) -> bool {
        if self.period == 0 {
            return false;
        }
        let mut replay = Replay::default();
        for _ in 0..self.start {
            if replay.step(machine).is_none() {
                return false;
            }
        }
        let before = replay.clone();
        let (mut low, mut high) = (replay.head, replay.head);
        for _ in 0..self.period {
            (low, high) = (low.min(replay.head), high.max(replay.head));
            if replay.step(machine).is_none() {
                return false;
            }
        }
        let (a, b) = (low - before.head, high - before.head);
        let same = |i: i64| before.symbol(before.head + i) == replay.symbol(replay.head + i);
        // Offsets at which one of both tapes is not blank: elsewhere they agree.
        let written = |tape: &Replay| tape.tape.keys().map(|cell| cell - tape.head).collect::<Vec<i64>>();
        let mut offsets = written(&before).into_iter().chain(written(&replay));
        let agree = offsets.all(|i| {
            let compared = match self.shift.signum() {
                0 => (a..=b).contains(&i),
                1 => i >= a,
                _ => i <= b,
            };
            !compared || same(i)
        });
        let window: Vec<u8> = (low..=high).map(|cell| before.symbol(cell)).collect();
        agree
            && before.state == replay.state
            && replay.head - before.head == self.shift
            && self.from == a
            && self.window == window
    }
}

/// The configuration of a machine, written down for [`Loop::verify`] only.
#[derive(Debug, Clone, Default)]
struct Replay {
    tape: BTreeMap<i64, u8>,
    head: i64,
    state: u8,
}

impl Replay {
    fn symbol(&self, cell: i64) -> u8 {
        self.tape.get(&cell).copied().unwrap_or(0)
    }

    /// One step; `None` where the machine halts.
    fn step(&mut self, machine: &Machine) -> Option<()> {
        let transition = machine.transition(self.state, self.symbol(self.head))?;
        self.state = transition.next?;
        if transition.write == 0 {
            self.tape.remove(&self.head);
        } else {
            self.tape.insert(self.head, transition.write);
        }
        self.head += if transition.right { 1 } else { -1 };
        Some(())
    }
}

/// Which times are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All, with the head at the same cell.
    Still,
    /// The head stands on a cell to the right of all it saw.
    Right,
    /// The head stands on a cell to the left of all it saw.
    Left,
}

/// An earlier time with its tape.
#[derive(Debug)]
struct Mark {
    kind: Kind,
    time: u64,
    state: u8,
    head: i64,
    /// The cells read since.
    low: i64,
    high: i64,
    tape: Vec<u8>,
    /// The cell of the tape's first entry.
    first: i64,
    /// Times compared since, and how many are before the mark is set anew.
    compared: u64,
    patience: u64,
}

impl Mark {
    fn new(kind: Kind, run: &Run) -> Self {
        let mut mark = Self {
            kind,
            time: 0,
            state: 0,
            head: 0,
            low: 0,
            high: 0,
            tape: Vec::new(),
            first: 0,
            compared: 0,
            patience: 1,
        };
        mark.set(run);
        mark
    }

    fn set(&mut self, run: &Run) {
        let (first, last) = run.range();
        (self.time, self.state, self.head) = (run.steps(), run.state(), run.head());
        (self.low, self.high, self.first, self.compared) = (run.head(), run.head(), first, 0);
        self.tape.clear();
        self.tape.extend((first..=last).map(|cell| run.symbol(cell)));
    }

    /// Sets the mark anew once it was compared as often as it was meant to be.
    fn renew(&mut self, run: &Run) {
        self.compared += 1;
        if self.compared >= self.patience {
            self.patience *= 2;
            self.set(run);
        }
    }

    /// The head stands on a cell that is read next.
    fn extend(&mut self, run: &Run) {
        self.low = self.low.min(run.head());
        self.high = self.high.max(run.head());
    }

    fn symbol(&self, cell: i64) -> u8 {
        usize::try_from(cell - self.first).ok().and_then(|index| self.tape.get(index)).copied().unwrap_or(0)
    }

    /// The stretch from the mark to now, where both views agree.
    fn compare(&self, run: &Run) -> Option<Loop> {
        let shift = run.head() - self.head;
        if run.state() != self.state || (self.kind == Kind::Still && shift != 0) {
            return None;
        }
        // At a record all cells beyond the head are blank, at the mark and now.
        let (low, high) = match self.kind {
            Kind::Still => (self.low, self.high),
            Kind::Right => (self.low, self.head),
            Kind::Left => (self.head, self.high),
        };
        (low..=high).all(|cell| self.symbol(cell) == run.symbol(cell + shift)).then(|| Loop {
            start: self.time,
            period: run.steps() - self.time,
            shift,
            from: self.low - self.head,
            window: (self.low..=self.high).map(|cell| self.symbol(cell)).collect(),
        })
    }
}
