//! Why there is nothing.

use std::fmt;

/// Why a URL gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The text is no URL.
    Malformed {
        /// Its beginning.
        url: String,
    },
    /// The URL has a login in it.
    Credentials,
    /// Another scheme than `https`.
    Scheme {
        /// The URL.
        url: String,
    },
    /// A host of a private network, or this machine.
    Private {
        /// The host.
        host: String,
    },
    /// One redirect after the other.
    Redirects,
    /// A redirect to nowhere.
    NoLocation,
    /// What the server answers.
    Status(u16),
    /// A body that is too large.
    TooLarge {
        /// The most bytes.
        most: u64,
    },
    /// A body that ends before its end.
    CutOff,
    /// Nothing came for too long.
    Slow {
        /// What was waited for.
        what: &'static str,
    },
    /// The server's certificate, or TLS itself.
    Tls(String),
    /// Anything else, in the words of the system.
    Network(String),
}

impl Fault {
    /// Whether it may be gone in a moment.
    pub(crate) const fn is_passing(&self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::CutOff | Self::Slow { .. } | Self::Network(_) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { url } => write!(f, "`{url}` is not a URL"),
            Self::Credentials => f.write_str("the URL has a login in it, which is not sent"),
            Self::Scheme { url } => write!(f, "`{url}` is not `https://`"),
            Self::Private { host } => write!(f, "`{host}` is a host of a private network or this machine"),
            Self::Redirects => f.write_str("the server redirects again and again"),
            Self::NoLocation => f.write_str("the server redirects and does not say where to"),
            Self::Status(401 | 407) => f.write_str("the server wants a login (401)"),
            Self::Status(403) => f.write_str("the server refuses it (403)"),
            Self::Status(404 | 410) => f.write_str("there is nothing at this URL (404)"),
            Self::Status(429) => f.write_str("the server has had too many requests (429)"),
            Self::Status(status @ 500..) => write!(f, "the server failed ({status})"),
            Self::Status(status) => write!(f, "the server answers {status}"),
            Self::TooLarge { most } => write!(f, "the answer has more than {} MiB", most >> 20),
            Self::CutOff => f.write_str("the answer ends before its end"),
            Self::Slow { what } => write!(f, "{what} took too long"),
            Self::Tls(problem) => write!(f, "the server cannot be trusted: {problem}"),
            Self::Network(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Fault {}
