//! What is wrong with comments that suppress findings.

use flatwright_diagnostic::Rule;

/// A comment that does not do what it says.
#[derive(Debug, Rule)]
#[rule(group = "unused-suppression")]
pub(crate) enum Unused {
    /// A comment of another form.
    #[rule("unreadable-suppression", "this `flatwright:` comment is not understood")]
    NotUnderstood,
    /// `allow-file` below the top.
    #[rule("misplaced-file-suppression", "`allow-file` stands below the top of the file")]
    Misplaced,
    /// A comment on an error.
    #[rule("suppressed-error", "an error cannot be suppressed")]
    Error,
    /// A comment for findings that are not there.
    #[rule("idle-suppression", "nothing here gives `{codes}`")]
    Idle { codes: String },
}

/// A comment that is incomplete or wrong in itself.
#[derive(Debug, Rule)]
pub(crate) enum Comment {
    /// A code that does not exist, in a comment or an option.
    #[rule("unknown-code", "no code `{name}`")]
    UnknownCode { name: String },
    /// A comment without a reason.
    #[rule("suppression-without-reason", "the suppression of `{codes}` does not say why")]
    NoReason { codes: String },
}
