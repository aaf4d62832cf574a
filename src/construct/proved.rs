//! A network with its proof.

use std::sync::Arc;

use crate::certify::Part;
use crate::network::Network;

/// A network with what is proved about the networks it calls and about itself, in this order.
#[derive(Debug, Clone)]
pub(super) struct Proved {
    pub(super) network: Arc<Network>,
    pub(super) parts: Vec<Part>,
}
