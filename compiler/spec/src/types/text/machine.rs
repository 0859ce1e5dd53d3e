//! What stands on a machine: releases, paths, modes, users, and texts that the bootstrap provider must carry.

use flatwright_flatcar::node_units::timer_drop_in;
use flatwright_flatcar::release::Release;
use flatwright_flatcar::unit::check_calendar;
use flatwright_kubernetes::range::{self, NotARange, Range};

use crate::decode::{Flaw, Text};

/// A Flatcar release: three numbers such as `4593.2.5`; or a range of them such as `latest`, `4593.2` or `>=4593.2.5 <4628`, for `flatwright lock`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a Flatcar release such as `4593.2.5`", pattern = range::PATTERN, check = flatcar_version, takes_numbers)]
pub struct FlatcarVersion(String);

impl FlatcarVersion {
    /// The range, where this is no single release.
    pub fn range(&self) -> Option<Range> {
        if self.0.parse::<Release>().is_ok() { None } else { self.0.parse().ok() }
    }

    /// This release.
    pub fn exactly(release: Release) -> Self {
        Self(release.to_string())
    }
}

/// An absolute path on the machine, without `..`, `//` or a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a path on the machine", pattern = "^/", check = machine_path)]
pub struct MachinePath(String);

/// A file on this computer, relative to the spec.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a path relative to the spec", pattern = "^[^/]", check = local_path)]
pub struct LocalPath(String);

/// A file mode in octal: three or four digits, such as `0644`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a file mode such as `\"0644\"`", pattern = "^0?[0-7]{3,4}$", check = file_mode, takes_numbers)]
pub struct FileMode(String);

impl FileMode {
    /// The digits with a leading zero: the bootstrap provider pastes them into YAML, where `644` would be decimal.
    pub fn octal(mode: &str) -> String {
        format!("0{}", mode.trim_start_matches("0o").trim_start_matches('0'))
    }
}

/// A file owner: `user` or `user:group`, by name. Numbers would be taken as names by the bootstrap provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an owner such as `root:root`", pattern = "^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$", check = owner)]
pub struct Owner(String);

/// A file-system label: at most 16 letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a file-system label", pattern = "^[A-Za-z0-9._-]{1,16}$", check = filesystem_label)]
pub struct FilesystemLabel(String);

/// A mount point whose name needs no escaping in a systemd unit name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a mount point", pattern = "^(/[A-Za-z0-9_.]+)+$", check = mount_path)]
pub struct MountPath(String);

/// The name of a Linux user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a user name", pattern = "^[a-z_][a-z0-9_-]{0,31}$", check = user_name)]
pub struct UserName(String);

/// Text that a machine config can carry: the bootstrap provider's YAML has no way to write other control characters than line breaks and tabs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "text that a machine config can carry", pattern = "", check = plain_text)]
pub struct PlainText(String);

/// A calendar expression of systemd.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a calendar expression such as `Sat 03:00`", pattern = "\\S", check = schedule)]
pub struct Schedule(String);

/// Text that the bootstrap provider writes into YAML without quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "text that means the same without quotes", pattern = "\\S", check = unquoted)]
pub struct Unquoted(String);

/// What the node compares a password with. The bootstrap provider writes it into YAML without quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a password hash that means the same without quotes", pattern = "\\S", check = unquoted, secret)]
pub struct PasswordHash(String);

/// A name, tag or version: no blanks, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "one word", pattern = "^\\S+$", check = word)]
pub struct Word(String);

fn flatcar_version(text: &str) -> Result<(), String> {
    if text.parse::<Release>().is_ok() {
        return Ok(());
    }
    text.parse::<Range>().map(|_| ()).map_err(|problem| match problem {
        NotARange::Malformed => "a release has three numbers".to_owned(),
        NotARange::Empty => problem.to_string(),
    })
}

fn machine_path(text: &str) -> Result<(), Flaw> {
    if !text.starts_with('/') {
        return Err(Flaw::meaning("it does not begin with `/`", format!("/{text}")));
    }
    if text.chars().any(char::is_control) {
        return Err("it has a control character".into());
    }
    let is_simple = text == "/" || text.split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..");
    if is_simple {
        unquoted(text).map_err(Flaw::from)
    } else {
        let fact = "it has an empty, `.` or `..` part, or a trailing slash";
        Err(Flaw::meaning(fact, text.trim_end_matches('/')))
    }
}

fn local_path(text: &str) -> Result<(), String> {
    if text.is_empty() || text.starts_with('/') {
        return Err("it must be relative, so that the spec compiles the same everywhere".to_owned());
    }
    Ok(())
}

fn file_mode(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix("0o").unwrap_or(text);
    let is_octal = (3..=5).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
    if is_octal && u32::from_str_radix(digits, 8).is_ok_and(|mode| mode <= 0o7777) {
        Ok(())
    } else {
        Err("three or four octal digits: read, write, execute for owner, group and others".to_owned())
    }
}

fn owner(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 2 || parts.iter().any(|part| part.is_empty()) {
        return Err("write `user` or `user:group`".to_owned());
    }
    if parts.iter().any(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
        return Err("the bootstrap provider takes a number as a name; write the user's name".to_owned());
    }
    let is_name = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    };
    if parts.iter().all(is_name) {
        Ok(())
    } else {
        Err("a name has lower-case letters, digits, `_` and `-`".to_owned())
    }
}

fn filesystem_label(text: &str) -> Result<(), String> {
    let is_label =
        (1..=16).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_label { Ok(()) } else { Err("it has 1 to 16 letters, digits, `-`, `_` and `.`".to_owned()) }
}

fn mount_path(text: &str) -> Result<(), String> {
    if !text.starts_with('/') || text.len() < 2 {
        return Err("it is an absolute path below `/`".to_owned());
    }
    if text.contains('-') {
        return Err("`-` is not allowed: the bootstrap provider does not escape it in the mount unit's name, and systemd refuses such a unit".to_owned());
    }
    let is_simple = text.split('/').skip(1).all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
    });
    if is_simple {
        Ok(())
    } else {
        Err("letters, digits, `_` and `.` are allowed, with single slashes between".to_owned())
    }
}

fn user_name(text: &str) -> Result<(), String> {
    let first = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if first
        && text.len() <= 32
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    {
        Ok(())
    } else {
        Err("it has at most 32 lower-case letters, digits, `_` and `-`, and begins with a letter or `_`".to_owned())
    }
}

fn plain_text(text: &str) -> Result<(), String> {
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(bad) => Err(format!("it has the control character `{}`", bad.escape_default())),
        None => Ok(()),
    }
}

fn schedule(text: &str) -> Result<(), String> {
    check_calendar(text).map_err(|problem| problem.to_string())?;
    timer_drop_in(text, None).map(drop).map_err(|_| "it does not fit on one line of a unit".to_owned())
}

fn word(text: &str) -> Result<(), String> {
    let is_word = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_word { Ok(()) } else { Err("it is empty, or has a blank or a control character".to_owned()) }
}

/// Whether YAML reads the text as itself where it stands without quotes, as all values do that the bootstrap provider writes.
fn unquoted(text: &str) -> Result<(), String> {
    const NULLS: &[&str] = &["~", "null", "Null", "NULL"];
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.contains(char::is_control) || text.trim() != text {
        return Err("it has a line break or a control character, or a blank at an end".to_owned());
    }
    let begins_otherwise = text.starts_with(|c| "#&*!|>'\"%@`{}[],".contains(c))
        || ["-", "?", ":"]
            .iter()
            .any(|mark| text == *mark || text.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' ')));
    let ends_early = text.contains(": ") || text.ends_with(':') || text.contains(" #");
    if begins_otherwise || ends_early || NULLS.contains(&text) {
        return Err(
            "the bootstrap provider writes it into YAML without quotes, where it means something else".to_owned()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_reads_otherwise_is_not_written_without_quotes() {
        for text in ["a b", "-E", "$6$x", "a:b", "a#b", "noatime,ro", "x=y", "?x"] {
            assert_eq!(unquoted(text), Ok(()), "{text}");
        }
        for text in [
            "", " a", "a ", "a\nb", "#x", "a #b", "a: b", "a:", "- a", "-", "*", "!x", "%s", "{x}", "~", "null",
            "\"a\"",
        ] {
            assert!(unquoted(text).is_err(), "{text:?}");
        }
    }
}
