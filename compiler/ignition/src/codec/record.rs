//! Structs as Go's decoders see them: one table per struct gives the decoder, the check for unused keys, the JSON output and the JSON Schema.

use serde_json::{Map, Value as Json, json};

use super::path::Path;
use crate::problem::Config;
use flatwright_go::yaml3::{Kind, NodeId, Tree};

/// One field of a record.
#[derive(Debug)]
pub(crate) struct Field {
    /// The key in the format.
    pub(crate) key: &'static str,
    /// The first version (by minor number) that has it.
    pub(crate) since: u8,
    /// The Go name of the element type, where it is not a plain one.
    pub(crate) go: &'static str,
    /// The embedded Go struct that it comes from.
    pub(crate) of: &'static str,
}

/// A format's decoder: YAML and JSON differ in scalars, duplicates, case and error texts.
pub(crate) trait Decoder {
    /// The Go name of a type of this format (`Storage` → `v0_5.Storage`).
    fn qualify(&self, name: &str) -> String;
    fn is_null(&self, node: NodeId) -> bool;
    fn string(&mut self, node: NodeId, go: &'static str) -> Option<String>;
    fn integer(&mut self, node: NodeId) -> Option<i64>;
    fn boolean(&mut self, node: NodeId) -> Option<bool>;
    /// Calls `item` for each item; an item that was not decoded is dropped.
    fn list<T: Value>(&mut self, node: NodeId, go: &'static str) -> Option<Vec<T>>
    where
        Self: Sized;
    fn record<R: Record>(&mut self, node: NodeId, record: &mut R) -> bool
    where
        Self: Sized;
}

/// Anything a field can hold.
pub(crate) trait Value: Default {
    /// Whether there may be keys below.
    const IS_DEEP: bool = false;
    /// Decodes a node; `false` if nothing was set.
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, go: &'static str) -> bool;
    /// The name in Go's error texts.
    fn go_type<D: Decoder>(decoder: &D, go: &'static str) -> String;
    /// Finds keys that no field takes.
    fn unused(&self, _: &mut Unused<'_>, _: Option<NodeId>, _: &Path<'_>) {}
    /// Whether the output leaves it out.
    fn is_absent(&self) -> bool;
    /// JSON Schema.
    fn schema(version: u8, definitions: &mut Map<String, Json>) -> Json;
}

/// A struct.
pub(crate) trait Record: Default {
    const NAME: &'static str;
    const DOC: &'static str;
    const FIELDS: &'static [Field];
    fn decode_field<D: Decoder>(&mut self, index: usize, decoder: &mut D, node: NodeId) -> bool;
}

/// The check for keys that no field takes.
pub(crate) struct Unused<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) version: u8,
    /// Warnings: path, key node of an unused key, problem.
    pub(crate) found: &'t mut dyn FnMut(&Path<'_>, NodeId, Config),
}

impl Unused<'_> {
    /// Reports the keys of one mapping. `None` if there is nothing below to look at.
    pub(crate) fn enter<R: Record>(&mut self, node: Option<NodeId>, path: &Path<'_>) -> Option<NodeId> {
        let node = node?;
        let Kind::Mapping(items) = self.tree.kind(node) else {
            (self.found)(path, node, Config::Untraced { path: path.to_string() });
            return None;
        };
        for [key, _] in items.as_chunks::<2>().0 {
            let name = self.tree.value(*key);
            let known = || R::FIELDS.iter().filter(|field| field.since <= self.version).map(|field| field.key);
            if !known().any(|key| key == name) {
                let meant = flatwright_diagnostic::nearest(name, known());
                (self.found)(&path.key(name), *key, Config::UnusedKey { key: name.to_owned(), is_old: false, meant });
            }
        }
        Some(node)
    }

    pub(crate) fn child(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.tree.entry(node, key).map(|(_, value)| value)
    }
}

impl Value for String {
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, go: &'static str) -> bool {
        decoder.string(node, go).map(|text| *self = text).is_some()
    }
    fn go_type<D: Decoder>(decoder: &D, go: &'static str) -> String {
        if go.is_empty() { "string".to_owned() } else { decoder.qualify(go) }
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn schema(_: u8, _: &mut Map<String, Json>) -> Json {
        json!({ "type": "string" })
    }
}

impl Value for i64 {
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, _: &'static str) -> bool {
        decoder.integer(node).map(|value| *self = value).is_some()
    }
    fn go_type<D: Decoder>(_: &D, _: &'static str) -> String {
        "int".to_owned()
    }
    fn is_absent(&self) -> bool {
        *self == 0
    }
    fn schema(_: u8, _: &mut Map<String, Json>) -> Json {
        json!({ "type": "integer" })
    }
}

impl Value for bool {
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, _: &'static str) -> bool {
        decoder.boolean(node).map(|value| *self = value).is_some()
    }
    fn go_type<D: Decoder>(_: &D, _: &'static str) -> String {
        "bool".to_owned()
    }
    fn is_absent(&self) -> bool {
        !self
    }
    fn schema(_: u8, _: &mut Map<String, Json>) -> Json {
        json!({ "type": "boolean" })
    }
}

impl<T: Value> Value for Option<T> {
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, go: &'static str) -> bool {
        if decoder.is_null(node) {
            *self = None;
            return true;
        }
        self.get_or_insert_default().decode(decoder, node, go)
    }
    fn go_type<D: Decoder>(decoder: &D, go: &'static str) -> String {
        T::go_type(decoder, go)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
    fn schema(version: u8, definitions: &mut Map<String, Json>) -> Json {
        let mut schema = T::schema(version, definitions);
        if let Some(kind) = schema.get_mut("type") {
            *kind = json!([kind.clone(), "null"]);
        }
        schema
    }
}

impl<T: Value> Value for Vec<T> {
    const IS_DEEP: bool = T::IS_DEEP;
    fn decode<D: Decoder>(&mut self, decoder: &mut D, node: NodeId, go: &'static str) -> bool {
        decoder.list(node, go).map(|items| *self = items).is_some()
    }
    fn go_type<D: Decoder>(decoder: &D, go: &'static str) -> String {
        match go {
            "HTTPHeader" => decoder.qualify("HTTPHeaders"),
            _ => format!("[]{}", T::go_type(decoder, go)),
        }
    }
    fn unused(&self, unused: &mut Unused<'_>, node: Option<NodeId>, path: &Path<'_>) {
        let Some(node) = node else { return };
        let Kind::Sequence(items) = unused.tree.kind(node) else { return };
        let items = items.to_vec();
        for (i, value) in self.iter().enumerate() {
            value.unused(unused, items.get(i).copied(), &path.index(i));
        }
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn schema(version: u8, definitions: &mut Map<String, Json>) -> Json {
        json!({ "type": ["array", "null"], "items": T::schema(version, definitions) })
    }
}

/// Whether a field that came with one version exists in another.
pub(crate) const fn is_in(since: u8, version: u8) -> bool {
    since <= version
}

/// Defines structs with their tables. A field is `name: Type = "key"`, then `since N`, `go "Name"`, `of "Embedded"`, `always`, in this order.
macro_rules! record {
    ($(
        #[doc = $doc:literal]
        $vis:vis $name:ident {
            $(#[doc = $field_doc:literal] $field:ident: $type:ty = $key:literal
                $(since $since:literal)? $(go $go:literal)? $(of $of:literal)? $(, $always:ident)?;)*
        }
    )*) => {$(
        #[doc = $doc]
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        $vis struct $name {
            $(#[doc = $field_doc] $vis $field: $type,)*
        }

        impl $crate::codec::Record for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = $doc;
            const FIELDS: &'static [$crate::codec::Field] = &[$($crate::codec::Field {
                key: $key,
                since: 0 $(+ $since)?,
                go: concat!("" $(, $go)?),
                of: concat!("" $(, $of)?),
            },)*];

            fn decode_field<D: $crate::codec::Decoder>(
                &mut self, index: usize, decoder: &mut D, node: flatwright_go::yaml3::NodeId,
            ) -> bool {
                let go = Self::FIELDS[index].go;
                let mut _at = 0;
                $(
                    if _at == index {
                        return $crate::codec::Value::decode(&mut self.$field, decoder, node, go);
                    }
                    _at += 1;
                )*
                false
            }
        }

        impl $crate::codec::Value for $name {
            const IS_DEEP: bool = true;
            fn decode<D: $crate::codec::Decoder>(
                &mut self, decoder: &mut D, node: flatwright_go::yaml3::NodeId, _: &'static str,
            ) -> bool {
                decoder.record(node, self)
            }
            fn go_type<D: $crate::codec::Decoder>(decoder: &D, _: &'static str) -> String {
                decoder.qualify(<Self as $crate::codec::Record>::NAME)
            }
            fn unused(
                &self,
                unused: &mut $crate::codec::Unused<'_>,
                node: Option<flatwright_go::yaml3::NodeId>,
                path: &$crate::codec::Path<'_>,
            ) {
                let Some(node) = unused.enter::<Self>(node, path) else { return };
                let _ = node;
                $(
                    if <$type as $crate::codec::Value>::IS_DEEP {
                        let child = unused.child(node, $key);
                        $crate::codec::Value::unused(&self.$field, unused, child, &path.key($key));
                    }
                )*
            }
            fn is_absent(&self) -> bool {
                true $(&& !stringify!($($always)?).starts_with('a')
                    && $crate::codec::Value::is_absent(&self.$field))*
            }
            fn schema(
                version: u8, definitions: &mut serde_json::Map<String, serde_json::Value>,
            ) -> serde_json::Value {
                let name = <Self as $crate::codec::Record>::NAME;
                if !definitions.contains_key(name) {
                    definitions.insert(name.to_owned(), serde_json::Value::Null);
                    let mut properties = serde_json::Map::new();
                    $(
                        if $crate::codec::is_in(0 $(+ $since)?, version) {
                            let mut schema = <$type as $crate::codec::Value>::schema(version, definitions);
                            schema["description"] = serde_json::Value::from($field_doc.trim());
                            properties.insert($key.to_owned(), schema);
                        }
                    )*
                    definitions.insert(name.to_owned(), serde_json::json!({
                        "description": <Self as $crate::codec::Record>::DOC.trim(),
                        "type": ["object", "null"],
                        "properties": properties,
                        "additionalProperties": false,
                    }));
                }
                serde_json::json!({ "$ref": format!("#/$defs/{name}") })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $(
                    if stringify!($($always)?).starts_with('a') || !$crate::codec::Value::is_absent(&self.$field) {
                        map.serialize_entry($key, &self.$field)?;
                    }
                )*
                map.end()
            }
        }
    )*};
}
pub(crate) use record;
