//! One finding about the user's input.

use std::borrow::Cow;

use crate::anchor::{Anchor, Inner, Part};
use crate::code::Code;
use crate::nearest::{meant, suggest};
use crate::path::Path;
use crate::rule::{Datum, Rule};

/// More notes or hints of one finding are counted only; nobody reads a hundred.
const KEPT_LINES: usize = 100;

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

/// What an edit changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Where the finding itself stands, once its caller has placed it: for checkers that know object paths only.
    Here(Part),
    /// Another place.
    At(Anchor),
}

/// One textual change, symbolic like everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Replace the scalar (or key, by the anchor's part) with this text, written as it should stand in the file. Made only where the text that stands there is
    /// `was`, if given: a finding about a generated object may point at a line that says something else.
    Replace {
        /// What is replaced.
        target: Target,
        /// The text that must stand there, unquoted.
        was: Option<String>,
        /// The new text.
        with: String,
    },
    /// Put the scalar into quotes as it is written: its text was meant, not what a reader takes it for.
    Quote(Target),
    /// Remove the entry or list item.
    Remove(Target),
    /// Remove the entry of this key. Made only where nothing is in it: a finding about a generated object may point at a line that says something else.
    RemoveEmpty(Target, String),
    /// Add an entry to the mapping: key and value.
    Insert(Target, String, String),
}

impl Edit {
    /// Replaces what stands at a place, whatever it is.
    pub fn replace(anchor: Anchor, with: impl Into<String>) -> Self {
        Self::Replace { target: Target::At(anchor), was: None, with: with.into() }
    }

    /// Removes the entry or item at a place.
    pub const fn remove(anchor: Anchor) -> Self {
        Self::Remove(Target::At(anchor))
    }

    /// Adds an entry to the mapping at a place.
    pub fn insert(anchor: Anchor, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Insert(Target::At(anchor), key.into(), value.into())
    }

    /// What it changes.
    pub const fn target(&self) -> &Target {
        match self {
            Self::Replace { target, .. }
            | Self::Quote(target)
            | Self::Remove(target)
            | Self::RemoveEmpty(target, _)
            | Self::Insert(target, ..) => target,
        }
    }

    const fn target_mut(&mut self) -> &mut Target {
        match self {
            Self::Replace { target, .. }
            | Self::Quote(target)
            | Self::Remove(target)
            | Self::RemoveEmpty(target, _)
            | Self::Insert(target, ..) => target,
        }
    }
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

impl Fix {
    /// A fix of one edit whose result is certain.
    pub fn certain(title: impl Into<String>, edit: Edit) -> Self {
        Self { title: title.into(), edits: vec![edit], applicability: Applicability::Certain }
    }

    /// A fix of one edit that a person should look at.
    pub fn suggested(title: impl Into<String>, edit: Edit) -> Self {
        Self { applicability: Applicability::Suggested, ..Self::certain(title, edit) }
    }

    /// Writes a value in the place of another, where the finding stands.
    pub fn rewrite(was: impl Into<String>, with: impl Into<String>) -> Self {
        let (was, with) = (was.into(), with.into());
        let title = format!("write `{with}`");
        Self::certain(title, Edit::Replace { target: Target::Here(Part::Value), was: Some(was), with })
    }

    /// Puts what stands where the finding stands into quotes.
    pub fn quote() -> Self {
        Self::certain("write it in quotes", Edit::Quote(Target::Here(Part::Value)))
    }

    /// Removes the entry of a key that holds nothing, where the finding stands.
    pub fn remove_empty(key: &str) -> Self {
        Self::certain(format!("remove the empty `{key}`"), Edit::RemoveEmpty(Target::Here(Part::Value), key.to_owned()))
    }

    /// This fix with every place known: `here` is where its finding stands.
    #[must_use]
    pub fn placed(&self, here: Option<&Anchor>) -> Option<Self> {
        let mut fix = self.clone();
        for edit in &mut fix.edits {
            let target = edit.target_mut();
            if let Target::Here(part) = *target {
                *target = Target::At(Anchor { part, ..here?.clone() });
            }
        }
        Some(fix)
    }
}

/// Why an error does not count: somebody said so, with a reason that every report shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The reason, as it was written.
    pub reason: String,
    /// The last day, as it was written.
    pub until: Option<String>,
}

/// One finding: a fact, its place, and what to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub code: Code,
    /// What the rule is about in this case.
    pub data: Vec<Datum>,
    /// Whose own rule it is, where the code stands for the rules of others: plugin and its code, as in `plugin-finding/<plugin>/<code>`.
    pub qualifier: Option<String>,
    /// The page of such a rule.
    pub url: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// The fact in one line: lower case, no full stop, values in backticks.
    pub message: String,
    /// Where, if a place is known. A checker that knows only object paths leaves this to its caller (see [`Diagnostic::within`]).
    pub anchor: Option<Anchor>,
    /// The path inside a generated or foreign object, shown as a note and used by the caller to find the anchor.
    pub object_path: Option<Path>,
    /// Where in the text at that path, if the finding is about a part of it.
    pub inner: Option<Inner>,
    /// Whether it is about the key at that path, not about its value.
    pub is_about_key: bool,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Background facts, one line each.
    pub notes: Vec<String>,
    /// What to type, one line each.
    pub hints: Vec<String>,
    /// Notes and hints that were too many to keep.
    pub lines_left_out: usize,
    /// Machine-applicable changes.
    pub fixes: Vec<Fix>,
    /// Why it is a note although the rule says that it is an error.
    pub waiver: Option<Waiver>,
}

impl Diagnostic {
    /// A finding without a place yet.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            data: Vec::new(),
            qualifier: None,
            url: None,
            severity,
            message: message.into(),
            anchor: None,
            object_path: None,
            inner: None,
            is_about_key: false,
            labels: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
            lines_left_out: 0,
            fixes: Vec::new(),
            waiver: None,
        }
    }

    /// Makes an error a note that no comment and no baseline hides.
    pub fn waive(&mut self, waiver: Waiver) -> &mut Self {
        self.severity = Severity::Note;
        let until = waiver.until.as_ref().map(|day| format!(" (until {day})")).unwrap_or_default();
        let note = format!("waived{until}: {}", waiver.reason);
        self.waiver = Some(waiver);
        self.note(note)
    }

    /// A broken rule, without a place yet.
    pub fn of(rule: &impl Rule, severity: Severity) -> Self {
        Self { data: rule.data(), ..Self::new(rule.code(), severity, rule.to_string()) }
    }

    /// The name of the rule in reports: the code, and the qualifier where it has one.
    pub fn name(&self) -> Cow<'static, str> {
        self.qualifier.as_ref().map_or(Cow::Borrowed(self.code.name()), |qualifier| {
            Cow::Owned(format!("{}/{qualifier}", self.code.name()))
        })
    }

    /// Whether this is the name of its rule, of the rule's group, or of everything of the plugin whose rule it is.
    pub fn answers_to(&self, name: &str) -> bool {
        let is_own = |rest: &str| {
            let own = self.qualifier.as_deref().unwrap_or_default();
            own.strip_prefix(rest).is_some_and(|left| left.is_empty() || left.starts_with('/'))
        };
        self.code.answers_to(name)
            || name.strip_prefix(self.code.name()).and_then(|rest| rest.strip_prefix('/')).is_some_and(is_own)
    }

    /// Whether two findings are of one rule about the same things, wherever and in whatever words.
    pub fn is_same_fact(&self, other: &Self) -> bool {
        let rule = |finding: &Self| (finding.code, finding.severity);
        rule(self) == rule(other) && self.qualifier == other.qualifier && self.data == other.data
    }

    /// Whether this is a finding of that rule about the same things, wherever.
    pub fn is_of(&self, rule: &impl Rule) -> bool {
        self.code == rule.code() && self.data == rule.data()
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

    /// Sets the place inside the text at the path, for a caller that finds the anchor by [`Diagnostic::part`].
    pub fn inside(&mut self, inner: Inner) -> &mut Self {
        self.inner = Some(inner);
        self
    }

    /// Which part of the value at the path is meant.
    pub fn part(&self) -> Part {
        let whole = if self.is_about_key { Part::Key } else { Part::Value };
        self.inner.map_or(whole, Part::Inside)
    }

    /// Moves the finding from the value at its place to the key, with what its fixes change there.
    pub fn about_key(&mut self) -> &mut Self {
        self.is_about_key = true;
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            if let Target::Here(part @ Part::Value) = edit.target_mut() {
                *part = Part::Key;
            }
        }
        self
    }

    /// Adds a secondary place.
    pub fn label(&mut self, anchor: Anchor, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label { anchor, message: message.into() });
        self
    }

    /// Adds a background fact.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        if self.notes.len() < KEPT_LINES {
            self.notes.push(note.into());
        } else {
            self.lines_left_out += 1;
        }
        self
    }

    /// Adds what to type.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        if self.hints.len() < KEPT_LINES {
            self.hints.push(hint.into());
        } else {
            self.lines_left_out += 1;
        }
        self
    }

    /// Adds a machine-applicable change.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fixes.push(fix);
        self
    }

    /// Says which known name was probably meant, as a hint and as a fix of what is `written` here; where none is near, the whole list if it is short. The fix is
    /// certain if no other name is as near.
    pub fn did_you_mean<'a>(
        &mut self,
        written: &str,
        part: Part,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> &mut Self {
        if let Some((name, applicability)) = meant(written, known.clone()) {
            let replace =
                Edit::Replace { target: Target::Here(part), was: Some(written.to_owned()), with: name.to_owned() };
            let title = format!("replace `{written}` with `{name}`");
            self.fix(Fix { applicability, ..Fix::certain(title, replace) });
        }
        self.hints.extend(suggest(written, known));
        self
    }
}
