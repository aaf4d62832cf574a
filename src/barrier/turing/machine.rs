//! Turing machines and their text.

use core::fmt;
use core::str::FromStr;

use super::error::{MachineError, cut};

/// The most states.
pub(super) const MAX_STATES: usize = 26;
/// The most symbols.
pub(super) const MAX_SYMBOLS: usize = 10;
/// Entries of a state in the table: a power of two, so that state and symbol are joined by a shift.
const STRIDE: usize = 16;
/// Entries of the table.
const TABLE: usize = 512;

/// What a machine does on a symbol in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The symbol it writes.
    pub write: u8,
    /// Whether it moves to the right; else to the left.
    pub right: bool,
    /// The next state; `None` halts.
    pub next: Option<u8>,
}

/// A transition as the fast simulator reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub write: u8,
    pub right: bool,
    pub next: u8,
    pub halts: bool,
}

/// A Turing machine with one tape, infinite on both sides, and symbols 0 (blank) to at most 9.
///
/// It starts in state A on a blank tape. Its text is the standard one of the busy-beaver literature, for example
/// `1RB1LB_1LA1RZ`: states are separated by `_`; each has three characters for each symbol read, the symbol written, the
/// move, the next state. A letter beyond the last state halts. `---` is an undefined transition: it halts and changes
/// nothing. The halting transition counts as a step, as in the literature: the machine above halts after 6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    symbols: usize,
    transitions: Vec<Option<Transition>>,
    table: Box<[Entry; TABLE]>,
}

impl Machine {
    /// The number of states, 1 to 26.
    pub fn states(&self) -> usize {
        self.transitions.len() / self.symbols
    }

    /// The number of symbols, 2 to 10.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// What it does on a symbol in a state; `None` where that is undefined (or where there is no such state or symbol).
    pub fn transition(&self, state: u8, symbol: u8) -> Option<Transition> {
        let symbol = usize::from(symbol);
        (symbol < self.symbols).then(|| self.transitions.get(usize::from(state) * self.symbols + symbol).copied())??
    }

    /// The same for the fast simulator; on no state or symbol of the machine it halts.
    pub(super) fn entry(&self, state: u8, symbol: u8) -> Entry {
        // The mask says to the compiler what the type of the table says: there is no index beyond.
        self.table[(usize::from(state) * STRIDE + usize::from(symbol)) & (TABLE - 1)]
    }

    fn new(symbols: usize, transitions: Vec<Option<Transition>>) -> Self {
        let halt = Entry { write: 0, right: true, next: 0, halts: true };
        let mut table = Box::new([halt; TABLE]);
        for (i, transition) in transitions.iter().enumerate() {
            // 26 states of 16 entries are below 512.
            if let Some(Transition { write, right, next: Some(next) }) = *transition {
                table[i / symbols * STRIDE + i % symbols] = Entry { write, right, next, halts: false };
            }
        }
        Self { symbols, transitions, table }
    }
}

impl FromStr for Machine {
    type Err = MachineError;

    fn from_str(text: &str) -> Result<Self, MachineError> {
        let rows: Vec<&str> = text.trim().split('_').collect();
        if rows.len() > MAX_STATES {
            return Err(MachineError::States { states: rows.len() });
        }
        let mut transitions = Vec::new();
        let mut symbols = 0;
        for (row, state) in rows.iter().zip('A'..='Z') {
            let characters: Vec<char> = row.chars().collect();
            let found = characters.len() / 3;
            if !characters.len().is_multiple_of(3) || !(2..=MAX_SYMBOLS).contains(&found) {
                return Err(MachineError::Row { state, text: cut(row), length: characters.len() });
            }
            if symbols == 0 {
                symbols = found;
            } else if found != symbols {
                return Err(MachineError::Uneven { state, found, symbols });
            }
            for (symbol, triple) in characters.chunks(3).enumerate() {
                transitions.push(transition(triple, symbols, rows.len()).map_err(|()| MachineError::Transition {
                    state,
                    symbol,
                    text: triple.iter().collect(),
                    last: symbols - 1,
                })?);
            }
        }
        Ok(Self::new(symbols, transitions))
    }
}

fn transition(triple: &[char], symbols: usize, states: usize) -> Result<Option<Transition>, ()> {
    let &[write, side, next] = triple else { return Err(()) };
    if (write, side, next) == ('-', '-', '-') {
        return Ok(None);
    }
    let write = write.to_digit(10).filter(|&write| (write as usize) < symbols).ok_or(())?;
    let right = match side {
        'L' => false,
        'R' => true,
        _ => return Err(()),
    };
    let next = ('A'..='Z').position(|letter| letter == next).ok_or(())?;
    // Both are below 26.
    let small = |n: usize| u8::try_from(n).map_err(|_| ());
    let next = if next < states { Some(small(next)?) } else { None };
    Ok(Some(Transition { write: small(write as usize)?, right, next }))
}

/// The letter of a state.
pub(super) fn letter(state: u8) -> char {
    char::from(b'A' + state)
}

impl fmt::Display for Machine {
    /// The standard text; a halting transition goes to Z (of 26 states none halts but by `---`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, transition) in self.transitions.iter().enumerate() {
            if i > 0 && i % self.symbols == 0 {
                f.write_str("_")?;
            }
            match transition {
                None => f.write_str("---")?,
                Some(Transition { write, right, next }) => {
                    let side = if *right { 'R' } else { 'L' };
                    write!(f, "{write}{side}{}", next.map_or('Z', letter))?;
                }
            }
        }
        Ok(())
    }
}
