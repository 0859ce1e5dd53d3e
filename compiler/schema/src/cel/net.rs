//! Addresses, networks and URLs.

use std::net::IpAddr;
use std::rc::Rc;

use super::value::{Evaluated, Fault, Val, no_overload};
use crate::format::has_valid_escapes;

/// A network: an address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = parse_ip(address)?;
        let plain = prefix == "0" || (!prefix.starts_with('0') && prefix.bytes().all(|b| b.is_ascii_digit()));
        let prefix = prefix.parse().ok().filter(|prefix| plain && *prefix <= width(address))?;
        Some(Self { address, prefix })
    }

    pub(super) fn render(self) -> String {
        format!("{}/{}", self.address, self.prefix)
    }

    fn contains(self, address: IpAddr) -> bool {
        width(self.address) == width(address) && masked(self.address, self.prefix) == masked(address, self.prefix)
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The bits of an address with everything behind the prefix cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let host = u32::from(width(address) - prefix);
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(host).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(host).unwrap_or(0)).into()),
    }
}

/// An address; IPv4 in IPv6 notation is refused, as by Kubernetes.
fn parse_ip(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok()?;
    match address {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => None,
        address => Some(address),
    }
}

/// The parts of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: String,
    host: String,
    path: String,
    query: Vec<(String, String)>,
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

/// Functions without a target: `url`, `ip`, `cidr` and their tests.
pub(super) fn global<'a>(name: &str, values: &[Val<'a>]) -> Evaluated<'a> {
    let [Val::Text(text)] = values else { return Err(no_overload(name, &values.iter().collect::<Vec<_>>())) };
    let text = text.as_str();
    match name {
        "isURL" => Ok(Val::Bool(parse_url(text).is_some())),
        "url" => parse_url(text).map(|url| Val::Url(Rc::new(url))).ok_or_else(|| Fault::rule("not a URL")),
        "isIP" => Ok(Val::Bool(parse_ip(text).is_some())),
        "ip" => parse_ip(text).map(Val::Ip).ok_or_else(|| Fault::rule("not an IP address")),
        "ip.isCanonical" => {
            let address = parse_ip(text).ok_or_else(|| Fault::rule("not an IP address"))?;
            Ok(Val::Bool(address.to_string() == text))
        }
        "isCIDR" => Ok(Val::Bool(Cidr::parse(text).is_some())),
        "cidr" => Cidr::parse(text).map(Val::Cidr).ok_or_else(|| Fault::rule("not a CIDR")),
        _ => Err(no_overload(name, &[&values[0]])),
    }
}

/// Functions on URLs, addresses and networks.
pub(super) fn member<'a>(name: &str, target: &Val<'a>, args: &[Val<'a>]) -> Evaluated<'a> {
    match (target, args) {
        (Val::Url(url), []) => url_part(name, url),
        (Val::Ip(address), []) => address_part(name, *address),
        (Val::Cidr(cidr), args) => cidr_part(name, *cidr, args),
        _ => Err(no_overload(name, &[target])),
    }
}

fn url_part<'a>(name: &str, url: &Url) -> Evaluated<'a> {
    let (hostname, port) = match url.host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inner, port)) => (inner, port.strip_prefix(':').unwrap_or_default()),
        None => url.host.split_once(':').unwrap_or((&url.host, "")),
    };
    Ok(match name {
        "getScheme" => Val::text(&*url.scheme),
        "getHost" => Val::text(&*url.host),
        "getHostname" => Val::text(hostname),
        "getPort" => Val::text(port),
        "getEscapedPath" => Val::text(&*url.path),
        "getQuery" => {
            let mut entries: Vec<(Val<'a>, Vec<Val<'a>>)> = Vec::new();
            for (key, value) in &url.query {
                let key = Val::text(&**key);
                match entries.iter_mut().find(|(known, _)| known.equals(&key) == Ok(true)) {
                    Some((_, values)) => values.push(Val::text(&**value)),
                    None => entries.push((key, vec![Val::text(&**value)])),
                }
            }
            Val::Map(Rc::new(entries.into_iter().map(|(key, values)| (key, Val::list(values))).collect()))
        }
        _ => return Err(Fault::rule(format!("no such overload: {name} of a URL"))),
    })
}

fn address_part<'a>(name: &str, address: IpAddr) -> Evaluated<'a> {
    let link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    };
    let link_local_multicast = match address {
        IpAddr::V4(v4) => v4.octets()[..3] == [224, 0, 0],
        IpAddr::V6(v6) => v6.segments()[0] & 0xff0f == 0xff02,
    };
    let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    Ok(match name {
        "family" => Val::Int(if address.is_ipv4() { 4 } else { 6 }),
        "isUnspecified" => Val::Bool(address.is_unspecified()),
        "isLoopback" => Val::Bool(address.is_loopback()),
        "isLinkLocalMulticast" => Val::Bool(link_local_multicast),
        "isLinkLocalUnicast" => Val::Bool(link_local),
        "isGlobalUnicast" => Val::Bool(
            !broadcast && !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() && !link_local,
        ),
        "string" => Val::text(address.to_string()),
        _ => return Err(Fault::rule(format!("no such overload: {name} of an IP address"))),
    })
}

fn cidr_part<'a>(name: &str, cidr: Cidr, args: &[Val<'a>]) -> Evaluated<'a> {
    let address = |value: &Val<'a>| match value {
        Val::Ip(address) => Some(*address),
        Val::Text(text) => parse_ip(text.as_str()),
        _ => None,
    };
    let network = |value: &Val<'a>| match value {
        Val::Cidr(cidr) => Some(*cidr),
        Val::Text(text) => Cidr::parse(text.as_str()),
        _ => None,
    };
    let fault = || Fault::rule(format!("no such overload: {name} of a CIDR"));
    Ok(match (name, args) {
        ("containsIP", [value]) => Val::Bool(cidr.contains(address(value).ok_or_else(fault)?)),
        ("containsCIDR", [value]) => {
            let inner = network(value).ok_or_else(fault)?;
            Val::Bool(cidr.prefix <= inner.prefix && cidr.contains(inner.address))
        }
        ("ip", []) => Val::Ip(cidr.address),
        ("prefixLength", []) => Val::Int(i64::from(cidr.prefix)),
        ("masked", []) => Val::Cidr(Cidr { address: masked(cidr.address, cidr.prefix), prefix: cidr.prefix }),
        ("string", []) => Val::text(cidr.render()),
        _ => return Err(fault()),
    })
}
