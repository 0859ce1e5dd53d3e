//! What kind of file a text is: by its name, else by its content.

use std::fmt;

use flatwright_flatcar::unit::UnitKind;
use flatwright_yaml::{Kind as Node, Tree};

/// The kinds of files that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A `FlatcarCluster` spec.
    Spec,
    /// Kubernetes objects, in one or several documents.
    Manifests,
    /// A Butane config.
    Butane,
    /// An Ignition config, 2.x or 3.x.
    Ignition,
    /// A Container Linux Config.
    Clc,
    /// A transfer file of systemd-sysupdate.
    Sysupdate,
    /// A systemd unit or drop-in.
    Unit,
    /// A plugin: a WebAssembly component.
    Plugin,
}

/// Sections that only a Container Linux Config has at its root.
const CLC_KEYS: [&str; 8] = ["storage", "systemd", "passwd", "networkd", "update", "locksmith", "etcd", "docker"];

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Spec,
        Self::Manifests,
        Self::Butane,
        Self::Ignition,
        Self::Clc,
        Self::Sysupdate,
        Self::Unit,
        Self::Plugin,
    ];

    /// The word by which users name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Manifests => "manifests",
            Self::Butane => "butane",
            Self::Ignition => "ignition",
            Self::Clc => "clc",
            Self::Sysupdate => "sysupdate",
            Self::Unit => "unit",
            Self::Plugin => "plugin",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The kind of bytes that are no text, or of a text whose name or first lines tell without parsing it.
pub(super) fn of_name_or_start(name: &str, bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"\0asm") {
        return Some(Kind::Plugin);
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("wasm") => return Some(Kind::Plugin),
        Some("bu") => return Some(Kind::Butane),
        Some("ign") => return Some(Kind::Ignition),
        Some("transfer") => return Some(Kind::Sysupdate),
        _ if UnitKind::of(file).is_some() => return Some(Kind::Unit),
        _ => {}
    }
    match first_section(bytes)?.as_str() {
        "Transfer" | "Source" | "Target" | "Feature" | "Component" => Some(Kind::Sysupdate),
        section if section.starts_with(|c: char| c.is_ascii_uppercase()) => Some(Kind::Unit),
        _ => None,
    }
}

/// The name in square brackets that a text of settings begins with.
pub(super) fn first_section(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)]);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', ';']))?;
    Some(first.strip_prefix('[')?.strip_suffix(']')?.to_owned())
}

/// The kind of a parsed text, by the keys of its first document that has any.
pub(super) fn of_content(tree: &Tree) -> Option<Kind> {
    let root = tree.roots().iter().copied().find(|root| matches!(tree.kind(*root), Node::Mapping(_)))?;
    let has = |key: &str| tree.get(root, key).is_some();
    let text = |key: &str| tree.get(root, key).and_then(|node| tree.scalar(node)).unwrap_or_default();
    if text("apiVersion").starts_with("flatwright.dev/") || text("kind") == "FlatcarCluster" {
        Some(Kind::Spec)
    } else if has("apiVersion") || has("kind") {
        Some(Kind::Manifests)
    } else if has("variant") {
        Some(Kind::Butane)
    } else if tree.get(root, "ignition").is_some_and(|ignition| tree.get(ignition, "version").is_some()) {
        Some(Kind::Ignition)
    } else if CLC_KEYS.into_iter().any(has) {
        Some(Kind::Clc)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(name: &str, text: &str) -> Option<Kind> {
        of_name_or_start(name, text.as_bytes())
            .or_else(|| of_content(&flatwright_yaml::parse(text, &flatwright_yaml::Limits::default()).0))
    }

    #[test]
    fn names_and_contents_tell_the_kind() {
        for (name, text, kind) in [
            ("a/node.bu", "", Kind::Butane),
            ("x.ign", "{}", Kind::Ignition),
            ("<stdin>", "{\"ignition\": {\"version\": \"2.3.0\"}}", Kind::Ignition),
            ("<stdin>", "variant: flatcar\nversion: 1.0.0\n", Kind::Butane),
            ("c.yaml", "# note\n---\napiVersion: flatwright.dev/v1alpha1\n", Kind::Spec),
            ("c.yaml", "---\n---\napiVersion: v1\nkind: List\n", Kind::Manifests),
            ("c.yaml", "systemd: {}\n", Kind::Clc),
            ("kubelet.service", "", Kind::Unit),
            ("10-x.conf", "# a\n[Service]\nRestart=no\n", Kind::Unit),
            ("noop.conf", "\n[Source]\nType=regular-file\n", Kind::Sysupdate),
            ("a.transfer", "", Kind::Sysupdate),
            ("p", "\0asm", Kind::Plugin),
        ] {
            assert_eq!(detected(name, text), Some(kind), "{name} {text}");
        }
        assert_eq!(detected("a.txt", "hello"), None);
        assert_eq!(detected("a.json", "[1]"), None);
    }
}
