//! What the entries of map-like lists and of sets must be like.

use flatwright_diagnostic::Rule;

/// The entries of a list with a declared type.
#[derive(Debug, Rule)]
#[rule(group = "schema-list-map")]
pub(crate) enum Entry {
    /// Equal entries of a set.
    #[rule("schema-duplicate-entry", "duplicate entry: equal entries are not allowed")]
    Duplicate { entry: String },
    /// Entries of a map-like list with one key.
    #[rule("schema-duplicate-key", "duplicate entry: {key} occurs twice")]
    DuplicateKey { key: String },
    /// Entries of a map-like list without keys.
    #[rule("schema-keyless-entries", "duplicate entry: two entries have no {keys}")]
    Keyless { keys: String },
    /// An entry of a map-like list that is not a mapping.
    #[rule("schema-entry-type", "{value} is an entry of a list with keys, which holds mappings only")]
    NotAMapping { value: String },
}
