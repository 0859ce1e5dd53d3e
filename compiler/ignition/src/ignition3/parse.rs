//! JSON text → [`Config`], as Go's decoder reads it, and the report of `ignition-validate`.

mod decode;
mod read;

use crate::codec::record;
use crate::entry::Entry;
use crate::problem::{Config as Whole, NotConfig};
use flatwright_go::yaml3::{Kind, NodeId, Tree};

use decode::decode;
use read::read;

use super::check::{Check, check};
use super::report::{Finding, Findings, Step};
use super::types::Config;
use super::version::{Semver, Version};

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The config and its version; `None` if the text is none.
    pub config: Option<(Config, Version)>,
    /// The report.
    pub entries: Vec<Entry>,
    /// Why the text is no config at all (the original prints it on standard error after `couldn't parse config: `).
    pub failure: Option<Whole>,
}

record! {
    /// Just the version.
    VersionStub {
        /// About Ignition itself.
        ignition: IgnitionStub = "ignition";
    }
    /// Just the version.
    IgnitionStub {
        /// The version.
        version: Option<String> = "version";
    }
}

/// Decodes a config of any version. The entries hold syntax and type errors only.
pub fn parse(text: &[u8]) -> Parsed {
    run(text, false)
}

/// Decodes and validates a config, as `ignition-validate` does.
pub fn validate(text: &[u8]) -> Parsed {
    run(text, true)
}

fn run(bytes: &[u8], is_checked: bool) -> Parsed {
    let mut parsed = Parsed { config: None, entries: Vec::new(), failure: None };
    if bytes.is_empty() {
        parsed.failure = Some(NotConfig::Empty.into());
        return parsed;
    }
    let tree = match read(bytes) {
        Ok(tree) => tree,
        Err(error) => {
            parsed.entries.push(error.entry(bytes));
            return parsed;
        }
    };
    let mut stub = VersionStub::default();
    if let Some(error) = decode(&tree, 0, &mut stub, "util.versionStub", "") {
        parsed.entries.push(error.entry(bytes));
        return parsed;
    }
    let version = stub.ignition.version.unwrap_or_default();
    if Semver::parse(&version).is_none() {
        parsed.failure = Some(Whole::UnreadableVersion);
        return parsed;
    }
    let Some(version) = Version::parse(&version) else {
        parsed.failure = Some(Whole::UnsupportedVersion);
        return parsed;
    };
    let mut config = Config::default();
    if let Some(error) = decode(&tree, version.minor(), &mut config, "types.Config", "types.") {
        parsed.entries.push(error.entry(bytes));
        return parsed;
    }
    if is_checked {
        let mut found = Findings::default();
        walk(&tree, &config, version, true, &mut found);
        parsed.entries = found.list.iter().map(|finding| locate(finding, &tree)).collect();
    }
    parsed.config = Some((config, version));
    parsed
}

/// All three checks at once, as on a text.
pub(crate) fn walk(tree: &Tree, config: &Config, version: Version, is_newest: bool, found: &mut Findings) {
    check(&Check { version, has_rules: true, has_duplicates: true, is_newest, tree: Some(tree) }, config, found);
}

/// Decodes a config of one version, whatever version it says.
///
/// # Errors
/// The first thing that the original refuses.
pub(crate) fn parse_as(bytes: &[u8], version: Version) -> Result<(Tree, Config), Whole> {
    let tree = read(bytes).map_err(|error| error.problem)?;
    let mut config = Config::default();
    match decode(&tree, version.minor(), &mut config, "types.Config", "types.") {
        Some(error) => Err(error.problem),
        None => Ok((tree, config)),
    }
}

/// The deepest node on a path.
fn deepest(path: &[Step], tree: &Tree) -> Option<NodeId> {
    let mut at = tree.root()?;
    for step in path {
        let next = match step {
            Step::Key(key) => tree.entry(at, key).map(|(_, value)| value),
            Step::Index(index) => match tree.kind(at) {
                Kind::Sequence(items) => items.get(*index).copied(),
                _ => None,
            },
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Some(at)
}

/// Where the deepest node on a path stands.
pub(crate) fn position(path: &[Step], tree: &Tree) -> Option<(u32, u32)> {
    deepest(path, tree).map(|node| (tree.node(node).line, tree.node(node).column))
}

/// Gives a finding the place of the deepest node on its path.
pub(crate) fn locate(finding: &Finding, tree: &Tree) -> Entry {
    let node = finding.key.or_else(|| deepest(&finding.path, tree));
    Entry {
        kind: finding.kind,
        path: Step::write(&finding.path),
        position: node.map(|node| (tree.node(node).line, tree.node(node).column)),
        problem: finding.problem.clone(),
    }
}
