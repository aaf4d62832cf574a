//! The fast simulator: bytes on a tape that grows on both sides.

use super::Machine;

/// The most cells of a tape, 2^28.
const MAX_CELLS: usize = 1 << 28;
/// Cells of the first tape.
const FIRST_CELLS: usize = 1 << 10;

/// Why a run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Stop {
    /// The machine halted.
    Halted,
    /// The steps were made.
    Steps,
    /// The tape has no room for one cell more.
    Cells,
}

/// A machine on its way: configuration and count of steps. It goes on where it stopped.
#[derive(Debug, Clone)]
pub struct Run {
    tape: Vec<u8>,
    /// The index of cell 0, where the machine started.
    origin: usize,
    head: usize,
    state: u8,
    steps: u64,
    /// The cells where the head stood, as indices; one cell at least is beyond on each side unless `full`.
    low: usize,
    high: usize,
    halted: bool,
    full: bool,
}

impl Default for Run {
    /// State A on a blank tape.
    fn default() -> Self {
        let middle = FIRST_CELLS / 2;
        let tape = vec![0; FIRST_CELLS];
        Self {
            tape,
            origin: middle,
            head: middle,
            state: 0,
            steps: 0,
            low: middle,
            high: middle,
            halted: false,
            full: false,
        }
    }
}

impl Run {
    /// The steps made, the halting one among them.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether the machine halted.
    pub fn halted(&self) -> bool {
        self.halted
    }

    /// The state, 0 for A; where the machine halted, the last one.
    pub fn state(&self) -> u8 {
        self.state
    }

    /// The cell of the head; the machine started at cell 0.
    pub fn head(&self) -> i64 {
        self.cell(self.head)
    }

    /// The first and the last cell where the head stood.
    pub fn range(&self) -> (i64, i64) {
        (self.cell(self.low), self.cell(self.high))
    }

    /// The number of cells whose symbol is not 0.
    pub fn ones(&self) -> u64 {
        self.tape[self.low..=self.high].iter().filter(|&&symbol| symbol != 0).count() as u64
    }

    /// The symbol of a cell.
    pub fn symbol(&self, cell: i64) -> u8 {
        let index = i64::try_from(self.origin).ok().and_then(|origin| usize::try_from(origin + cell).ok());
        index.and_then(|index| self.tape.get(index)).copied().unwrap_or(0)
    }

    fn cell(&self, index: usize) -> i64 {
        // A tape has at most 2^28 cells.
        index as i64 - self.origin as i64
    }

    /// Lets the machine run until it halts or has made `steps` steps since its start.
    ///
    /// `machine` must be the same in every call.
    pub fn advance(&mut self, machine: &Machine, steps: u64) -> Stop {
        while !self.halted && !self.full && self.steps < steps {
            let (mut head, mut state, mut made) = (self.head, self.state, self.steps);
            let tape = self.tape.as_mut_slice();
            // A stretch without growth: the head leaves [low, high] by one cell at most, and the tape holds that cell.
            loop {
                let symbol = tape[head];
                let entry = machine.entry(state, symbol);
                made += 1;
                if entry.halts {
                    self.halted = true;
                    if let Some(last) = machine.transition(state, symbol) {
                        tape[head] = last.write;
                        head = if last.right { head + 1 } else { head - 1 };
                    }
                    break;
                }
                tape[head] = entry.write;
                state = entry.next;
                head = if entry.right { head + 1 } else { head - 1 };
                if made == steps || head < self.low || head > self.high {
                    break;
                }
            }
            (self.head, self.state, self.steps) = (head, state, made);
            (self.low, self.high) = (self.low.min(head), self.high.max(head));
            self.make_room();
        }
        match (self.halted, self.full && self.steps < steps) {
            (true, _) => Stop::Halted,
            (false, true) => Stop::Cells,
            (false, false) => Stop::Steps,
        }
    }

    /// Doubles the tape on the side where the head stands on its last cell.
    fn make_room(&mut self) {
        let cells = self.tape.len();
        let (left, right) = (self.low == 0, self.high + 1 == cells);
        if !left && !right {
            return;
        }
        if 2 * cells > MAX_CELLS {
            self.full = true;
            return;
        }
        if right {
            self.tape.resize(2 * cells, 0);
        } else {
            let mut tape = vec![0; cells];
            tape.append(&mut self.tape);
            self.tape = tape;
            for index in [&mut self.origin, &mut self.head, &mut self.low, &mut self.high] {
                *index += cells;
            }
        }
    }
}
