//! The structured form `certinet-structured`: shared blocks, copies and called networks as they are.
//!
//! ```json
//! {"format":"certinet-structured","version":1,
//!  "blocks":[{"rows":1,"columns":1,"denominator":"2","entries":[[0,0,"1"]]}],
//!  "networks":[{"nodes":[
//!    {"input":4},
//!    {"affine":{"rows":4,"terms":[{"argument":0,"map":[{"block":0,"row":0,"column":0,"row_step":1,"column_step":1,
//!      "axes":[[4,1,1]]}]}],"bias":[]}},
//!    {"relu":1},
//!    {"call":{"network":0,"copies":2,"arguments":[2]}}],"output":3}]}
//! ```
//!
//! The last network is the one the file holds; the others are called by it, callees before callers. Nodes refer to
//! nodes before them, tiles to blocks by their place in the list, so that no cycle can be written. A block's entries are
//! integers over its denominator; what a tile means is said at [`Tile`](crate::network::Tile).
//!
//! The form is canonical: inputs come first, unused nodes are left out, equal blocks and equal networks are listed once,
//! in the order of their first use. The same network gives the same bytes. A file may carry a `claim`, an object that is
//! kept and not interpreted.

mod extent;
mod read;
mod write;

pub use read::{StructuredFile, read};
pub use write::write;

/// The value of the `format` key.
pub const FORMAT: &str = "certinet-structured";

#[cfg(test)]
mod tests;
