//! `plugin check --rebuild`: whether the same sources give the same plugin.
//!
//! Owns: building twice, and what is compared: bytes first; where those differ, as with tools that keep a random seed, the answers to the cases, which are what machines
//! depend on.

use std::fmt;
use std::path::Path;

use flatwright_plugin_host::{Digest, Host, Limits, Source};
use serde::Serialize;

use crate::build::build_afresh;
use crate::call::call;
use crate::case::Case;
use crate::check::unequal;
use crate::error::Error;

/// What came of building twice.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuilt {
    /// The digests of the file that was given and of both builds.
    pub file: String,
    /// See there.
    pub builds: [String; 2],
    /// How many cases both builds were asked; none if their bytes are equal.
    pub cases: usize,
    /// What answers differently, one fact each.
    pub differences: Vec<String>,
}

impl Rebuilt {
    /// Whether both builds are the same bytes.
    pub fn is_same_bytes(&self) -> bool {
        self.builds[0] == self.builds[1]
    }

    /// Whether nobody could tell the builds from each other, and the file from them.
    pub fn is_sound(&self) -> bool {
        self.differences.is_empty() && (!self.is_same_bytes() || self.file == self.builds[0])
    }
}

/// Builds the project twice from nothing but its sources and compares.
///
/// # Errors
/// As [`crate::build`] and [`crate::check`].
pub fn compare_builds(host: &Host, file: &[u8], project: &Path, cases: &[Case]) -> Result<Rebuilt, Error> {
    let builds = [build_afresh(host, project)?, build_afresh(host, project)?];
    let digest = |component: &[u8]| Digest::of(component).to_string();
    let mut rebuilt = Rebuilt {
        file: digest(file),
        builds: [digest(&builds[0]), digest(&builds[1])],
        cases: 0,
        differences: Vec::new(),
    };
    if rebuilt.is_same_bytes() {
        return Ok(rebuilt);
    }
    let limits = Limits::default();
    let load = |component: &[u8]| host.load(Source::new("plugin", component, &limits));
    let (one, other) = (load(&builds[0])?, load(&builds[1])?);
    let plain: Vec<Case> = one.hooks().iter().flat_map(|hook| Case::plain(*hook)).collect();
    for case in if cases.is_empty() { &plain } else { cases } {
        let (context, question) = case.question()?;
        let (first, second) = (call(&one, &context, &question)?, call(&other, &context, &question)?);
        // Instructions differ with the order of a hash table, whatever the answer.
        if let Some(fact) = unequal(&first, &second).filter(|fact| *fact != "instructions") {
            let (hook, target) = (question.hook(), context.target_name());
            rebuilt.differences.push(format!("hook `{hook}`, {target}: {fact} differ between two builds"));
        }
        rebuilt.cases += 1;
    }
    rebuilt.differences.dedup();
    Ok(rebuilt)
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, builds: [first, second], cases, differences } = self;
        if self.is_same_bytes() {
            if file == first {
                return writeln!(f, "built twice: the same bytes as the file");
            }
            return writeln!(f, "problem: built twice: {first}; the file has other bytes: build it again");
        }
        writeln!(f, "built twice: other bytes each time, {first} and {second}")?;
        for difference in differences {
            writeln!(f, "problem: {difference}")?;
        }
        if differences.is_empty() {
            writeln!(f, "  the same answers to {cases} cases")
        } else {
            writeln!(
                f,
                "  sort what comes from sets before you use it, and give the plugin to others as a file, not to be built"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(file: &str, builds: [&str; 2], differences: &[&str]) -> Rebuilt {
        let owned = |text: &&str| (*text).to_owned();
        let differences = differences.iter().map(owned).collect();
        Rebuilt { file: file.to_owned(), builds: builds.map(|text| text.to_owned()), cases: 2, differences }
    }

    #[test]
    fn the_verdict_is_about_bytes_then_about_answers() {
        let verdicts = [
            (rebuilt("a", ["a", "a"], &[]), true, "the same bytes as the file"),
            (rebuilt("b", ["a", "a"], &[]), false, "the file has other bytes"),
            (rebuilt("c", ["a", "b"], &[]), true, "the same answers to 2 cases"),
            (rebuilt("a", ["a", "b"], &["hook `images`, md-0: edits differ"]), false, "sort what comes from sets"),
        ];
        for (rebuilt, is_sound, words) in verdicts {
            assert_eq!(rebuilt.is_sound(), is_sound, "{rebuilt}");
            assert!(rebuilt.to_string().contains(words), "{rebuilt}");
        }
    }
}
