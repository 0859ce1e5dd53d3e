//! Package `net/url`: URLs as it parses and writes them.
//!
//! Owns: what is refused, in Go's words, and how a URL changes when it is written again. Must not: know which schemes anybody fetches. By hand, because other
//! libraries follow the web's standard, which repairs what Go refuses and refuses what Go takes.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::quote::quote;

/// What may stand in brackets where a host is expected: the one difference between releases that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// Anything, before Go 1.25.2 and 1.24.8.
    Anything,
    /// An IPv6 address, perhaps with a zone.
    Ipv6,
}

/// A parsed URL. Bytes that were percent-encoded are decoded, so parts need not be UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case; empty if there is none.
    pub scheme: String,
    /// What follows the scheme if that is no path: `a@b` in `mailto:a@b`.
    pub opaque: String,
    user: Option<(Vec<u8>, Option<Vec<u8>>)>,
    host: Vec<u8>,
    is_host_omitted: bool,
    path: Vec<u8>,
    raw_path: String,
    is_query_forced: bool,
    /// What follows the question mark, as it was written.
    pub raw_query: String,
    fragment: Vec<u8>,
    raw_fragment: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Query,
    Fragment,
}

/// Parses a URL.
///
/// # Errors
/// Go's error text: `parse "URL": reason`.
pub fn parse(raw: &str, brackets: Brackets) -> Result<Url, String> {
    let (before, fragment) = raw.split_once('#').unwrap_or((raw, ""));
    let refused = |text: &str, error| format!("parse {}: {error}", quote(text));
    let mut url = parse_before_fragment(before, false, brackets).map_err(|error| refused(before, error))?;
    if !fragment.is_empty() {
        url.fragment = unescape(fragment, Part::Fragment).map_err(|error| refused(raw, error))?;
        if escape(&url.fragment, Part::Fragment) != fragment {
            fragment.clone_into(&mut url.raw_fragment);
        }
    }
    Ok(url)
}

/// Parses what a request may hold: an absolute URL or an absolute path. A `#` has no meaning there.
///
/// # Errors
/// Go's error text.
pub fn parse_request(raw: &str, brackets: Brackets) -> Result<Url, String> {
    parse_before_fragment(raw, true, brackets).map_err(|error| format!("parse {}: {error}", quote(raw)))
}

fn parse_before_fragment(raw: &str, is_request: bool, brackets: Brackets) -> Result<Url, String> {
    if raw.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    if raw.is_empty() && is_request {
        return Err("empty url".into());
    }
    let mut url = Url::default();
    if raw == "*" {
        url.path = b"*".to_vec();
        return Ok(url);
    }
    let (scheme, mut rest) = scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    if rest.ends_with('?') && rest.matches('?').count() == 1 {
        url.is_query_forced = true;
        rest = &rest[..rest.len() - 1];
    } else if let Some((before, query)) = rest.split_once('?') {
        query.clone_into(&mut url.raw_query);
        rest = before;
    }
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            rest.clone_into(&mut url.opaque);
            return Ok(url);
        }
        if is_request {
            return Err("invalid URI for request".into());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    if let Some(after) = rest.strip_prefix("//")
        && (!url.scheme.is_empty() || (!is_request && !rest.starts_with("///")))
    {
        let slash = after.find('/').unwrap_or(after.len());
        (url.user, url.host) = authority(&after[..slash], brackets)?;
        rest = &after[slash..];
    } else if !url.scheme.is_empty() && rest.starts_with('/') {
        url.is_host_omitted = true;
    }
    url.path = unescape(rest, Part::Path)?;
    if escape(&url.path, Part::Path) != rest {
        rest.clone_into(&mut url.raw_path);
    }
    Ok(url)
}

fn scheme(raw: &str) -> Result<(&str, &str), String> {
    for (i, b) in raw.bytes().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&raw[..i], &raw[i + 1..])),
            _ => break,
        }
    }
    Ok(("", raw))
}

type Authority = (Option<(Vec<u8>, Option<Vec<u8>>)>, Vec<u8>);

fn authority(text: &str, brackets: Brackets) -> Result<Authority, String> {
    let Some((user, host)) = text.rsplit_once('@') else { return Ok((None, host(text, brackets)?)) };
    let host = self::host(host, brackets)?;
    let is_valid = user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b));
    if !is_valid {
        return Err("net/url: invalid userinfo".into());
    }
    let user = match user.split_once(':') {
        None => (unescape(user, Part::User)?, None),
        Some((name, password)) => (unescape(name, Part::User)?, Some(unescape(password, Part::User)?)),
    };
    Ok((Some(user), host))
}

fn host(text: &str, brackets: Brackets) -> Result<Vec<u8>, String> {
    let is_port = |port: &str| {
        port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let bad_port = |port: &str| format!("invalid port {} after host", quote(port));
    if text.starts_with('[') {
        let Some(end) = text.rfind(']') else { return Err("missing ']' in host".into()) };
        if !is_port(&text[end + 1..]) {
            return Err(bad_port(&text[end + 1..]));
        }
        let zone = text[..end].find("%25").unwrap_or(end);
        let mut host = unescape(&text[..zone], Part::Host)?;
        host.extend(unescape(&text[zone..end], Part::Zone)?);
        if brackets == Brackets::Ipv6 {
            check_literal(&String::from_utf8_lossy(&host[1..]))?;
        }
        host.extend(unescape(&text[end..], Part::Host)?);
        return Ok(host);
    } else if let Some(colon) = text.rfind(':')
        && !is_port(&text[colon..])
    {
        return Err(bad_port(&text[colon..]));
    }
    unescape(text, Part::Host)
}

/// Brackets only hold IPv6 addresses, perhaps with a zone.
fn check_literal(text: &str) -> Result<(), String> {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    if address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() {
        Ok(())
    } else if text.parse::<Ipv4Addr>().is_ok() {
        Err("invalid IP-literal".into())
    } else {
        Err(format!("invalid host: ParseAddr({}): unable to parse IP", quote(text)))
    }
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn unescape(text: &str, part: Part) -> Result<Vec<u8>, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'%' {
            let digits = bytes.get(i + 1).and_then(|b| hex(*b)).zip(bytes.get(i + 2).and_then(|b| hex(*b)));
            let shown = || {
                let end = (i + 3).min(bytes.len());
                format!("invalid URL escape {}", quote(&String::from_utf8_lossy(&bytes[i..end])))
            };
            let Some((high, low)) = digits else { return Err(shown()) };
            let value = high << 4 | low;
            let is_percent = &bytes[i..i + 3] == b"%25";
            let is_refused = match part {
                Part::Host => high < 8 && !is_percent,
                Part::Zone => !is_percent && value != b' ' && is_escaped(value, Part::Host),
                _ => false,
            };
            if is_refused {
                return Err(shown());
            }
            out.push(value);
            i += 3;
            continue;
        }
        if matches!(part, Part::Host | Part::Zone) && bytes[i] < 0x80 && is_escaped(bytes[i], part) {
            return Err(format!("invalid character {} in host name", quote(&char::from(bytes[i]).to_string())));
        }
        out.push(if bytes[i] == b'+' && part == Part::Query { b' ' } else { bytes[i] });
        i += 1;
    }
    Ok(out)
}

fn is_escaped(b: u8, part: Part) -> bool {
    if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
        return false;
    }
    if matches!(part, Part::Host | Part::Zone) && b"!$&'()*+,;=:[]<>\"".contains(&b) {
        return false;
    }
    match b {
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match part {
            Part::Path => b == b'?',
            Part::User => b"@/?:".contains(&b),
            Part::Query => true,
            Part::Fragment => false,
            Part::Host | Part::Zone => true,
        },
        b'!' | b'(' | b')' | b'*' => part != Part::Fragment,
        _ => true,
    }
}

fn escape(bytes: &[u8], part: Part) -> String {
    let mut out = String::with_capacity(bytes.len());
    for b in bytes {
        if is_escaped(*b, part) {
            write!(out, "%{b:02X}").expect("invariant: writing to a String cannot fail");
        } else {
            out.push(char::from(*b));
        }
    }
    out
}

/// The text as the user gave it where it is a valid encoding, else encoded anew.
fn encoded(raw: &str, decoded: &[u8], part: Part) -> String {
    let is_kept = |b: u8| b"!$&'()*+,;=:@[]%".contains(&b) || !is_escaped(b, part);
    if !raw.is_empty() && raw.bytes().all(is_kept) {
        return raw.to_owned();
    }
    if part == Part::Path && decoded == b"*" { "*".into() } else { escape(decoded, part) }
}

impl Url {
    /// The names and values of the query, in their order. What cannot be read is left out.
    pub fn queries(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        self.raw_query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')).filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((unescape(name, Part::Query).ok()?, unescape(value, Part::Query).ok()?))
        })
    }

    /// The value of a query parameter, the first of its name.
    pub fn query(&self, name: &str) -> Option<Vec<u8>> {
        self.queries().find(|(key, _)| key == name.as_bytes()).map(|(_, value)| value)
    }

    /// Host and port, unescaped.
    pub fn host(&self) -> &[u8] {
        &self.host
    }

    /// The host without its brackets, and the port without its colon; empty where there is none.
    pub fn host_and_port(&self) -> (&[u8], &[u8]) {
        let colon = self.host.iter().rposition(|b| *b == b':');
        let is_port = |at: &usize| self.host[at + 1..].iter().all(u8::is_ascii_digit);
        let (host, port) = match colon.filter(is_port) {
            Some(at) => (&self.host[..at], &self.host[at + 1..]),
            None => (&*self.host, &[][..]),
        };
        (host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(host), port)
    }

    /// The path with its escapes.
    pub fn escaped_path(&self) -> String {
        encoded(&self.raw_path, &self.path, Part::Path)
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        if self.opaque.is_empty() {
            let has_authority = !self.host.is_empty() || self.user.is_some();
            let is_omitted = self.is_host_omitted && !has_authority;
            if (!self.scheme.is_empty() || has_authority) && !is_omitted {
                if has_authority || !self.path.is_empty() {
                    out.push_str("//");
                }
                if let Some((name, password)) = &self.user {
                    out.push_str(&escape(name, Part::User));
                    if let Some(password) = password {
                        out.push(':');
                        out.push_str(&escape(password, Part::User));
                    }
                    out.push('@');
                }
                out.push_str(&escape(&self.host, Part::Host));
            }
            let path = self.escaped_path();
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                out.push('/');
            }
            if out.is_empty() && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
                out.push_str("./");
            }
            out.push_str(&path);
        } else {
            out.push_str(&self.opaque);
        }
        if self.is_query_forced || !self.raw_query.is_empty() {
            out.push('?');
            out.push_str(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            out.push('#');
            out.push_str(&encoded(&self.raw_fragment, &self.fragment, Part::Fragment));
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(url: &str) -> String {
        parse(url, Brackets::Ipv6).map_or_else(|error| error, |url| url.to_string())
    }

    #[test]
    fn a_url_is_written_as_go_writes_it() {
        for (url, written) in [
            ("HTTP://Host/Path", "http://Host/Path"),
            ("http://h/a b", "http://h/a%20b"),
            ("http://h/é", "http://h/%C3%A9"),
            ("http://h/a%2fb", "http://h/a%2fb"),
            ("http://h/%41", "http://h/%41"),
            ("http://h?", "http://h?"),
            ("http://h/?a=b c&d", "http://h/?a=b c&d"),
            ("http://u:p%40@h:80/", "http://u:p%40@h:80/"),
            ("http://[fe80::1%25en0]:80/", "http://[fe80::1%25en0]:80/"),
            ("oem:///a", "oem:///a"),
            ("oem:/a", "oem:/a"),
            ("data:,a?b#c", "data:,a?b#c"),
            ("//h/p", "//h/p"),
            ("*", "*"),
            ("", ""),
        ] {
            assert_eq!(again(url), written, "{url}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused_in_its_words() {
        for (url, error) in [
            (":x", "parse \":x\": missing protocol scheme"),
            ("1:x", "parse \"1:x\": first path segment in URL cannot contain colon"),
            ("http://h/%zz", "parse \"http://h/%zz\": invalid URL escape \"%zz\""),
            ("http://a<b\\/", "parse \"http://a<b\\\\/\": invalid character \"\\\\\" in host name"),
            ("http://h:1x/", "parse \"http://h:1x/\": invalid port \":1x\" after host"),
            ("http://u|@h/", "parse \"http://u|@h/\": net/url: invalid userinfo"),
            ("http://h/\u{1}", "parse \"http://h/\\x01\": net/url: invalid control character in URL"),
            ("http://[h]/", "parse \"http://[h]/\": invalid host: ParseAddr(\"h\"): unable to parse IP"),
            ("http://[127.0.0.1]/", "parse \"http://[127.0.0.1]/\": invalid IP-literal"),
            ("http://h/#%", "parse \"http://h/#%\": invalid URL escape \"%\""),
        ] {
            assert_eq!(again(url), error, "{url}");
        }
    }

    #[test]
    fn a_query_gives_the_first_value_of_a_name() {
        let url = parse("s3://b/k?a;b=1&v%65rsion=x+y&version=z", Brackets::Ipv6).expect("a URL");
        assert_eq!(url.query("version").as_deref(), Some(&b"x y"[..]));
        assert_eq!(url.query("b"), None);
    }

    #[test]
    fn a_request_is_absolute_and_has_no_fragment() {
        let url = parse_request("https://u@[fe80::1%25a]:80/a b#c?x#y", Brackets::Anything).expect("a URL");
        assert_eq!(url.host(), b"[fe80::1%a]:80");
        assert_eq!(url.host_and_port(), (&b"fe80::1%a"[..], &b"80"[..]));
        assert_eq!((&*url.escaped_path(), &*url.raw_query), ("/a%20b%23c", "x#y"));
        assert_eq!(parse_request("//h/p", Brackets::Anything).map(|url| url.escaped_path()), Ok("//h/p".into()));
        for text in ["", "a/b", "a.b", "?x"] {
            assert!(parse_request(text, Brackets::Anything).is_err(), "{text}");
        }
    }

    #[test]
    fn brackets_hold_what_the_release_takes() {
        assert!(parse("http://[h]/", Brackets::Anything).is_ok());
        assert!(parse("http://[h]/", Brackets::Ipv6).is_err());
    }
}
