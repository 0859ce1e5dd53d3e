//! Texts whose form kubeadm, the kubelet, the bootstrap provider or Azure demand.

use std::net::IpAddr;

use flatwright_flatcar::kubernetes::kubelet_may_set;
use flatwright_flatcar::unit::check_calendar;

use super::text::{dns_characters, label_key};
use crate::decode::texts;

texts! {
    /// What an hour of a spot machine may cost in US dollars, or `-1` for the normal price.
    pub struct Price from number, "a price such as `0.05`", pattern "^(-1|[0-9]+(\\.[0-9]+)?)$", |text| {
        let is_number = |digits: &str| !digits.is_empty() && digits.len() < 10 && digits.bytes().all(|b| b.is_ascii_digit());
        let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
        if text == "-1" || is_number(whole) && is_number(cents) { Ok(()) } else { Err("it is a decimal number of US dollars, or `-1` for the normal price".to_owned()) }
    };
    /// An availability zone of Azure.
    pub struct Zone from number, "an availability zone such as `1`", pattern "^[1-9]$", |text| {
        let is_zone = matches!(text.as_bytes(), [b'1'..=b'9']);
        if is_zone { Ok(()) } else { Err("a zone is a number, without its region".to_owned()) }
    };
    /// A calendar expression of systemd.
    pub struct Schedule, "a calendar expression such as `Sat 03:00`", pattern "\\S", |text| check_calendar(text).map_err(|problem| problem.to_string());
    /// A name or address in a certificate.
    pub struct CertificateName, "a DNS name or an IP address", pattern "^[*]?[0-9a-zA-Z.:-]+$", |text| {
        if text.parse::<IpAddr>().is_ok() { Ok(()) } else { host(text.strip_prefix("*.").unwrap_or(text)) }
    };
    /// A host, and its port if it is not the usual one.
    pub struct HostPort, "a host such as `api.example.com:6443`", pattern "^[0-9a-zA-Z.:\\[\\]-]+$", |text| {
        if text.parse::<IpAddr>().is_ok() || text.parse::<std::net::SocketAddr>().is_ok_and(|address| address.port() > 0) {
            return Ok(());
        }
        let (name, port) = text.rsplit_once(':').unwrap_or((text, "443"));
        if port.parse::<u16>().is_ok_and(|port| port > 0) { host(name) } else { Err("what stands behind `:` is a port, and there is no `https://` before".to_owned()) }
    };
    /// Where a container image comes from: a registry and a path, without a scheme.
    pub struct ImageRepository, "an image repository such as `registry.example.com/kubernetes`", pattern "^[^\\s/]+(/[^\\s/]+)*$", |text| {
        if text.contains("://") {
            return Err("it has no scheme such as `https://`".to_owned());
        }
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:".contains(&b));
        if text.len() <= 512 && text.split('/').all(is_part) { Ok(()) } else { Err("it has letters, digits, `.`, `_`, `-` and `:`, with single slashes between".to_owned()) }
    };
    /// The key of a label that the kubelet gives its node when it registers.
    pub struct NodeLabelKey, "a label that a kubelet may set", pattern "", |text| {
        label_key(text)?;
        if kubelet_may_set(text) { Ok(()) } else { Err("the kubelet stops at names of Kubernetes other than `node.kubernetes.io/…` and a few more".to_owned()) }
    };
    /// Text that the bootstrap provider writes into YAML without quotes.
    pub struct Unquoted, "text that means the same without quotes", pattern "\\S", unquoted;
}

/// Whether YAML reads the text as itself where it stands without quotes, as all values do that the bootstrap provider writes.
pub(super) fn unquoted(text: &str) -> Result<(), String> {
    const NULLS: &[&str] = &["~", "null", "Null", "NULL"];
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.contains(char::is_control) || text.trim() != text {
        return Err("it has a line break or a control character, or a blank at an end".to_owned());
    }
    let begins_otherwise = text.starts_with(|c| "#&*!|>'\"%@`{}[],".contains(c))
        || ["-", "?", ":"]
            .iter()
            .any(|mark| text == *mark || text.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' ')));
    let ends_early = text.contains(": ") || text.ends_with(':') || text.contains(" #");
    if begins_otherwise || ends_early || NULLS.contains(&text) {
        return Err(
            "the bootstrap provider writes it into YAML without quotes, where it means something else".to_owned()
        );
    }
    Ok(())
}

fn host(name: &str) -> Result<(), String> {
    if name.len() > 253 {
        return Err(format!("a DNS name has at most 253 characters, this has {}", name.len()));
    }
    name.split('.').try_for_each(dns_characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_reads_otherwise_is_not_written_without_quotes() {
        for text in ["a b", "-E", "$6$x", "a:b", "a#b", "noatime,ro", "x=y", "?x"] {
            assert_eq!(unquoted(text), Ok(()), "{text}");
        }
        for text in [
            "", " a", "a ", "a\nb", "#x", "a #b", "a: b", "a:", "- a", "-", "*", "!x", "%s", "{x}", "~", "null",
            "\"a\"",
        ] {
            assert!(unquoted(text).is_err(), "{text:?}");
        }
    }
}
