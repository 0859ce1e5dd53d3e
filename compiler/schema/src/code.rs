//! The codes of this crate's findings.

use flatwright_diagnostic::Code;

use crate::broken::{self, Content, Shape};

/// A field that the schema does not have: its name is what is wrong.
pub const UNKNOWN_FIELD: Code = Shape::UNKNOWN_FIELD;

/// A number that its 32-bit format cannot hold: the schema admits it, and no program in Go can read it.
pub const BEYOND_32_BITS: Code = Content::BEYOND32_BITS;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    broken::codes()
}
