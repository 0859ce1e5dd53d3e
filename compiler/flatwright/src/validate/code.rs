//! The codes of findings about files as such.

use flatwright_diagnostic::{Code, Rule};

use super::seen::Unseen;

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    Unseen::codes().to_vec()
}
