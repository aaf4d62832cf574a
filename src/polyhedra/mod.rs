//! Polyhedra over the rationals, and the regions of ReLU networks.
//!
//! | file | object |
//! |---|---|
//! | [`halfspace`](Halfspace) | normal . x <= offset in canonical integers |
//! | `lp` | exact linear programs with certificates: [`maximise`], [`Solution`] |
//! | [`polyhedron`](Polyhedron), `volume` | emptiness, interior points, facets, boundedness; vertices and volume up to dimension 4 |
//! | `row`, `point`, `proof` | halfspaces, points and Farkas multipliers in outward-rounded intervals: the filter |
//! | `cell` | a polyhedron with a point inside that is cut by hyperplanes |
//! | `local`, `sums`, `refine` | a network in integers; cells cut by its neurons layer by layer |
//! | [`affine`](Affine), [`piece`](Piece) | affine functions; pieces cut by their signs, [`agrees()`] |
//! | [`polygon()`] | polyhedra of the plane, for pictures |
//! | [`regions()`] | the regions of a network, complete |
//! | [`neighbours`](Patterns) | regions from patterns, the region behind a facet; [`flood_fill`], the second way |
//! | [`equal()`] | exact equality of two networks, or a point where they differ |
//! | `slack`, `combination`, `cover` | trees of cells with exact multipliers: [`write_regions_cover`], [`write_equality_cover`] |
//! | [`extremum()`] | the largest error of a network against a polynomial; [`write_error_cover`] |
//! | [`restriction`](restrict) | a network on a flat; [`sweep()`] along a segment |
//!
//! Every decision is one question: has this open polyhedron a point? Floats guess the answer with its reason (a point,
//! or n halfspaces whose multipliers show that there is none), intervals prove the reason, and where they cannot (also
//! in every degenerate position) the exact simplex method decides. A float alone never decides.
//!
//! This folder does not know how networks are made or read from files. Start at [`regions()`]; to ask something new of
//! every region, write a function of [`Regions::found`].

mod affine;
mod cell;
mod combination;
mod cover;
mod equal;
mod error;
mod extremum;
mod halfspace;
mod local;
mod lp;
mod neighbours;
mod piece;
mod point;
mod polygon;
mod polyhedron;
mod polynomial;
mod proof;
mod refine;
mod regions;
mod restriction;
mod row;
mod slack;
mod sums;
#[cfg(test)]
mod tests;
mod volume;

pub use affine::Affine;
pub use cover::{CoverCell, write_equality_cover, write_regions_cover};
pub use equal::{Equality, equal, equal_with_cells};
pub use error::PolyhedraError;
pub use extremum::{Extremum, ExtremumOptions, Finding, extremum, write_error_cover};
pub use halfspace::Halfspace;
pub use lp::{Solution, maximise};
pub use neighbours::{Patterns, flood_fill};
pub use piece::{Agreement, Piece, Sign, agrees};
pub use polygon::{Vertex, polygon};
pub use polyhedron::Polyhedron;
use polynomial::Polynomial;
pub use regions::{Region, Regions, regions};
pub use restriction::{Sweep, restrict, sweep};
