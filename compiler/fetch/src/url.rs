//! URLs: those that may be asked, and where a redirect leads.

use std::net::IpAddr;

use crate::address::is_public;
use crate::fault::Fault;
use crate::policy::Policy;

/// Longer ones are nobody's.
const LONGEST: usize = 4096;

/// An absolute URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// `https` or `http`.
    pub(crate) scheme: String,
    /// Host and port.
    pub(crate) authority: String,
    /// Path and query, with their slash.
    pub(crate) path: String,
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

impl Url {
    /// Takes a URL apart, if the policy lets it be asked.
    pub(crate) fn allowed(text: &str, policy: &Policy) -> Result<Self, Fault> {
        let malformed = || Fault::Malformed { url: shown(text) };
        if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains('\\') {
            return Err(malformed());
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(malformed)?;
        let scheme = scheme.to_ascii_lowercase();
        // What a fragment names is in the answer.
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(Fault::Credentials);
        }
        let url = Self {
            scheme,
            authority: authority.to_ascii_lowercase(),
            path: if path.starts_with('/') { path.to_owned() } else { format!("/{path}") },
        };
        let is_vouched_for = policy.hosts.contains(&url.authority);
        match url.scheme.as_str() {
            "https" => {}
            "http" if is_vouched_for => {}
            _ => return Err(Fault::Scheme { url: url.to_string() }),
        }
        let host = url.host().ok_or_else(malformed)?;
        if !is_vouched_for {
            let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            // A name that is a number is an address to some resolvers: `2130706433`, `0x7f.1`.
            let is_number = host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
            let is_private = address.map_or(is_number && !host.starts_with('['), |address| !is_public(address));
            let is_local = ["localhost", "local", "internal"]
                .iter()
                .any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')));
            if is_private || is_local {
                return Err(Fault::Private { host: host.to_owned() });
            }
        }
        Ok(url)
    }

    /// The host without its port; nothing where it is none.
    fn host(&self) -> Option<&str> {
        let (host, port) = match self.authority.strip_prefix('[') {
            Some(_) => {
                let end = self.authority.find(']')? + 1;
                (&self.authority[..end], &self.authority[end..])
            }
            None => self.authority.find(':').map_or((self.authority.as_str(), ""), |at| self.authority.split_at(at)),
        };
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        let is_name = |host: &str| host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        let is_host = !host.is_empty() && (host.starts_with('[') || is_name(host));
        (is_port && is_host).then_some(host)
    }

    /// Where a `Location` leads.
    pub(crate) fn join(&self, location: &str) -> String {
        let location = location.split('#').next().unwrap_or_default();
        let is_absolute =
            location.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
        if is_absolute {
            return location.to_owned();
        }
        if let Some(rest) = location.strip_prefix("//") {
            return format!("{}://{rest}", self.scheme);
        }
        let base = format!("{}://{}", self.scheme, self.authority);
        if location.starts_with('/') {
            return format!("{base}{location}");
        }
        let path = self.path.split('?').next().unwrap_or_default();
        let directory = path.rfind('/').map_or("/", |at| &path[..=at]);
        if location.starts_with('?') {
            format!("{base}{path}{location}")
        } else {
            format!("{base}{directory}{location}")
        }
    }
}

/// A text of a stranger, for a message.
fn shown(text: &str) -> String {
    text.chars().take(120).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> Result<Url, Fault> {
        Url::allowed(text, &Policy::default())
    }

    #[test]
    fn only_https_to_the_public_is_allowed() {
        assert_eq!(allowed("HTTPS://Example.COM").unwrap().to_string(), "https://example.com/");
        assert_eq!(allowed("https://example.com:8443/a?b=c#d").unwrap().to_string(), "https://example.com:8443/a?b=c");
        assert!(allowed("https://[2606:4700::1111]/a").is_ok());
        for text in
            ["http://example.com/", "file:///etc/passwd", "ftp://example.com/", "oci://example.com/a", "data://x"]
        {
            assert!(matches!(allowed(text), Err(Fault::Scheme { .. })), "{text}");
        }
        for text in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost:1/",
            "https://a.localhost/",
            "https://169.254.169.254/metadata",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://metadata.google.internal/",
        ] {
            assert!(matches!(allowed(text), Err(Fault::Private { .. })), "{text}: {:?}", allowed(text));
        }
        for text in [
            "",
            "example.com",
            "https://",
            "https:///a",
            "https://a b/",
            "https://a\\b/",
            "https://a:99999/",
            "https://[::1/",
            "https://é/",
            "https://a/\n",
        ] {
            assert!(matches!(allowed(text), Err(Fault::Malformed { .. })), "{text:?}: {:?}", allowed(text));
        }
        assert!(matches!(allowed("https://user:secret@example.com/"), Err(Fault::Credentials)));
        assert!(!allowed("https://user:secret@example.com/").unwrap_err().to_string().contains("secret"));
    }

    #[test]
    fn a_redirect_leads_where_it_says() {
        let base = allowed("https://example.com/a/b?c").unwrap();
        for (location, url) in [
            ("https://other.example/x", "https://other.example/x"),
            ("//other.example/x", "https://other.example/x"),
            ("/x?y", "https://example.com/x?y"),
            ("x", "https://example.com/a/x"),
            ("?y", "https://example.com/a/b?y"),
            ("file:///etc/passwd", "file:///etc/passwd"),
            ("x?to=http://a", "https://example.com/a/x?to=http://a"),
        ] {
            assert_eq!(base.join(location), url);
        }
    }
}
