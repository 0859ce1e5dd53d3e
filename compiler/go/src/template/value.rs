//! Values of a running template, and the heap that holds its lists and maps. Containers are shared and changed in place, as in Go.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::signature::Type;

/// What a place holds whose value is not known: which fields it can have.
pub trait Shape: fmt::Debug {
    /// What is behind a key.
    fn field(&self, key: &str) -> Field;

    /// What each item of a list or map is.
    fn item(&self) -> Option<Rc<dyn Shape>>;

    /// How the place is called, for messages: `.Cluster.spec`.
    fn name(&self) -> &str;
}

/// What a [`Shape`] says of a key.
#[derive(Debug)]
pub enum Field {
    /// There is no such field.
    Absent,
    /// There may be, with this in it.
    Possible(Option<Rc<dyn Shape>>),
}

/// The whole number types that a template can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntKind {
    /// `int`: constants, lengths, positions.
    Int,
    /// `int64`: what stands in an object.
    Int64,
    /// `uint8`: a byte of a text.
    Uint8,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing: a key that a map has not.
    Missing,
    /// A `nil` that stands somewhere.
    Nil,
    /// `bool`.
    Bool(bool),
    /// A whole number.
    Int(i64, IntKind),
    /// `float64`.
    Float(f64),
    /// `string`.
    Text(Rc<str>),
    /// A list, or a part of one.
    List(ListRef),
    /// A map with texts for keys.
    Map(MapRef),
    /// Not known: nothing may be concluded from it.
    Unknown(Option<Rc<dyn Shape>>),
}

impl Value {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// An `int`.
    pub fn int(value: i64) -> Self {
        Self::Int(value, IntKind::Int)
    }

    /// An `int64`.
    pub fn int64(value: i64) -> Self {
        Self::Int(value, IntKind::Int64)
    }

    /// Nothing known at all.
    pub const fn unknown() -> Self {
        Self::Unknown(None)
    }

    /// Whether it is [`Value::Unknown`]; what is in it may be.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether it is no value or `nil`.
    pub const fn is_nil(&self) -> bool {
        matches!(self, Self::Missing | Self::Nil)
    }
}

/// The type of a list's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// `any`.
    Any,
    /// `string`.
    Texts,
    /// `int`.
    Ints,
}

/// A list on the heap: `[]any`, `[]string` or `[]int`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRef {
    id: usize,
    start: usize,
    length: usize,
    /// The type of its items.
    pub items: Items,
}

/// A map on the heap: `map[string]any`, or `map[string]string`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapRef {
    id: usize,
    /// Whether every value is a text.
    pub is_of_texts: bool,
}

#[derive(Debug)]
struct MapBody {
    entries: BTreeMap<Rc<str>, Value>,
    shape: Option<Rc<dyn Shape>>,
}

/// No more may be said: a limit was reached, or what follows depends on something unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Lists and maps of one run, and what the run may still spend.
#[derive(Debug)]
pub struct Heap {
    lists: Vec<Vec<Value>>,
    maps: Vec<MapBody>,
    budget: usize,
    /// While a branch is only looked at, nothing may be changed.
    pub(super) is_frozen: bool,
}

impl Heap {
    /// An empty heap for a run of so many steps; a step is about an item or a byte that is made or looked at.
    pub const fn new(budget: usize) -> Self {
        Self { lists: Vec::new(), maps: Vec::new(), budget, is_frozen: false }
    }

    /// Pays for work. Call it before the work is done.
    pub fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        self.budget = self.budget.checked_sub(steps).ok_or(Stop)?;
        Ok(())
    }

    /// Makes a list.
    pub fn list(&mut self, items: Items, values: Vec<Value>) -> Result<Value, Stop> {
        self.spend(values.len() + 1)?;
        let length = values.len();
        self.lists.push(values);
        Ok(Value::List(ListRef { id: self.lists.len() - 1, start: 0, length, items }))
    }

    /// Makes a list of texts.
    pub fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Result<Value, Stop> {
        self.list(Items::Texts, texts.map(Value::text).collect())
    }

    /// Makes a map. With a shape it may have more keys than are known.
    pub fn map(
        &mut self,
        is_of_texts: bool,
        entries: BTreeMap<Rc<str>, Value>,
        shape: Option<Rc<dyn Shape>>,
    ) -> Result<Value, Stop> {
        self.spend(entries.len() + 1)?;
        self.maps.push(MapBody { entries, shape });
        Ok(Value::Map(MapRef { id: self.maps.len() - 1, is_of_texts }))
    }

    /// The items of a list.
    pub fn items(&self, list: ListRef) -> &[Value] {
        &self.lists[list.id][list.start..list.start + list.length]
    }

    /// The items of a list, to be changed.
    pub(crate) fn items_mut(&mut self, list: ListRef) -> Result<&mut [Value], Stop> {
        if self.is_frozen {
            return Err(Stop);
        }
        Ok(&mut self.lists[list.id][list.start..list.start + list.length])
    }

    /// A part of a list, which shares its items; `None` beyond its room.
    pub fn part(&self, list: ListRef, from: usize, to: usize) -> Option<ListRef> {
        let room = self.lists[list.id].len() - list.start;
        (from <= to && to <= room).then(|| ListRef { start: list.start + from, length: to - from, ..list })
    }

    /// How many items a part of the list could have.
    pub fn room(&self, list: ListRef) -> usize {
        self.lists[list.id].len() - list.start
    }

    /// The known entries of a map.
    pub fn entries(&self, map: MapRef) -> &BTreeMap<Rc<str>, Value> {
        &self.maps[map.id].entries
    }

    /// The entries of a map, to be changed.
    pub fn entries_mut(&mut self, map: MapRef) -> Result<&mut BTreeMap<Rc<str>, Value>, Stop> {
        if self.is_frozen {
            return Err(Stop);
        }
        Ok(&mut self.maps[map.id].entries)
    }

    /// What is known of keys that a map does not show; `None` if it has no others.
    pub fn shape(&self, map: MapRef) -> Option<&Rc<dyn Shape>> {
        self.maps[map.id].shape.as_ref()
    }

    /// The value behind a key.
    pub fn get(&self, map: MapRef, key: &str) -> Value {
        let body = &self.maps[map.id];
        match (body.entries.get(key), &body.shape) {
            (Some(value), _) => value.clone(),
            (None, None) => Value::Missing,
            (None, Some(shape)) => match shape.field(key) {
                Field::Absent => Value::Missing,
                Field::Possible(shape) => Value::Unknown(shape),
            },
        }
    }

    /// Whether nothing in a value is unknown. Too deep counts as unknown: a map may hold itself.
    pub fn is_known(&mut self, value: &Value) -> Result<bool, Stop> {
        self.is_known_below(value, 0)
    }

    fn is_known_below(&mut self, value: &Value, depth: usize) -> Result<bool, Stop> {
        const DEEPEST: usize = 100;
        self.spend(1)?;
        let inner: Vec<Value> = match value {
            Value::Unknown(_) => return Ok(false),
            Value::List(list) => self.items(*list).to_vec(),
            Value::Map(map) if self.shape(*map).is_some() => return Ok(false),
            Value::Map(map) => self.entries(*map).values().cloned().collect(),
            _ => return Ok(true),
        };
        if depth >= DEEPEST {
            return Ok(false);
        }
        for value in &inner {
            if !self.is_known_below(value, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What Go's `if` makes of a value; `None` if that is not known.
    pub fn truth(&self, value: &Value) -> Option<bool> {
        Some(match value {
            Value::Missing | Value::Nil => false,
            Value::Bool(value) => *value,
            Value::Int(value, _) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(list) => list.length > 0,
            Value::Map(map) if !self.entries(*map).is_empty() => true,
            Value::Map(map) if self.shape(*map).is_none() => false,
            Value::Map(_) | Value::Unknown(_) => return None,
        })
    }
}

/// Go's name of a value's type.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Missing | Value::Nil | Value::Unknown(_) => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_, IntKind::Int) => "int",
        Value::Int(_, IntKind::Int64) => "int64",
        Value::Int(_, IntKind::Uint8) => "uint8",
        Value::Float(_) => "float64",
        Value::Text(_) => "string",
        Value::List(ListRef { items: Items::Any, .. }) => "[]interface {}",
        Value::List(ListRef { items: Items::Texts, .. }) => "[]string",
        Value::List(ListRef { items: Items::Ints, .. }) => "[]int",
        Value::Map(MapRef { is_of_texts: false, .. }) => "map[string]interface {}",
        Value::Map(MapRef { is_of_texts: true, .. }) => "map[string]string",
    }
}

/// Whether a known value may be given for a type, without conversion: Go has none here.
pub(super) fn is_assignable(value: &Value, to: Type) -> bool {
    match (value, to) {
        (_, Type::Any | Type::Value)
        | (Value::Unknown(_), _)
        | (Value::Bool(_), Type::Bool)
        | (Value::Int(_, IntKind::Int), Type::Int)
        | (Value::Int(_, IntKind::Int64), Type::Int64)
        | (Value::Float(_), Type::Float)
        | (Value::Text(_), Type::Text) => true,
        (Value::List(list), to) => matches!(
            (list.items, to),
            (Items::Any, Type::List) | (Items::Texts, Type::Texts) | (Items::Ints, Type::Ints)
        ),
        (Value::Map(map), to) => matches!((map.is_of_texts, to), (false, Type::Map) | (true, Type::TextMap)),
        _ => false,
    }
}
