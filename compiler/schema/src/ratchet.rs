//! Updates: which old value belongs to a new one, and whether a part is unchanged.
//!
//! The server forgives errors of unchanged parts. It has two notions of unchanged, one for the schema and one for rules; both are here.

use serde_json::Value;

use crate::json::equal;
use crate::node::{ListType, Node, NodeId, Nodes};

/// The old value of a field.
pub(crate) fn old_field<'a>(old: &'a Value, name: &str) -> Option<&'a Value> {
    old.as_object()?.get(name)
}

/// The old value of a list item: by key in a map-like list, by index in an undeclared one, none in sets and atomic lists.
pub(crate) fn old_item<'a>(node: &Node, old: &'a Value, index: usize, item: &Value) -> Option<&'a Value> {
    let old = old.as_array()?;
    match &node.list {
        ListType::Unset => old.get(index),
        ListType::Atomic | ListType::Set => None,
        ListType::Map(keys) => same_entry(old, keys, item),
    }
    .filter(|value| !value.is_null())
}

/// The old value of a list item as rules see it: only map-like lists have one.
pub(crate) fn old_item_of_rule<'a>(node: &Node, old: &'a Value, item: &Value) -> Option<&'a Value> {
    match &node.list {
        ListType::Map(keys) => same_entry(old.as_array()?, keys, item),
        _ => None,
    }
}

fn same_entry<'a>(old: &'a [Value], keys: &[Box<str>], item: &Value) -> Option<&'a Value> {
    let item = item.as_object()?;
    old.iter().find(|old| {
        old.as_object().is_some_and(|old| {
            keys.iter().all(|key| match (old.get(&**key), item.get(&**key)) {
                (Some(a), Some(b)) => equal(a, b),
                (None, None) => true,
                _ => false,
            })
        })
    })
}

/// Whether the schema's errors of a part are forgiven. Every child must be known to the schema and found in the old value, so an unchanged set or atomic
/// list with entries is not "unchanged" here: that is the server's rule.
pub(crate) fn unchanged(nodes: &Nodes, id: NodeId, old: &Value, new: &Value) -> bool {
    let node = nodes.get(id);
    match (old, new) {
        (Value::Array(old_items), Value::Array(new_items)) => {
            old_items.len() == new_items.len()
                && new_items.iter().enumerate().all(|(index, item)| {
                    match (node.items, old_item(node, old, index, item)) {
                        (Some(child), Some(old)) => unchanged(nodes, child, old, item),
                        _ => false,
                    }
                })
        }
        (Value::Object(old_fields), Value::Object(new_fields)) => {
            old_fields.len() == new_fields.len()
                && new_fields.iter().all(|(name, value)| match (node.field(name), old_fields.get(name)) {
                    (Some(child), Some(old)) => unchanged(nodes, child, old, value),
                    _ => false,
                })
        }
        _ => equal(old, new),
    }
}

/// Whether a rule's error is forgiven: deep equality, with the order of map-like lists ignored.
pub(crate) fn unchanged_for_rule(nodes: &Nodes, id: Option<NodeId>, old: &Value, new: &Value) -> bool {
    let node = id.map(|id| nodes.get(id));
    match (old, new) {
        (Value::Array(old_items), Value::Array(new_items)) => {
            old_items.len() == new_items.len()
                && new_items.iter().enumerate().all(|(index, item)| {
                    let old_item = match node.map(|node| &node.list) {
                        Some(ListType::Map(keys)) => same_entry(old_items, keys, item),
                        _ => old_items.get(index),
                    };
                    old_item.is_some_and(|old| unchanged_for_rule(nodes, node.and_then(|node| node.items), old, item))
                })
        }
        (Value::Object(old_fields), Value::Object(new_fields)) => {
            old_fields.len() == new_fields.len()
                && new_fields.iter().all(|(name, value)| {
                    let child = node.and_then(|node| node.field(name));
                    old_fields.get(name).is_some_and(|old| unchanged_for_rule(nodes, child, old, value))
                })
        }
        _ => equal(old, new),
    }
}
