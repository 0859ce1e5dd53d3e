//! Rules as types: what was broken, with what it is about. The words are one rendering.

use std::fmt::Display;

use crate::code::Code;

/// One thing that a broken rule is about: the name of the field and its text. Fingerprints and comparisons of findings are made of these.
pub type Datum = (&'static str, String);

/// A broken rule. Usually an enum with `#[derive(Rule)]`; `Display` gives the words: the fact in one line, lower case, no full stop, values in backticks.
pub trait Rule: Display {
    /// Its stable name.
    fn code(&self) -> Code;

    /// What it is about, in the order of declaration. Never a secret.
    fn data(&self) -> Vec<Datum>;

    /// Every code of this type, for `explain`, `--allow` and the test of the pages.
    fn codes() -> Vec<Code>
    where
        Self: Sized;
}
