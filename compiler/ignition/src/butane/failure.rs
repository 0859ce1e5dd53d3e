//! Why there is no Ignition config: the last line of the original.

use std::fmt;

use crate::problem::{Problem, Yaml};

/// Why a translation fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The text is not translated at all. No entry of the report says it.
    Refused(Refused),
    /// An entry about the source is an error.
    Source,
    /// An entry about the result is an error.
    Result,
    /// There are entries, and none is allowed.
    Strict,
}

/// Why a text is not translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its variant and version cannot be read.
    Unread(Yaml),
    /// It cannot be decoded, or nobody translates it.
    Source(Problem),
}

impl Refused {
    /// What is wrong.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Unread(problem) => problem.into(),
            Self::Source(problem) => problem,
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(refused) => return write!(f, "Error translating config: {refused}"),
            Self::Source => "Error translating config: source config is invalid",
            Self::Result => "Error translating config: config generated was invalid",
            Self::Strict => "Config produced warnings and --strict was specified",
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(problem) => write!(f, "Error unmarshaling yaml: {problem}"),
            Self::Source(problem) => problem.fmt(f),
        }
    }
}
