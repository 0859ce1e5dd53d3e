//! Collects the findings of one object, with the small questions that most rules ask.

use std::ops::RangeInclusive;

use flatwright_diagnostic::{Diagnostic, Part, Rule, Segment, Severity};

use crate::field::Field;
use crate::options::Options;
use crate::rules::limits;
use flatwright_kubernetes::is_placeholder;

/// More findings than this on one object help nobody, and a hostile object must not fill the memory.
pub(crate) const KEPT_FINDINGS: usize = 200;

/// The findings of one object.
pub(crate) struct Check<'o> {
    pub(crate) options: &'o Options,
    found: Vec<Diagnostic>,
    overflow: Option<Diagnostic>,
}

impl<'o> Check<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self { options, found: Vec::new(), overflow: None }
    }

    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        self.found
    }

    /// A broken rule that admission refuses.
    pub(crate) fn refuse(&mut self, field: &Field<'_>, rule: &impl Rule) -> &mut Diagnostic {
        self.add(Severity::Error, field, rule)
    }

    /// A broken rule that admission lets pass.
    pub(crate) fn warn(&mut self, field: &Field<'_>, rule: &impl Rule) -> &mut Diagnostic {
        self.add(Severity::Warning, field, rule)
    }

    /// A broken rule that makes the object useless, unless what is written there is filled in later.
    pub(crate) fn certain(&mut self, is_final: bool, field: &Field<'_>, rule: &impl Rule) -> &mut Diagnostic {
        let finding = self.add(if is_final { Severity::Error } else { Severity::Warning }, field, rule);
        if !is_final {
            finding.note("an error, unless what `${…}` stands for changes it");
        }
        finding
    }

    /// A broken rule whose weight depends on what else is known. What is filled in later is no error for certain.
    pub(crate) fn add(&mut self, severity: Severity, field: &Field<'_>, rule: &impl Rule) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::of(rule, severity);
        diagnostic.within(field.path());
        // Templates in Go's language are judged by rules of their own.
        let is_open =
            field.text().is_some_and(|text| !text.contains('\n') && !text.contains("{{") && is_placeholder(text));
        if is_open {
            diagnostic.severity = severity.min(Severity::Warning);
            diagnostic.note("an error, unless what is filled in here changes it");
        }
        self.keep(diagnostic)
    }

    fn keep(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        if self.found.len() >= KEPT_FINDINGS {
            return self.overflow.insert(diagnostic);
        }
        self.found.push(diagnostic);
        self.found.last_mut().expect("invariant: just pushed")
    }

    /// A set text must be one of the list. The rule is made of the field's name and its value.
    pub(crate) fn one_of<R: Rule>(
        &mut self,
        field: &Field<'_>,
        allowed: &'static [&'static str],
        rule: impl FnOnce(String, String) -> R,
    ) {
        let Some(text) = field.text() else { return };
        if !allowed.contains(&text) {
            let listed: Vec<_> = allowed.iter().filter(|name| !name.is_empty()).copied().collect();
            self.refuse(field, &rule(name(field), field.shown()))
                .note(format!("values: {}", listed.join(", ")))
                .did_you_mean(text, Part::Value, listed);
        }
    }

    /// A list that the CRD states too: left to it where the caller checks the CRDs.
    pub(crate) fn listed<R: Rule>(
        &mut self,
        field: &Field<'_>,
        allowed: &'static [&'static str],
        rule: impl FnOnce(String, String) -> R,
    ) {
        if self.options.schema_limits {
            self.one_of(field, allowed, rule);
        }
    }

    /// A set number must be in the range. The rule is made of the number.
    pub(crate) fn range<R: Rule>(
        &mut self,
        field: &Field<'_>,
        range: RangeInclusive<i64>,
        rule: impl FnOnce(i64) -> R,
    ) {
        if let Some(number) = field.int()
            && !range.contains(&number)
        {
            let (low, high) = range.into_inner();
            self.refuse(field, &rule(number)).hint(format!("choose a number from {low} to {high}"));
        } else if self.options.schema_limits && field.text().is_some_and(|text| !is_placeholder(text)) {
            limits::not_whole(self, field);
        }
    }

    /// A text that must be there. The rule is made of the field's name.
    pub(crate) fn needs_text<R: Rule>(&mut self, field: &Field<'_>, rule: impl FnOnce(String) -> R) {
        if field.is_blank() {
            self.refuse(field, &rule(name(field))).hint(format!("set `{}`", field.path()));
        }
    }

    /// Two fields that exclude each other; the finding stands at the second. The rule is made of their names.
    pub(crate) fn excludes<R: Rule>(
        &mut self,
        first: &Field<'_>,
        second: &Field<'_>,
        rule: impl FnOnce(String, String) -> R,
    ) {
        if first.is_set() && second.is_set() {
            self.refuse(second, &rule(name(first), name(second))).hint(format!(
                "remove `{}` or `{}`",
                first.path(),
                second.path()
            ));
        }
    }
}

/// The last step of a field's path, for a rule's data.
pub(crate) fn name(field: &Field<'_>) -> String {
    match field.path().segments() {
        [.., Segment::Key(key)] => key.to_string(),
        [.., Segment::Key(key), Segment::Index(index)] => format!("{key}[{index}]"),
        _ => field.path().to_string(),
    }
}
