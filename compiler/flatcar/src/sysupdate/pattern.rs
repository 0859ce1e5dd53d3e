//! Match patterns, as in `MatchPattern=`.
//!
//! Owns: their grammar, and the specifiers that are expanded before. Must not: match anything.

use std::fmt;

/// Why sysupdate refuses a pattern, and with it the whole transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPattern {
    /// No `@v`: nothing tells the versions apart.
    NoVersion,
    /// A letter after `@` that means nothing.
    UnknownWildcard(char),
    /// The same wildcard twice.
    Repeated(char),
    /// Two wildcards with nothing between them.
    Adjacent(char),
    /// An `@` at the end.
    TrailingAt,
    /// A character that patterns reserve, or that is not printable ASCII.
    BadCharacter(char),
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVersion => f.write_str("it has no `@v`, so versions cannot be told apart"),
            Self::UnknownWildcard(c) => write!(f, "`@{}` is not a wildcard", c.escape_default()),
            Self::Repeated(c) => write!(f, "`@{c}` occurs twice"),
            Self::Adjacent(c) => write!(f, "nothing separates `@{c}` from the wildcard before it"),
            Self::TrailingAt => f.write_str("it ends in a single `@`"),
            Self::BadCharacter(c) => write!(f, "`{}` cannot stand in a pattern", c.escape_default()),
        }
    }
}

impl std::error::Error for InvalidPattern {}

/// The wildcards: version, partition UUID and flags, modification time, mode, size, tries done and left, no-auto, read-only, grow-file-system, SHA-256.
const WILDCARDS: &str = "vuftmsdlargh";

/// The specifiers that settings of a transfer expand.
const SPECIFIERS: &str = "aAbBHlqmMovwWTV%";

/// Checks one pattern, such as `kubernetes-v1.34.@v-%a.raw`.
///
/// # Errors
/// [`InvalidPattern`] if sysupdate would refuse it.
pub fn check_pattern(pattern: &str) -> Result<(), InvalidPattern> {
    let mut found = String::new();
    let mut is_separated = true;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '@' => {
                let wildcard = characters.next().ok_or(InvalidPattern::TrailingAt)?;
                if wildcard == '@' {
                    is_separated = true;
                    continue;
                }
                if !WILDCARDS.contains(wildcard) {
                    return Err(InvalidPattern::UnknownWildcard(wildcard));
                }
                if found.contains(wildcard) {
                    return Err(InvalidPattern::Repeated(wildcard));
                }
                if !is_separated {
                    return Err(InvalidPattern::Adjacent(wildcard));
                }
                found.push(wildcard);
                is_separated = false;
            }
            // `**/` is for a systemd that no Flatcar release has yet.
            '$' | '*' | '?' | '[' | ']' | '!' | '\\' | '|' => return Err(InvalidPattern::BadCharacter(c)),
            ' '..='~' => is_separated = true,
            _ => return Err(InvalidPattern::BadCharacter(c)),
        }
    }
    if found.contains('v') { Ok(()) } else { Err(InvalidPattern::NoVersion) }
}

/// The field that a slash stands right behind: `v` in `foo_@v/bar.efi`.
pub(super) fn slash_behind_field(pattern: &str) -> Option<char> {
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '@'
            && let Some(field) = characters.next()
            && field != '@'
            && characters.peek() == Some(&'/')
        {
            return Some(field);
        }
    }
    None
}

/// Whether a target's pattern can become a path below the target: `path_is_safe` without the rest that patterns refuse anyway.
pub(super) fn is_path_below(pattern: &str) -> bool {
    !pattern.is_empty()
        && pattern.split('/').skip(usize::from(pattern.starts_with('/'))).all(|part| !matches!(part, "" | "." | ".."))
}

/// The first specifier in a value that means nothing and so stays as it is written.
pub(super) fn unknown_specifier(value: &str) -> Option<char> {
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        if c == '%' {
            match characters.next() {
                Some(specifier) if !SPECIFIERS.contains(specifier) => return Some(specifier),
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_need_a_version_and_separated_wildcards() {
        use InvalidPattern::{Adjacent, BadCharacter, NoVersion, Repeated, TrailingAt, UnknownWildcard};
        for pattern in ["@v", "a_@v-%a.raw", "a@@b_@v", "a_@v_@u_@h", "d/@v/x.raw"] {
            assert_eq!(check_pattern(pattern), Ok(()), "{pattern}");
        }
        for (pattern, reason) in [
            ("", NoVersion),
            ("a-%v.raw", NoVersion),
            ("a@v@v", Repeated('v')),
            ("a@v@u", Adjacent('u')),
            ("a@v_@z", UnknownWildcard('z')),
            ("@v@", TrailingAt),
            ("a*_@v", BadCharacter('*')),
            ("ä@v", BadCharacter('ä')),
        ] {
            assert_eq!(check_pattern(pattern), Err(reason), "{pattern}");
        }
    }

    #[test]
    fn slashes_are_seen_behind_fields_only() {
        for (pattern, field) in [
            ("foo_@v/bar.efi", Some('v')),
            ("@u/@v", Some('u')),
            ("a@@/@v", None),
            ("d/@v.raw", None),
            ("@v.d/x", None),
            ("@v", None),
        ] {
            assert_eq!(slash_behind_field(pattern), field, "{pattern}");
        }
    }

    #[test]
    fn paths_stay_below_their_target() {
        for pattern in ["@v.raw", "a/@v.raw", "@v.d/a..b/x", "/a@v"] {
            assert!(is_path_below(pattern), "{pattern}");
        }
        for pattern in ["../@v", "a/../@v", "a//@v", "./@v", "@v/..", "@v/", ""] {
            assert!(!is_path_below(pattern), "{pattern}");
        }
    }

    #[test]
    fn specifiers_are_known() {
        assert_eq!(unknown_specifier("a-%a-%q-%%-%"), None);
        assert_eq!(unknown_specifier("a-%x"), Some('x'));
    }
}
