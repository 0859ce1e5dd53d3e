//! Putting what a plugin answered into the plan.
//!
//! Owns: the origin that a value has afterwards, and the record of what was in its place. Must not: decide what an answer may change.

use flatwright_diagnostic::{Anchor, Origin, Traced};

use crate::calls::Replaced;

/// Writes values of one call.
pub(super) struct Pen<'a> {
    /// The call.
    pub(super) origin: Origin,
    /// The node group that is written to, or `cluster`.
    pub(super) group: String,
    pub(super) replaced: &'a mut Vec<Replaced>,
}

impl Pen<'_> {
    /// A value of the answer: what stayed keeps its origin. `path` names what the spec would name: an argument, a file, a label.
    pub(super) fn put<T: PartialEq + Clone>(&mut self, path: &str, old: &Traced<T>, new: T) -> Traced<T> {
        if old.value == new {
            return old.clone();
        }
        self.replace(path, old.origin);
        Traced::new(new, self.origin)
    }

    /// A value of the answer where there may have been none, or is none any more.
    pub(super) fn put_maybe<T: PartialEq + Clone>(
        &mut self,
        path: &str,
        old: Option<&Traced<T>>,
        new: Option<T>,
    ) -> Option<Traced<T>> {
        match (old, new) {
            (Some(old), Some(new)) => Some(self.put(path, old, new)),
            (None, Some(new)) => Some(Traced::new(new, self.origin)),
            (Some(old), None) => {
                self.replace(path, old.origin);
                None
            }
            (None, None) => None,
        }
    }

    /// A value that was nowhere.
    pub(super) fn write<T>(&self, value: T) -> Traced<T> {
        Traced::new(value, self.origin)
    }

    /// Records that a value with this origin is gone or another now.
    pub(super) fn replace(&mut self, path: &str, before: Origin) {
        self.replace_at(path, before, None);
    }

    /// The same of a part of a machine config, whose line is known.
    pub(super) fn replace_at(&mut self, path: &str, before: Origin, line: Option<Anchor>) {
        let replaced = Replaced { path: path.to_owned(), group: self.group.clone(), before, line };
        if !self.replaced.contains(&replaced) {
            self.replaced.push(replaced);
        }
    }
}
