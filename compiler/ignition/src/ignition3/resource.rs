//! Checks of fetched resources.

use super::types::Resource;
use super::url::{scheme, url_error};
use super::version::Version;
use crate::problem::Resource as Problem;

/// What is wrong with the source of a resource that must have one; an empty one is none.
pub(super) fn required_source_error(resource: &Resource, version: Version) -> Option<Problem> {
    let is_there = resource.source.as_deref().is_some_and(|source| !source.is_empty());
    source_error(resource, version).or_else(|| (!is_there).then_some(Problem::NoSource))
}

pub(super) fn source_error(resource: &Resource, version: Version) -> Option<Problem> {
    let source = resource.source.as_deref().filter(|source| !source.is_empty())?;
    url_error(source, version)
}

pub(super) fn compression_error(resource: &Resource) -> Option<Problem> {
    let is_known = matches!(resource.compression.as_deref(), None | Some("" | "gzip"));
    (!is_known).then_some(Problem::Compression)
}

pub(super) fn headers_error(resource: &Resource) -> Option<Problem> {
    if resource.http_headers.is_empty() {
        return None;
    }
    match scheme(resource.source.as_deref().unwrap_or_default()).as_deref() {
        _ if resource.source.as_deref().unwrap_or_default().is_empty() => Some(Problem::UNREADABLE),
        None => Some(Problem::UNREADABLE),
        Some("http" | "https") => None,
        Some(_) => Some(Problem::HeadersWithoutHttp),
    }
}

pub(super) fn hash_error(hash: &str, version: Version) -> Option<Problem> {
    let Some((function, sum)) = hash.split_once('-') else { return Some(Problem::MalformedHash) };
    let length = match function {
        "sha512" => 128,
        "sha256" if version >= Version::V3_1 => 64,
        _ => return Some(Problem::HashFunction),
    };
    (sum.len() != length).then_some(Problem::HashLength)
}
