//! A cursor into a manifest: a value and the path that leads to it. Absent and null are the same, as they are for the API server's Go structs.

use std::rc::Rc;

use flatwright_diagnostic::Path;
use serde_json::Value;

static ABSENT: Value = Value::Null;

/// One place of a manifest, present or not. Its path is a chain of borrowed steps: the rules look at far more places than they report.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    steps: Option<Rc<Step<'a>>>,
    value: &'a Value,
}

#[derive(Debug)]
struct Step<'a> {
    above: Option<Rc<Self>>,
    way: Way<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    /// Keys with dots between them.
    Dotted(&'a str),
    Key(&'a str),
    Index(usize),
}

/// Maps of so few entries are searched faster than a key is hashed.
const SEARCHED: usize = 8;

fn child<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) if map.len() <= SEARCHED => map.iter().find(|(own, _)| *own == key).map(|(_, value)| value),
        _ => value.get(key),
    }
}

impl<'a> Field<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { steps: None, value }
    }

    fn below(steps: Option<&Rc<Step<'a>>>, way: Way<'a>, value: &'a Value) -> Self {
        Self { steps: Some(Rc::new(Step { above: steps.cloned(), way })), value }
    }

    /// The way from the root.
    pub(crate) fn path(&self) -> Path {
        let ways: Vec<Way<'a>> =
            std::iter::successors(self.steps.as_deref(), |step| step.above.as_deref()).map(|step| step.way).collect();
        let mut path = Path::root();
        for way in ways.into_iter().rev() {
            match way {
                Way::Dotted(dotted) => dotted.split('.').for_each(|key| path.push_key(key)),
                Way::Key(key) => path.push_key(key),
                Way::Index(index) => path.push_index(index),
            }
        }
        path
    }

    /// The field below this one; `dotted` names keys only.
    pub(crate) fn get(&self, dotted: &'a str) -> Self {
        // Most are one key, which is seen faster than it is split.
        if dotted.bytes().all(|byte| byte != b'.') {
            return self.key(dotted);
        }
        let value = dotted.split('.').try_fold(self.value, child).unwrap_or(&ABSENT);
        Self::below(self.steps.as_ref(), Way::Dotted(dotted), value)
    }

    /// The entry of a map whose key may hold dots.
    pub(crate) fn key(&self, key: &'a str) -> Self {
        Self::below(self.steps.as_ref(), Way::Key(key), child(self.value, key).unwrap_or(&ABSENT))
    }

    pub(crate) fn index(&self, index: usize) -> Self {
        Self::below(self.steps.as_ref(), Way::Index(index), self.value.get(index).unwrap_or(&ABSENT))
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let steps = self.steps.clone();
        let items: &'a [Value] = self.value.as_array().map_or(&[], Vec::as_slice);
        items.iter().enumerate().map(move |(index, value)| Self::below(steps.as_ref(), Way::Index(index), value))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let steps = self.steps.clone();
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), Self::below(steps.as_ref(), Way::Key(key), value)))
    }

    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    pub(crate) fn is_set(&self) -> bool {
        !self.value.is_null()
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Whether anything below says something: what Go's `IsDefined` of an optional struct asks. `{}` and `{name: ""}` say nothing.
    pub(crate) fn is_defined(&self) -> bool {
        !is_zero(self.value)
    }

    /// The text, `""` where there is none: what a Go string field holds.
    pub(crate) fn text_or_empty(&self) -> &'a str {
        self.text().unwrap_or_default()
    }

    /// Absent, null or `""`. A value of another type is not empty: the schema judges it.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self.value, Value::Null) || self.text() == Some("")
    }

    pub(crate) fn int(&self) -> Option<i64> {
        self.value.as_i64()
    }

    pub(crate) fn is_true(&self) -> bool {
        self.value == &Value::Bool(true)
    }

    pub(crate) fn len(&self) -> usize {
        match self.value {
            Value::Array(items) => items.len(),
            Value::Object(entries) => entries.len(),
            _ => 0,
        }
    }

    pub(crate) fn holds(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    /// The value for a message: JSON, cut short.
    pub(crate) fn shown(&self) -> String {
        match self.value {
            Value::String(text) => shown(text),
            Value::Array(_) | Value::Object(_) => "…".to_owned(),
            other => shown(&other.to_string()),
        }
    }
}

/// A text for a message: its first line, cut short.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Whether two values are the same to a Go struct: null, absent, and empty lists or maps are one.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            x.iter().all(|(key, value)| same(value, y.get(key).unwrap_or(&ABSENT)))
                && y.iter().all(|(key, value)| x.contains_key(key) || same(&ABSENT, value))
        }
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y)),
        (Value::Null, other) | (other, Value::Null) => is_empty(other),
        (x, y) => x == y,
    }
}

/// Whether a value that was stored is what `reflect.DeepEqual` takes for the same as the one that is applied: the stored one has lost its empty lists, the applied
/// one is read with them.
pub(crate) fn deeply_equal(stored: &Value, applied: &Value) -> bool {
    match (stored, applied) {
        (Value::Null, Value::Array(_)) => false,
        (Value::Object(x), Value::Object(y)) => {
            x.iter().all(|(key, value)| deeply_equal(value, y.get(key).unwrap_or(&ABSENT)))
                && y.iter().all(|(key, value)| x.contains_key(key) || deeply_equal(&ABSENT, value))
        }
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| deeply_equal(x, y)),
        (Value::Null, Value::Object(fields)) => fields.values().all(|value| deeply_equal(&ABSENT, value)),
        (x, y) => same(x, y),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.values().all(is_zero),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.values().all(is_empty),
        _ => false,
    }
}
