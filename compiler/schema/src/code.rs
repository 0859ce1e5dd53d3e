//! The codes of this crate's findings.

use flatwright_diagnostic::Code;

use crate::broken::{self, Shape};

/// A field that the schema does not have: its name is what is wrong.
pub const UNKNOWN_FIELD: Code = Shape::UNKNOWN_FIELD;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    broken::codes()
}
