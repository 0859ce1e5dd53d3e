//! Transfer files of systemd-sysupdate.

use flatwright_diagnostic::Rule;

use crate::sysupdate::InvalidPattern;

/// A transfer without source or target, or with two that do not fit together.
#[derive(Debug, Rule)]
#[rule(group = "transfer-resources")]
pub(crate) enum Resources {
    /// A source that does not say what it is.
    #[rule("transfer-without-type", "the source has no `Type`")]
    NoType,
    /// A type that does not exist on this side.
    #[rule("unknown-transfer-type", "`{kind}` is not a type of `[{section}]`")]
    UnknownType { kind: String, section: String },
    /// A source and a target of which one cannot become the other.
    #[rule("mismatched-transfer-types", "a source of type `{source}` does not fit a target of type `{target}`")]
    MismatchedTypes { source: String, target: String },
    /// A side without a path.
    #[rule("transfer-without-path", "`[{section}]` has no `Path`")]
    NoPath { section: &'static str },
    /// A source that does not say which files it has.
    #[rule("transfer-without-pattern", "`[Source]` has no `MatchPattern`")]
    NoPattern,
    /// A source from the net without a URL.
    #[rule("transfer-source-url", "source path `{path}` is not an HTTP or HTTPS URL")]
    SourceUrl { path: String },
    /// A path that sysupdate refuses.
    #[rule("transfer-path", "{end} path `{path}` is not an absolute, normalized path")]
    Path { end: &'static str, path: String },
    /// A target where only a source may be.
    #[rule("explicit-target-path", "`PathRelativeTo=explicit` is for sources only")]
    ExplicitTarget,
    /// A link to a partition that does not begin at the root.
    #[rule("relative-current-symlink", "`CurrentSymlink={link}` of a partition is not an absolute path")]
    RelativeLink { link: String },
    /// A link below a directory of extensions under another name than that of the images.
    #[rule(
        "extension-link-name",
        "`CurrentSymlink={link}` is not named like the extension `{extension}` in the images"
    )]
    ExtensionLink { link: String, extension: String },
}

/// A match pattern that sysupdate refuses, or at which it aborts.
#[derive(Debug, Rule)]
#[rule(group = "transfer-pattern")]
pub(crate) enum Pattern {
    /// One of the patterns of a setting.
    #[rule("transfer-pattern-syntax", "match pattern `{pattern}` is refused: {reason}")]
    Refused { pattern: String, reason: InvalidPattern },
    /// A field and a slash: systemd 255 to 260 abort when a name gets that far (systemd#42895).
    #[rule("transfer-pattern-slash-behind-field", "sysupdate aborts at `@{field}/` in match pattern `{pattern}`")]
    SlashBehindField { pattern: String, field: char },
    /// A pattern of a target that leads out of it, or nowhere.
    #[rule("transfer-pattern-path", "match pattern `{pattern}` is not a path below the target")]
    Path { pattern: String },
}

/// A transfer file that the release does not find under this name.
#[derive(Debug, Rule)]
#[rule(group = "transfer-file-name")]
pub(crate) enum FileName {
    /// A directory that nothing reads.
    #[rule("transfer-directory", "sysupdate does not read `{directory}`")]
    Directory { directory: String },
    /// A suffix that nothing reads.
    #[rule("transfer-suffix", "sysupdate reads only files named `.transfer` or `.conf`")]
    Suffix,
    /// A suffix that the release does not read.
    #[rule("transfer-suffix-too-new", "this release reads only `.conf` transfers")]
    TooNew,
    /// A suffix of which it is not known whether the release reads it.
    #[rule("transfer-suffix-uncertain", "it is not known whether this release reads `.transfer` files")]
    Uncertain,
    /// A suffix that the release reads with a warning.
    #[rule("transfer-suffix-deprecated", "this release reads `.conf` transfers with a warning")]
    Deprecated,
    /// A kind of file that came with a newer systemd.
    #[rule(
        "sysupdate-file-too-new",
        "files named `{suffix}` are read from systemd {since} on, and this release has {has}"
    )]
    Unread { suffix: &'static str, since: u32, has: u32 },
}

/// A transfer whose checksums are verified though nothing signs them, or are protected by nothing.
#[derive(Debug, Rule)]
#[rule(group = "transfer-verification")]
pub(crate) enum Verification {
    /// A signature is wanted from who signs nothing.
    #[rule(
        "unsigned-transfer-source",
        "the signature of the checksums is verified, but the bakery signs nothing, so every update fails"
    )]
    Unsigned,
    /// Neither a signature nor TLS.
    #[rule("unprotected-transfer", "neither a signature nor TLS protects the checksums")]
    Unprotected,
}
