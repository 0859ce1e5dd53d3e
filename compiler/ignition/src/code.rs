//! Every code of this crate. The rules stand in [`crate::problem`].

use flatwright_diagnostic::{Code, Rule as _};

use crate::clc::Unsayable;
use crate::problem::{Problem, Translation};

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [Problem::codes(), Translation::codes(), Unsayable::codes()].concat()
}
