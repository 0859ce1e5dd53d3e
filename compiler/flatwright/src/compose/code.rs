//! The codes of findings about composed machine configs. The rules stand in `rules`.

use flatwright_diagnostic::{Code, Rule as _};

use super::rules::{Conflict, Language, Route};

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    [Conflict::codes(), Route::codes(), Language::codes()].concat()
}
