//! Machines of the literature.

/// A machine with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The name on the command line.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// What it is, and where it comes from. What the literature knows about it is not a verdict of this library.
    pub source: &'static str,
}

const fn named(name: &'static str, text: &'static str, source: &'static str) -> Named {
    Named { name, text, source }
}

/// The machines that have names here: champions of the busy beaver by steps, loops, and open cases.
pub const NAMED: [Named; 14] = [
    named("bb1", "1RZ---", "the longest run of 1 state"),
    named("bb2", "1RB1LB_1LA1RZ", "the longest run of 2 states (Rado 1962)"),
    named("bb3", "1RB1RZ_1LB0RC_1LC1LA", "the longest run of 3 states (Lin and Rado 1965)"),
    named("bb4", "1RB1LB_1LA0LC_1RZ1LD_1RD0RA", "the longest run of 4 states (Brady 1983)"),
    named(
        "bb5",
        "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA",
        "the longest run of 5 states (Marxen and Buntrock 1990; longest: bbchallenge 2024)",
    ),
    named("bb2x3", "1RB2LB1RZ_2LA2RB1LB", "the longest run of 2 states and 3 symbols (Brady 1988)"),
    named("bb2x4", "1RB2LA1RA1RA_1LB1LA3RB1RZ", "the longest run of 2 states and 4 symbols (Ligocki and Ligocki 2005)"),
    named("surprise", "1RB2LB1LC_1LA2RB1RB_1RZ2LA0LC", "a long run on 51 cells (Brady)"),
    named("cycler", "1RB1LC_0LA0RB_0RD0RB_1RZ1LA", "repeats in place"),
    named("translated", "1RB1RA_1LB0RC_1LC1LA_1LA1RZ", "repeats further and further along the tape"),
    named(
        "skelet1",
        "1RB1RD_1LC0RC_1RA1LD_0RE0LB_---1RC",
        "never halts, after a period of 8,468,569,863 steps (bbchallenge 2024)",
    ),
    named("bigfoot", "1RB2RA1LC_2LC1RB2RB_---2LA1LA", "an open case of 3 states and 3 symbols (bbchallenge 2023)"),
    named("hydra", "1RB3RB---3LA1RA_2LA3RA4LB0LB0LA", "an open case of 2 states and 5 symbols (bbchallenge 2024)"),
    named("antihydra", "1RB1RA_0LC1LE_1LD1LC_1LA0LB_1LF1RE_---0RA", "an open case of 6 states (bbchallenge 2024)"),
];

/// The machine of a name, in any case of letters.
pub fn machine_named(name: &str) -> Option<&'static Named> {
    NAMED.iter().find(|named| named.name.eq_ignore_ascii_case(name))
}
