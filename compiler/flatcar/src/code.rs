//! The codes of this crate's findings.

use flatwright_diagnostic::Code;

use crate::broken;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    broken::codes()
}
