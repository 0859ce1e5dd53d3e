//! Every code of this crate: groups `admission-…` are refused by the API server or a webhook, groups `manifest-…` are admitted and wrong anyway. The rules stand
//! beside their checkers.

use flatwright_diagnostic::{Code, Rule};

use crate::values_template::ValuesTemplate;

/// An empty list or object where contract v1beta2 takes none.
pub const EMPTY_CONTAINER: Code = crate::rules::empty_containers::EmptyContainer::EMPTY;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [crate::rules::codes(), crate::traps::codes(), crate::set::codes(), ValuesTemplate::codes()].concat()
}
