//! The findings of a report in the order in which they are shown, each once, with their places resolved.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use flatwright_diagnostic::{Diagnostic, Fix, LeftOut, Path, Report, Severity, SourceId};

use crate::checked::Checked;
use crate::fix::text_edits;
use crate::sources::{ResolvedSpan, Sources};

/// A report shows so many findings; more are counted.
const SHOWN: usize = 1_000;

/// One finding, ready to be written in any format.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// What was found.
    pub diagnostic: &'a Diagnostic,
    /// The source it is about, if any.
    pub source: Option<SourceId>,
    /// Its range in that source; `None` for the source as a whole.
    pub span: Option<ResolvedSpan>,
    /// The object paths of all findings that were merged into this one.
    pub object_paths: Vec<&'a Path>,
    /// Its fixes that can be made in the text as it is.
    pub fixes: Vec<Fix>,
}

/// The findings of a run: by source, place and severity, identical ones merged.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    /// The texts they point into.
    pub sources: &'a Sources,
    /// The findings. Those without a source come first.
    pub list: Vec<Finding<'a>>,
    /// How many more were found and are not in the list, by severity and name of the rule, the worst first.
    pub left_out: LeftOut,
    /// What was looked at, where the run counts it.
    pub checked: Option<&'a Checked>,
}

/// How many findings of each severity there are. Displays as `2 errors, 1 warning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl<'a> Findings<'a> {
    /// Resolves, merges and orders the findings of a report. One generated object per pool repeats a finding about one line of the spec: the same fact at the
    /// same place is one finding, with every object's path.
    pub fn new(report: &'a Report, sources: &'a Sources) -> Self {
        let mut list: Vec<Finding<'a>> = Vec::with_capacity(report.diagnostics().len());
        let mut seen = BTreeMap::new();
        for diagnostic in report.diagnostics() {
            // Findings that were made without data are told apart by their words.
            let words = if diagnostic.data.is_empty() { diagnostic.message.as_str() } else { "" };
            let identity =
                (diagnostic.name(), diagnostic.severity, &diagnostic.data, words, diagnostic.anchor.as_ref());
            let index = *seen.entry(identity).or_insert_with(|| {
                list.push(Finding {
                    diagnostic,
                    source: diagnostic.anchor.as_ref().map(|anchor| anchor.source),
                    span: diagnostic.anchor.as_ref().and_then(|anchor| sources.resolve(anchor)),
                    object_paths: Vec::new(),
                    fixes: feasible(diagnostic, sources),
                });
                list.len() - 1
            });
            let paths: &mut Vec<&Path> = &mut list[index].object_paths;
            if let Some(path) = &diagnostic.object_path
                && !paths.contains(&path)
            {
                paths.push(path);
            }
        }
        let left_out = shorten(&mut list, report.left_out().clone());
        list.sort_by_key(|finding| {
            (
                finding.source,
                finding.span.as_ref().map(|span| span.range.start),
                Reverse(finding.diagnostic.severity),
                finding.diagnostic.code,
            )
        });
        Self { sources, list, left_out, checked: None }
    }

    /// The same with what the run looked at.
    #[must_use]
    pub fn with_checked(self, checked: Option<&'a Checked>) -> Self {
        Self { checked, ..self }
    }

    /// How many there are of each severity, those that are left out included.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let listed = self.list.iter().map(|finding| (finding.diagnostic.severity, 1));
        let left_out = self.left_out.iter().map(|((severity, _), count)| (severity.0, *count));
        for (severity, count) in listed.chain(left_out) {
            match severity {
                Severity::Error => counts.errors += count,
                Severity::Warning => counts.warnings += count,
                Severity::Note => counts.notes += count,
            }
        }
        counts
    }

    /// What is left out, in words such as ``not shown: 3 errors `unknown-field` ``; nothing if everything is shown.
    pub fn left_out_words(&self) -> Option<String> {
        let words = |((severity, name), count): (&(Reverse<Severity>, Cow<'_, str>), &usize)| {
            let plural = if *count == 1 { "" } else { "s" };
            format!("{count} {}{plural} `{name}`", severity.0.word())
        };
        let all: Vec<String> = self.left_out.iter().map(words).collect();
        (!all.is_empty()).then(|| format!("not shown: {}", all.join(", ")))
    }

    /// The name of a finding's source, as the user knows it.
    pub fn source_name(&self, finding: &Finding<'_>) -> Option<&'a str> {
        finding.source.map(|source| self.sources.name(source))
    }
}

/// Leaves the first findings that a person would read, errors before all others, and counts the rest.
fn shorten(list: &mut Vec<Finding<'_>>, mut left_out: LeftOut) -> LeftOut {
    list.sort_by_key(|finding| Reverse(finding.diagnostic.severity));
    for finding in list.drain(SHOWN.min(list.len())..) {
        *left_out.entry((Reverse(finding.diagnostic.severity), finding.diagnostic.name())).or_default() += 1;
    }
    left_out
}

/// The fixes of a finding at its place, without those that would change something else than what was found.
fn feasible(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Fix> {
    let placed = diagnostic.fixes.iter().filter_map(|fix| fix.placed(diagnostic.anchor.as_ref()));
    placed.filter(|fix| text_edits(sources, fix).is_ok()).collect()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        for (count, word) in [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")] {
            if count > 0 {
                let comma = if is_first { "" } else { ", " };
                let plural = if count == 1 { "" } else { "s" };
                write!(f, "{comma}{count} {word}{plural}")?;
                is_first = false;
            }
        }
        if is_first { f.write_str("no findings") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::{Anchor, Code};

    use super::*;

    const A: Code = Code::new("a-code");

    #[test]
    fn findings_are_ordered_by_source_place_and_severity() {
        let mut sources = Sources::new();
        let first = sources.add("first", "0123456789", None);
        let second = sources.add("second", "0123456789", None);
        let mut report = Report::new();
        report.warning(A, Anchor::offset(second, 1), "e");
        report.warning(A, Anchor::offset(first, 5), "d");
        report.error(A, Anchor::offset(first, 5), "c");
        report.note(A, Anchor::whole(first), "b");
        report.push(Diagnostic::new(A, Severity::Note, "a"));
        let findings = Findings::new(&report, &sources);
        let order: String = findings.list.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
        assert_eq!(order, "abcde");
        assert_eq!(findings.counts().to_string(), "1 error, 2 warnings, 2 notes");
    }

    #[test]
    fn the_same_fact_at_the_same_place_is_one_finding_with_every_object() {
        let mut sources = Sources::new();
        let id = sources.add("a", "text", None);
        let mut report = Report::new();
        for pool in ["x", "y", "x"] {
            report.error(A, Anchor::offset(id, 0), "fact").within(Path::parse(pool));
        }
        let findings = Findings::new(&report, &sources);
        assert_eq!(findings.list.len(), 1);
        assert_eq!(findings.list[0].object_paths, [&Path::parse("x"), &Path::parse("y")]);
    }
}
