//! What systemd cannot read.

use flatwright_diagnostic::Rule;

/// A line that is no header, comment or assignment.
#[derive(Debug, Rule)]
#[rule(group = "systemd-syntax")]
pub(crate) enum Syntax {
    /// A setting above the first section.
    #[rule("setting-without-section", "assignment before the first section header")]
    WithoutSection,
    /// A line without `=`.
    #[rule("line-without-equals", "missing `=`")]
    WithoutEquals,
    /// A line that begins with `=`.
    #[rule("setting-without-key", "missing key before `=`")]
    WithoutKey,
    /// More than systemd reads at once.
    #[rule("long-setting-line", "the line is longer than 1 MiB")]
    LongLine,
    /// A header that is not closed.
    #[rule("unclosed-section-header", "section header `{header}` does not end in `]`")]
    UnclosedHeader { header: String },
    /// A header that systemd refuses.
    #[rule("section-header-character", "the section header has a quote, a backslash or a control character")]
    HeaderCharacter,
}
