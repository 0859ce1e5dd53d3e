//! What Go's YAML library refuses of a config. Butane and the Container Linux Config transpiler share it.

use std::fmt;

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;
use flatwright_go::yaml3::SyntaxError;

/// What the library refuses.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
pub enum Yaml {
    /// A text that is not YAML, in the reader's words.
    #[rule("config-yaml-syntax", "yaml: {}{problem}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Syntax {
        /// The line that it names.
        #[rule(skip)]
        line: Option<u32>,
        /// What is wrong.
        problem: String,
    },
    /// Values of other types, and keys that occur twice.
    #[rule("config-yaml-type", "yaml: unmarshal errors:{_0}")]
    Mismatches(#[rule(skip)] Mismatches),
    /// A scalar that is not what its tag says, in the reader's words.
    #[rule("config-yaml-tag", "yaml: {words}")]
    Tag {
        /// The words.
        words: String,
    },
    /// Aliases that stand for too much.
    #[rule("excessive-yaml-aliases", "yaml: document contains excessive aliasing")]
    ExcessiveAliases,
    /// An anchor inside of what it names.
    #[rule("recursive-yaml-anchor", "yaml: anchor '{anchor}' value contains itself")]
    Recursive {
        /// The anchor.
        anchor: String,
    },
    /// `<<` with something else than mappings.
    #[rule("invalid-yaml-merge", "yaml: map merge requires map or sequence of maps as the value")]
    Merge,
    /// A version that is not one, in the reader's words.
    #[rule("unreadable-service-version", "{words}")]
    Version {
        /// The words.
        words: String,
    },
}

/// Everything that does not fit, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatches(pub(crate) Vec<Mismatch>);

/// One value or key that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A value of another type.
    Type {
        /// Its line.
        line: u32,
        /// Its tag, and its beginning where it is a scalar.
        shown: String,
        /// The Go type that is wanted.
        into: String,
    },
    /// A key that occurs twice.
    DuplicateKey {
        /// The line of the second.
        line: u32,
        /// The key.
        key: String,
        /// The line of the first.
        first: u32,
    },
    /// Two keys that are different texts of one field.
    DuplicateField {
        /// The line of the second.
        line: u32,
        /// The field.
        field: String,
        /// The Go type that has it.
        into: String,
    },
}

impl Yaml {
    /// The line that the words name.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::Syntax { line, .. } => *line,
            Self::Mismatches(Mismatches(lines)) => lines.first().map(Mismatch::line),
            _ => None,
        }
    }
}

impl Mismatch {
    const fn line(&self) -> u32 {
        match self {
            Self::Type { line, .. } | Self::DuplicateKey { line, .. } | Self::DuplicateField { line, .. } => *line,
        }
    }
}

impl From<SyntaxError> for Yaml {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax { line: error.line(), problem: error.problem.into_owned() }
    }
}

impl fmt::Display for Mismatches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line())?;
        match self {
            Self::Type { shown, into, .. } => write!(f, "cannot unmarshal {shown} into {into}"),
            Self::DuplicateKey { key, first, .. } => {
                write!(f, "mapping key {} already defined at line {first}", quote(key))
            }
            Self::DuplicateField { field, into, .. } => write!(f, "field {field} already set in type {into}"),
        }
    }
}
