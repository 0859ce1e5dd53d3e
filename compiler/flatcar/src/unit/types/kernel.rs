//! What the kernel has names or numbers for: system calls, errors, capabilities, namespaces, scheduling.
//!
//! Owns: which of them systemd takes. Must not: list the long ones; `facts/systemd-words.txt` does.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::number::{is_in, is_set, signed, unsigned};
use super::split::{Escapes, plain, quoted};
use crate::unit::value::is_boolean;

/// Lists of names, read when the first one is asked for.
fn is_listed(list: &str, word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<(&str, &str)>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lines =
            include_str!("../../../../../facts/systemd-words.txt").lines().filter(|line| !line.starts_with('#'));
        let lists = lines.filter_map(|line| line.split_once(' '));
        lists.flat_map(|(list, words)| words.split(' ').map(move |word| (list, word))).collect()
    });
    words.contains(&(list, word))
}

/// An error that a system call may give.
fn is_error(text: &str) -> bool {
    is_listed("errors", text) || is_in(text, 1..=4095)
}

/// Errors besides the one that kills.
pub(super) fn is_system_call_error(text: &str) -> bool {
    text == "kill" || is_error(text)
}

/// Calls and groups of calls; those that are denied may have an error each.
pub(super) fn are_system_calls(text: &str) -> bool {
    let is_denied = text.starts_with('~');
    let is_call = |word: &String| {
        let (name, error) = word.split_once(':').map_or((&**word, None), |(name, error)| (name, Some(error)));
        let is_name =
            if name.starts_with('@') { is_listed("system-call-groups", name) } else { is_listed("system-calls", name) };
        is_name && error.is_none_or(|error| is_denied && is_system_call_error(error))
    };
    quoted(text.trim_start_matches('~'), Escapes::Dropped).is_some_and(|words| words.iter().all(is_call))
}

pub(super) fn are_architectures(text: &str) -> bool {
    let words = quoted(text, Escapes::Kept);
    words.is_some_and(|words| words.iter().all(|word| is_listed("architectures", word)))
}

pub(super) fn are_address_families(text: &str) -> bool {
    let words = quoted(text.strip_prefix('~').unwrap_or(text), Escapes::Kept);
    text == "none" || words.is_some_and(|words| words.iter().all(|word| is_listed("address-families", word)))
}

pub(super) fn are_file_systems(text: &str) -> bool {
    let is_good = |word: &String| !word.starts_with('@') || is_listed("file-system-groups", word);
    let words = quoted(text.strip_prefix('~').unwrap_or(text), Escapes::Kept);
    words.is_some_and(|words| words.iter().all(is_good))
}

pub(super) fn are_capabilities(text: &str) -> bool {
    let is_good = |word: &String| {
        let name =
            word.get(..4).filter(|start| start.eq_ignore_ascii_case("CAP_")).map(|_| word[4..].to_ascii_uppercase());
        name.is_some_and(|name| is_listed("capabilities", &name)) || is_in(word, 0..=62)
    };
    quoted(text.strip_prefix('~').unwrap_or(text), Escapes::C).is_some_and(|words| words.iter().all(is_good))
}

const NAMESPACES: [&str; 8] = ["cgroup", "ipc", "net", "mnt", "pid", "user", "uts", "time"];

pub(super) fn are_namespaces(text: &str) -> bool {
    let words = plain(text.strip_prefix('~').unwrap_or(text));
    is_boolean(text) || words.is_some_and(|words| words.iter().all(|word| NAMESPACES.contains(&&**word)))
}

/// What a dump of memory has in it: names, or the kernel's bits in hexadecimal.
pub(super) fn is_coredump_filter(text: &str) -> bool {
    const PARTS: [&str; 11] = [
        "all",
        "default",
        "private-anonymous",
        "shared-anonymous",
        "private-file-backed",
        "shared-file-backed",
        "elf-headers",
        "private-huge",
        "shared-huge",
        "private-dax",
        "shared-dax",
    ];
    let is_bits = |word: &str| {
        let digits = word.strip_prefix("0x").unwrap_or(word.strip_prefix('+').unwrap_or(word));
        u64::from_str_radix(digits, 16).is_ok() && !digits.starts_with(['+', '-'])
    };
    quoted(text, Escapes::Dropped)
        .is_some_and(|words| words.iter().all(|word| PARTS.contains(&&**word) || is_bits(word)))
}

pub(super) fn is_cpu_policy(text: &str) -> bool {
    matches!(text, "other" | "batch" | "idle" | "fifo" | "rr" | "ext") || is_in(text, 0..=i64::from(i32::MAX))
}

pub(super) fn is_io_class(text: &str) -> bool {
    matches!(text, "none" | "realtime" | "best-effort" | "idle") || is_in(text, 0..=8)
}

pub(super) fn is_affinity(text: &str) -> bool {
    text == "numa" || is_set(text)
}

pub(super) fn is_numa_mask(text: &str) -> bool {
    text == "all" || is_set(text)
}

pub(super) fn is_log_facility(text: &str) -> bool {
    const NAMES: [&str; 20] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "local0",
        "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];
    NAMES.contains(&text) || is_in(text, 0..=127)
}

pub(super) fn is_log_level(text: &str) -> bool {
    matches!(text, "emerg" | "alert" | "crit" | "err" | "warning" | "notice" | "info" | "debug") || is_in(text, 0..=7)
}

pub(super) fn is_ip_tos(text: &str) -> bool {
    matches!(text, "low-delay" | "throughput" | "reliability" | "low-cost") || is_in(text, 0..=255)
}

pub(super) fn is_integer(text: &str) -> bool {
    signed(text).is_some_and(|number| i32::try_from(number).is_ok())
}

pub(super) fn is_long(text: &str) -> bool {
    signed(text).is_some()
}

pub(super) fn is_unsigned(text: &str) -> bool {
    unsigned(text).is_some_and(|number| u32::try_from(number).is_ok())
}

/// The partitions of an image and what they must be: `root=verity+signed:usr=absent`.
pub(super) fn is_image_policy(text: &str) -> bool {
    const USES: [&str; 10] = [
        "verity",
        "signed",
        "encrypted",
        "unprotected",
        "unused",
        "absent",
        "open",
        "ignore",
        "read-only-on",
        "read-only-off",
    ];
    let is_use = |word: &str| {
        USES.contains(&word) || matches!(word, "growfs-on" | "growfs-off" | "encryptedwithintegrity") || word.is_empty()
    };
    let is_rule = |rule: &str| match rule.split_once('=') {
        Some((_, uses)) => uses.split('+').all(is_use),
        None => matches!(rule, "" | "*" | "-" | "~"),
    };
    text.split(':').all(is_rule)
}
