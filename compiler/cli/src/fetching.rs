//! What is fetched, and kept to be asked for again: only what has changed is sent a second time.
//!
//! Owns: the cache of answers in the user's cache directory, which nobody else may write, and the progress on a terminal. Must not: be made before a command needs it.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result, anyhow};
use flatwright_fetch::{Answer, Client, Policy, Roots, Validators};
use flatwright_plugin_host::directory::Directory;
use flatwright_plugin_host::{CacheFiles, Digest, Stored};
use serde_json::{Value, json};

use crate::args::Fetch;
use crate::disk::read_limited;
use crate::{plugin_host, report};

/// The most bytes that are kept.
const MOST_BYTES: u64 = 512 << 20;

/// The most bytes of an answer: an extension with everything in it has some hundred million.
const LARGEST: u64 = 512 << 20;

/// The longest line before an answer.
const LONGEST_HEAD: usize = 16 << 10;

/// Fetches, or finds what was fetched.
pub(crate) struct Fetching {
    /// Nothing where no network may be reached.
    client: Option<Client>,
    /// Nothing where there is no directory for it.
    cache: Option<Directory>,
    is_terminal: bool,
}

impl Fetching {
    /// As the command line says.
    ///
    /// # Errors
    /// Roots of trust that cannot be used.
    pub(crate) fn new(options: &Fetch) -> Result<Self> {
        let roots = match &options.ca_file {
            Some(path) => {
                let bytes =
                    read_limited(path).map_err(|reason| anyhow!("failed to read `{}`: {reason}", path.display()))?;
                Roots::Pem(bytes)
            }
            None => Roots::Platform,
        };
        let client = if options.offline {
            None
        } else {
            let policy = Policy { hosts: options.allow_host.clone(), largest: LARGEST, ..Policy::default() };
            let client = Client::new(policy, &roots).map_err(|reason| anyhow!(reason));
            Some(client.context("failed to use the roots of trust")?)
        };
        // Without a place for it, everything is sent each time.
        let cache = plugin_host::caches().ok().and_then(|caches| Directory::open(&caches.join("fetched")).ok());
        Ok(Self { client, cache, is_terminal: std::io::stderr().is_terminal() })
    }

    /// What is at a URL.
    ///
    /// # Errors
    /// Why there is nothing, in words.
    pub(crate) fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        let name = Digest::of(url.as_bytes()).hex();
        let kept = self.kept(&name, url);
        let Some(client) = &self.client else {
            return kept
                .map(|(bytes, _)| bytes)
                .ok_or_else(|| "it was not fetched before, and no network may be reached".to_owned());
        };
        let validators = kept.as_ref().map(|(_, validators)| validators.clone()).unwrap_or_default();
        let progress = |so_far: u64, all: Option<u64>| {
            // Small answers are there before anybody reads it.
            if self.is_terminal && so_far > 1 << 20 {
                let all = all.map_or_else(String::new, |all| format!(" of {}", all >> 20));
                report::progress(&format!("fetching {url}: {}{all} MiB", so_far >> 20));
            }
        };
        let answer = client.get(url, &validators, &progress);
        if self.is_terminal {
            report::progress("");
        }
        match answer {
            Ok(Answer::Unchanged) => kept.map(|(bytes, _)| bytes).ok_or_else(|| "the answer is empty".to_owned()),
            Ok(Answer::Body(bytes, validators)) => {
                self.keep(&name, url, &bytes, &validators);
                Ok(bytes)
            }
            Err(fault) => Err(fault.to_string()),
        }
    }

    /// What was fetched before.
    fn kept(&self, name: &str, url: &str) -> Option<(Vec<u8>, Validators)> {
        let stored = self.cache.as_ref()?.open(name).ok()??;
        let mut bytes = Vec::new();
        match stored {
            Stored::File(mut file) => drop(file.read_to_end(&mut bytes).ok()?),
            Stored::Bytes(whole) => bytes = whole.to_vec(),
        }
        let end = bytes.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n')?;
        let head: Value = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes.split_off(end + 1);
        // Whole, and of this very URL.
        let is_it = head["url"] == url && head["sha256"] == Digest::of(&body).hex().as_str();
        let text = |key: &str| head[key].as_str().map(str::to_owned);
        is_it.then(|| (body, Validators { etag: text("etag"), last_modified: text("lastModified") }))
    }

    /// Keeps an answer, and lets go of those that were used longest ago.
    fn keep(&self, name: &str, url: &str, bytes: &[u8], validators: &Validators) {
        let Some(cache) = &self.cache else { return };
        let head = json!({
            "url": url,
            "etag": validators.etag,
            "lastModified": validators.last_modified,
            "sha256": Digest::of(bytes).hex(),
        });
        let mut whole = head.to_string().into_bytes();
        if whole.len() >= LONGEST_HEAD || bytes.len() as u64 > MOST_BYTES / 2 {
            return;
        }
        whole.push(b'\n');
        whole.extend_from_slice(bytes);
        // A cache that is full or read-only keeps nothing, and nothing is lost.
        let _ = cache.replace(name, &whole);
        let Ok(files) = cache.list() else { return };
        let mut total: u64 = files.iter().map(|(_, size)| size).sum();
        for (old, size) in files.iter().filter(|(old, _)| old != name) {
            if total <= MOST_BYTES {
                break;
            }
            if cache.remove(old).is_ok() {
                total -= size;
            }
        }
    }
}
