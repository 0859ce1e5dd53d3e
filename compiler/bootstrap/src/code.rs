//! Every code of this crate. The rules stand in [`crate::rules`].

use flatwright_diagnostic::{Code, Rule as _};

use crate::rules::{Refused, Unreadable};

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [Refused::codes(), Unreadable::codes()].concat()
}
