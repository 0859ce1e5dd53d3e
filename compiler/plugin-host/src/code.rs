//! Every code of this crate. The rules stand in [`crate::fault`].

use flatwright_diagnostic::{Code, Rule as _};

use crate::fault::Fault;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    Fault::codes()
}
