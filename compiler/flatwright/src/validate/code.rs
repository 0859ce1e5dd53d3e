//! The codes of findings about files as such.

use flatwright_diagnostic::{Code, Rule};

/// A file that nobody reads.
#[derive(Debug, Rule)]
pub(super) enum Unread {
    /// A file of no kind.
    #[rule("unknown-file-kind", "it is not clear what kind of file this is")]
    Kind,
}

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    Unread::codes()
}
