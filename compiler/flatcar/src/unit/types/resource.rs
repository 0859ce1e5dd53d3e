//! Shares of a machine's resources.
//!
//! Owns: how systemd reads each. Must not: know how much a machine has.

use super::number::{is_in, is_share, percent, size, unsigned};
use super::split::{Escapes, quoted};
use crate::unit::value::{is_boolean, is_time_span};

pub(super) fn is_weight(text: &str) -> bool {
    is_in(text, 1..=10_000)
}

pub(super) fn is_cpu_weight(text: &str) -> bool {
    text == "idle" || is_weight(text)
}

pub(super) fn is_shares(text: &str) -> bool {
    is_in(text, 2..=262_144)
}

pub(super) fn is_block_weight(text: &str) -> bool {
    is_in(text, 10..=1000)
}

/// A share of one processor, more than nothing.
pub(super) fn is_cpu_quota(text: &str) -> bool {
    percent(text).is_some_and(|share| share > 0)
}

fn is_bytes(text: &str) -> bool {
    size(text, 1024).is_some_and(|bytes| bytes < u64::MAX)
}

/// Memory that may be none.
pub(super) fn is_memory(text: &str) -> bool {
    text == "infinity" || is_share(text) || is_bytes(text)
}

/// Memory that may not be none.
pub(super) fn is_some_memory(text: &str) -> bool {
    text == "infinity"
        || percent(text).is_some_and(|share| (1..=10_000).contains(&share))
        || size(text, 1024).is_some_and(|bytes| (1..u64::MAX).contains(&bytes))
}

pub(super) fn is_size(text: &str) -> bool {
    size(text, 1024).is_some_and(|bytes| i64::try_from(bytes).is_ok())
}

pub(super) fn is_limit_of_bytes(text: &str) -> bool {
    super::number::is_limit(text, |text| size(text, 1024))
}

pub(super) fn is_limit_of_count(text: &str) -> bool {
    super::number::is_limit(text, unsigned)
}

pub(super) fn is_limit_of_time(text: &str) -> bool {
    super::number::is_limit(text, crate::unit::value::microseconds)
}

pub(super) fn is_tasks(text: &str) -> bool {
    text == "infinity" || is_share(text) || unsigned(text).is_some_and(|count| count > 0 && count < u64::MAX)
}

/// A path, which is not judged, before something.
fn after_device(text: &str) -> Option<&str> {
    let (device, rest) = text.split_once([' ', '\t'])?;
    (!device.is_empty()).then_some(rest.trim())
}

pub(super) fn is_device_weight(text: &str) -> bool {
    after_device(text).is_some_and(is_weight)
}

pub(super) fn is_device_bandwidth(text: &str) -> bool {
    after_device(text).is_some_and(|rest| rest == "infinity" || size(rest, 1000).is_some_and(|size| size > 0))
}

pub(super) fn is_device_latency(text: &str) -> bool {
    after_device(text).is_some_and(is_time_span)
}

/// What a unit's control group may be given.
const CONTROLLERS: [&str; 13] = [
    "cpu",
    "cpuacct",
    "cpuset",
    "io",
    "blkio",
    "memory",
    "devices",
    "pids",
    "bpf-firewall",
    "bpf-devices",
    "bpf-foreign",
    "bpf-socket-bind",
    "bpf-restrict-network-interfaces",
];

pub(super) fn is_delegate(text: &str) -> bool {
    let is_known = |word: &String| CONTROLLERS.contains(&&**word) || word == "bpf-bind-network-interface";
    is_boolean(text) || quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().all(is_known))
}

/// The value counts with one that is known.
pub(super) fn are_controllers(text: &str) -> bool {
    let is_known = |word: &String| CONTROLLERS.contains(&&**word);
    quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().any(is_known))
}

/// A share with two digits after the dot, at most all.
pub(super) fn is_pressure(text: &str) -> bool {
    is_share(text)
}

/// A name of a control group below the unit's.
pub(super) fn is_group_name(text: &str) -> bool {
    !text.is_empty() && !text.contains('/') && !text.starts_with(['.', '_']) && text.len() <= 255
}

pub(super) fn is_quota(text: &str) -> bool {
    matches!(text, "off" | "infinity") || is_share(text) || is_bytes(text)
}

pub(super) fn is_concurrency(text: &str) -> bool {
    text == "infinity" || unsigned(text).is_some_and(|count| u32::try_from(count).is_ok())
}
