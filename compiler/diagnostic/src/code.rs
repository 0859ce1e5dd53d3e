//! Diagnostic codes: a kebab string that is also the name of its page under `docs/diagnostics/`.

use std::fmt;

/// The stable name of one rule, such as `unknown-field`. Declared by the rule's type (`#[derive(Rule)]`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    name: &'static str,
    group: Option<&'static str>,
}

impl Code {
    /// Makes a code from its kebab name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, group: None }
    }

    /// Makes the code of a rule that belongs to a group of related ones.
    pub const fn grouped(name: &'static str, group: &'static str) -> Self {
        Self { name, group: Some(group) }
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

    /// Whether this is the code's or its group's name.
    pub fn answers_to(self, name: &str) -> bool {
        self.name == name || self.group == Some(name)
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

/// Declares codes as constants, and `all` with every one of them, from which the documentation test and `explain` read. For findings whose rule has no type.
///
/// ```
/// mod code {
///     flatwright_diagnostic::codes! {
///         /// A key that the format does not have.
///         UNKNOWN_FIELD = "unknown-field";
///     }
/// }
/// assert_eq!(code::all(), [code::UNKNOWN_FIELD]);
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        $($(#[$doc])+ pub const $name: $crate::Code = $crate::Code::new($text);)+
        /// Every code declared here.
        pub fn all() -> Vec<$crate::Code> {
            vec![$($name),+]
        }
    };
}
