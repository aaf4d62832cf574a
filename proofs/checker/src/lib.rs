//! The independent checker of certinet's certificates. It shares no code with the library.

pub mod network;
