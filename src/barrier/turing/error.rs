//! What can go wrong with the text of a machine.

/// Characters of a text that a message shows.
const SHOWN: usize = 60;

/// A text that is no machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MachineError {
    /// Too many states, or none.
    #[error("the machine has {states} states; accepted are 1 to {limit}, separated by '_'", limit = super::machine::MAX_STATES)]
    States {
        /// The states of the text.
        states: usize,
    },
    /// A state whose text is no row of transitions.
    #[error(
        "state {state} ('{text}') has {length} characters; accepted are three for each symbol, of 2 to {limit} symbols, such as 1RB0LC",
        limit = super::machine::MAX_SYMBOLS
    )]
    Row {
        /// The state's letter.
        state: char,
        /// Its text, cut.
        text: String,
        /// The characters of it.
        length: usize,
    },
    /// States with different numbers of symbols.
    #[error("state {state} has {found} transitions; accepted are {symbols} in each state, as in state A")]
    Uneven {
        /// The state's letter.
        state: char,
        /// Its transitions.
        found: usize,
        /// The transitions of the first state.
        symbols: usize,
    },
    /// Three characters that are no transition.
    #[error(
        "state {state}, symbol {symbol}: '{text}' is no transition; accepted are a symbol 0 to {last}, L or R, and a letter A to Z, or ---"
    )]
    Transition {
        /// The state's letter.
        state: char,
        /// The symbol that is read.
        symbol: usize,
        /// The text.
        text: String,
        /// The largest symbol of the machine.
        last: usize,
    },
}

/// The start of a text on one line.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
