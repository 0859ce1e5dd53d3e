//! Collects the findings of one object, with the small questions that most rules ask.

use std::fmt;
use std::ops::RangeInclusive;

use flatwright_diagnostic::{Code, Diagnostic, Part, Rule, Segment, Severity, suggest};

use crate::code;
use crate::field::Field;
use crate::options::Options;

/// More findings than this on one object help nobody, and a hostile object must not fill the memory.
const KEPT_FINDINGS: usize = 200;

/// The findings of one object.
pub(crate) struct Check<'o> {
    pub(crate) options: &'o Options,
    found: Vec<Diagnostic>,
    overflow: Diagnostic,
}

impl<'o> Check<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self { options, found: Vec::new(), overflow: Diagnostic::new(code::VALUE_LIMIT, Severity::Note, "") }
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

    /// A broken rule whose weight depends on what else is known.
    pub(crate) fn add(&mut self, severity: Severity, field: &Field<'_>, rule: &impl Rule) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::of(rule, severity);
        diagnostic.within(field.path());
        self.keep(diagnostic)
    }

    pub(crate) fn error(&mut self, code: Code, field: &Field<'_>, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Severity::Error, field, message)
    }

    pub(crate) fn warning(&mut self, code: Code, field: &Field<'_>, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Severity::Warning, field, message)
    }

    pub(crate) fn push(
        &mut self,
        code: Code,
        severity: Severity,
        field: &Field<'_>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::new(code, severity, message);
        diagnostic.within(field.path());
        self.keep(diagnostic)
    }

    fn keep(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        if self.found.len() >= KEPT_FINDINGS {
            self.overflow = diagnostic;
            return &mut self.overflow;
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

    pub(crate) fn coded_one_of(&mut self, code: Code, field: &Field<'_>, allowed: &'static [&'static str]) {
        let Some(text) = field.text() else { return };
        if !allowed.contains(&text) {
            let listed: Vec<_> = allowed.iter().filter(|name| !name.is_empty()).copied().collect();
            let finding = self.error(code, field, format!("`{}` is not a value of {}", field.shown(), last(field)));
            finding.note(format!("values: {}", listed.join(", ")));
            if let Some(hint) = suggest(text, listed) {
                finding.hint(hint);
            }
        }
    }

    pub(crate) fn coded_listed(&mut self, code: Code, field: &Field<'_>, allowed: &'static [&'static str]) {
        if self.options.schema_limits {
            self.coded_one_of(code, field, allowed);
        }
    }

    pub(crate) fn coded_range(&mut self, code: Code, field: &Field<'_>, low: i64, high: i64) {
        if let Some(number) = field.int()
            && !(low..=high).contains(&number)
        {
            let name = last(field);
            self.error(code, field, format!("{name} `{number}` is outside {low} to {high}"))
                .hint(format!("choose a number from {low} to {high}"));
        }
    }

    pub(crate) fn coded_needs_text(&mut self, code: Code, field: &Field<'_>) {
        if field.is_blank() {
            let name = last(field);
            self.error(code, field, format!("{name} is missing")).hint(format!("set `{}`", field.path()));
        }
    }

    pub(crate) fn coded_excludes(&mut self, code: Code, first: &Field<'_>, second: &Field<'_>) {
        if first.is_set() && second.is_set() {
            self.error(code, second, format!("{} cannot be set together with {}", last(second), last(first)))
                .hint(format!("remove `{}` or `{}`", first.path(), second.path()));
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

/// The last step of a field's path, in backticks, for a message.
pub(crate) fn last(field: &Field<'_>) -> impl fmt::Display {
    fmt::from_fn(|f| write!(f, "`{}`", name(field)))
}
