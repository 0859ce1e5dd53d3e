//! Where a value came from. Every value of the plan carries one; it is a small copyable id, never a string path.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use crate::anchor::{Anchor, NodeId, SourceId};

/// The origin of one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Not recorded: the value's parent or children say where it came from.
    #[default]
    Unknown,
    /// A rule of the compiler, with the reason in words (`Kubernetes runs as a sysext on this flavor`).
    Default(&'static str),
    /// A place in an input text.
    Source(SourceId, NodeId),
    /// A whole input file, such as a file's local contents.
    File(SourceId),
    /// A command-line flag, such as `--template-names`.
    Flag(&'static str),
    /// An environment variable named at this place of a source.
    Environment(SourceId, NodeId),
    /// A plugin's answer: an index into the run's list of plugin calls (plugin, digest, hook).
    Plugin(u32),
    /// An entry of `patches`, at this place of a source.
    Patch(SourceId, NodeId),
}

impl Origin {
    /// The place in an input text, where there is one.
    pub fn anchor(self) -> Option<Anchor> {
        match self {
            Self::Source(source, node) | Self::Environment(source, node) | Self::Patch(source, node) => {
                Some(Anchor::node(source, node))
            }
            Self::File(source) => Some(Anchor::whole(source)),
            Self::Unknown | Self::Default(_) | Self::Flag(_) | Self::Plugin(_) => None,
        }
    }

    /// This origin, or the other where this one is not recorded.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == Self::Unknown { other } else { self }
    }
}

/// A value with its origin.
#[derive(Clone, Copy, Default)]
pub struct Traced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Traced<T> {
    /// A value from a known place.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value that a rule of the compiler gave.
    pub const fn default_by(value: T, rule: &'static str) -> Self {
        Self { value, origin: Origin::Default(rule) }
    }

    /// Another value from the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Traced<U> {
        Traced { value: f(self.value), origin: self.origin }
    }

    /// Borrows the value, keeping the origin.
    pub fn as_ref(&self) -> Traced<&T> {
        Traced { value: &self.value, origin: self.origin }
    }

    /// Another value derived from this one.
    pub fn with<U>(&self, value: U) -> Traced<U> {
        Traced { value, origin: self.origin }
    }
}

impl<T> Deref for Traced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Equality and order are about values: two plans are equal if they say the same, wherever it was written.
impl<T: PartialEq> PartialEq for Traced<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Traced<T> {}

impl<T: PartialOrd> PartialOrd for Traced<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Traced<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Traced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Traced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
