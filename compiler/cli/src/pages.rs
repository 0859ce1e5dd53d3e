//! The pages under docs/diagnostics, built into the program.

use flatwright_diagnostic::{Code, suggest};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Every code and group with its page, sorted.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().map(|(code, _, page)| (*code, *page))
}

/// The page of a code.
pub(crate) fn of(code: Code) -> Option<&'static str> {
    named(code.name())
}

/// The page of a name, of a code or a group.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    PAGES.binary_search_by(|(code, ..)| (*code).cmp(name)).ok().map(|index| PAGES[index].2)
}

/// The codes of a group; none if it is not a group.
pub(crate) fn members(group: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().filter(move |(_, of, _)| *of == Some(group)).map(|(code, _, page)| (*code, *page))
}

/// A hint to the code that was meant.
pub(crate) fn nearest(name: &str) -> Option<String> {
    suggest(name, PAGES.iter().map(|(code, ..)| *code))
}
