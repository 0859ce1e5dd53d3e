//! Paths, and lists of what begins with one.
//!
//! Owns: which paths systemd takes. Must not: look at any.

use super::split::{Escapes, fields, quoted};

/// The longest path, with its end.
const LONGEST: usize = 4096;

/// An absolute path without `.` and `..` to walk back.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') && is_normal(path)
}

/// A path without `..`, of a length that the kernel takes.
pub(super) fn is_normal(path: &str) -> bool {
    path.len() < LONGEST && path.split('/').all(|part| part != ".." && part.len() <= 255)
}

/// An absolute path, or nothing after specifiers are replaced.
pub(super) fn is_absolute_or_empty(path: &str) -> bool {
    path.is_empty() || is_absolute(path)
}

/// A device by its path, or as `fstab` names one.
pub(super) fn is_device(text: &str) -> bool {
    let tags = ["LABEL=", "UUID=", "PARTLABEL=", "PARTUUID="];
    tags.iter().any(|tag| text.strip_prefix(tag).is_some_and(|name| !name.is_empty())) || is_absolute_or_empty(text)
}

/// An absolute path after an optional `-`.
pub(super) fn is_optional(path: &str) -> bool {
    is_absolute(path.strip_prefix('-').unwrap_or(path))
}

pub(super) fn is_working_directory(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    text == "~" || is_absolute(text)
}

/// Absolute paths.
pub(super) fn are_absolute(text: &str) -> bool {
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(|word| is_absolute(word)))
}

/// Absolute paths with `-` and `+` before them.
pub(super) fn are_of_namespace(text: &str) -> bool {
    let path = |word: &str| {
        let word = word.strip_prefix('-').unwrap_or(word).to_owned();
        is_absolute(word.strip_prefix('+').unwrap_or(&word))
    };
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(|word| path(word)))
}

/// Paths between colons.
pub(super) fn is_search_path(text: &str) -> bool {
    let parts = text.split(':').filter(|part| !part.is_empty());
    parts.map(str::trim).all(|part| is_absolute(part.trim_matches(['"', '\''])))
}

/// `[-]SOURCE[:TARGET[:OPTIONS]]`.
pub(super) fn are_binds(text: &str) -> bool {
    let is_bind = |word: &String| {
        let parts = fields(word);
        let [source, rest @ ..] = &parts[..] else { return false };
        let options = match rest {
            [] => true,
            [target] => is_absolute(target),
            [target, options] => is_absolute(target) && matches!(*options, "" | "rbind" | "norbind"),
            _ => false,
        };
        is_optional(source) && options
    };
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(is_bind))
}

/// `PATH[:OPTIONS]`.
pub(super) fn are_temporary(text: &str) -> bool {
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(|word| is_absolute(fields(word)[0])))
}

/// The partitions of an image, as image policies and mount options name them.
const PARTITIONS: [&str; 13] = [
    "root",
    "usr",
    "home",
    "srv",
    "esp",
    "xbootldr",
    "swap",
    "root-verity",
    "usr-verity",
    "root-verity-sig",
    "usr-verity-sig",
    "tmp",
    "var",
];

/// `OPTIONS` for the root, or `PARTITION:OPTIONS`.
fn is_image_option(parts: &[&str]) -> bool {
    match parts {
        [_] => true,
        [partition, _] => PARTITIONS.contains(partition),
        _ => false,
    }
}

pub(super) fn are_root_image_options(text: &str) -> bool {
    let words = quoted(text, Escapes::C);
    words.is_some_and(|words| words.iter().all(|word| is_image_option(&written_fields(word))))
}

/// The fields that are not empty.
fn written_fields(word: &str) -> Vec<&str> {
    word.split(':').filter(|field| !field.is_empty()).collect()
}

/// Options after an image: for the root, or for partitions in pairs.
fn are_image_options(parts: &[&str]) -> bool {
    matches!(parts, [] | [_]) || parts.chunks(2).all(|pair| pair.len() == 2 && is_image_option(pair))
}

/// `[-]IMAGE:TARGET[:OPTIONS]`.
pub(super) fn are_mount_images(text: &str) -> bool {
    let is_image = |word: &String| match &fields(word)[..] {
        [image, target, options @ ..] => is_optional(image) && is_absolute(target) && are_image_options(options),
        _ => false,
    };
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(is_image))
}

/// `[-]IMAGE[:OPTIONS]`.
pub(super) fn are_extension_images(text: &str) -> bool {
    let is_image = |word: &String| match &fields(word)[..] {
        [image, options @ ..] => is_optional(image) && are_image_options(options),
        [] => false,
    };
    quoted(text, Escapes::Kept).is_some_and(|words| words.iter().all(is_image))
}

/// A path, or the hash itself.
pub(super) fn is_root_hash(text: &str) -> bool {
    let is_hash = text.len() >= 32 && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.starts_with('/') || is_hash
}

pub(super) fn is_root_hash_signature(text: &str) -> bool {
    text.starts_with('/') || text.strip_prefix("base64:").is_some_and(super::name::is_base64)
}

/// Names of directories below the one of the kind; one that `may_link` has links below the same, `NAME[:LINK[:FLAGS]]`.
pub(super) fn are_directories(text: &str, may_link: bool) -> bool {
    let is_below = |path: &str| !path.starts_with('/') && is_normal(path);
    let is_directory = |word: &String| {
        let parts = written_fields(word);
        let Some((name, rest)) = parts.split_first() else { return false };
        let is_private = *name == "private" || name.starts_with("private/");
        is_below(name) && !is_private && (may_link || rest.is_empty()) && rest.first().is_none_or(|link| is_below(link))
    };
    quoted(text, Escapes::C).is_some_and(|words| words.iter().all(is_directory))
}

/// Whether the host name is protected, and which one is seen instead.
pub(super) fn is_protect_hostname(text: &str) -> bool {
    let (what, name) = text.split_once(':').map_or((text, None), |(what, name)| (what, Some(name)));
    (crate::unit::value::is_boolean(what) || what == "private") && name.is_none_or(|name| !name.is_empty())
}

/// A path of a file of a daemon; a relative one is below `/run`.
pub(super) fn is_pid_file(text: &str) -> bool {
    is_normal(text)
}

/// Names of BPF program kinds before a path.
pub(super) fn is_bpf_program(text: &str) -> bool {
    const KINDS: [&str; 19] = [
        "ingress",
        "egress",
        "sock_create",
        "sock_ops",
        "device",
        "bind4",
        "bind6",
        "connect4",
        "connect6",
        "post_bind4",
        "post_bind6",
        "sendmsg4",
        "sendmsg6",
        "sysctl",
        "recvmsg4",
        "recvmsg6",
        "getsockopt",
        "setsockopt",
        "sock_release",
    ];
    text.split_once(':').is_some_and(|(kind, path)| KINDS.contains(&kind) && is_absolute(path))
}

/// `PATH[:NAME[:OPTIONS]]` of a file that is handed over.
pub(super) fn is_open_file(text: &str) -> bool {
    let parts = fields(text);
    let has_options = parts.get(2).is_none_or(|options| {
        options.split(',').all(|option| matches!(option, "" | "read-only" | "append" | "truncate" | "graceful"))
    });
    parts.len() <= 3 && is_absolute(parts[0]) && has_options
}

/// A device node or a kind of devices, with what may be done.
pub(super) fn is_device_allow(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let device = words.next().unwrap_or_default();
    let is_device = device.starts_with("/dev/") || device.starts_with("/run/systemd/inaccessible/");
    let is_kind =
        device.strip_prefix("char-").or_else(|| device.strip_prefix("block-")).is_some_and(|kind| !kind.is_empty());
    let rights = words.collect::<Vec<_>>().join(" ");
    (is_kind || is_device && is_normal(device)) && rights.chars().all(|right| "rwm".contains(right))
}
