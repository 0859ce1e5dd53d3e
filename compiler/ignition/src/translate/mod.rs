//! Ignition 2.x → 3.1, as Flatcar's Ignition does it in the initramfs before it acts on a config.
//!
//! Owns: what that step refuses (`check`), what it changes (`convert`), and the words it would put on the serial console.
//! Must not: parse 2.x or write JSON text; it goes from model to model.

mod check;
mod convert;

use std::fmt;

use crate::entry::{Entry, EntryKind};
use crate::ignition2::Config;
use crate::ignition3::{self, Check, Findings, Step, Version};
use crate::problem::{Node, Problem, Resource, Translation};

/// Why a machine would refuse to boot with the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The rules of 2.x find an error or a deprecated field.
    InvalidInput(Vec<Entry>),
    /// A rule of the translation itself.
    Own(Translation),
    /// The rules of 3.1 find an error in the result.
    InvalidOutput(Vec<Entry>),
}

/// Translates a config. File systems get the paths that Flatcar gives them (`/tmp/<name>-ign<N>`), units of one name are merged.
///
/// # Errors
/// The first reason for which the machine would stop.
pub fn to_3_1(config: &Config) -> Result<ignition3::Config, Refusal> {
    let paths = check::filesystem_paths(config);
    check::check(config, &paths)?;
    let result = convert::convert(config, &paths);
    let entries = errors(&result);
    if entries.is_empty() { Ok(result) } else { Err(Refusal::InvalidOutput(entries)) }
}

/// The errors that the rules of 3.1 find, without positions: the text they would point into is not the user's.
fn errors(config: &ignition3::Config) -> Vec<Entry> {
    let check = Check { version: Version::V3_1, has_rules: true, has_duplicates: true, is_newest: true, tree: None };
    let mut found = Findings::default();
    ignition3::check(&check, config, &mut found);
    let errors = found.list.iter().filter(|finding| finding.kind == EntryKind::Error);
    let entries = errors.map(|finding| Entry {
        kind: finding.kind,
        path: Step::write(&finding.path),
        position: None,
        problem: finding.problem.clone(),
    });
    let mut errors: Vec<Entry> = entries.filter(|entry| !is_kept(config, entry)).collect();
    // Without a source, the original looks for repeated entries only after everything else.
    errors.sort_by_key(|entry| entry.problem == Problem::Node(Node::Duplicate));
    errors
}

/// Flatcar's Ignition has kept the `oem` scheme, which others dropped with 3.0.
fn is_kept(config: &ignition3::Config, entry: &Entry) -> bool {
    if !matches!(entry.problem, Problem::Resource(Resource::Scheme(_))) {
        return false;
    }
    let pointer: String = entry.path.split('.').map(|step| format!("/{step}")).collect();
    let json = serde_json::to_value(config).unwrap_or_default();
    json.pointer(&pointer).and_then(serde_json::Value::as_str).is_some_and(|source| source.starts_with("oem:"))
}

impl Refusal {
    /// What is reported of the config that is read or made.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::InvalidInput(entries) | Self::InvalidOutput(entries) => entries,
            Self::Own(_) => &[],
        }
    }
}

impl From<Translation> for Refusal {
    fn from(problem: Translation) -> Self {
        Self::Own(problem)
    }
}

/// The words of the original.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidInput(entries) => {
                f.write_str("Invalid input config:")?;
                entries.iter().try_for_each(|entry| write!(f, "\n{}: {}", entry.kind.word(), entry.problem))
            }
            Self::Own(problem) => problem.fmt(f),
            Self::InvalidOutput(entries) => entries.iter().try_for_each(|entry| writeln!(f, "{entry}")),
        }
    }
}

#[cfg(test)]
mod tests;
