//! Lists, mappings with free keys, optional records, and free-form values.

use flatwright_diagnostic::{NodeId, Traced};
use flatwright_shape::Definitions;
use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Map, Style, Value, ValueKind};
use serde_json::json;

use super::fields::{Seen, each_merged, is_merge};
use super::scalars::{environment, origin_of};
use super::{Decode, Decoder, Record, advice, shortened};
use crate::rules::{Decoding, OutOfRange};

impl<T: Decode> Decode for Vec<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        let Kind::Sequence(items) = decoder.tree.kind(node) else {
            let tree = decoder.tree;
            advice::list(tree, node, decoder.wrong_type(node, "a list"));
            return None;
        };
        // Every item is read before a failure counts, so that one run reports them all.
        let items: Vec<Option<T>> = items.iter().map(|item| T::decode(decoder, *item)).collect();
        items.into_iter().collect()
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        json!({ "type": "array", "items": T::shape(definitions) })
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Record + Decode> Decode for Option<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        T::decode(decoder, node).map(Some)
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        T::shape(definitions)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_empty_meaningful() -> bool {
        true
    }
}

impl<T: Record + Decode> Decode for Box<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        T::decode(decoder, node).map(Self::new)
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        T::shape(definitions)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
}

/// A mapping whose keys are the user's own: labels, tags, arguments. Sorted by key, so that moving a key in the source changes no output.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(pub Vec<(Traced<String>, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }

    /// The entries, sorted by key.
    pub fn iter(&self) -> std::slice::Iter<'_, (Traced<String>, T)> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        let tree = decoder.tree;
        let Kind::Mapping(entries) = tree.kind(node) else {
            decoder.wrong_type(node, "a mapping");
            return None;
        };
        let mut named: Vec<(Traced<String>, T)> = Vec::with_capacity(entries.len());
        let mut is_good = true;
        let mut seen = Seen::default();
        let mut merged = Vec::new();
        for entry in entries.iter() {
            if is_merge(tree, entry.key) {
                merged.push(entry.value);
                continue;
            }
            let Some(name) = tree.scalar(entry.key) else {
                decoder.wrong_type(entry.key, "a plain name as key");
                is_good = false;
                continue;
            };
            if let Some(first) = seen.insert(name, entry.key) {
                let label = decoder.anchor(first);
                let rule = Decoding::DuplicateKey { key: shortened(name) };
                decoder.refuse(entry.key, &rule).label(label, "it is set here first");
                is_good = false;
                continue;
            }
            match T::decode(decoder, entry.value) {
                Some(value) => named.push((Traced::new(name.to_owned(), decoder.origin(entry.key)), value)),
                None => is_good = false,
            }
        }
        let mut inherited = Vec::new();
        for source in merged {
            each_merged(decoder, source, &mut |name, key, value| {
                if seen.insert(name, key).is_none() {
                    inherited.push((name, key, value));
                }
            });
        }
        for (name, key, value) in inherited {
            match T::decode(decoder, value) {
                Some(value) => named.push((Traced::new(name.to_owned(), decoder.origin(key)), value)),
                None => is_good = false,
            }
        }
        named.sort_by(|(a, _), (b, _)| a.value.cmp(&b.value));
        is_good.then_some(Self(named))
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        json!({ "type": "object", "additionalProperties": T::shape(definitions) })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// Any YAML value, typed by the core schema: chart values, patch values, plugin settings. Environment references are replaced; what they give is typed as if it had been
/// written in their place, so that one in quotes stays a text.
#[derive(Clone, Debug, PartialEq)]
pub struct AnyValue(pub Value);

impl Decode for AnyValue {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        read(decoder, node).map(Self)
    }

    fn shape(_: &mut Definitions) -> serde_json::Value {
        json!({})
    }
}

impl Decode for Option<AnyValue> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        AnyValue::decode(decoder, node).map(Some)
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        AnyValue::shape(definitions)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

fn read(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Value> {
    let tree = decoder.tree;
    let mut origin = decoder.origin(node);
    let kind = match tree.kind(node) {
        Kind::Scalar(text, style) => {
            let substituted = environment(decoder, node, text)?;
            let written = text;
            let text = substituted.as_ref().map_or(text, |replaced| &replaced.text);
            if let Some(replaced) = &substituted {
                origin = origin_of(decoder, node, replaced);
            }
            let Some(kind) = scalar(text, style, tree.tag(node)) else {
                let shown = shortened(written);
                decoder
                    .refuse(node, &OutOfRange::Inexact { number: shown.clone() })
                    .hint(format!("quote it if it is a text: `\"{shown}\"`"));
                return None;
            };
            kind
        }
        Kind::Sequence(items) => {
            let items: Vec<Option<Value>> = items.iter().map(|item| read(decoder, *item)).collect();
            ValueKind::Seq(items.into_iter().collect::<Option<_>>()?)
        }
        Kind::Mapping(_) => {
            let entries: Named<AnyValue> = Named::decode(decoder, node)?;
            ValueKind::Map(entries.0.into_iter().map(|(key, value)| (key.value, value.0)).collect::<Map>())
        }
    };
    Some(Value { kind, origin })
}

/// `None` for a number that only JSON's idea of a number keeps from being exact: an infinity, or an integer beyond 64 bits.
fn scalar(text: &str, style: Style, tag: Option<&str>) -> Option<ValueKind> {
    let is_integer = || text.bytes().all(|b| b.is_ascii_digit() || b"+-".contains(&b));
    Some(match core(text, style, tag) {
        Scalar::Null => ValueKind::Null,
        Scalar::Bool(value) => ValueKind::Bool(value),
        Scalar::Int(value) => ValueKind::Int(value),
        Scalar::Unsigned(_) => return None,
        Scalar::Float(value) if !value.is_finite() || is_integer() => return None,
        Scalar::Float(value) => ValueKind::Float(value),
        Scalar::Str(text) => ValueKind::Str(text.to_owned()),
    })
}
