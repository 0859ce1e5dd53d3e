//! The lists of others: what versions there are of what, as far as it was read.
//!
//! Owns: telling what a list is, and all that was read together. Must not: choose.

mod azure;
mod charts;
mod checksums;
mod choice;
mod printed;
mod releases;
mod schedule;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;

use flatwright_flatcar::release::Release;
use flatwright_kubernetes::table::Day;
use flatwright_kubernetes::version::{Release as Version, Version as FullVersion};
use serde_json::Value;

pub use azure::{Image, generation};
pub use charts::Chart;
pub use checksums::{Contradiction, Sum};
pub use choice::{Chosen, NoChoice};
pub use releases::Facts;
pub use verdict::{Machine, Unfit, terms, verdict};

/// The most bytes of a list: the feed of all releases has some 4 MB, an answer about all regions 60.
pub const LONGEST: usize = 256 << 20;

/// The kinds of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Flatcar's releases.
    Releases,
    /// Versions of Kubernetes.
    Kubernetes,
    /// SHA-256 sums of files.
    Checksums,
    /// Machine images.
    Images,
    /// The charts of a repository.
    Charts,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Releases => "releases of Flatcar",
            Self::Kubernetes => "versions of Kubernetes",
            Self::Checksums => "checksums",
            Self::Images => "machine images",
            Self::Charts => "charts",
        })
    }
}

/// Why a text is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
}

impl Malformed {
    fn line(index: usize, problem: impl Into<String>) -> Self {
        Self { line: index + 1, column: 1, problem: problem.into() }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Malformed {}

/// All that was read.
#[derive(Clone, Debug, Default)]
pub struct Known {
    releases: BTreeMap<Release, Facts>,
    kubernetes: BTreeMap<Version, String>,
    checksums: checksums::Checksums,
    images: Vec<Image>,
    charts: BTreeMap<String, Vec<Chart>>,
    lists: Vec<(What, String)>,
}

impl Known {
    /// Adds a list; it tells what it is. The name is where it was read, as the lock will say it.
    ///
    /// # Errors
    /// What is wrong with a text that is none, or that cannot be believed.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<What, Malformed> {
        if bytes.len() > LONGEST {
            return Err(Malformed::line(0, format!("it has more than {} MiB", LONGEST >> 20)));
        }
        let text = flatwright_yaml::decode(bytes).map_err(|_| Malformed::line(0, "it is no text"))?;
        let what = self.read(name, &text)?;
        self.lists.push((what, name.to_owned()));
        Ok(what)
    }

    fn read(&mut self, name: &str, text: &str) -> Result<What, Malformed> {
        let begin = text.trim_start();
        if begin.is_empty() {
            return Err(Malformed::line(0, "it is empty"));
        }
        if begin.starts_with('[') || begin.starts_with('{') {
            let value: Value = serde_json::from_str(text).map_err(|error| json(&error))?;
            return match value {
                Value::Array(items) => azure::read(&items, name, &mut self.images).map(|()| What::Images),
                Value::Object(map) => releases::read(&map, name, &mut self.releases).map(|()| What::Releases),
                _ => Err(Malformed::line(0, "it is neither a list nor an object")),
            };
        }
        if checksums::is_list(begin) {
            return checksums::read(text, name, &mut self.checksums).map(|()| What::Checksums);
        }
        if let Some(images) = printed::read(text, name) {
            self.images.extend(images?);
            return Ok(What::Images);
        }
        if let Some(versions) = plain(text) {
            self.kubernetes.extend(versions.into_iter().map(|version| (version, name.to_owned())));
            return Ok(What::Kubernetes);
        }
        if let Some(found) = schedule::read(text)? {
            self.kubernetes.extend(found.into_iter().map(|version| (version, name.to_owned())));
            return Ok(What::Kubernetes);
        }
        if let Some(found) = charts::read(text, name)? {
            for (chart, versions) in found {
                self.charts.entry(chart).or_default().extend(versions);
            }
            return Ok(What::Charts);
        }
        Err(Malformed::line(
            0,
            "it has neither Flatcar's releases, nor a schedule of Kubernetes, nor checksums, nor images as `az` prints them, nor an index of charts",
        ))
    }

    /// Adds the hashes of an extension's image that is there itself, after the lists. The name is that of the file alone.
    pub fn add_file(&mut self, file: &str, sha256: String, sha512: String, read: &str) {
        self.checksums.add_file(file, sha256, sha512, read);
    }

    /// Where the lists of a kind were read.
    pub fn lists(&self, what: What) -> impl Iterator<Item = &str> {
        self.lists.iter().filter(move |(known, _)| *known == what).map(|(_, name)| name.as_str())
    }

    /// What two lists say differently about the same file.
    pub fn contradictions(&self) -> &[Contradiction] {
        &self.checksums.contradictions
    }

    /// The lists of checksums whose last day has passed, with that day.
    pub fn stale(&self, today: Day) -> impl Iterator<Item = (&str, &str)> {
        let ended = self.checksums.best_before.iter().filter(move |(_, day)| today.is_after(day));
        ended.map(|(name, day)| (name.as_str(), day.as_str()))
    }

    /// All images.
    pub fn images(&self) -> &[Image] {
        &self.images
    }
}

fn yaml(text: &str, error: &flatwright_yaml::SyntaxError) -> Malformed {
    let (line, column) = flatwright_yaml::LineIndex::new(text).position(text, error.offset);
    Malformed { line, column, problem: error.message.clone() }
}

fn json(error: &serde_json::Error) -> Malformed {
    let text = error.to_string();
    let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem).to_owned();
    Malformed { line: error.line().max(1), column: error.column().max(1), problem }
}

/// A version a line, as `https://dl.k8s.io/release/stable-1.35.txt` has it.
fn plain(text: &str) -> Option<Vec<Version>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let version = FullVersion::parse(line).ok().filter(|_| line.starts_with('v'))?;
            // A version before its release is nothing that a range means.
            Some((!version.to_string().contains(['-', '+'])).then(|| version.release()))
        })
        .collect::<Option<Vec<_>>>()
        .map(|versions| versions.into_iter().flatten().collect())
}
