//! Rules of what is fetched: URLs, hashes, headers, proxies.

use std::fmt;

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;

use super::data_url::DataUrl;

/// What Ignition says of what is fetched.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Resource {
    /// A text that is not a URL.
    #[rule("unparsable-url", "{_0}unable to parse url")]
    Unparsable(#[rule(skip)] Within),
    /// A scheme that Ignition does not fetch from.
    #[rule("unsupported-url-scheme", "{_0}invalid url scheme")]
    Scheme(#[rule(skip)] Within),
    /// An object of S3 that cannot be named so.
    #[rule("invalid-s3-object", "{_1}{_0}")]
    Object(#[rule(debug)] S3, #[rule(skip)] Within),
    /// A `data:` URL that is not one.
    #[rule("invalid-data-url", "{_1}{_0}")]
    Data(#[rule(debug)] DataUrl, #[rule(skip)] Within),
    /// No source where one is needed.
    #[rule("missing-resource-source", "source is required")]
    NoSource,
    /// A compression other than gzip.
    #[rule("unknown-compression", "invalid compression method")]
    Compression,
    /// HTTP headers with another scheme.
    #[rule("headers-without-http", "cannot use HTTP headers with this source scheme")]
    HeadersWithoutHttp,
    /// A header without a name.
    #[rule("empty-http-header-name", "HTTP header name can't be empty")]
    HeaderName,
    /// A header with an empty value.
    #[rule("empty-http-header-value", "unable to parse HTTP header")]
    HeaderValue,
    /// A hash of nothing.
    #[rule("hash-without-source", "source must be specified if verification is specified")]
    HashWithoutSource,
    /// A hash without function and sum.
    #[rule("malformed-hash", "malformed hash specifier")]
    MalformedHash,
    /// A function that Ignition does not have.
    #[rule("unknown-hash-function", "unrecognized hash function")]
    HashFunction,
    /// A sum of another length than the function's.
    #[rule("hash-sum-length", "incorrect size for hash sum")]
    HashLength,
    /// A proxy that is not one of HTTP.
    #[rule("invalid-proxy-scheme", "proxies must be http(s)")]
    ProxyScheme,
    /// A proxy for HTTPS that is spoken to without encryption.
    #[rule("plaintext-https-proxy", "insecure plaintext HTTP proxy specified for HTTPS resources")]
    PlaintextProxy,
}

/// The URL that a message names before it says what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within(Option<String>);

/// What is wrong with a name in S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum S3 {
    /// An empty version.
    VersionId,
    /// An ARN that does not name an object.
    Arn,
}

impl Resource {
    /// The same, naming the URL of a file.
    #[must_use]
    pub fn within(self, url: &str) -> Self {
        let within = Within(Some(url.to_owned()));
        match self {
            Self::Unparsable(_) => Self::Unparsable(within),
            Self::Scheme(_) => Self::Scheme(within),
            Self::Object(what, _) => Self::Object(what, within),
            Self::Data(what, _) => Self::Data(what, within),
            other => other,
        }
    }

    /// A text that is not a URL.
    pub const UNREADABLE: Self = Self::Unparsable(Within(None));
    /// A URL of a scheme that is not fetched.
    pub const OTHER_SCHEME: Self = Self::Scheme(Within(None));
}

impl From<S3> for Resource {
    fn from(what: S3) -> Self {
        Self::Object(what, Within::default())
    }
}

impl From<DataUrl> for Resource {
    fn from(what: DataUrl) -> Self {
        Self::Data(what, Within::default())
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |url| write!(f, "invalid url {}: ", quote(url)))
    }
}

impl fmt::Display for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VersionId => "invalid S3 object VersionId",
            Self::Arn => "invalid S3 ARN format",
        })
    }
}
