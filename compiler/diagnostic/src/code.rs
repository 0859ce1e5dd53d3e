//! Diagnostic codes: a kebab string that is also the name of its page under `docs/diagnostics/`.

use std::fmt;

/// The stable name of one kind of finding, such as `unknown-field`. Declared once per crate with [`crate::codes!`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// Makes a code from its kebab name. Use [`crate::codes!`], which also registers it for `explain` and the docs test.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The kebab name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Declares the codes of a crate as constants, and `ALL` with every one of them, from which the documentation test and `explain` read.
///
/// ```
/// mod code {
///     flatwright_diagnostic::codes! {
///         /// A key that the format does not have.
///         UNKNOWN_FIELD = "unknown-field";
///     }
/// }
/// assert_eq!(code::ALL, [code::UNKNOWN_FIELD]);
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        $($(#[$doc])+ pub const $name: $crate::Code = $crate::Code::new($text);)+
        /// Every code declared here.
        pub const ALL: &[$crate::Code] = &[$($name),+];
    };
}
