//! Text → spec types, collecting every problem of a run.
//!
//! Owns: the walk over the spanned tree, `${env:…}`, unknown and missing keys, merge keys. Scalars are typed by the YAML 1.2 core schema.
//! Must not: know a field's meaning; that is the types' business.

mod advice;
mod document;
mod environment;
mod fields;
mod mismatch;
mod numbers;
mod scalars;
mod texts;
mod values;

pub use document::{Document, read_documents, read_policy_documents, report_not_text, report_syntax};
pub use environment::{Environment, references, resolved};
pub use fields::Fields;
pub use mismatch::{FormProblem, form_problem};
pub use numbers::{GiB, Int, KiB, MiB, One, Second, Unit};
pub use scalars::{AsText, Flaw, FromScalar, Meant, Mismatch};
pub use texts::{AnyText, Verbatim};
pub use values::{AnyValue, Named};

pub(crate) use flatwright_derive::{Keywords, Record, Text};
use flatwright_diagnostic::{Anchor, Diagnostic, NodeId, Origin, Report, Rule, SourceId};
use flatwright_shape::Definitions;
use flatwright_yaml::{Kind, Tree};

use crate::rules::Decoding;

/// What a decode needs: the tree, its name, the environment, and where problems go.
pub struct Decoder<'a> {
    /// The parsed text.
    pub tree: &'a Tree,
    /// Its id in anchors and origins.
    pub source: SourceId,
    /// The variables that `${env:…}` may name.
    pub environment: &'a dyn Environment,
    /// Where problems are collected.
    pub report: &'a mut Report,
}

/// A type that can be read from a node. `None` means: reported, go on with the rest.
pub trait Decode: Sized {
    /// Reads a node that exists.
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self>;

    /// What the schema says of it.
    fn shape(definitions: &mut Definitions) -> serde_json::Value;

    /// The value of an absent key; `None` if the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether an empty mapping says something else than an absent key.
    fn is_empty_meaningful() -> bool {
        false
    }
}

/// A type that is read from the keys of a mapping, which other records may share (a pool has its own keys and those of the profile).
pub trait Record: Sized {
    /// Reads its keys.
    fn read(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Option<Self>;

    /// Its properties for the schema.
    fn fields(definitions: &mut Definitions) -> Vec<flatwright_shape::Field>;
}

/// Reads a mapping as a record.
pub(crate) fn record<T: Record>(decoder: &mut Decoder<'_>, node: NodeId) -> Option<T> {
    let mut fields = Fields::open(decoder, node, "a mapping")?;
    let record = T::read(decoder, &mut fields);
    fields.finish(decoder);
    record
}

/// Reads a mapping of which exactly one key is wanted. The spec's checks say whether it is one; here it is said only of a mapping that they will not see.
pub(crate) fn record_of_one<T: Record>(decoder: &mut Decoder<'_>, node: NodeId) -> Option<T> {
    let mut fields = Fields::open(decoder, node, "a mapping")?;
    let record = T::read(decoder, &mut fields);
    if record.is_none() {
        fields.check_one(decoder);
    }
    fields.finish(decoder);
    record
}

impl Decoder<'_> {
    /// The value's place.
    pub fn anchor(&self, node: NodeId) -> Anchor {
        Anchor::node(self.source, node)
    }

    /// The place of the key that leads to the node.
    pub fn key_anchor(&self, node: NodeId) -> Anchor {
        Anchor::key(self.source, node)
    }

    /// The node as an origin.
    pub fn origin(&self, node: NodeId) -> Origin {
        Origin::Source(self.source, node)
    }

    /// Reports a broken rule at a value.
    pub fn refuse(&mut self, node: NodeId, rule: &impl Rule) -> &mut Diagnostic {
        let anchor = self.anchor(node);
        self.report.refuse(anchor, rule)
    }

    /// Reports that something else stands where `expected` should be.
    pub fn wrong_type(&mut self, node: NodeId, expected: &str) -> &mut Diagnostic {
        let rule = Decoding::at(expected, self.tree, node);
        let is_template = self.tree.text()[self.tree.span(node)].starts_with("{{");
        let finding = self.refuse(node, &rule);
        if is_template {
            finding.hint(
                "this is a template of Helm, which is not rendered here: values from outside are written `${env:NAME}`",
            );
        }
        finding
    }

    /// Whether the node is an explicit null, which means the same as an absent key.
    pub fn is_null(&self, node: NodeId) -> bool {
        matches!(self.tree.kind(node), Kind::Scalar(text, style)
            if flatwright_yaml::scalar::core(text, style, self.tree.tag(node)) == flatwright_yaml::scalar::Scalar::Null)
    }
}

/// What a node is, in words for a message: kind, and the value of a short scalar.
pub(crate) fn describe(tree: &Tree, node: NodeId) -> String {
    use flatwright_yaml::scalar::Scalar;
    match tree.kind(node) {
        Kind::Sequence(_) => "a list".to_owned(),
        Kind::Mapping(_) => "a mapping".to_owned(),
        Kind::Scalar(text, style) => match flatwright_yaml::scalar::core(text, style, tree.tag(node)) {
            Scalar::Null => "nothing".to_owned(),
            Scalar::Bool(_) => format!("the boolean `{text}`"),
            Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) => format!("the number `{}`", shortened(text)),
            Scalar::Str(text) => format!("the string `{}`", shortened(text)),
        },
    }
}

/// A user's text for a message: one line, at most 60 characters.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    let is_cut = line.len() < text.trim_end().len() || line.chars().count() > LONGEST;
    let kept: String = line.chars().take(LONGEST).collect();
    if is_cut { format!("{kept}…") } else { kept }
}
