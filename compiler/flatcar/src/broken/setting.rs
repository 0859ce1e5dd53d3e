//! Sections, keys and single values.

use flatwright_diagnostic::Rule;

/// A section or key that its reader does not know there.
#[derive(Debug, Rule)]
#[rule(group = "unknown-setting")]
pub(crate) enum Known {
    /// A section that does not exist.
    #[rule("unknown-section", "unknown section `[{section}]`")]
    Section { section: String },
    /// A section of another kind of unit.
    #[rule("misplaced-section", "section `[{section}]` does nothing in `{unit}`")]
    Misplaced { section: String, unit: String },
    /// A key that the section does not have.
    #[rule("unknown-setting-key", "unknown key `{key}` in section `[{section}]`")]
    Key { key: String, section: String },
    /// A key of a systemd that the release does not have yet.
    #[rule("setting-of-newer-systemd", "`{key}` needs systemd {since}, but this release has {has}")]
    Newer { key: String, since: u32, has: u32 },
    /// A key that another one took the place of.
    #[rule("superseded-setting", "`{key}` gave way to `{now}`")]
    Superseded { key: String, now: &'static str },
}

/// A value that its reader cannot read, and ignores.
#[derive(Debug, Rule)]
#[rule(group = "invalid-setting")]
pub(crate) enum Value {
    /// A value of another form than the key has.
    #[rule("setting-value", "`{value}` is not a value of `{key}`")]
    Form { value: String, key: String },
    /// An empty value where it means nothing.
    #[rule("ineffective-reset", "an empty `{key}` does not reset it")]
    Reset { key: String },
    /// A path that does not begin at the root.
    #[rule("relative-setting-path", "`{path}` of `{key}` is not an absolute path")]
    Relative { path: String, key: String },
    /// A number that is no port.
    #[rule("socket-port", "`{value}` is not a port")]
    Port { value: String },
    /// A time that systemd cannot read.
    #[rule("calendar-expression", "`{value}` is not a calendar expression: {reason}")]
    Calendar { value: String, reason: String },
    /// A date that no calendar has.
    #[rule("calendar-never-comes", "no date ever fits `{value}`")]
    NeverComes { value: String },
    /// A time zone that the database has not.
    #[rule("unknown-time-zone", "`{zone}` is not a time zone")]
    UnknownZone { zone: String },
    /// A command line that systemd cannot read.
    #[rule("command-line", "`{key}` {fact}")]
    Command { key: String, fact: &'static str },
    /// A specifier that systemd refuses.
    #[rule("invalid-specifier", "`%{specifier}` in `{key}` is not a specifier")]
    BadSpecifier { specifier: char, key: String },
    /// A capability that the kernel does not have.
    #[rule("unknown-capability", "`{value}` of `{key}` has a capability that does not exist")]
    Capability { value: String, key: String },
    /// A backslash that begins nothing.
    #[rule("unknown-escape", "`{key}` has a backslash that begins no escape")]
    Escape { key: String },
    /// A specifier that stays as it is written.
    #[rule("unknown-specifier", "`%{specifier}` in `{key}` is not a specifier and stays as it is")]
    Specifier { specifier: String, key: String },
    /// A count of versions below the least that is kept.
    #[rule("too-few-instances", "`InstancesMax={count}` is taken as 2: the version in use is never replaced in place")]
    Instances { count: String },
}
