//! The codes of this crate. Each has a page under `docs/diagnostics/`. Owns: the list.

use flatwright_diagnostic::{Code, Rule as _};

use crate::rule::PluginValue;

/// Every code of this crate.
pub fn codes() -> Vec<Code> {
    PluginValue::codes()
}
