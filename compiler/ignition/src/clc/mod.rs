//! Container Linux Config → Ignition 2.3 as ct v0.9.4 does it, and back.
//!
//! Owns: the CLC model, its rules, its conversion and its writer. Must not: read files (a [`FilesDir`] is handed in), or know who asks.
//!
//! API (stable): [`translate`] with [`Options`] gives a [`Translation`]: the config if ct would print one, every report entry in ct's order, and at which
//! [`Stage`] it stopped. The bootstrap provider's use is `translate(text, &Options { strict: true, ..Options::default() })`; its error prefix
//! differs by stage (`error parsing Container Linux Config`, `error converting to Ignition`), its text is [`Translation::report`].
//! [`write()`] goes the other way: Ignition 2.3 → the smallest CLC text that becomes the same config again; [`write_readable`] → one that people can read.

mod ast;
mod checks;
mod contents;
mod convert;
mod decode;
mod dimension;
mod go_time;
mod option_tables;
mod options;
mod readable;
mod services;
mod texts;
mod types;
mod unsayable;
mod write;

pub use readable::{Room, write_readable};
pub use unsayable::Unsayable;
pub use write::{WriteError, write};

use std::fmt::Write as _;

use crate::clc::ast::YamlAst;
use crate::clc::decode::YamlSource;
use crate::clc::types::Config;
use crate::entry::{Entry, EntryKind};
use crate::ignition2;
use crate::ignition2::model::Model as _;
use crate::ignition2::walk::{NodeRef, Place, Walker};
use crate::problem::{ContainerLinux, LocalFile, Problem, Service, Yaml};
use crate::texts::Texts;
use flatwright_go::yaml3;

/// The files that `contents.local` may name.
pub trait FilesDir {
    /// Reads the file at a path below the directory; `path` is the user's text.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile>;
}

/// How to translate.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Whether any report entry, also a warning or an info, is a failure.
    pub strict: bool,
    /// Where `contents.local` is read; without it, a local file is an error.
    pub files: Option<&'a dyn FilesDir>,
    /// The platform whose variables `{PRIVATE_IPV4}` and the like stand for; empty for none.
    pub platform: &'a str,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("strict", &self.strict)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

/// Where a translation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The text is no valid CLC.
    Parse,
    /// It cannot become a valid Ignition config.
    Convert,
}

/// The outcome.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The Ignition config, unless the translation failed.
    pub config: Option<ignition2::Config>,
    /// Everything reported, in ct's order.
    pub entries: Vec<Entry>,
    /// Where it failed, if it did.
    pub failed: Option<Stage>,
    /// How many of the entries come from parsing; the others from conversion.
    pub parse_entries: usize,
}

impl Translation {
    /// The config as ct prints it: one line, no newline at its end.
    pub fn json(&self) -> Option<String> {
        self.config.as_ref().map(ignition2::Config::to_json)
    }

    /// The entries of the stage that failed (else all) in ct's form, joined by newlines.
    pub fn report(&self) -> String {
        let entries = match self.failed {
            Some(Stage::Convert) => &self.entries[self.parse_entries..],
            _ => &self.entries,
        };
        report(entries)
    }
}

/// Entries in ct's form: the place on a line of its own before the message, no newline at the end.
pub fn report(entries: &[Entry]) -> String {
    let mut out = String::new();
    for entry in entries {
        if !out.is_empty() {
            out.push('\n');
        }
        let kind = entry.kind.word();
        let written = match entry.position {
            Some((line, column)) => write!(out, "{kind} at line {line}, column {column}\n{}", entry.problem),
            None => write!(out, "{kind}: {}", entry.problem),
        };
        written.expect("invariant: writing to a String cannot fail");
    }
    out
}

/// Translates a CLC. Any bytes give an answer.
pub fn translate(input: &[u8], options: &Options<'_>) -> Translation {
    parse(input).translate(options)
}

/// A config that was read and not judged yet.
#[derive(Debug)]
pub struct Parsed(Result<Source, Yaml>);

#[derive(Debug)]
struct Source {
    tree: yaml3::Tree,
    config: Config,
    /// What its decoder refuses.
    problem: Option<Yaml>,
}

/// Reads a CLC.
pub fn parse(input: &[u8]) -> Parsed {
    Parsed(yaml3::parse_first(input).map_err(Yaml::from).map(|tree| {
        let mut config = Config::default();
        let mut problem = None;
        if let Some(root) = tree.root() {
            let mut source = YamlSource::new(&tree);
            config.decode(&mut source, root.0);
            problem = source.problem();
        }
        Source { tree, config, problem }
    }))
}

impl Parsed {
    /// The texts of systemd's in it, as far as they could be read.
    pub fn texts(&self) -> Texts<'_> {
        self.0.as_ref().map(|source| source.config.texts()).unwrap_or_default()
    }

    /// Translates it.
    pub fn translate(self, options: &Options<'_>) -> Translation {
        match self.0 {
            Ok(Source { problem: Some(problem), .. }) | Err(problem) => refused(problem),
            Ok(Source { tree, config, problem: None }) => lower(&tree, config, options),
        }
    }
}

fn lower(tree: &yaml3::Tree, config: Config, options: &Options<'_>) -> Translation {
    let root: Option<NodeRef> = tree.root().map(|root| root.0);
    let mut ast = YamlAst::new(tree);
    let mut entries = parse_entries(&config, &ast, root);
    let parse_entries = entries.len();
    if is_failure(&entries, options) {
        return Translation { config: None, entries, failed: Some(Stage::Parse), parse_entries };
    }
    ast.as_ignition();
    let found = if services::is_supported(options.platform) {
        let (converted, mut found) = convert::convert(config, root.is_some().then_some(&mut ast), root, options);
        if !is_fatal(&found) {
            found.extend(walk(&converted, &ast, root));
        }
        (Some(converted), found)
    } else {
        (None, vec![unplaced(EntryKind::Error, Service::Platform)])
    };
    let (converted, found) = found;
    let is_failure = is_failure(&found, options);
    entries.extend(found);
    if is_failure {
        return Translation { config: None, entries, failed: Some(Stage::Convert), parse_entries };
    }
    Translation { config: converted, entries, failed: None, parse_entries }
}

fn parse_entries(config: &Config, ast: &YamlAst<'_>, root: Option<NodeRef>) -> Vec<Entry> {
    let Some(root) = root else {
        let mut walker = Walker::new(None, false);
        config.visit(&mut walker, Place::nowhere());
        let mut entries = vec![unplaced(EntryKind::Warning, ContainerLinux::Empty)];
        entries.extend(walker.into_entries());
        return entries;
    };
    let mut walker = Walker::new(Some(ast), true);
    config.visit(&mut walker, Place::at(root));
    walker.into_entries()
}

fn walk(config: &ignition2::Config, ast: &YamlAst<'_>, root: Option<NodeRef>) -> Vec<Entry> {
    let mut walker = Walker::new(root.map(|_| ast as _), false);
    config.visit(&mut walker, root.map_or_else(Place::nowhere, Place::at));
    walker.into_entries()
}

fn unplaced(kind: EntryKind, problem: impl Into<Problem>) -> Entry {
    Entry { kind, path: String::new(), position: None, problem: problem.into() }
}

fn refused(problem: Yaml) -> Translation {
    let entries = vec![unplaced(EntryKind::Error, problem)];
    Translation { config: None, entries, failed: Some(Stage::Parse), parse_entries: 1 }
}

fn is_fatal(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.kind == EntryKind::Error)
}

fn is_failure(entries: &[Entry], options: &Options<'_>) -> bool {
    is_fatal(entries) || (options.strict && !entries.is_empty())
}

/// The JSON Schema of CLC.
pub fn schema() -> serde_json::Value {
    let mut schema = Config::schema();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "Container Linux Config".into();
    schema
}
