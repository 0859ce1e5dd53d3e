//! Settings of the programs that make users and groups.
//!
//! Owns: how their values are read. Must not: know which setting does what.

use std::collections::BTreeMap;

/// Settings of `login.defs` and `/etc/default/useradd`, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    pub(crate) fn insert(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A number, which may be octal or hexadecimal as in C.
    pub(crate) fn number(&self, name: &str, default: u32) -> u32 {
        let parse = |text: &str| match (text.strip_prefix("0x"), text.strip_prefix('0')) {
            (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
            (_, Some(digits)) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok(),
            _ => text.parse().ok(),
        };
        self.text(name).and_then(parse).unwrap_or(default)
    }

    pub(crate) fn is_yes(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("yes"))
    }
}
