//! The collected findings of a run.

use crate::anchor::Anchor;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;

/// More findings than this are counted, not kept: a 50 MB input of nothing but mistakes must not fill the memory.
const KEPT_FINDINGS: usize = 1_000;

/// Collects every finding of a run. Phases take `&mut Report` and go on; [`Report::gate`] stops between phases.
#[derive(Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    dropped: usize,
    overflow: Option<Box<Diagnostic>>,
}

/// A phase found errors, so the next one must not run. The findings are in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Report {
    /// An empty report.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a broken rule as an error.
    pub fn refuse(&mut self, anchor: Anchor, rule: &impl Rule) -> &mut Diagnostic {
        self.add(Severity::Error, anchor, rule)
    }

    /// Adds a broken rule as a warning.
    pub fn warn(&mut self, anchor: Anchor, rule: &impl Rule) -> &mut Diagnostic {
        self.add(Severity::Warning, anchor, rule)
    }

    /// Adds what a rule says as a note.
    pub fn mention(&mut self, anchor: Anchor, rule: &impl Rule) -> &mut Diagnostic {
        self.add(Severity::Note, anchor, rule)
    }

    fn add(&mut self, severity: Severity, anchor: Anchor, rule: &impl Rule) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::of(rule, severity);
        diagnostic.at(anchor);
        self.push(diagnostic)
    }

    /// Adds an error at a place.
    pub fn error(&mut self, code: Code, anchor: Anchor, message: impl Into<String>) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::new(code, Severity::Error, message);
        diagnostic.at(anchor);
        self.push(diagnostic)
    }

    /// Adds a warning at a place.
    pub fn warning(&mut self, code: Code, anchor: Anchor, message: impl Into<String>) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::new(code, Severity::Warning, message);
        diagnostic.at(anchor);
        self.push(diagnostic)
    }

    /// Adds a note at a place.
    pub fn note(&mut self, code: Code, anchor: Anchor, message: impl Into<String>) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::new(code, Severity::Note, message);
        diagnostic.at(anchor);
        self.push(diagnostic)
    }

    /// Adds a finding; gives it back for labels and hints.
    pub fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        // Errors have room of their own: a thousand warnings must not hide why a run failed.
        let has_room = diagnostic.severity == Severity::Error && self.errors <= KEPT_FINDINGS;
        if self.diagnostics.len() >= KEPT_FINDINGS && !has_room {
            self.dropped += 1;
            return self.overflow.insert(Box::new(diagnostic));
        }
        self.diagnostics.push(diagnostic);
        self.diagnostics.last_mut().expect("invariant: just pushed")
    }

    /// Takes over the findings of another report.
    pub fn extend(&mut self, other: Self) {
        let kept_errors = other.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
        self.dropped += other.dropped;
        self.errors += other.errors.saturating_sub(kept_errors);
    }

    /// Drops the findings that `keep` refuses; a dropped error no longer counts.
    pub fn retain(&mut self, mut keep: impl FnMut(&Diagnostic) -> bool) {
        let errors = &mut self.errors;
        self.diagnostics.retain(|diagnostic| {
            let is_kept = keep(diagnostic);
            if !is_kept && diagnostic.severity == Severity::Error {
                *errors = errors.saturating_sub(1);
            }
            is_kept
        });
    }

    /// The findings in the order in which they were found.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The findings, to be anchored, filtered or re-ordered by the caller.
    pub fn diagnostics_mut(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.diagnostics
    }

    /// How many findings were counted but not kept.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0 || self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// The gate between two phases: an error found so far stops here.
    ///
    /// # Errors
    /// [`Stopped`] if the report holds an error.
    pub fn gate(&self) -> Result<(), Stopped> {
        if self.has_errors() { Err(Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Code = Code::new("a-code");

    #[test]
    fn many_warnings_do_not_hide_an_error() {
        let mut report = Report::new();
        for _ in 0..KEPT_FINDINGS + 5 {
            report.push(Diagnostic::new(CODE, Severity::Warning, "w"));
        }
        report.push(Diagnostic::new(CODE, Severity::Error, "e"));
        assert_eq!(report.dropped(), 5);
        assert_eq!(report.diagnostics().last().map(|d| d.severity), Some(Severity::Error));
        report.retain(|d| d.severity != Severity::Error);
        assert!(!report.has_errors());
    }
}
