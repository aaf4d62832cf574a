//! Results for people and for programs: tables, records, and how a number is printed.
//!
//! | file | object |
//! |---|---|
//! | [`Table`], [`Record`], [`Summary`] | many rows, one object, or both; every cell knows the kind of its number |
//! | [`Format`] | the five ways to write them: text, json, csv, markdown, latex |
//! | [`chart`] | pictures: panels of areas and lines as SVG |
//! | [`number`] | a rational as `2^-20`, `1/10` or `9.54e-7`, rounded in the safe direction |
//!
//! A number never changes its kind on the way to the reader: an upper bound is printed rounded up behind `<=`, a lower
//! bound rounded down behind `>=`, and an exact number that is too long to print ends in `...`. CSV and JSON carry
//! exact numbers in full.
//!
//! This folder computes nothing about networks and opens no file; it turns values into text. To add a format, add a
//! variant to [`Format`] and a file with one `render` function.

mod cell;
pub mod chart;
mod csv;
mod json;
mod latex;
mod markdown;
pub mod number;
mod record;
mod render;
mod summary;
mod table;
mod text;

pub use cell::Cell;
pub use record::Record;
pub use render::{Format, Printable, UnknownFormat};
pub use summary::Summary;
pub use table::{Alignment, Column, Row, ShapeError, Table};
