//! Manifest files → objects with their places: documents, JSON, `List` kinds.

use std::collections::BTreeMap;
use std::sync::Arc;

use flatwright_diagnostic::{Anchor, Diagnostic, Part, Path, Place, Report, SourceId};
use flatwright_kubernetes::manifest;
use flatwright_schema::code::UNKNOWN_FIELD as UNKNOWN_FIELD_OF_SCHEMA;
use flatwright_spec::rules::{Decoding, MissingField};
use flatwright_yaml::{Kind, Style, Tree};
use serde_json::Value as Json;

use super::document::Reader;
use super::template::Filled;
use crate::contents::limits;
use crate::parallel;

/// One object, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) value: Json,
    pub(super) source: SourceId,
    /// Whether what it carries as text is in order.
    pub(super) is_good: bool,
    /// Of a template: what is written where something was filled in, by document and path.
    written: Option<Arc<BTreeMap<(usize, Path), String>>>,
    document: u32,
    prefix: Path,
}

impl Manifest {
    /// A field of the kind that texts are.
    pub(super) fn text(&self, key: &str) -> &str {
        self.value.get(key).and_then(Json::as_str).unwrap_or_default()
    }

    /// A field of the metadata.
    pub(super) fn metadata(&self, key: &str) -> &str {
        manifest::metadata(&self.value, key)
    }

    /// The namespace, which is `default` where none is written.
    pub(super) fn namespace(&self) -> &str {
        manifest::namespace(&self.value)
    }

    /// The place of a path below the object.
    pub(super) fn anchor(&self, path: &Path) -> Anchor {
        let place = Place::Path { document: self.document, path: self.prefix.join(path) };
        Anchor { source: self.source, place, part: Part::Value }
    }

    /// What is written in one line at a path where a template was filled in.
    fn written_at(&self, path: &Path) -> Option<&str> {
        let written = self.written.as_ref()?.get(&(self.document as usize, self.prefix.join(path)))?;
        Some(written.as_str()).filter(|written| !written.contains('\n'))
    }

    /// A finding with its place, and which object it is about.
    pub(super) fn place(&self, mut finding: Diagnostic) -> Diagnostic {
        let path = finding.object_path.take().unwrap_or_default();
        if let Some(written) = self.written_at(&path) {
            // Another value would take the variable's place.
            finding.fixes.clear();
            finding.note(format!("written as `{written}`"));
        }
        let mut anchor = Anchor { part: finding.part(), ..self.anchor(&path) };
        if finding.code == UNKNOWN_FIELD_OF_SCHEMA {
            // It is the name that is wrong.
            anchor.part = Part::Key;
        }
        finding.at(anchor);
        finding.note(format!("in {} `{}`", self.text("kind"), self.metadata("name")));
        finding
    }
}

/// Parses a text, and reports why it is none.
pub(super) fn parse(text: &str, source: SourceId, report: &mut Report) -> Arc<Tree> {
    parse_shared(text, source, 1, usize::MAX, report)
}

/// The same on several threads, in pieces of at least so many bytes.
pub(super) fn parse_shared(
    text: &str,
    source: SourceId,
    threads: usize,
    piece: usize,
    report: &mut Report,
) -> Arc<Tree> {
    let limits = limits(text);
    let pieces = if threads > 1 { flatwright_yaml::pieces(text, piece) } else { Vec::new() };
    let joined = (pieces.len() > 1).then(|| {
        let mut parsed = Vec::with_capacity(pieces.len());
        let one = |(): &mut (), at: usize| flatwright_yaml::parse_piece(pieces[at], &limits);
        parallel::queue(pieces.len(), threads, || (), one, |piece| parsed.push(piece));
        flatwright_yaml::join(text, &limits, parsed)
    });
    let (tree, error) = match joined.flatten() {
        Some(tree) => (tree, None),
        None => flatwright_yaml::parse(text, &limits),
    };
    if let Some(error) = error {
        flatwright_spec::report_syntax(error, source, report);
    }
    Arc::new(tree)
}

/// Every object of a parsed file. What is no object is reported.
pub(super) fn read(tree: &Tree, source: SourceId, report: &mut Report) -> Vec<Manifest> {
    let all: Vec<usize> = (0..tree.roots().len()).collect();
    read_documents(tree, &all, None, source, report)
}

/// The same of some documents only, perhaps of a template.
pub(super) fn read_documents(
    tree: &Tree,
    documents: &[usize],
    filled: Option<&Filled>,
    source: SourceId,
    report: &mut Report,
) -> Vec<Manifest> {
    let written = filled.map(|filled| Arc::new(filled.written(tree, documents)));
    let mut manifests = Vec::with_capacity(documents.len());
    for (index, root) in documents.iter().filter_map(|index| Some((*index, tree.roots().get(*index)?))) {
        if matches!(tree.kind(*root), Kind::Scalar("", Style::Plain)) {
            continue;
        }
        let value = Reader { tree, filled, source, report: &mut *report }.read(*root);
        let document = u32::try_from(index).unwrap_or(u32::MAX);
        let manifest =
            Manifest { value, source, is_good: true, written: written.clone(), document, prefix: Path::root() };
        add(manifest, &mut manifests, report);
    }
    manifests
}

const fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

fn add(mut manifest: Manifest, into: &mut Vec<Manifest>, report: &mut Report) {
    if !manifest.value.is_object() {
        let anchor = manifest.anchor(&Path::root());
        let (expected, found) =
            ("a Kubernetes object, which is a mapping".to_owned(), kind(&manifest.value).to_owned());
        report.refuse(anchor, &Decoding::WrongType { expected, found });
        return;
    }
    for key in ["apiVersion", "kind"] {
        if manifest.text(key).is_empty() {
            let anchor = manifest.anchor(&Path::root().key(key));
            report.refuse(anchor, &MissingField::Key { key: key.to_owned() });
            return;
        }
    }
    let Some(items) = manifest::take_items(&mut manifest.value) else {
        into.push(manifest);
        return;
    };
    for (index, item) in items.into_iter().enumerate() {
        let prefix = manifest.prefix.key("items").index(index);
        add(Manifest { value: item, prefix, ..manifest.clone() }, into, report);
    }
}
