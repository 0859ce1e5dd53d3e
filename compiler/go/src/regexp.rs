//! Package `regexp`: patterns in its syntax, matched by the regex crate.
//!
//! The two dialects differ in a few places that matter: Go's `\d \w \s \b` are ASCII, `[`, `&&` and `--` mean nothing inside a Go class, a `{` that starts no
//! repetition is a literal, and Go knows `\Q…\E`. `translate` writes a Go pattern so that the regex crate reads the same.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};

/// Bounds the memory of one compiled pattern; the longest in use stay below a tenth of it.
const SIZE_LIMIT: usize = 2 << 20;

/// A pattern, compiled when first needed. Clones share the result.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Arc<str>,
    compiled: Arc<OnceLock<Option<Regex>>>,
}

impl Pattern {
    /// A pattern, not looked at yet.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), compiled: Arc::default() }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it occurs in the text. `None` if the pattern itself is not usable.
    pub fn matches(&self, text: &str) -> Option<bool> {
        self.compiled.get_or_init(|| compile(&self.text)).as_ref().map(|regex| regex.is_match(text))
    }
}

/// Compiles a Go pattern.
pub fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&translate(pattern)).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).build().ok()
}

/// Writes a Go pattern in the syntax of the regex crate.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut class: Option<usize> = None;
    while let Some(c) = chars.next() {
        match (c, class) {
            ('\\', _) => escape(&mut chars, class.is_some(), &mut out),
            ('[', None) => {
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // A bracket right after the opening one is a member of the class.
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
                class = Some(out.len());
            }
            (']', Some(_)) => {
                out.push(']');
                class = None;
            }
            ('[', Some(_)) if chars.peek() == Some(&':') => {
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            ('[' | '&' | '~', Some(_)) => out.extend(['\\', c]),
            ('-', Some(_)) if chars.peek() == Some(&'-') => out.push_str("\\-"),
            ('{', None) if !starts_repetition(chars.clone()) => out.push_str("\\{"),
            ('}', None) if !ends_repetition(&out) => out.push_str("\\}"),
            _ => out.push(c),
        }
    }
    out
}

fn escape(chars: &mut Peekable<Chars<'_>>, in_class: bool, out: &mut String) {
    let Some(c) = chars.next() else {
        out.push('\\');
        return;
    };
    match c {
        'd' if in_class => out.push_str("0-9"),
        'w' if in_class => out.push_str("0-9A-Za-z_"),
        's' if in_class => out.push_str("\\t\\n\\f\\r "),
        'd' => out.push_str("[0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        's' => out.push_str("[\\t\\n\\f\\r ]"),
        'D' => out.push_str("[^0-9]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        'b' => out.push_str("(?-u:\\b)"),
        'B' => out.push_str("(?-u:\\B)"),
        'Q' if !in_class => {
            let rest: String = chars.by_ref().collect();
            let (literal, after) = rest.split_once("\\E").unwrap_or((&rest, ""));
            out.push_str(&regex::escape(literal));
            out.push_str(&translate(after));
        }
        '0'..='7' => {
            let mut code = c.to_digit(8).unwrap_or_default();
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)).filter(|_| code < 0o100) {
                code = code * 8 + digit;
                chars.next();
            }
            out.push_str(&format!("\\x{{{code:X}}}"));
        }
        _ => out.extend(['\\', c]),
    }
}

/// Whether what follows a `{` is `n}`, `n,}` or `n,m}`.
fn starts_repetition(mut rest: Peekable<Chars<'_>>) -> bool {
    let mut digits = 0;
    while rest.next_if(char::is_ascii_digit).is_some() {
        digits += 1;
    }
    if rest.next_if_eq(&',').is_some() {
        while rest.next_if(char::is_ascii_digit).is_some() {}
    }
    digits > 0 && rest.next() == Some('}')
}

/// Whether a `}` closes the repetition that the written text ends with.
fn ends_repetition(out: &str) -> bool {
    let before = out.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',');
    before.ends_with('{') && !before.ends_with("\\{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let regex = compile(pattern).unwrap_or_else(|| panic!("{pattern} does not compile as {}", translate(pattern)));
        for text in yes {
            assert!(regex.is_match(text), "{pattern} should match {text:?}");
        }
        for text in no {
            assert!(!regex.is_match(text), "{pattern} should not match {text:?}");
        }
    }

    #[test]
    fn shorthand_classes_are_ascii() {
        check(r"^\d+$", &["12"], &["\u{0661}"]);
        check(r"^[\w.]+$", &["a_1."], &["é"]);
        check(r"^[^\s]+$", &["é"], &["a b"]);
    }

    #[test]
    fn class_members_are_literal() {
        check("^[[a]+$", &["[a"], &["b"]);
        check("^[]a]+$", &["]a"], &["b"]);
        check("^[a&&b]+$", &["a&b"], &["c"]);
        check("^[[:alpha:]-]+$", &["ab-"], &["1"]);
        check(r"^[a\-z]+$", &["a-z"], &["b"]);
    }

    #[test]
    fn braces_without_a_repetition_are_literal() {
        check(r"^a{2}$", &["aa"], &["a"]);
        check(r"^a{x}$", &["a{x}"], &["a"]);
        check(r"^\{[a-z]{1,3}}$", &["{ab}"], &["ab"]);
    }

    #[test]
    fn quoted_runs_and_octal_escapes_work() {
        check(r"^\Qa.b\E+$", &["a.b", "a.bb"], &["axb"]);
        check(r"^\101$", &["A"], &["1"]);
    }
}
