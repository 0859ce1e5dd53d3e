//! What may be broken: the rules of the API server, as types.
//!
//! Owns: codes, data and words. Must not: decide whether a rule is broken, or know where.

mod content;
mod definition;
mod list;
mod metadata;
mod shape;
mod validation;

use flatwright_diagnostic::{Code, Rule};

pub(crate) use content::Content;
pub(crate) use definition::Definition;
pub(crate) use list::Entry;
pub(crate) use metadata::Metadata;
pub(crate) use shape::Shape;
pub(crate) use validation::Validation;

/// The codes of every rule.
pub(crate) fn codes() -> Vec<Code> {
    [Shape::codes(), Content::codes(), Entry::codes(), Metadata::codes(), Validation::codes(), Definition::codes()]
        .concat()
}
