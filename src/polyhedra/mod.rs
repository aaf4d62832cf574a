//! Polyhedra
mod cell;
mod error;
mod halfspace;
mod local;
mod lp;
mod point;
mod polyhedron;
mod proof;
mod refine;
mod regions;
mod row;

pub use error::PolyhedraError;
pub use halfspace::Halfspace;
pub use lp::{Solution, maximise};
pub use polyhedron::Polyhedron;
pub use regions::{Region, Regions, regions};
