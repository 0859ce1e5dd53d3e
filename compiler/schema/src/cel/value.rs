//! The values of a rule. Parts of the manifest stay where they are and are seen through their schema; everything else is computed.

use std::net::IpAddr;
use std::rc::Rc;

use flatwright_kubernetes::network::Cidr;
use flatwright_kubernetes::{Quantity, Version};
use serde_json::{Map, Value};

use super::ast::Shared;
use crate::json::{describe, quoted};
use crate::node::{Additional, Kind, NodeId, Nodes};
use crate::text::format::Format;
use crate::text::time::{Timestamp, parse_format_duration, render_duration};
use flatwright_go::url::Url;

/// Why an evaluation gave no value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The budget is used up. Nothing absorbs it.
    OutOfBudget,
    /// Any other error of the rule: no such key, no matching operator, division by zero.
    Rule(String),
}

impl Fault {
    pub(super) fn rule(message: impl Into<String>) -> Self {
        Self::Rule(message.into())
    }
}

pub(super) fn overflow() -> Fault {
    Fault::rule("integer overflow")
}

pub(super) fn no_overload(what: &str, values: &[&Val<'_>]) -> Fault {
    let types: Vec<_> = values.iter().map(|value| value.type_name()).collect();
    Fault::rule(format!("no such overload: {what} of {}", types.join(", ")))
}

pub(super) type Evaluated<'a> = Result<Val<'a>, Fault>;

/// A value during evaluation.
#[derive(Clone, Debug)]
pub(crate) enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'a>),
    Bytes(Rc<[u8]>),
    /// A list or mapping of the manifest.
    Part(Part<'a>),
    /// The metadata of a resource: its name and name prefix are all that rules see.
    Meta(&'a Map<String, Value>),
    /// A part without a schema, which can be compared only.
    Opaque(&'a Value),
    List(Rc<Vec<Val<'a>>>),
    Map(Rc<Vec<(Val<'a>, Val<'a>)>>),
    Timestamp(Timestamp),
    /// Nanoseconds.
    Duration(i64),
    Type(&'static str),
    Optional(Option<Rc<Val<'a>>>),
    Quantity(Quantity),
    Ip(IpAddr),
    Cidr(Cidr),
    Url(Rc<Url>),
    Semver(Rc<Version>),
    NamedFormat(&'static str),
}

/// A text of the manifest, or a computed one.
#[derive(Clone, Debug)]
pub(crate) enum Text<'a> {
    Borrowed(&'a str),
    Shared(Shared),
}

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

/// A list or mapping of the manifest with its schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(super) nodes: &'a Nodes,
    pub(super) id: NodeId,
    pub(super) value: &'a Value,
    pub(super) is_resource: bool,
}

impl<'a> Val<'a> {
    pub(super) fn text(text: impl Into<Shared>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    pub(super) fn list(items: Vec<Val<'a>>) -> Self {
        Self::List(Rc::new(items))
    }

    pub(super) fn some(value: Val<'a>) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// A value of the manifest, as its schema says.
    pub(crate) fn of(nodes: &'a Nodes, id: NodeId, value: &'a Value, is_resource: bool) -> Evaluated<'a> {
        let node = nodes.get(id);
        let unfit = || Err(Fault::rule(format!("the value does not have the type of its schema: {}", describe(value))));
        if value.is_null() {
            return if node.nullable { Ok(Self::Null) } else { unfit() };
        }
        if node.int_or_string {
            return match value {
                Value::String(text) => Ok(Self::Text(Text::Borrowed(text))),
                Value::Number(number) => number.as_i64().map_or_else(unfit, |number| Ok(Self::Int(number))),
                _ => unfit(),
            };
        }
        let is_resource = is_resource || node.embedded;
        match (node.kind, value) {
            (Some(Kind::Object), Value::Object(_)) => {
                let has_shape = is_resource
                    || !node.properties.is_empty()
                    || matches!(node.additional, Additional::Each(_))
                    || node.preserve_unknown;
                if has_shape { Ok(Self::Part(Part { nodes, id, value, is_resource })) } else { unfit() }
            }
            (Some(Kind::Array), Value::Array(_)) if node.items.is_some() => {
                Ok(Self::Part(Part { nodes, id, value, is_resource }))
            }
            (Some(Kind::String), Value::String(text)) => Self::formatted(node.format, text),
            (Some(Kind::Number), Value::Number(number)) => number.as_f64().map_or_else(unfit, |n| Ok(Self::Double(n))),
            (Some(Kind::Integer), Value::Number(number)) => match number.as_i64() {
                Some(number) => Ok(Self::Int(number)),
                // A whole number written with a fraction passes the schema, and is an integer once stored.
                None => number.as_f64().filter(|n| n.abs() < 9e15).map_or_else(unfit, |n| Ok(Self::Int(n as i64))),
            },
            (Some(Kind::Boolean), Value::Bool(flag)) => Ok(Self::Bool(*flag)),
            (None, value) if node.preserve_unknown => Ok(Self::Opaque(value)),
            _ => unfit(),
        }
    }

    fn formatted(format: Option<Format>, text: &'a str) -> Evaluated<'a> {
        let value = match format {
            Some(Format::Duration) => parse_format_duration(text).map(Self::Duration),
            Some(Format::Date) => Timestamp::parse_day(text).map(Self::Timestamp),
            Some(Format::DateTime) => Timestamp::parse(text).map(Self::Timestamp),
            Some(Format::Byte) => decode_base64(text).map(|bytes| Self::Bytes(bytes.into())),
            _ => Some(Self::Text(Text::Borrowed(text))),
        };
        value.ok_or_else(|| Fault::rule(format!("{} does not have its format", quoted(text))))
    }

    /// The name that `type()` gives.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Part(part) if part.value.is_array() => "list",
            Self::List(_) => "list",
            Self::Part(_) | Self::Meta(_) | Self::Map(_) => "map",
            Self::Opaque(_) => "dyn",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Type(_) => "type",
            Self::Optional(_) => "optional_type",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Ip(_) => "net.IP",
            Self::Cidr(_) => "net.CIDR",
            Self::Url(_) => "kubernetes.URL",
            Self::Semver(_) => "kubernetes.Semver",
            Self::NamedFormat(_) => "kubernetes.NamedFormat",
        }
    }

    /// The number of items, if this is a list.
    pub(super) fn list_len(&self) -> Option<usize> {
        match self {
            Self::List(items) => Some(items.len()),
            Self::Part(part) => part.value.as_array().map(Vec::len),
            _ => None,
        }
    }

    /// One item of a list.
    pub(super) fn item(&self, index: usize) -> Option<Evaluated<'a>> {
        match self {
            Self::List(items) => items.get(index).cloned().map(Ok),
            Self::Part(part) => part.item(index),
            _ => None,
        }
    }

    /// What the items of an empty list add up to.
    pub(super) fn zero_of_items(&self) -> Val<'a> {
        let format = match self {
            Self::Part(part) => part.nodes.get(part.id).items.and_then(|items| part.nodes.get(items).format),
            _ => None,
        };
        if format == Some(Format::Duration) { Val::Duration(0) } else { Val::Int(0) }
    }

    /// The keys of a map, in its order.
    pub(super) fn keys(&self) -> Option<Vec<Val<'a>>> {
        match self {
            Self::Map(entries) => Some(entries.iter().map(|(key, _)| key.clone()).collect()),
            Self::Part(part) => {
                let fields = part.value.as_object()?;
                let known = |name: &&String| part.nodes.get(part.id).field(name).is_some();
                Some(fields.keys().filter(known).map(|name| Self::Text(Text::Borrowed(name))).collect())
            }
            _ => None,
        }
    }

    /// The value of a map's key or an object's field; `None` if it has none.
    pub(super) fn field(&self, key: &Val<'a>) -> Option<Evaluated<'a>> {
        match (self, key) {
            (Self::Map(entries), key) => {
                entries.iter().find(|(known, _)| known.equals(key) == Ok(true)).map(|(_, value)| Ok(value.clone()))
            }
            (Self::Part(part), Self::Text(name)) => part.field(name.as_str()),
            (Self::Meta(meta), Self::Text(name)) => meta_field(meta, name.as_str()).map(Ok),
            _ => None,
        }
    }
}

impl<'a> Part<'a> {
    fn item(&self, index: usize) -> Option<Evaluated<'a>> {
        let node = self.nodes.get(self.id);
        let item = self.value.as_array()?.get(index)?;
        Some(Val::of(self.nodes, node.items?, item, false))
    }

    pub(super) fn field(&self, name: &str) -> Option<Evaluated<'a>> {
        let fields = self.value.as_object()?;
        let value = fields.get(name)?;
        if self.is_resource {
            match (name, value) {
                ("apiVersion" | "kind", Value::String(text)) => return Some(Ok(Val::Text(Text::Borrowed(text)))),
                ("metadata", Value::Object(meta)) => return Some(Ok(Val::Meta(meta))),
                _ => {}
            }
        }
        let node = self.nodes.get(self.id);
        let child = node.field(name)?;
        // A null field is an absent one; a null entry of a map is a null.
        if value.is_null() && node.properties.contains_key(name) {
            return None;
        }
        Some(Val::of(self.nodes, child, value, false))
    }
}

fn meta_field<'a>(meta: &'a Map<String, Value>, name: &str) -> Option<Val<'a>> {
    if !matches!(name, "name" | "generateName") {
        return None;
    }
    meta.get(name)?.as_str().map(|text| Val::Text(Text::Borrowed(text)))
}

/// Padded base64 in the URL alphabet or the standard one.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    let mut out = Vec::with_capacity(body.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for b in body.bytes() {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

/// What `string()` makes of a value.
pub(super) fn render(value: &Val<'_>) -> Option<String> {
    Some(match value {
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::Uint(value) => value.to_string(),
        Val::Double(value) => value.to_string(),
        Val::Text(text) => text.as_str().to_owned(),
        Val::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        Val::Timestamp(time) => time.render(),
        Val::Duration(nanos) => render_duration(*nanos),
        Val::Type(name) => (*name).to_owned(),
        Val::Ip(address) => address.to_string(),
        Val::Cidr(cidr) => cidr.to_string(),
        _ => return None,
    })
}
