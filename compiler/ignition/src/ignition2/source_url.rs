//! Which sources Ignition 2.x fetches.

use flatwright_go::url::{self, Brackets};

use super::data_url;
use crate::data_url::is_written;
use crate::problem::{Resource, S3};

/// Checks a URL as `validateURL` of Ignition 2.3 does. An empty one stands for no contents.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(source: &str) -> Result<(), Resource> {
    if source.is_empty() || is_written(source) {
        return Ok(());
    }
    let url = url::parse(source, Brackets::Ipv6).map_err(|_| Resource::UNREADABLE)?;
    match &*url.scheme {
        "http" | "https" | "oem" | "tftp" => Ok(()),
        "s3" if url.query("versionId").is_some_and(|version| version.is_empty()) => Err(S3::VersionId.into()),
        "s3" => Ok(()),
        "data" => data_url::decode(source).map(|_| ()).map_err(Resource::from),
        _ => Err(Resource::OTHER_SCHEME),
    }
}
