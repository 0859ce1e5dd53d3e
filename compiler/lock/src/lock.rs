//! The entries of a lock.
//!
//! Owns: what was asked for beside what it became, and the difference of two locks. Must not: know the text of the file.

use std::collections::BTreeMap;
use std::fmt;

use flatwright_kubernetes::table::Day;

use crate::ask::{Ask, Kind};

/// All entries, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The day of the newest entry.
    pub day: Option<Day>,
    pub(crate) entries: BTreeMap<Ask, Pin>,
}

/// A value of an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text of one line.
    Text(String),
    /// Words.
    List(Vec<String>),
}

/// What something became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    pub(crate) values: BTreeMap<&'static str, Value>,
}

/// Where an entry was read; it says nothing about what is locked.
const READ: &str = "read";

impl Pin {
    /// A version that was read somewhere.
    pub fn locked(version: &str, read: &str) -> Self {
        Self::default().with("locked", version).with(READ, read)
    }

    /// Hashes that were read somewhere.
    pub fn read(read: &str) -> Self {
        Self::default().with(READ, read)
    }

    /// The same with a value more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.values.insert(name, Value::Text(value.to_owned()));
        self
    }

    /// The same with a value more, if there is one.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The same with a list more.
    #[must_use]
    pub fn with_list(mut self, name: &'static str, words: Vec<String>) -> Self {
        self.values.insert(name, Value::List(words));
        self
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::Text(text) => Some(text),
            Value::List(_) => None,
        }
    }

    /// A list; empty where there is none.
    pub fn list(&self, name: &str) -> &[String] {
        match self.values.get(name) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The version, or the hash of what has no version.
    pub fn shown(&self) -> &str {
        ["locked", "sha256", "sha512"].iter().find_map(|name| self.text(name)).unwrap_or_default()
    }

    /// Whether the same is locked, wherever it was read.
    pub fn is_same(&self, other: &Self) -> bool {
        let said = |pin: &Self| {
            pin.values
                .iter()
                .filter(|(name, _)| **name != READ)
                .map(|(name, value)| (*name, value.clone()))
                .collect::<Vec<_>>()
        };
        said(self) == said(other)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::List(words) => f.write_str(&words.join(", ")),
        }
    }
}

/// A difference of two locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is asked for.
    pub ask: Ask,
    /// What it was; nothing for a new entry.
    pub old: Option<Pin>,
    /// What it is; nothing for one that is gone.
    pub new: Option<Pin>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |pin: &Pin| shortened(pin.shown());
        match (&self.old, &self.new) {
            (None, Some(new)) => write!(f, "+ {}: {}", self.ask, shown(new)),
            (Some(old), None) => write!(f, "- {}: {}", self.ask, shown(old)),
            (Some(old), Some(new)) if old.shown() != new.shown() => {
                write!(f, "~ {}: {} → {}", self.ask, shown(old), shown(new))
            }
            (Some(old), Some(new)) => {
                write!(f, "~ {}: {}", self.ask, shown(new))?;
                let names: std::collections::BTreeSet<_> = old.values.keys().chain(new.values.keys()).collect();
                let changed = names.into_iter().filter(|name| old.values.get(**name) != new.values.get(**name));
                for name in changed.filter(|name| **name != READ) {
                    let value = |pin: &Pin| {
                        pin.values.get(name).map_or("none".to_owned(), |value| shortened(&value.to_string()))
                    };
                    write!(f, ", {name} {} → {}", value(old), value(new))?;
                }
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }
}

/// A hash by its beginning.
fn shortened(text: &str) -> String {
    let is_hash = text.len() >= 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash { format!("{}…", &text[..12]) } else { text.to_owned() }
}

impl Lock {
    /// What something became.
    pub fn pin(&self, ask: &Ask) -> Option<&Pin> {
        self.entries.get(ask)
    }

    /// Adds an entry, or puts another in its place.
    pub fn insert(&mut self, ask: Ask, pin: Pin) {
        self.entries.insert(ask, pin);
    }

    /// All entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = (&Ask, &Pin)> {
        self.entries.iter()
    }

    /// The entries of a table.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Ask, &Pin)> {
        self.entries.iter().filter(move |(ask, _)| ask.kind == kind)
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What another lock says otherwise. Days and places of reading are not compared.
    pub fn changes(&self, new: &Self) -> Vec<Change> {
        let asks: std::collections::BTreeSet<&Ask> = self.entries.keys().chain(new.entries.keys()).collect();
        asks.into_iter()
            .filter_map(|ask| {
                let (old, new) = (self.entries.get(ask), new.entries.get(ask));
                let is_same = matches!((old, new), (Some(old), Some(new)) if old.is_same(new));
                (!is_same).then(|| Change { ask: ask.clone(), old: old.cloned(), new: new.cloned() })
            })
            .collect()
    }
}
