//! The codes of findings about plugins.

use flatwright_diagnostic::{Code, Rule};

use super::charts::Unknown;
use super::outside::Outside;
use super::policy::{Misplaced, Select};
use super::rules::{File, Kept, Settings};
use super::told::Change;

/// Every code about plugins that this crate gives.
pub(crate) fn all() -> Vec<Code> {
    [
        File::codes(),
        Kept::codes(),
        Settings::codes(),
        flatwright_plugin_law::codes(),
        Change::codes(),
        Unknown::codes(),
        Select::codes(),
        Outside::codes(),
        Misplaced::codes(),
    ]
    .concat()
}
