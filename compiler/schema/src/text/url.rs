//! URLs, as Go reads them.

/// The parts of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
}

/// Reads an absolute URL or an absolute path as Go's `url.ParseRequestURI` does.
pub(crate) fn parse_url(text: &str) -> Option<Url> {
    if text.is_empty() || text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return None;
    }
    let (scheme, rest) = match text.find(':') {
        Some(at) if !text.starts_with('/') => {
            let scheme = &text[..at];
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(plain) {
                return None;
            }
            (scheme.to_ascii_lowercase(), &text[at + 1..])
        }
        _ if text.starts_with('/') => (String::new(), text),
        _ => return None,
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match rest.strip_prefix("//").filter(|_| !scheme.is_empty()) {
        Some(authority) => {
            let end = authority.find('/').unwrap_or(authority.len());
            let host = authority[..end].rsplit('@').next().unwrap_or_default();
            if !is_host(host) {
                return None;
            }
            (host, &authority[end..])
        }
        None => ("", rest),
    };
    if !has_valid_escapes(path) {
        return None;
    }
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (unescape_query(key), unescape_query(value))
    };
    let query = query.split('&').filter(|part| !part.is_empty()).map(pair).collect();
    Some(Url { scheme, host: host.to_owned(), path: path.replace(' ', "%20"), query })
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((_, port)) => ("", port),
            None => return false,
        },
        None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
    };
    let port_fits =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    port_fits && !name.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}', ']']) && has_valid_escapes(name)
}

fn unescape_query(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let escaped = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (b, escaped) {
            (b'%', Some(escaped)) => {
                out.push(escaped);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*b),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether every `%` of the path has two hex digits behind it.
pub(crate) fn has_valid_escapes(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or_default().as_bytes();
    path.iter().enumerate().filter(|(_, b)| **b == b'%').all(|(at, _)| {
        path.get(at + 1).is_some_and(u8::is_ascii_hexdigit) && path.get(at + 2).is_some_and(u8::is_ascii_hexdigit)
    })
}
