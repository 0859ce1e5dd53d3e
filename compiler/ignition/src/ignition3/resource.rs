//! Checks of fetched resources.

use std::borrow::Cow;

use super::types::Resource;
use super::url::{scheme, url_error};
use super::version::Version;

/// What is wrong with the source of a resource that must have one.
pub(super) fn required_source_error(resource: &Resource, version: Version) -> Option<Cow<'static, str>> {
    source_error(resource, version).or_else(|| resource.source.is_none().then(|| "source is required".into()))
}

pub(super) fn source_error(resource: &Resource, version: Version) -> Option<Cow<'static, str>> {
    let source = resource.source.as_deref().filter(|source| !source.is_empty())?;
    url_error(source, version)
}

pub(super) fn compression_error(resource: &Resource) -> Option<&'static str> {
    let is_known = matches!(resource.compression.as_deref(), None | Some("" | "gzip"));
    (!is_known).then_some("invalid compression method")
}

pub(super) fn headers_error(resource: &Resource) -> Option<&'static str> {
    if resource.http_headers.is_empty() {
        return None;
    }
    match scheme(resource.source.as_deref().unwrap_or_default()).as_deref() {
        _ if resource.source.as_deref().unwrap_or_default().is_empty() => Some("unable to parse url"),
        None => Some("unable to parse url"),
        Some("http" | "https") => None,
        Some(_) => Some("cannot use HTTP headers with this source scheme"),
    }
}

pub(super) fn hash_error(hash: &str, version: Version) -> Option<&'static str> {
    let Some((function, sum)) = hash.split_once('-') else { return Some("malformed hash specifier") };
    let length = match function {
        "sha512" => 128,
        "sha256" if version >= Version::V3_1 => 64,
        _ => return Some("unrecognized hash function"),
    };
    (sum.len() != length).then_some("incorrect size for hash sum")
}
