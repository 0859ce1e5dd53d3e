//! The index of a chart repository (`index.yaml`).

use std::collections::BTreeMap;

use flatwright_kubernetes::Version;
use flatwright_yaml::{Kind, Limits, Node, parse_first};

use super::Malformed;
use super::schedule::items;

/// A version of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Its version as it is written.
    pub version: String,
    /// `sha256:` and 64 hexadecimal digits, where the index has a digest.
    pub digest: Option<String>,
    /// Where its archives are.
    pub urls: Vec<String>,
    /// Whether the repository says that nobody should use it.
    pub is_deprecated: bool,
    /// Where it was read.
    pub read: String,
}

/// The charts by name; nothing where a text is no index.
pub(super) fn read(text: &str, name: &str) -> Result<Option<BTreeMap<String, Vec<Chart>>>, Malformed> {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    if !has("apiVersion:") || !has("entries:") {
        return Ok(None);
    }
    let limits = Limits { expanded_nodes: 5_000_000, ..Limits::default() };
    let (tree, error) = parse_first(text, &limits);
    if let Some(error) = error {
        return Err(super::yaml(text, &error));
    }
    let root = tree.roots().first().map(|id| Node { tree: &tree, id: *id });
    let Some(entries) = root.and_then(|root| root.get("entries")) else { return Ok(None) };
    let Kind::Mapping(entries) = tree.kind(tree.resolve(entries.id)) else {
        return Err(Malformed::line(0, "`entries` is not a mapping"));
    };
    let mut found = BTreeMap::new();
    for entry in entries.iter() {
        let Some(chart) = tree.scalar(entry.key) else { continue };
        let versions = items(Some(Node { tree: &tree, id: entry.value })).filter_map(|item| version(item, name));
        found.insert(chart.to_owned(), versions.collect());
    }
    Ok(Some(found))
}

fn version(item: Node<'_>, name: &str) -> Option<Chart> {
    let version = item.get("version")?.scalar().filter(|text| is_version(text))?;
    let hex = item.get("digest").and_then(Node::scalar).map(|digest| digest.strip_prefix("sha256:").unwrap_or(digest));
    let hex = hex.filter(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    Some(Chart {
        version: version.to_owned(),
        digest: hex.map(|hex| format!("sha256:{}", hex.to_ascii_lowercase())),
        urls: items(item.get("urls")).filter_map(Node::scalar).map(str::to_owned).collect(),
        is_deprecated: item.get("deprecated").and_then(Node::scalar) == Some("true"),
        read: name.to_owned(),
    })
}

fn is_version(text: &str) -> bool {
    text.len() < 128 && Version::parse_normalized(text).is_some()
}
