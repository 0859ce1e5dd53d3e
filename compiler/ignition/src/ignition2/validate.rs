//! A text judged as ignition 2.x's validator judges it.
//!
//! Owns: what is no config at all, which version reads it, and what is reported. Must not: translate between versions.

use flatwright_go::json::{self, Document, NodeRef, Value};

use crate::entry::{Entry, EntryKind};
use crate::ignition2::json_source::{JsonAst, JsonSource, Lines};
use crate::ignition2::model::Model as _;
use crate::ignition2::semver::Version;
use crate::ignition2::types::Config;
use crate::ignition2::walk::{Place, Walker};
use crate::problem::{Config as Whole, NotConfig};
use crate::texts::Texts;

/// What the validator says.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The config, if it is valid.
    pub config: Option<Config>,
    /// The report.
    pub entries: Vec<Entry>,
    /// Why the text is not even read as a config (`unsupported config version`).
    pub failure: Option<Whole>,
    /// The config, if it was read and is not valid.
    invalid: Option<Config>,
}

impl Validation {
    /// Whether the original exits with 0.
    pub fn is_valid(&self) -> bool {
        self.config.is_some()
    }

    /// The texts of systemd's in the config, valid or not.
    pub fn texts(&self) -> Texts<'_> {
        self.config.as_ref().or(self.invalid.as_ref()).map(Config::texts).unwrap_or_default()
    }
}

/// Validates an Ignition 2.x config (2.0.0 to 2.3.0).
pub fn validate(text: &[u8]) -> Validation {
    let header = text.split(|b| *b == b'\n').next().unwrap_or_default();
    if text.is_empty() {
        return failed(NotConfig::Empty.into());
    }
    if String::from_utf8_lossy(header).trim_end() == "#cloud-config" {
        return failed(NotConfig::CloudConfig.into());
    }
    if header.starts_with(b"#!") {
        return failed(NotConfig::Script.into());
    }
    let document = match json::parse(text, usize::MAX) {
        Ok(document) => document,
        Err(error) => return refused(Whole::Syntax { words: error.message }, error.offset, text),
    };
    let mut config = Config::default();
    let mut source = JsonSource::new(&document);
    config.decode(&mut source, document.root);
    let problem = source.problem();
    if let Some(problem) = &problem
        && does_version_1_refuse(&document)
    {
        return refused(Whole::Type(problem.problem.clone()), problem.offset, text);
    }
    let version = Version::parse(&config.ignition.version).ok().filter(|_| problem.is_none());
    let is_known = version.is_some_and(|version| (0..=3).any(|minor| version == Version::release(2, minor, 0)));
    if !is_known {
        return failed(Whole::UnsupportedVersion);
    }
    let ast = JsonAst::new(&document, text);
    let mut walker = Walker::new(Some(&ast), true);
    config.visit(&mut walker, Place::at(document.root));
    let entries = walker.into_entries();
    let is_fatal = entries.iter().any(|entry| entry.kind == EntryKind::Error);
    let (config, invalid) = if is_fatal { (None, Some(config)) } else { (Some(config), None) };
    Validation { config, entries, failure: None, invalid }
}

fn failed(failure: Whole) -> Validation {
    Validation { config: None, entries: Vec::new(), failure: Some(failure), invalid: None }
}

fn refused(problem: Whole, offset: usize, text: &[u8]) -> Validation {
    let position = Some(Lines::new(text).position(offset));
    let entry = Entry { kind: EntryKind::Error, path: String::new(), position, problem: problem.into() };
    Validation { config: None, entries: vec![entry], failure: None, invalid: None }
}

/// A config that no version decodes ends at version 1's decoder: only if that one fails as well, the type error is shown.
fn does_version_1_refuse(document: &Document) -> bool {
    let value = |node: NodeRef| &document.nodes[node as usize].value;
    let Value::Object(members) = value(document.root) else { return *value(document.root) != Value::Null };
    members.iter().any(|(key, node)| match (&*key.to_ascii_lowercase(), value(*node)) {
        (_, Value::Null) => false,
        ("ignitionversion", version) => !matches!(version, Value::Number(_)),
        ("storage", Value::Object(members)) => {
            has_other_than_list(document, members, &["disks", "raid", "filesystems"])
        }
        ("systemd" | "networkd", Value::Object(members)) => has_other_than_list(document, members, &["units"]),
        ("passwd", Value::Object(members)) => has_other_than_list(document, members, &["users", "groups"]),
        ("storage" | "systemd" | "networkd" | "passwd", _) => true,
        _ => false,
    })
}

fn has_other_than_list(document: &Document, members: &[(String, NodeRef)], keys: &[&str]) -> bool {
    members.iter().any(|(key, node)| {
        let is_known = keys.iter().any(|known| known.eq_ignore_ascii_case(key));
        is_known && !matches!(document.nodes[*node as usize].value, Value::Array(_) | Value::Null)
    })
}
