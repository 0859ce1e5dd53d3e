//! Codes of findings about how findings are selected, and codes by name.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use flatwright_diagnostic::{Code, Rule as _, suggest};

use crate::rules::{Comment, Unused};

/// Every code of this crate. The rules stand in `rules`.
pub fn all() -> Vec<Code> {
    [Unused::codes(), Comment::codes()].concat()
}

/// The codes that a program knows, which are gathered when somebody looks one up: most runs do not.
pub type KnownCodes = LazyCell<Vec<Code>>;

/// The code that stands for the rules of plugins.
const PLUGIN_FINDING: &str = "plugin-finding";

/// An `--allow` that names no known code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no code `{name}`{}", hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default())]
pub struct UnknownCode {
    /// The name that was given.
    pub name: String,
    /// The nearest known one.
    pub hint: Option<String>,
}

/// The known name of a code or group, of this module or one that the caller knows; also one of a plugin's own below such a code.
pub(crate) fn find(name: &str, known_codes: &KnownCodes) -> Result<String, UnknownCode> {
    let own = all();
    let codes = own.iter().chain(known_codes.iter());
    let names: BTreeSet<&'static str> = codes.flat_map(|code| [Some(code.name()), code.group()]).flatten().collect();
    let stem = name.split_once('/').map_or(name, |(stem, _)| stem);
    let is_known = names.contains(name) || (stem == PLUGIN_FINDING && names.contains(stem));
    is_known
        .then(|| name.to_owned())
        .ok_or_else(|| UnknownCode { name: name.to_owned(), hint: suggest(name, names.iter().copied()) })
}
