//! The codes of findings about an output directory. The rules stand in `rules`.

use flatwright_diagnostic::{Code, Rule as _};

use super::rules::Output;

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    Output::codes()
}
