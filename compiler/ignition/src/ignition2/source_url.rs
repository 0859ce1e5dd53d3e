//! Which sources Ignition 2.x fetches.

use flatwright_go::url::{self, Brackets};

use super::data_url;
use crate::data_url::is_written;

/// Checks a URL as `validateURL` of Ignition 2.3 does. An empty one stands for no contents.
///
/// # Errors
/// The original's words.
pub(crate) fn check(source: &str) -> Result<(), String> {
    if source.is_empty() || is_written(source) {
        return Ok(());
    }
    let url = url::parse(source, Brackets::Ipv6).map_err(|_| "unable to parse url")?;
    match &*url.scheme {
        "http" | "https" | "oem" | "tftp" => Ok(()),
        "s3" if url.query("versionId").is_some_and(|version| version.is_empty()) => {
            Err("invalid S3 object VersionId".into())
        }
        "s3" => Ok(()),
        "data" => data_url::decode(source).map(|_| ()),
        _ => Err("invalid url scheme".into()),
    }
}
