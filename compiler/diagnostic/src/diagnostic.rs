//! One finding about the user's input.

use crate::anchor::Anchor;
use crate::code::Code;
use crate::path::Path;

/// How bad a finding is. Only errors make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Works, but will surprise.
    Warning,
    /// Would fail, or do something else than what was written.
    Error,
}

impl Severity {
    /// The lower-case word used in every report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A secondary place with what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub anchor: Anchor,
    /// What is there: a fact, lower case, no full stop.
    pub message: String,
}

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// The right answer is certain.
    Certain,
    /// Plausible; a person decides.
    Suggested,
}

/// One textual change, symbolic like everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Replace the scalar (or key, by the anchor's part) with this text, written as it should stand in the file.
    Replace(Anchor, String),
    /// Remove the entry or list item.
    Remove(Anchor),
    /// Add an entry to the mapping.
    Insert(Anchor, String, String),
}

/// A change a machine can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative sentence without a full stop.
    pub title: String,
    /// The changes, all or none.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// One finding: a fact, its place, and what to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The fact in one line: lower case, no full stop, values in backticks.
    pub message: String,
    /// Where, if a place is known. A checker that knows only object paths leaves this to its caller (see [`Diagnostic::within`]).
    pub anchor: Option<Anchor>,
    /// The path inside a generated or foreign object, shown as a note and used by the caller to find the anchor.
    pub object_path: Option<Path>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Background facts, one line each.
    pub notes: Vec<String>,
    /// What to type, one line each.
    pub hints: Vec<String>,
    /// Machine-applicable changes.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding without a place yet.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            anchor: None,
            object_path: None,
            labels: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Sets the primary place.
    pub fn at(&mut self, anchor: Anchor) -> &mut Self {
        self.anchor = Some(anchor);
        self
    }

    /// Sets the path inside the object that was checked.
    pub fn within(&mut self, path: Path) -> &mut Self {
        self.object_path = Some(path);
        self
    }

    /// Adds a secondary place.
    pub fn label(&mut self, anchor: Anchor, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label { anchor, message: message.into() });
        self
    }

    /// Adds a background fact.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to type.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a machine-applicable change.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fixes.push(fix);
        self
    }
}
