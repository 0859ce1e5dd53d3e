//! One line of a report as the original programs give it: kind, path, position, problem.

use std::fmt;

use crate::problem::Problem;

/// How bad an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// The config is refused.
    Error,
    /// Accepted, but suspicious.
    Warning,
    /// Worth knowing.
    Info,
    /// Accepted, but on its way out (Ignition 2.x only).
    Deprecated,
}

/// One report entry. Positions are the original's: 1-based, as its parser counts them; `None` where it gives none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How bad it is.
    pub kind: EntryKind,
    /// The path below the root in the original's form (`storage.files.0.path`), without `$.`; empty if it gives none.
    pub path: String,
    /// Line and column.
    pub position: Option<(u32, u32)>,
    /// What is wrong; `Display` gives the original's words.
    pub problem: Problem,
}

impl EntryKind {
    /// The word used in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Deprecated => "deprecated",
        }
    }
}

/// The one-line form of Ignition's and Butane's `--raw-errors` reports.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.word())?;
        if !self.path.is_empty() {
            write!(f, " at $.{}", self.path)?;
        }
        if let Some((line, column)) = self.position {
            f.write_str(if self.path.is_empty() { " at " } else { ", " })?;
            write!(f, "line {line} col {column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Node;

    #[test]
    fn an_entry_without_path_or_position_is_short() {
        let problem = Node::Relative.into();
        let mut entry = Entry { kind: EntryKind::Error, path: "a.0".into(), position: Some((1, 2)), problem };
        assert_eq!(entry.to_string(), "error at $.a.0, line 1 col 2: path not absolute");
        entry.path.clear();
        assert_eq!(entry.to_string(), "error at line 1 col 2: path not absolute");
        entry.position = None;
        assert_eq!(entry.to_string(), "error: path not absolute");
    }
}
