//! The codes of this crate. Each has a page under `docs/diagnostics/`. Owns: the list.

use flatwright_diagnostic::{Code, Rule as _};

use crate::rule::FirstBoot;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    FirstBoot::codes()
}
