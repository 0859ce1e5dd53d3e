//! Where a finding is and how it is kept: a path made of borrowed steps, and the list of findings that can be rolled back.

use flatwright_diagnostic::{Diagnostic, Path, Rule, Segment, Severity};

/// More findings than this are counted only: a hostile object must not fill the memory.
const KEPT: usize = 1_000;
/// Comparing thousands of names with thousands takes seconds, and nobody reads so many suggestions.
const SUGGESTED: usize = 100;

/// The way from the root of the object to a value, as a chain on the stack: it costs nothing until something is found.
#[derive(Clone, Copy)]
pub(crate) struct Trail<'a> {
    parent: Option<&'a Trail<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    pub(crate) const ROOT: Trail<'static> = Trail { parent: None, step: Step::Root };

    pub(crate) fn key(&'a self, key: &'a str) -> Trail<'a> {
        Trail { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Trail<'a> {
        Trail { parent: Some(self), step: Step::Index(index) }
    }

    /// The field that the value is in, if it is in one.
    pub(crate) fn last_key(&self) -> Option<&'a str> {
        match self.step {
            Step::Key(key) => Some(key),
            Step::Root | Step::Index(_) => None,
        }
    }

    pub(crate) fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(trail) = at {
            match trail.step {
                Step::Root => {}
                Step::Key(key) => steps.push(Segment::Key(key.into())),
                Step::Index(index) => steps.push(Segment::Index(index)),
            }
            at = trail.parent;
        }
        steps.into_iter().rev().collect()
    }
}

/// What a finding means for the rules: the server evaluates no CEL while an object has blocking ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    BlocksRules,
    Plain,
}

/// The findings of one object.
#[derive(Default)]
pub(crate) struct Findings {
    kept: Vec<Diagnostic>,
    found: usize,
    blocking: usize,
    probing: usize,
    suggested: usize,
}

/// A place to roll back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    kept: usize,
    found: usize,
    blocking: usize,
}

impl Findings {
    /// Adds an error. `None` while probing: then findings are counted, and no rule is made.
    pub(crate) fn refuse<R: Rule>(
        &mut self,
        trail: &Trail<'_>,
        effect: Effect,
        rule: impl FnOnce() -> R,
    ) -> Option<&mut Diagnostic> {
        self.found += 1;
        self.blocking += usize::from(effect == Effect::BlocksRules);
        self.keep(Severity::Error, trail, rule)
    }

    /// Adds a warning: the server admits it.
    pub(crate) fn warn<R: Rule>(&mut self, trail: &Trail<'_>, rule: impl FnOnce() -> R) -> Option<&mut Diagnostic> {
        self.keep(Severity::Warning, trail, rule)
    }

    fn keep<R: Rule>(
        &mut self,
        severity: Severity,
        trail: &Trail<'_>,
        rule: impl FnOnce() -> R,
    ) -> Option<&mut Diagnostic> {
        if self.probing > 0 || self.kept.len() >= KEPT {
            return None;
        }
        let mut diagnostic = Diagnostic::of(&rule(), severity);
        diagnostic.within(trail.path());
        self.kept.push(diagnostic);
        self.kept.last_mut()
    }

    /// Whether the next finding may look for what was probably meant.
    pub(crate) fn may_suggest(&mut self) -> bool {
        self.suggested += usize::from(self.probing == 0);
        self.suggested <= SUGGESTED
    }

    /// How many errors `check` finds, without keeping any of them.
    pub(crate) fn probe(&mut self, check: impl FnOnce(&mut Self)) -> usize {
        let mark = self.mark();
        self.probing += 1;
        check(self);
        self.probing -= 1;
        let found = self.found - mark.found;
        self.roll_back(mark);
        found
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { kept: self.kept.len(), found: self.found, blocking: self.blocking }
    }

    /// Whether an error was found since the mark.
    pub(crate) fn found_since(&self, mark: Mark) -> bool {
        self.found > mark.found
    }

    /// Forgets everything since the mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.kept.truncate(mark.kept);
        self.found = mark.found;
        self.blocking = mark.blocking;
    }

    /// Whether the server would evaluate no rules of this object.
    pub(crate) fn blocks_rules(&self) -> bool {
        self.blocking > 0
    }

    /// The last finding, for a note that belongs to the whole.
    pub(crate) fn last_mut(&mut self) -> Option<&mut Diagnostic> {
        self.kept.last_mut()
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.kept
    }
}
