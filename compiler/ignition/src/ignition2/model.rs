//! What every struct of the Go programs' models shares: decoding by field table, walking with the validator's rules, JSON in Go's field order, JSON Schema.
//!
//! Owns: the traits and the [`model!`] macro that implements them from one field list. Must not: know a rule or a format; those are given to the macro by name.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::ignition2::walk::{Finding, NodeRef, Place, Walker};
use crate::problem::Yaml;

/// Text being decoded by the rules of one Go decoder. It collects what does not fit.
pub(crate) trait Source {
    /// Whether the node reads as null.
    fn is_null(&self, node: NodeRef) -> bool;
    /// Whether decoding null into a plain value counts as success (JSON) or not (YAML drops such list items).
    fn accepts_null(&self) -> bool;
    /// A string; `go` is the Go type named where it is none.
    fn string(&mut self, node: NodeRef, go: &str) -> Option<String>;
    /// A string that may hold any bytes.
    fn bytes(&mut self, node: NodeRef, go: &str) -> Option<Vec<u8>>;
    /// A Go `int`.
    fn int(&mut self, node: NodeRef) -> Option<i64>;
    /// A Go `uint`.
    fn uint(&mut self, node: NodeRef) -> Option<u64>;
    /// A boolean.
    fn bool(&mut self, node: NodeRef) -> Option<bool>;
    /// The items of a list.
    fn list(&mut self, node: NodeRef, go: &str) -> Option<Vec<NodeRef>>;
    /// The entries of a mapping whose keys are among `keys`, in the order in which they take effect.
    fn fields(&mut self, node: NodeRef, go: &str, keys: &[&'static str]) -> Option<Vec<(&'static str, NodeRef)>>;
    /// Stops decoding with an error that is not a type error.
    fn fail(&mut self, problem: Yaml);
    /// How many type errors there are so far.
    fn error_count(&self) -> usize;
}

/// A value of a Go model.
pub(crate) trait Model: Sized + Default {
    /// The Go type's name in error texts.
    fn go() -> Cow<'static, str>;
    /// Sets the value from a node; false where Go's decoder calls it not decoded.
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool;
    /// Runs the value's rules and its children's.
    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        let _ = (walker, place);
    }
    /// Whether Go's `omitempty` leaves it out.
    fn is_omitted(&self) -> bool {
        false
    }
    /// Its JSON Schema.
    fn schema() -> Value;
}

impl Model for String {
    fn go() -> Cow<'static, str> {
        "string".into()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        source.string(node, "string").map(|text| *self = text).is_some()
    }
    fn is_omitted(&self) -> bool {
        self.is_empty()
    }
    fn schema() -> Value {
        json!({"type": "string"})
    }
}

impl Model for bool {
    fn go() -> Cow<'static, str> {
        "bool".into()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        source.bool(node).map(|value| *self = value).is_some()
    }
    fn is_omitted(&self) -> bool {
        !self
    }
    fn schema() -> Value {
        json!({"type": "boolean"})
    }
}

impl Model for i64 {
    fn go() -> Cow<'static, str> {
        "int".into()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        source.int(node).map(|value| *self = value).is_some()
    }
    fn is_omitted(&self) -> bool {
        *self == 0
    }
    fn schema() -> Value {
        json!({"type": "integer"})
    }
}

impl Model for u64 {
    fn go() -> Cow<'static, str> {
        "uint".into()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        source.uint(node).map(|value| *self = value).is_some()
    }
    fn is_omitted(&self) -> bool {
        *self == 0
    }
    fn schema() -> Value {
        json!({"type": "integer", "minimum": 0})
    }
}

impl<T: Model> Model for Option<T> {
    fn go() -> Cow<'static, str> {
        T::go()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            *self = None;
            return true;
        }
        self.get_or_insert_default().decode(source, node)
    }
    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        if let Some(value) = self {
            value.visit(walker, place);
        }
    }
    fn is_omitted(&self) -> bool {
        self.is_none()
    }
    fn schema() -> Value {
        T::schema()
    }
}

impl<T: Model> Model for Vec<T> {
    fn go() -> Cow<'static, str> {
        format!("[]{}", T::go()).into()
    }
    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            self.clear();
            return true;
        }
        let Some(items) = source.list(node, &Self::go()) else { return false };
        self.clear();
        for item in items {
            let mut value = T::default();
            if value.decode(source, item) || source.accepts_null() {
                self.push(value);
            }
        }
        true
    }
    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        for (index, item) in self.iter().enumerate() {
            let place = walker.item(place, index);
            item.visit(walker, place);
        }
    }
    fn is_omitted(&self) -> bool {
        self.is_empty()
    }
    fn schema() -> Value {
        json!({"type": "array", "items": T::schema()})
    }
}

/// The `Validate` method of a Go type.
pub(crate) type Check<T> = fn(&T, &mut Vec<Finding>);
/// The `Validate<Field>` methods of a Go type, told apart by the field's key.
pub(crate) type FieldCheck<T> = fn(&T, &'static str, &mut Vec<Finding>);

/// The text of a doc comment as a schema description.
pub(crate) fn description(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Declares structs of a Go model: `field: Type = "key"`, or `field: Type, keep = "key"` where Go has no `omitempty`.
macro_rules! model {
    ($(
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident $go:literal $(check $check:path;)? $(fields $fields:path;)? {
            $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(, $keep:ident)? = $key:literal, )*
        }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        $vis struct $name {
            $(
                $(#[doc = $field_doc])*
                $vis $field: $ty,
            )*
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(
                    if model!(@kept $($keep)?) || !crate::ignition2::model::Model::is_omitted(&self.$field) {
                        map.serialize_entry($key, &self.$field)?;
                    }
                )*
                map.end()
            }
        }

        impl crate::ignition2::model::Model for $name {
            fn go() -> std::borrow::Cow<'static, str> {
                $go.into()
            }
            fn decode(
                &mut self,
                source: &mut dyn crate::ignition2::model::Source,
                node: crate::ignition2::walk::NodeRef,
            ) -> bool {
                if source.is_null(node) {
                    return source.accepts_null();
                }
                let Some(fields) = source.fields(node, $go, &[$($key),*]) else { return false };
                for (key, value) in fields {
                    match key {
                        $($key => { crate::ignition2::model::Model::decode(&mut self.$field, source, value); })*
                        _ => {}
                    }
                }
                true
            }
            fn visit(
                &self,
                walker: &mut crate::ignition2::walk::Walker<'_>,
                place: crate::ignition2::walk::Place,
            ) {
                #[allow(unused_mut, unused_assignments, reason = "most structs have only one of the two kinds of rules")]
                let mut check: Option<crate::ignition2::model::Check<Self>> = None;
                $(check = Some($check);)?
                if let Some(check) = check && walker.run(place, |found| check(self, found)) {
                    return;
                }
                #[allow(unused_mut, unused_assignments, reason = "most structs have only one of the two kinds of rules")]
                let mut field_check: Option<crate::ignition2::model::FieldCheck<Self>> = None;
                $(field_check = Some($fields);)?
                let members = walker.members(place);
                $(
                    let at = members.get($key, place);
                    if let Some(check) = field_check {
                        walker.run(at, |found| check(self, $key, found));
                    }
                    crate::ignition2::model::Model::visit(&self.$field, walker, at);
                )*
                walker.unused(&members, &[$($key),*]);
            }
            fn schema() -> serde_json::Value {
                let mut properties = serde_json::Map::new();
                $(
                    let mut field = <$ty as crate::ignition2::model::Model>::schema();
                    let text = crate::ignition2::model::description(&[$($field_doc),*]);
                    if let Some(object) = field.as_object_mut() && !text.is_empty() {
                        object.insert("description".into(), text.into());
                    }
                    properties.insert($key.into(), field);
                )*
                serde_json::json!({"type": "object", "additionalProperties": false, "properties": properties})
            }
        }
    )*};
    (@kept keep) => { true };
    (@kept) => { false };
}
pub(crate) use model;
