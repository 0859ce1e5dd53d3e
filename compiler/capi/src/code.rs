//! Every code of this crate. The rules stand in `rules`.

use flatwright_diagnostic::{Code, Rule as _};

use crate::rules::{Target, Unfit};

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [Target::codes(), Unfit::codes()].concat()
}
