//! Collects the findings of one object, with the small questions that most rules ask.

use std::fmt;

use flatwright_diagnostic::{Code, Diagnostic, Rule, Segment, Severity, suggest};

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

    /// A set text must be one of the list.
    pub(crate) fn one_of(&mut self, code: Code, field: &Field<'_>, allowed: &'static [&'static str]) {
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

    /// A list that the CRD states too: left to it where the caller checks the CRDs.
    pub(crate) fn listed(&mut self, code: Code, field: &Field<'_>, allowed: &'static [&'static str]) {
        if self.options.schema_limits {
            self.one_of(code, field, allowed);
        }
    }

    /// A set number must be in the range.
    pub(crate) fn range(&mut self, code: Code, field: &Field<'_>, low: i64, high: i64) {
        if let Some(number) = field.int()
            && !(low..=high).contains(&number)
        {
            let name = last(field);
            self.error(code, field, format!("{name} `{number}` is outside {low} to {high}"))
                .hint(format!("choose a number from {low} to {high}"));
        }
    }

    /// A text that must be there.
    pub(crate) fn needs_text(&mut self, code: Code, field: &Field<'_>) {
        if field.is_blank() {
            let name = last(field);
            self.error(code, field, format!("{name} is missing")).hint(format!("set `{}`", field.path()));
        }
    }

    /// Two fields that exclude each other; the finding stands at the second.
    pub(crate) fn excludes(&mut self, code: Code, first: &Field<'_>, second: &Field<'_>) {
        if first.is_set() && second.is_set() {
            self.error(code, second, format!("{} cannot be set together with {}", last(second), last(first)))
                .hint(format!("remove `{}` or `{}`", first.path(), second.path()));
        }
    }
}

/// The last step of a field's path, in backticks, for a message.
pub(crate) fn last(field: &Field<'_>) -> impl fmt::Display {
    fmt::from_fn(|f| match field.path().segments() {
        [.., Segment::Key(key)] => write!(f, "`{key}`"),
        [.., Segment::Key(key), Segment::Index(index)] => write!(f, "`{key}[{index}]`"),
        _ => f.write_str("the object"),
    })
}
