//! The codes of findings about upgrades. The rules stand in `rules`.

use flatwright_diagnostic::{Code, Rule as _};

use super::rules::Upgrade;

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    Upgrade::codes()
}
