//! Ordered values with origins: what the compiler emits.

use flatwright_diagnostic::{Origin, Path, Segment, Traced};
use serde::{Serialize, Serializer};

/// A value to be written, with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The value itself.
    pub kind: ValueKind,
    /// Where it came from; [`Origin::Unknown`] on collections that are only structure.
    pub origin: Origin,
}

/// The kinds of values that YAML and JSON share.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A string.
    Str(String),
    /// A list.
    Seq(Vec<Value>),
    /// A mapping in the order in which it is written.
    Map(Map),
}

/// An ordered mapping with unique keys. Small in practice, so it is a plain list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    /// An empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// Sets a key, in place where it exists and at the end otherwise.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        let key = key.into();
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let position = self.0.iter().position(|(k, _)| k == key)?;
        Some(self.0.remove(position).1)
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The entries in order, values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Sorts the entries by key, bytewise.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.0.cmp(&b.0));
    }
}

/// Without the origins. Formats without infinities, such as JSON, write them as `null`.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.kind {
            ValueKind::Null => serializer.serialize_unit(),
            ValueKind::Bool(value) => serializer.serialize_bool(*value),
            ValueKind::Int(value) => serializer.serialize_i64(*value),
            ValueKind::Float(value) => serializer.serialize_f64(*value),
            ValueKind::Str(text) => serializer.serialize_str(text),
            ValueKind::Seq(items) => items.serialize(serializer),
            ValueKind::Map(map) => map.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Value {
    /// A value without an origin of its own.
    pub fn new(kind: ValueKind) -> Self {
        Self { kind, origin: Origin::Unknown }
    }

    /// A string.
    pub fn str(text: impl Into<String>) -> Self {
        Self::new(ValueKind::Str(text.into()))
    }

    /// An empty mapping.
    pub fn map() -> Self {
        Self::new(ValueKind::Map(Map::new()))
    }

    /// The same value from a known place, where it has none yet.
    #[must_use]
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.origin = self.origin.or(origin);
        self
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            ValueKind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries of a mapping, to be changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.kind {
            ValueKind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_seq(&self) -> Option<&[Self]> {
        match &self.kind {
            ValueKind::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The items of a list, to be changed.
    pub fn as_seq_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.kind {
            ValueKind::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The value of a mapping's key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value at a path, or the deepest one that exists with `false`.
    pub fn find(&self, path: &Path) -> (&Self, bool) {
        let mut at = self;
        for segment in path.segments() {
            let next = match (segment, &at.kind) {
                (Segment::Key(key), ValueKind::Map(map)) => map.get(key),
                (Segment::Index(index), ValueKind::Seq(items)) => items.get(*index),
                (Segment::Index(index), ValueKind::Map(map)) => map.get(&index.to_string()),
                _ => None,
            };
            let Some(next) = next else { return (at, false) };
            at = next;
        }
        (at, true)
    }

    /// Where the value at a path came from: its own origin, else that of what it contains, else that of the nearest thing around it.
    pub fn origin_at(&self, path: &Path) -> Origin {
        let mut steps = Path::root();
        let mut found = self.first_origin();
        for segment in path.segments() {
            match segment {
                Segment::Key(key) => steps.push_key(key),
                Segment::Index(index) => steps.push_index(*index),
            }
            let (value, exists) = self.find(&steps);
            if !exists {
                break;
            }
            found = value.first_origin().or(found);
        }
        found
    }

    fn first_origin(&self) -> Origin {
        if self.origin != Origin::Unknown {
            return self.origin;
        }
        let find = |origins: &mut dyn Iterator<Item = Origin>| {
            let mut any = Origin::Unknown;
            for origin in origins {
                // A place the user wrote says more than a rule.
                if origin.anchor().is_some() {
                    return origin;
                }
                any = any.or(origin);
            }
            any
        };
        match &self.kind {
            ValueKind::Seq(items) => find(&mut items.iter().map(Self::first_origin)),
            ValueKind::Map(map) => find(&mut map.iter().map(|(_, value)| value.first_origin())),
            _ => Origin::Unknown,
        }
    }
}

impl<T: Into<Value>> From<Traced<T>> for Value {
    fn from(traced: Traced<T>) -> Self {
        let origin = traced.origin;
        traced.value.into().from_origin(origin)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::new(ValueKind::Bool(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::new(ValueKind::Int(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::new(ValueKind::Int(value.into()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::str(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::new(ValueKind::Seq(items.into_iter().map(Into::into).collect()))
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::new(ValueKind::Map(map))
    }
}
