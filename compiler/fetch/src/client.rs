//! One request after the other, within limits.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Proxy, Timeout};

use crate::address::is_public;
use crate::fault::Fault;
use crate::policy::Policy;
use crate::roots::Roots;
use crate::url::Url;

/// By what a server tells whether something has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What is there, and by what to ask again.
    Body(Vec<u8>, Validators),
    /// What was there before.
    Unchanged,
}

/// Told how many bytes of how many have come, if the server says.
pub type Progress<'p> = dyn Fn(u64, Option<u64>) + 'p;

/// Asks servers.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    policy: Policy,
}

/// Longer waits that a server asks for are not waited.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

impl Client {
    /// A client. Proxies are those of `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    /// Why the roots of trust cannot be used.
    pub fn new(policy: Policy, roots: &Roots) -> Result<Self, String> {
        let tls = TlsConfig::builder().root_certs(roots.certificates()?).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .https_only(policy.hosts.is_empty())
            // Each hop is judged before it is made.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(Proxy::try_from_env())
            .user_agent(concat!("flatwright/", env!("CARGO_PKG_VERSION")))
            .max_response_header_size(64 << 10)
            .timeout_global(Some(policy.most_time))
            .timeout_resolve(Some(policy.patience))
            .timeout_connect(Some(policy.patience))
            .timeout_recv_response(Some(policy.patience))
            .timeout_per_read(Some(policy.patience))
            .build();
        let resolver = PublicOnly { hosts: policy.hosts.clone(), inner: DefaultResolver::default() };
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), policy })
    }

    /// Gets what is at a URL, unless it is what was there before.
    ///
    /// # Errors
    /// Why there is nothing.
    pub fn get(&self, url: &str, known: &Validators, progress: &Progress<'_>) -> Result<Answer, Fault> {
        let mut attempt = 0;
        loop {
            let (fault, wait) = match self.follow(url, known, progress) {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if attempt >= self.policy.retries || !fault.is_passing() || wait.is_some_and(|wait| wait > LONGEST_WAIT) {
                return Err(fault);
            }
            let own = self.policy.pause * 2_u32.pow(attempt.min(10));
            std::thread::sleep(wait.map_or(own, |wait| wait.max(own)));
            attempt += 1;
        }
    }

    /// Follows redirects.
    fn follow(
        &self,
        url: &str,
        known: &Validators,
        progress: &Progress<'_>,
    ) -> Result<Answer, (Fault, Option<Duration>)> {
        let plain = |fault| (fault, None);
        let mut url = Url::allowed(url, &self.policy).map_err(plain)?;
        for _ in 0..=self.policy.most_redirects {
            let mut request = self.agent.get(url.to_string());
            if let Some(etag) = &known.etag {
                request = request.header("If-None-Match", etag);
            }
            if let Some(day) = &known.last_modified {
                request = request.header("If-Modified-Since", day);
            }
            let mut response = request.call().map_err(|error| plain(fault_of(error)))?;
            let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
            match response.status().as_u16() {
                200 => {
                    let validators = Validators {
                        etag: header("ETag").map(str::to_owned),
                        last_modified: header("Last-Modified").map(str::to_owned),
                    };
                    let bytes = self.read(response.body_mut(), progress).map_err(plain)?;
                    return Ok(Answer::Body(bytes, validators));
                }
                304 if *known != Validators::default() => return Ok(Answer::Unchanged),
                301 | 302 | 303 | 307 | 308 => {
                    let location = header("Location").ok_or((Fault::NoLocation, None))?;
                    url = Url::allowed(&url.join(location), &self.policy).map_err(plain)?;
                }
                status => {
                    let wait = header("Retry-After").and_then(|wait| wait.trim().parse().ok()).map(Duration::from_secs);
                    return Err((Fault::Status(status), wait));
                }
            }
        }
        Err((Fault::Redirects, None))
    }

    fn read(&self, body: &mut Body, progress: &Progress<'_>) -> Result<Vec<u8>, Fault> {
        let too_large = Fault::TooLarge { most: self.policy.largest };
        let length = body.content_length();
        if length.is_some_and(|length| length > self.policy.largest) {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        let mut reader = body.as_reader();
        let mut piece = vec![0; 64 << 10];
        loop {
            let count = match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(fault_of_io(&error)),
            };
            bytes.extend_from_slice(&piece[..count]);
            let so_far = bytes.len() as u64;
            if so_far > self.policy.largest {
                return Err(too_large);
            }
            progress(so_far, length);
        }
        if length.is_some_and(|length| length != bytes.len() as u64) { Err(Fault::CutOff) } else { Ok(bytes) }
    }
}

/// Names whose addresses are public only; what it gives is what is connected to, so that a name cannot change meanwhile.
struct PublicOnly {
    hosts: Vec<String>,
    inner: DefaultResolver,
}

impl fmt::Debug for PublicOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicOnly").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

/// A host that is not public, told through a library that knows nothing of that.
#[derive(Debug)]
struct NotPublic {
    host: String,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has no public address", self.host)
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for PublicOnly {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // A proxy is the user's own choice, and stands in the user's own network.
        let is_proxy = config.proxy().is_some_and(|proxy| uri.host() == Some(proxy.host()));
        let is_vouched_for =
            uri.authority().is_some_and(|own| self.hosts.iter().any(|host| own.as_str().eq_ignore_ascii_case(host)));
        if is_vouched_for || is_proxy || found.iter().all(|address| is_public(address.ip())) {
            return Ok(found);
        }
        let host = uri.host().unwrap_or_default().to_owned();
        Err(ureq::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, NotPublic { host })))
    }
}

fn fault_of(error: ureq::Error) -> Fault {
    match error {
        ureq::Error::Io(error) => fault_of_io(&error),
        ureq::Error::Timeout(timeout) => slow(timeout),
        ureq::Error::HostNotFound => Fault::Network("there is no such host".to_owned()),
        ureq::Error::ConnectionFailed => Fault::Network("the server does not take connections".to_owned()),
        ureq::Error::Tls(problem) => Fault::Tls(problem.to_owned()),
        ureq::Error::Rustls(problem) => Fault::Tls(problem.to_string()),
        other => Fault::Network(one_line(&other.to_string())),
    }
}

fn fault_of_io(error: &io::Error) -> Fault {
    if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
        return match inner {
            ureq::Error::Timeout(timeout) => slow(*timeout),
            ureq::Error::Rustls(problem) => Fault::Tls(problem.to_string()),
            other => Fault::Network(one_line(&other.to_string())),
        };
    }
    if let Some(refused) = error.get_ref().and_then(|inner| inner.downcast_ref::<NotPublic>()) {
        return Fault::Private { host: refused.host.clone() };
    }
    let text = error.to_string();
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => Fault::CutOff,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Fault::Slow { what: "the answer" },
        io::ErrorKind::InvalidData => Fault::Tls(one_line(&text)),
        _ => Fault::Network(one_line(&text)),
    }
}

const fn slow(timeout: Timeout) -> Fault {
    let what = match timeout {
        Timeout::Resolve => "looking the host up",
        Timeout::Connect => "the connection",
        Timeout::Global | Timeout::PerCall => "the request",
        _ => "the answer",
    };
    Fault::Slow { what }
}

/// Words of a server or a library, for a message.
fn one_line(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
