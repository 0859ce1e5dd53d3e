//! The codes of findings about what a machine boots with. The rules stand in `rules`.

use flatwright_diagnostic::{Code, Rule as _};

use super::rules::{Size, Version};

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    [Size::codes(), Version::codes()].concat()
}
