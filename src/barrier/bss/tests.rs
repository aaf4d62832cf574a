//! The field against its definition, the machine on small programs.

use super::*;
