//! What a text must be before it can be a spec: readable, YAML, of the right kind, with known keys.

use flatwright_diagnostic::{NodeId, Rule};
use flatwright_yaml::{Tree, Value, ValueKind};

use crate::decode::{describe, shortened};

/// The text as a whole.
#[derive(Debug, Rule)]
pub enum Document {
    /// The bytes are not UTF-8 or UTF-16 text.
    #[rule("not-text", "{problem}")]
    NotText {
        /// What the decoder of texts says.
        problem: String,
    },
    /// The file is larger than a spec may be.
    #[rule("source-too-large", "the file has {size} MiB; a spec may have {most} MiB")]
    TooLarge {
        /// Its size in MiB.
        size: usize,
        /// The bound in MiB.
        most: usize,
    },
    /// The text is not YAML, or passes a limit on nesting or aliases.
    #[rule("yaml-syntax", "{problem}")]
    YamlSyntax {
        /// What the parser says.
        problem: String,
    },
    /// The file has no document.
    #[rule("empty-source", "there is no {wanted} in this file")]
    Empty {
        /// What should be there.
        wanted: &'static str,
    },
}

/// `apiVersion` and `kind`.
#[derive(Debug, Rule)]
#[rule(group = "unknown-kind")]
pub enum UnknownKind {
    /// Neither of the two keys is there.
    #[rule("document-without-kind", "a document without `apiVersion` and `kind` is not a `{kind}`")]
    Absent {
        /// What is read here.
        kind: String,
    },
    /// Another kind, or another version of the format.
    #[rule("foreign-document", "`{key}: {value}` is not a document that this compiler reads")]
    Foreign {
        /// Which of the two keys.
        key: &'static str,
        /// Its value.
        value: String,
    },
    /// A version of a kind that the CRDs at hand do not serve.
    #[rule("unserved-version", "`{api_version}` is not a version of {kind} that the CRDs serve")]
    Unserved {
        /// The version.
        api_version: String,
        /// The kind.
        kind: String,
    },
}

/// Keys and types.
#[derive(Debug, Rule)]
pub enum Decoding {
    /// A key that the format does not have.
    #[rule("unknown-field", "unknown key `{key}`")]
    UnknownField {
        /// The key.
        key: String,
    },
    /// One key stands twice in a mapping.
    #[rule("duplicate-key", "key `{key}` stands twice in this mapping")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A key whose empty mapping would mean something, and that has nothing behind it.
    #[rule("empty-key", "nothing stands behind `{key}:`, which is as if the key were not there")]
    Nothing {
        /// The key.
        key: String,
    },
    /// A mapping, list or scalar stands where something else is expected.
    #[rule("wrong-type", "expected {expected}, found {found}")]
    WrongType {
        /// What is expected, with its article.
        expected: String,
        /// What stands there.
        found: String,
    },
}

impl Decoding {
    /// A node of the wrong kind.
    pub fn at(expected: &str, tree: &Tree, node: NodeId) -> Self {
        Self::WrongType { expected: expected.to_owned(), found: describe(tree, node) }
    }

    /// A value of the wrong kind.
    pub(crate) fn of(expected: &str, found: &Value) -> Self {
        let found = match &found.kind {
            ValueKind::Null => "nothing".to_owned(),
            ValueKind::Bool(value) => format!("the boolean `{value}`"),
            ValueKind::Int(number) => format!("the number `{number}`"),
            ValueKind::Float(number) => format!("the number `{number}`"),
            ValueKind::Str(text) => format!("the string `{}`", shortened(text)),
            ValueKind::Seq(_) => "a list".to_owned(),
            ValueKind::Map(_) => "a mapping".to_owned(),
        };
        Self::WrongType { expected: expected.to_owned(), found }
    }
}

/// `${env:…}`.
#[derive(Debug, Rule)]
#[rule(group = "environment-variable")]
pub enum UnsetVariable {
    /// The variable is not set.
    #[rule("unset-variable", "environment variable `{name}` is not set")]
    Unset {
        /// Its name.
        name: String,
    },
    /// Specs may not read the variable.
    #[rule("withheld-variable", "environment variable `{name}` may not be read: `--env` does not name it")]
    Withheld {
        /// Its name.
        name: String,
    },
    /// The brace is not closed.
    #[rule("unclosed-variable", "`${{env:` is not closed")]
    Unclosed,
    /// What stands in the braces is not a name.
    #[rule("variable-name", "`{name}` is not the name of an environment variable")]
    Name {
        /// What stands there.
        name: String,
    },
}
