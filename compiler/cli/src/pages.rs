//! The pages under docs/diagnostics, built into the program.

use flatwright_diagnostic::{Code, suggest};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Every code with its page, sorted.
pub(crate) fn all() -> &'static [(&'static str, &'static str)] {
    PAGES
}

/// The page of a code.
pub(crate) fn of(code: Code) -> Option<&'static str> {
    named(code.name())
}

/// The page of the code of a name.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    PAGES.binary_search_by(|(code, _)| (*code).cmp(name)).ok().map(|index| PAGES[index].1)
}

/// A hint to the code that was meant.
pub(crate) fn nearest(name: &str) -> Option<String> {
    suggest(name, PAGES.iter().map(|(code, _)| *code))
}
