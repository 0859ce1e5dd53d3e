//! The collected findings of a run.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::anchor::Anchor;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;

/// So many errors, and so many other findings, are kept; more are counted by severity and name: a 50 MB input of nothing but mistakes must not fill the memory.
const KEPT_FINDINGS: usize = 1_000;

/// How many findings were counted but not kept, by severity and name of the rule, the worst first.
pub type LeftOut = BTreeMap<(Reverse<Severity>, Cow<'static, str>), usize>;

/// Collects every finding of a run. Phases take `&mut Report` and go on; [`Report::gate`] stops between phases.
#[derive(Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    /// Errors among the kept ones.
    errors: usize,
    left_out: LeftOut,
    overflow: Option<Box<Diagnostic>>,
    /// Values that no report shows, whatever a finding says of them.
    secrets: Vec<Anchor>,
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

    /// Whether one more finding of a severity would be kept, not only counted. Errors have room of their own: no number of warnings may hide why a run failed.
    pub fn has_room(&self, severity: Severity) -> bool {
        let kept = match severity {
            Severity::Error => self.errors,
            _ => self.diagnostics.len().saturating_sub(self.errors),
        };
        kept < KEPT_FINDINGS
    }

    /// Adds a finding; gives it back for labels and hints.
    pub fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        if !self.has_room(diagnostic.severity) {
            *self.left_out.entry(kind(&diagnostic)).or_default() += 1;
            return self.overflow.insert(Box::new(diagnostic));
        }
        self.errors += usize::from(diagnostic.severity == Severity::Error);
        self.diagnostics.push(diagnostic);
        self.diagnostics.last_mut().expect("invariant: just pushed")
    }

    /// Keeps a value out of the excerpts of every finding, wherever that stands.
    pub fn hide(&mut self, secret: Anchor) {
        self.secrets.push(secret);
    }

    /// The values that no excerpt may show.
    pub fn secrets(&self) -> &[Anchor] {
        &self.secrets
    }

    /// Takes over the findings of another report.
    pub fn extend(&mut self, other: Self) {
        self.secrets.extend(other.secrets);
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
        for (kind, count) in other.left_out {
            *self.left_out.entry(kind).or_default() += count;
        }
    }

    /// Drops the findings that `keep` refuses; a dropped error no longer counts.
    pub fn retain(&mut self, mut keep: impl FnMut(&Diagnostic) -> bool) {
        self.diagnostics.retain(|diagnostic| keep(diagnostic));
        self.recount();
    }

    /// Changes findings in place, those that were only counted by severity and name as well; a name that `counted` gives no severity for is dropped.
    pub fn change(
        &mut self,
        mut kept: impl FnMut(&mut Diagnostic),
        mut counted: impl FnMut(Severity, &str) -> Option<Severity>,
    ) {
        self.diagnostics.iter_mut().for_each(&mut kept);
        let left_out = std::mem::take(&mut self.left_out);
        for ((Reverse(severity), name), count) in left_out {
            if let Some(severity) = counted(severity, &name) {
                *self.left_out.entry((Reverse(severity), name)).or_default() += count;
            }
        }
        self.recount();
    }

    fn recount(&mut self) {
        self.errors = self.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    }

    /// The findings in the order in which they were found.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The findings, to be anchored, filtered or re-ordered by the caller.
    pub fn diagnostics_mut(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.diagnostics
    }

    /// The findings that were counted but not kept.
    pub const fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// Whether any finding is an error, kept or only counted.
    pub fn has_errors(&self) -> bool {
        // The kept ones are looked at anew: a caller may have changed their severities.
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
            || self.left_out.keys().any(|(severity, _)| severity.0 == Severity::Error)
    }

    /// The gate between two phases: an error found so far stops here.
    ///
    /// # Errors
    /// [`Stopped`] if the report holds an error.
    pub fn gate(&self) -> Result<(), Stopped> {
        if self.has_errors() { Err(Stopped) } else { Ok(()) }
    }
}

fn kind(diagnostic: &Diagnostic) -> (Reverse<Severity>, Cow<'static, str>) {
    (Reverse(diagnostic.severity), diagnostic.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Code = Code::new("a-code");

    fn report(severities: impl IntoIterator<Item = Severity>) -> Report {
        let mut report = Report::new();
        for severity in severities {
            report.push(Diagnostic::new(CODE, severity, "x"));
        }
        report
    }

    fn left_out(report: &Report, severity: Severity) -> usize {
        report.left_out().get(&(Reverse(severity), "a-code".into())).copied().unwrap_or_default()
    }

    #[test]
    fn many_warnings_do_not_hide_an_error() {
        let warnings = std::iter::repeat_n(Severity::Warning, KEPT_FINDINGS + 5);
        let mut report = report(warnings.chain([Severity::Error]));
        assert_eq!(left_out(&report, Severity::Warning), 5);
        assert_eq!(report.diagnostics().last().map(|d| d.severity), Some(Severity::Error));
        report.retain(|d| d.severity != Severity::Error);
        assert!(!report.has_errors());
    }

    #[test]
    fn an_error_that_is_only_counted_is_an_error() {
        let mut one = report(std::iter::repeat_n(Severity::Error, KEPT_FINDINGS));
        one.extend(report(std::iter::repeat_n(Severity::Error, KEPT_FINDINGS + 7)));
        assert_eq!(left_out(&one, Severity::Error), KEPT_FINDINGS + 7);
        one.retain(|_| false);
        assert!(one.has_errors());
        one.change(|_| {}, |_, _| None);
        assert!(!one.has_errors());
    }

    #[test]
    fn denied_warnings_count_as_errors_though_nobody_kept_them() {
        let mut report = report(std::iter::repeat_n(Severity::Warning, KEPT_FINDINGS + 3));
        report.change(|d| d.severity = Severity::Error, |_, _| Some(Severity::Error));
        assert_eq!(left_out(&report, Severity::Error), 3);
        assert!(report.gate().is_err());
    }
}
