//! Machine configs in a spec: a file's name, or the config itself in place.

use flatwright_diagnostic::{NodeId, Origin, Traced};
use flatwright_shape::Definitions;
use flatwright_yaml::{Kind, Style, Tree};
use serde_json::{Value, json};

use super::{LocalPath, Maybe};
use crate::decode::{Decode, Decoder, Fields};
use crate::merge::{Merge, append};
use crate::rules::{Conflict, MissingField};

/// The machine configs of one language. In a spec there is at most one; shared and own ones are joined when profiles are merged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigSources(pub Vec<ConfigSource>);

/// One machine config.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigSource {
    /// A file relative to the spec.
    File(Traced<LocalPath>),
    /// The config in place, padded so that its lines and columns are those of the spec. Scalars in it follow their own language's rules.
    Inline(Origin, String),
}

impl Decode for ConfigSources {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        if let Kind::Scalar(..) = decoder.tree.kind(node) {
            return Traced::decode(decoder, node).map(|path| Self(vec![ConfigSource::File(path)]));
        }
        let mut fields = Fields::open(decoder, node, "the path of a file, or a mapping with `inline` or `local`")?;
        let local: Option<Maybe<LocalPath>> = fields.take(decoder, "local");
        let inline: Option<Option<Inline>> = fields.take(decoder, "inline");
        fields.finish(decoder);
        match (local?, inline?) {
            (Some(path), None) => Some(Self(vec![ConfigSource::File(path)])),
            (None, Some(inline)) => Some(Self(vec![ConfigSource::Inline(inline.origin, inline.text)])),
            (None, None) => {
                decoder.refuse(node, &MissingField::MachineConfig).hint("add `inline: …` or `local: FILE`");
                None
            }
            (Some(_), Some(inline)) => {
                let anchor = inline.origin.anchor();
                let diagnostic = decoder.refuse(node, &Conflict::MachineConfigs);
                if let Some(anchor) = anchor {
                    diagnostic.label(anchor, "the config in place is here");
                }
                None
            }
        }
    }

    fn shape(_: &mut Definitions) -> Value {
        json!({
            "anyOf": [
                { "type": "string", "description": "a file relative to the spec" },
                {
                    "type": "object",
                    "properties": {
                        "local": { "type": "string", "description": "a file relative to the spec" },
                        "inline": { "type": ["object", "string"], "description": "the config itself" },
                    },
                    "additionalProperties": false,
                },
            ],
        })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl Merge for ConfigSources {
    fn merge(&mut self, shared: &Self) {
        append(&mut self.0, &shared.0);
    }
}

struct Inline {
    origin: Origin,
    text: String,
}

impl Decode for Option<Inline> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        let text = match decoder.tree.kind(node) {
            Kind::Mapping(_) => padded(decoder.tree, decoder.tree.span(decoder.tree.resolve(node))),
            Kind::Scalar(_, Style::Literal) => literal(decoder.tree, node),
            Kind::Scalar(text, _) => text.to_owned(),
            Kind::Sequence(_) => {
                decoder.wrong_type(node, "a machine config: a mapping, or its text");
                return None;
            }
        };
        Some(Some(Inline { origin: decoder.origin(node), text }))
    }

    fn shape(_: &mut Definitions) -> Value {
        json!({ "type": ["object", "string"] })
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A part of the text with everything before it blank, so that every position in it is a position of the whole.
fn padded(tree: &Tree, span: std::ops::Range<usize>) -> String {
    let text = tree.text();
    let mut out = String::with_capacity(span.end);
    for c in text[..span.start].chars() {
        out.push(if c == '\n' || c == '\r' { c } else { ' ' });
    }
    // Blank lines before the first key would be text of their own in no language, but indentation on them is.
    let mut lines: String =
        out.split_inclusive('\n').map(|line| if line.ends_with('\n') { "\n" } else { line }).collect();
    lines.push_str(&text[span]);
    lines.push('\n');
    lines
}

/// The body of a literal block (`inline: |`). The parser's span begins at the `|`, or at the first line that is not blank.
fn literal(tree: &Tree, node: NodeId) -> String {
    let text = tree.text();
    let span = tree.span(tree.resolve(node));
    let body = if text[span.clone()].starts_with('|') {
        text[span.clone()].find('\n').map_or(span.end, |at| span.start + at + 1)
    } else {
        text[..span.start].rfind('\n').map_or(span.start, |at| at + 1)
    };
    padded(tree, body..span.end)
}
