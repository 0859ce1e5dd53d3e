//! Rules of a config as a whole: its version, its keys, its JSON.

use std::fmt;

use flatwright_diagnostic::Rule;

/// What Ignition says of a config as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Config {
    /// A text that is something else.
    #[rule("not-an-ignition-config", "not a config ({_0})")]
    NotConfig(#[rule(debug)] NotConfig),
    /// A version that is not three numbers.
    #[rule("unreadable-ignition-version", "invalid config version (couldn't parse)")]
    UnreadableVersion,
    /// A version that Ignition does not have.
    #[rule("unsupported-ignition-version", "unsupported config version")]
    UnsupportedVersion,
    /// A key that the version does not have.
    #[rule("unused-config-key", "{}{key}", if *is_old { "Config has unrecognized key: " } else { "unused key " })]
    UnusedKey {
        /// The key.
        key: String,
        /// Whether the words are those of 2.x.
        #[rule(skip)]
        is_old: bool,
        /// The key that was probably meant.
        #[rule(skip)]
        meant: Option<&'static str>,
    },
    /// The key that is written in another case (2.x).
    #[rule("similar-config-key", "Did you mean {similar} instead of {key}")]
    SimilarKey {
        /// The key.
        key: String,
        /// The one that exists.
        similar: &'static str,
    },
    /// A place that the walk beside the source cannot follow.
    #[rule(
        "untraced-config-part",
        "context tree does not match content tree at $.{path}. Line and column reporting may be inconsistent. Unused keys may not be reported"
    )]
    Untraced {
        /// The place.
        path: String,
    },
    /// A text that is not JSON, in the reader's words.
    #[rule("ignition-syntax", "{words}")]
    Syntax {
        /// Its words.
        words: String,
    },
    /// A value of another type.
    #[rule("ignition-type", "{_0}")]
    Type(#[rule(debug)] Json),
}

/// What a text is instead of a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotConfig {
    /// Nothing.
    Empty,
    /// A cloud-config.
    CloudConfig,
    /// A script.
    Script,
}

/// A value of JSON that Go cannot decode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json {
    /// What it is: `string`, `number 1.5`.
    pub(crate) what: String,
    /// What it should be: `value of type int`.
    pub(crate) place: String,
}

impl From<NotConfig> for Config {
    fn from(what: NotConfig) -> Self {
        Self::NotConfig(what)
    }
}

impl fmt::Display for NotConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::CloudConfig => "found coreos-cloudconfig",
            Self::Script => "found coreos-cloudinit script",
        })
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "json: cannot unmarshal {} into Go {}", self.what, self.place)
    }
}
