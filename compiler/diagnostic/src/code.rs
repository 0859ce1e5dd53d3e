//! Diagnostic codes: a kebab string that is also the name of its page under `docs/diagnostics/`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The stable name of one rule, such as `unknown-field`. Declared by the rule's type (`#[derive(Rule)]`).
#[derive(Clone, Copy)]
pub struct Code {
    name: &'static str,
    group: Option<&'static str>,
    checker: Option<&'static str>,
}

/// A longer code names nothing that anybody would write into a comment.
const LONGEST_NAME: usize = 100;

impl Code {
    /// Whether a text can be a code: lower-case words of letters and digits, joined by dashes, as `public-ip-address`.
    pub fn is_name(text: &str) -> bool {
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        text.len() <= LONGEST_NAME && text.split('-').all(is_word)
    }

    /// Makes a code from its kebab name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, group: None, checker: None }
    }

    /// Makes the code of a rule that belongs to a group of related ones.
    pub const fn grouped(name: &'static str, group: &'static str) -> Self {
        Self { name, group: Some(group), checker: None }
    }

    /// The same code, found while something else was checked: it answers to the group of that as well. What Ignition says of the result of a Butane config
    /// is a finding about Butane to whoever wrote it.
    #[must_use]
    pub const fn found_in(self, checker: &'static str) -> Self {
        Self { checker: Some(checker), ..self }
    }

    /// The kebab name.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The group, which `--allow`, suppression comments and `explain` take as well.
    pub const fn group(self) -> Option<&'static str> {
        self.group
    }

    /// The group's name, or the code's own where it has no group: its beginning says what kind of finding this is.
    pub fn family(self) -> &'static str {
        self.group.unwrap_or(self.name)
    }

    /// Whether this is the code's name, its group's, or the name of what was checked.
    pub fn answers_to(self, name: &str) -> bool {
        self.name == name || self.group == Some(name) || self.checker == Some(name)
    }
}

// A name is one rule's, wherever it is found.
impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
