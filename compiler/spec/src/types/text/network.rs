//! Addresses, hosts and URLs.

use std::net::IpAddr;

use flatwright_kubernetes::name;
use flatwright_kubernetes::network::Cidr;

use super::kubernetes::words;
use crate::decode::{Flaw, Text};

/// A CIDR block of IPv4 or IPv6, such as `10.0.0.0/16`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a CIDR block such as `10.0.0.0/16`", pattern = "^[0-9a-fA-F:.]+/[0-9]{1,3}$", check = address_block)]
pub struct AddressBlock(String);

/// An `https://` URL, or another scheme that Ignition fetches on Azure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a URL such as `https://…`", pattern = "^[a-z]+://", check = fetch_url)]
pub struct FetchUrl(String);

/// A chart repository: absolute `https://` or `oci://` in lower case (the add-on provider refuses anything else).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a chart repository URL", pattern = "^(https|oci)://", check = chart_repository)]
pub struct ChartRepository(String);

/// A name or address in a certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a DNS name or an IP address", pattern = "^[*]?[0-9a-zA-Z.:-]+$", check = certificate_name)]
pub struct CertificateName(String);

/// A host, and its port if it is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a host such as `api.example.com:6443`", pattern = "^[0-9a-zA-Z.:\\[\\]-]+$", check = host_port)]
pub struct HostPort(String);

/// Where a container image comes from: a registry and a path, without a scheme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an image repository such as `registry.example.com/kubernetes`", pattern = "^[^\\s/]+(/[^\\s/]+)*$", check = image_repository)]
pub struct ImageRepository(String);

fn address_block(text: &str) -> Result<(), String> {
    text.parse::<Cidr>().map(drop).map_err(words)
}

fn fetch_url(text: &str) -> Result<(), String> {
    let (scheme, rest) = text.split_once("://").ok_or("it has no scheme")?;
    if !["https", "http", "s3", "tftp"].contains(&scheme) {
        return Err(format!("`{scheme}` is not fetched by Ignition; use `https`"));
    }
    if rest.is_empty() || rest.starts_with('/') || text.contains(char::is_whitespace) {
        Err("it has no host, or a blank in it".to_owned())
    } else {
        Ok(())
    }
}

fn chart_repository(text: &str) -> Result<(), String> {
    match text.split_once("://") {
        Some(("https" | "oci", rest))
            if !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace) =>
        {
            Ok(())
        }
        _ => Err("it is an absolute `https://` or `oci://` URL with a host".to_owned()),
    }
}

fn certificate_name(text: &str) -> Result<(), String> {
    if text.parse::<IpAddr>().is_ok() { Ok(()) } else { host(text.strip_prefix("*.").unwrap_or(text)) }
}

fn host_port(text: &str) -> Result<(), Flaw> {
    if text.parse::<IpAddr>().is_ok() || text.parse::<std::net::SocketAddr>().is_ok_and(|address| address.port() > 0) {
        return Ok(());
    }
    let (name, port) = text.rsplit_once(':').unwrap_or((text, "443"));
    if port.parse::<u16>().is_ok_and(|port| port > 0) {
        host(name).map_err(Flaw::from)
    } else {
        let fact = "what stands behind `:` is a port, and there is no `https://` before";
        Err(Flaw::meaning(fact, without_scheme(text)))
    }
}

fn image_repository(text: &str) -> Result<(), Flaw> {
    if text.contains("://") {
        return Err(Flaw::meaning("it has no scheme such as `https://`", without_scheme(text)));
    }
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:".contains(&b));
    if text.len() <= 512 && text.split('/').all(is_part) {
        Ok(())
    } else {
        Err("it has letters, digits, `.`, `_`, `-` and `:`, with single slashes between".into())
    }
}

fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

fn host(name: &str) -> Result<(), String> {
    name::dns_subdomain(name).map_err(words)
}
