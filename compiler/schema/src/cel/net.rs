//! Functions on addresses, networks and URLs.

use std::net::IpAddr;
use std::rc::Rc;

use flatwright_go::url::{Brackets, Url, parse_request};

use super::value::{Evaluated, Fault, Val, no_overload};
use flatwright_kubernetes::network::{Cidr, strict_address};

/// Functions without a target: `url`, `ip`, `cidr` and their tests.
pub(super) fn global<'a>(name: &str, values: &[Val<'a>]) -> Evaluated<'a> {
    let [Val::Text(text)] = values else { return Err(no_overload(name, &values.iter().collect::<Vec<_>>())) };
    let text = text.as_str();
    match name {
        "isURL" => Ok(Val::Bool(url(text).is_some())),
        "url" => url(text).map(|url| Val::Url(Rc::new(url))).ok_or_else(|| Fault::rule("not a URL")),
        "isIP" => Ok(Val::Bool(strict_address(text).is_some())),
        "ip" => strict_address(text).map(Val::Ip).ok_or_else(|| Fault::rule("not an IP address")),
        "ip.isCanonical" => {
            let address = strict_address(text).ok_or_else(|| Fault::rule("not an IP address"))?;
            Ok(Val::Bool(address.to_string() == text))
        }
        "isCIDR" => Ok(Val::Bool(Cidr::parse_strict(text).is_some())),
        "cidr" => Cidr::parse_strict(text).map(Val::Cidr).ok_or_else(|| Fault::rule("not a CIDR")),
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

/// Servers of several ages take several things in brackets; what one of them takes is a URL.
fn url(text: &str) -> Option<Url> {
    parse_request(text, Brackets::Anything).ok()
}

fn url_part<'a>(name: &str, url: &Url) -> Evaluated<'a> {
    let text = |bytes: &[u8]| Val::text(String::from_utf8_lossy(bytes).into_owned());
    Ok(match name {
        "getScheme" => Val::text(&*url.scheme),
        "getHost" => text(url.host()),
        "getHostname" => text(url.host_and_port().0),
        "getPort" => text(url.host_and_port().1),
        "getEscapedPath" => Val::text(url.escaped_path()),
        "getQuery" => {
            let mut entries: Vec<(Val<'a>, Vec<Val<'a>>)> = Vec::new();
            for (key, value) in url.queries() {
                let (key, value) = (text(&key), text(&value));
                match entries.iter_mut().find(|(known, _)| known.equals(&key) == Ok(true)) {
                    Some((_, values)) => values.push(value),
                    None => entries.push((key, vec![value])),
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
        Val::Text(text) => strict_address(text.as_str()),
        _ => None,
    };
    let network = |value: &Val<'a>| match value {
        Val::Cidr(cidr) => Some(*cidr),
        Val::Text(text) => Cidr::parse_strict(text.as_str()),
        _ => None,
    };
    let fault = || Fault::rule(format!("no such overload: {name} of a CIDR"));
    Ok(match (name, args) {
        ("containsIP", [value]) => Val::Bool(cidr.contains(address(value).ok_or_else(fault)?)),
        ("containsCIDR", [value]) => {
            let inner = network(value).ok_or_else(fault)?;
            Val::Bool(cidr.covers(inner))
        }
        ("ip", []) => Val::Ip(cidr.address()),
        ("prefixLength", []) => Val::Int(i64::from(cidr.prefix())),
        ("masked", []) => Val::Cidr(cidr.masked()),
        ("string", []) => Val::text(cidr.to_string()),
        _ => return Err(fault()),
    })
}
