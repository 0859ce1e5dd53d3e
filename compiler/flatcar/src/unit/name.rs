//! Unit names: kinds, validity, and the escaping that makes a path a name.
//!
//! Owns: what `systemd-escape` does. Must not: read units.

/// What a unit is, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// `.service`
    Service,
    /// `.socket`
    Socket,
    /// `.device`
    Device,
    /// `.mount`
    Mount,
    /// `.automount`
    Automount,
    /// `.swap`
    Swap,
    /// `.target`
    Target,
    /// `.path`
    Path,
    /// `.timer`
    Timer,
    /// `.slice`
    Slice,
    /// `.scope`
    Scope,
}

impl UnitKind {
    const SUFFIXES: [(&'static str, Self); 11] = [
        ("service", Self::Service),
        ("socket", Self::Socket),
        ("device", Self::Device),
        ("mount", Self::Mount),
        ("automount", Self::Automount),
        ("swap", Self::Swap),
        ("target", Self::Target),
        ("path", Self::Path),
        ("timer", Self::Timer),
        ("slice", Self::Slice),
        ("scope", Self::Scope),
    ];

    /// The kind of a unit name; `None` if its end is none of systemd's.
    pub fn of(name: &str) -> Option<Self> {
        let (_, suffix) = name.rsplit_once('.')?;
        Self::SUFFIXES.into_iter().find(|(known, _)| *known == suffix).map(|(_, kind)| kind)
    }

    /// The suffix without the dot.
    pub fn suffix(self) -> &'static str {
        Self::SUFFIXES.into_iter().find(|(_, kind)| *kind == self).map_or("", |(suffix, _)| suffix)
    }

    /// The section that only this kind has.
    pub const fn section(self) -> Option<&'static str> {
        match self {
            Self::Service => Some("Service"),
            Self::Socket => Some("Socket"),
            Self::Mount => Some("Mount"),
            Self::Automount => Some("Automount"),
            Self::Swap => Some("Swap"),
            Self::Path => Some("Path"),
            Self::Timer => Some("Timer"),
            Self::Slice => Some("Slice"),
            Self::Scope => Some("Scope"),
            Self::Device | Self::Target => None,
        }
    }

    /// The kind whose own section this is.
    pub fn of_section(section: &str) -> Option<Self> {
        Self::SUFFIXES.into_iter().map(|(_, kind)| kind).find(|kind| kind.section() == Some(section))
    }
}

/// Whether systemd accepts the text as the name of a unit, a template (`a@.service`) or an instance (`a@b.service`).
pub fn is_valid_unit_name(name: &str) -> bool {
    let Some((prefix, _)) = name.rsplit_once('.') else { return false };
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.' | b'\\' | b'@');
    name.len() < 256
        && UnitKind::of(name).is_some()
        && !prefix.is_empty()
        && !prefix.starts_with('@')
        && prefix.bytes().all(is_allowed)
}

/// `systemd-escape TEXT`: what cannot stand in a unit name becomes `\xNN`, `/` becomes `-`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'/' => escaped.push('-'),
            b'.' if at == 0 => push_hex(&mut escaped, byte),
            b':' | b'_' | b'.' => escaped.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            _ => push_hex(&mut escaped, byte),
        }
    }
    escaped
}

/// `systemd-escape --path PATH`: as [`escape`], without slashes at the ends or doubled; `/` becomes `-`. `None` for a path with `..` as a part.
pub fn escape_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return None;
    }
    if parts.is_empty() {
        return (!path.is_empty()).then(|| "-".to_owned());
    }
    Some(escape(&parts.join("/")))
}

/// The name a unit of this kind must have for a path: `var-lib-data.mount` for `/var/lib/data`.
pub fn path_unit_name(path: &str, kind: UnitKind) -> Option<String> {
    Some(format!("{}.{}", escape_path(path)?, kind.suffix()))
}

fn push_hex(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push_str("\\x");
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_names() {
        for (path, name) in [
            ("/", "-"),
            ("/var/lib/etcd-disk", "var-lib-etcd\\x2ddisk"),
            ("//a//b/./c/", "a-b-c"),
            ("/.hidden/.b", "\\x2ehidden-.b"),
            ("/ä", "\\xc3\\xa4"),
            ("a b", "a\\x20b"),
        ] {
            assert_eq!(escape_path(path).as_deref(), Some(name), "{path}");
        }
        assert_eq!(escape_path("/a/../b"), None);
        assert_eq!(escape_path(""), None);
        assert_eq!(path_unit_name("/a", UnitKind::Mount).as_deref(), Some("a.mount"));
        assert_eq!(escape("/a-b/"), "-a\\x2db-");
    }

    #[test]
    fn names_are_judged_as_systemd_does() {
        for name in ["a.service", "a@.timer", "a@b.socket", "-.mount", "dev-disk-by\\x2dlabel.device", "a.b.target"] {
            assert!(is_valid_unit_name(name), "{name}");
        }
        for name in ["", "a", "a.conf", ".service", "@.service", "a b.service", "a/b.service", "é.service"] {
            assert!(!is_valid_unit_name(name), "{name}");
        }
    }
}
