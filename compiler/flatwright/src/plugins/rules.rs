//! What is wrong with the entry of a plugin.

use flatwright_diagnostic::Rule;

/// A file that is not the plugin that the spec means.
#[derive(Debug, Rule)]
#[rule(group = "plugin-file")]
pub(super) enum File {
    /// A file that cannot be read, or that is not a plugin.
    #[rule("unreadable-plugin", "plugin `{name}` cannot be read from `{source}`: {reason}")]
    Unread {
        name: String,
        source: String,
        #[rule(skip)]
        reason: String,
    },
    /// A file with another sum.
    #[rule("changed-plugin", "plugin `{name}` is another file than the spec pins: its SHA-256 is `{digest}`")]
    Another { name: String, digest: String },
}

/// What becomes of compiled plugins.
#[derive(Debug, Rule)]
pub(crate) enum Kept {
    /// The cache is not used, or not written.
    #[rule("plugin-cache-unused", "compiled plugins are not kept, and each run compiles them again: {reason}")]
    Nowhere { reason: String },
}

/// Settings that a plugin does not take.
#[derive(Debug, Rule)]
#[rule(group = "plugin-settings")]
pub(super) enum Settings {
    /// Settings of a plugin that has none.
    #[rule("unwanted-plugin-settings", "plugin `{name}` takes no settings")]
    Unwanted { name: String },
    /// A schema that cannot be used.
    #[rule("invalid-plugin-schema", "the settings schema of plugin `{name}` is not a JSON Schema")]
    Schema { name: String },
    /// A setting that the schema refuses, in the words of its validator.
    #[rule("invalid-plugin-setting", "plugin `{name}`: {fact}{}", if path.is_empty() { String::new() } else { format!(" (at `settings.{path}`)") })]
    Refused { name: String, path: String, fact: String },
    /// A secret that cannot be told from other texts.
    #[rule(
        "short-plugin-secret",
        "`settings.{path}` of plugin `{name}` is secret and shorter than {least} bytes, so what the plugin says may show it"
    )]
    ShortSecret { name: String, path: String, least: usize },
    /// A secret that everybody gets who gets the output.
    #[rule("plugin-secret-in-output", "`settings.{path}` of plugin `{name}` is secret and ends up in the output")]
    Leaked { name: String, path: String },
}
