//! Names: of users, units, buses, variables, signals, network interfaces, credentials.
//!
//! Owns: what systemd takes as each. Must not: know whether somebody has the name.

use super::number::{is_in, unsigned};
use super::split::{Escapes, is_escaped_well, plain, quoted};
use crate::unit::name::{UnitKind, is_valid_unit_name};

fn is_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control())
}

/// A name or number of a user or group, by the relaxed rules that systemd has for what exists already.
pub(super) fn is_user(text: &str) -> bool {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let has_zero = text.len() > 1 && text.starts_with('0');
        return !has_zero && text.parse::<u32>().is_ok_and(|id| id != u32::MAX && id != 0xffff);
    }
    let is_number = text.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let is_clean = !text.contains(['/', ':']) && !is_control(text) && text.trim() == text;
    !is_number && is_clean && !matches!(text, "." | "..")
}

pub(super) fn are_users(text: &str) -> bool {
    plain_words(text).is_some_and(|words| words.iter().all(|word| is_user(word)))
}

fn plain_words(text: &str) -> Option<Vec<String>> {
    quoted(text, Escapes::Dropped).or_else(|| plain(text))
}

/// A name of an environment variable.
fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    let is_first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    is_first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_assignment(word: &str) -> bool {
    let is_value = |value: &str| value.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n'));
    word.split_once('=').is_some_and(|(name, value)| is_variable(name) && is_value(value))
}

pub(super) fn are_assignments(text: &str) -> bool {
    quoted(text, Escapes::C).is_some_and(|words| words.iter().all(|word| is_assignment(word)))
}

pub(super) fn are_variables(text: &str) -> bool {
    quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().all(|word| is_variable(word)))
}

pub(super) fn are_variables_or_assignments(text: &str) -> bool {
    let words = quoted(text, Escapes::C);
    words.is_some_and(|words| words.iter().all(|word| is_variable(word) || is_assignment(word)))
}

/// Fields of the journal, which users may add.
pub(super) fn are_log_fields(text: &str) -> bool {
    let is_name = |name: &str| {
        let is_first = name.starts_with(|c: char| c.is_ascii_uppercase());
        is_first && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let is_field = |word: &String| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    quoted(text, Escapes::C).is_some_and(|words| words.iter().all(is_field))
}

pub(super) fn is_log_namespace(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.' | b'@');
    text.bytes().all(is_allowed) && text.len() < 230 && !matches!(text, "." | "..")
}

/// The signals that have a name.
const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
    "PWR", "SYS",
];

/// A signal by name or number.
pub(super) fn is_signal(text: &str) -> bool {
    const REAL_TIME: i64 = 30;
    let name = text.strip_prefix("SIG").unwrap_or(text);
    let real_time = |prefix, sign| {
        let rest = name.strip_prefix(prefix)?;
        Some(rest.is_empty() || rest.starts_with(sign) && is_in(rest.trim_start_matches(sign), 0..=REAL_TIME))
    };
    SIGNALS.contains(&name)
        || real_time("RTMIN", '+').or_else(|| real_time("RTMAX", '-')).unwrap_or_default()
        || is_in(text, 1..=64)
}

/// Names that exit statuses have.
const STATUSES: [&str; 68] = [
    "SUCCESS",
    "FAILURE",
    "INVALIDARGUMENT",
    "NOTIMPLEMENTED",
    "NOPERMISSION",
    "NOTINSTALLED",
    "NOTCONFIGURED",
    "NOTRUNNING",
    "USAGE",
    "DATAERR",
    "NOINPUT",
    "NOUSER",
    "NOHOST",
    "UNAVAILABLE",
    "SOFTWARE",
    "OSERR",
    "OSFILE",
    "CANTCREAT",
    "IOERR",
    "TEMPFAIL",
    "PROTOCOL",
    "NOPERM",
    "CONFIG",
    "CHDIR",
    "NICE",
    "FDS",
    "EXEC",
    "MEMORY",
    "LIMITS",
    "OOM_ADJUST",
    "SIGNAL_MASK",
    "STDIN",
    "STDOUT",
    "CHROOT",
    "IOPRIO",
    "TIMERSLACK",
    "SECUREBITS",
    "SETSCHEDULER",
    "CPUAFFINITY",
    "GROUP",
    "USER",
    "CAPABILITIES",
    "CGROUP",
    "SETSID",
    "CONFIRM",
    "STDERR",
    "PAM",
    "NETWORK",
    "NAMESPACE",
    "NO_NEW_PRIVILEGES",
    "SECCOMP",
    "SELINUX_CONTEXT",
    "PERSONALITY",
    "APPARMOR",
    "ADDRESS_FAMILIES",
    "RUNTIME_DIRECTORY",
    "CHOWN",
    "SMACK_PROCESS_LABEL",
    "KEYRING",
    "STATE_DIRECTORY",
    "CACHE_DIRECTORY",
    "LOGS_DIRECTORY",
    "CONFIGURATION_DIRECTORY",
    "NUMA_POLICY",
    "CREDENTIALS",
    "BPF",
    "KSM",
    "EXCEPTION",
];

pub(super) fn are_statuses(text: &str) -> bool {
    let is_status = |word: &String| {
        STATUSES.contains(&word.as_str()) || is_in(word, 0..=255) || (unsigned(word).is_none() && is_signal(word))
    };
    plain_words(text).is_some_and(|words| words.iter().all(is_status))
}

/// A name on the message bus that services may have.
pub(super) fn is_bus_name(text: &str) -> bool {
    let is_part = |part: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        !part.is_empty() && !part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(is_allowed)
    };
    text.len() <= 255 && text.contains('.') && text.split('.').all(is_part)
}

/// A valid name of a unit, or of one of a kind.
pub(super) fn is_unit(text: &str, kind: Option<UnitKind>) -> bool {
    is_valid_unit_name(text) && kind.is_none_or(|kind| UnitKind::of(text) == Some(kind))
}

/// A slice, whose name is a path of slices.
pub(super) fn is_slice(text: &str) -> bool {
    let stem = text.strip_suffix(".slice").unwrap_or_default();
    let is_root = stem == "-";
    is_unit(text, Some(UnitKind::Slice))
        && !stem.contains('@')
        && (is_root || !stem.starts_with('-') && !stem.ends_with('-') && !stem.contains("--"))
}

pub(super) fn are_sockets(text: &str) -> bool {
    let words = plain_words(text);
    words.is_some_and(|words| words.iter().all(|word| is_unit(word, Some(UnitKind::Socket))))
}

/// A name of a network interface.
pub(super) fn is_interface(text: &str) -> bool {
    const LONGEST: usize = 15;
    let is_allowed = |c: char| c.is_ascii_graphic() && !matches!(c, ':' | '/' | '%');
    let is_word = matches!(text, "" | "." | ".." | "all" | "default");
    text.len() <= LONGEST
        && text.chars().all(is_allowed)
        && unsigned(text).is_none()
        && !text.bytes().all(|byte| byte.is_ascii_digit())
        && !is_word
}

/// Names of interfaces, with `~` before them all.
pub(super) fn are_interfaces(text: &str) -> bool {
    let words = quoted(text.strip_prefix('~').unwrap_or(text), Escapes::Dropped);
    words.is_some_and(|words| words.iter().all(|word| is_interface(word)))
}

/// A name of a file descriptor.
pub(super) fn is_descriptor(text: &str) -> bool {
    text.len() <= 255 && text.bytes().all(|byte| (b' '..127).contains(&byte) && byte != b':')
}

fn is_credential(name: &str) -> bool {
    is_descriptor(name) && !name.is_empty() && !name.contains('/') && !matches!(name, "." | "..")
}

/// `NAME:VALUE`.
pub(super) fn is_set_credential(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, value)| is_credential(name) && !value.is_empty() && is_escaped_well(value))
}

/// `NAME:VALUE`, the value in base64.
pub(super) fn is_encrypted_credential(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, value)| is_credential(name) && !value.is_empty() && is_base64(value))
}

/// `NAME[:PATH]`.
pub(super) fn is_load_credential(text: &str) -> bool {
    let (name, from) = text.split_once(':').unwrap_or((text, ""));
    let is_clean = !from.contains("//") && super::path::is_normal(from);
    is_credential(name)
        && (from.is_empty() || from.starts_with('/') && is_clean || is_credential(from) && !from.contains(':'))
}

pub(super) fn is_base64(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 && digits.bytes().all(is_digit)
}

/// A place that has a manual or a page.
pub(super) fn are_documents(text: &str) -> bool {
    let is_document = |word: &String| {
        let after = |start: &&str| word.strip_prefix(*start).is_some_and(|rest| !rest.is_empty());
        ["http://", "https://", "file:/", "info:", "man:"].iter().any(after) && word.is_ascii()
    };
    quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().all(is_document))
}
