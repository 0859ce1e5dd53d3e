//! What the server does with an object before it looks at it: drop (and report) unknown fields, drop nulls, write defaults.
//!
//! The three walks follow apiextensions-apiserver's `pruning` and `defaulting` step for step, in its order.

use flatwright_diagnostic::Part;
use flatwright_kubernetes::is_placeholder;
use serde_json::{Map, Value};

use crate::broken::Shape;
use crate::findings::{Effect, Findings, Trail};
use crate::node::{Additional, Kind, Node, NodeId, Nodes};

/// The fields of every object and embedded resource; they have checks of their own.
const TYPE_AND_META: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Removes unknown fields, with an error for each: the server decodes strictly when it is asked by kubectl.
pub(crate) fn prune(nodes: &Nodes, object: &mut Value, findings: &mut Findings) {
    Pruner { nodes, findings }.prune(object, Some(Nodes::ROOT), true, &Trail::ROOT);
}

struct Pruner<'a> {
    nodes: &'a Nodes,
    findings: &'a mut Findings,
}

impl Pruner<'_> {
    fn prune(&mut self, value: &mut Value, id: Option<NodeId>, is_root: bool, trail: &Trail<'_>) {
        let node = id.map(|id| self.nodes.get(id));
        if node.is_some_and(|node| node.preserve_unknown) {
            self.keep_unknown(value, id, is_root, trail);
            return;
        }
        match value {
            Value::Object(fields) => fields.retain(|name, value| {
                let trail = trail.key(name);
                let Some(node) = node else {
                    self.unknown(name, None, &trail);
                    return false;
                };
                if (node.embedded || is_root) && TYPE_AND_META.contains(&name.as_str()) {
                    return true;
                }
                if let Some(property) = node.properties.get(name.as_str()) {
                    self.prune(value, Some(*property), false, &trail);
                    return true;
                }
                match node.additional {
                    Additional::Each(each) => self.prune(value, Some(each), false, &trail),
                    Additional::Allowed(_) => self.prune(value, None, false, &trail),
                    Additional::Unset => {
                        self.unknown(name, Some((node, is_root)), &trail);
                        return false;
                    }
                }
                true
            }),
            Value::Array(items) => {
                let of_items = node.and_then(|node| node.items);
                for (index, item) in items.iter_mut().enumerate() {
                    self.prune(item, of_items, false, &trail.index(index));
                }
            }
            _ => {}
        }
    }

    /// Below `x-kubernetes-preserve-unknown-fields`: known fields are pruned inside, unknown ones stay.
    fn keep_unknown(&mut self, value: &mut Value, id: Option<NodeId>, is_root: bool, trail: &Trail<'_>) {
        let Some(node) = id.map(|id| self.nodes.get(id)) else { return };
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    let trail = trail.key(name);
                    if (node.embedded || is_root) && TYPE_AND_META.contains(&name.as_str()) {
                        continue;
                    }
                    if let Some(property) = node.properties.get(name.as_str()) {
                        self.prune(value, Some(*property), false, &trail);
                        continue;
                    }
                    match node.additional {
                        Additional::Each(each) => self.prune(value, Some(each), false, &trail),
                        Additional::Allowed(_) => self.prune(value, None, false, &trail),
                        Additional::Unset => {}
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.keep_unknown(item, node.items, false, &trail.index(index));
                }
            }
            _ => {}
        }
    }

    fn unknown(&mut self, name: &str, owner: Option<(&Node, bool)>, trail: &Trail<'_>) {
        if is_placeholder(name) {
            return;
        }
        let may_suggest = self.findings.may_suggest();
        let finding = self.findings.refuse(trail, Effect::Plain, || {
            let kind = owner.and_then(|(node, _)| node.kind).filter(|kind| *kind != Kind::Object);
            Shape::UnknownField { name: name.to_owned(), expected: kind.map(Kind::words) }
        });
        let (Some(finding), Some((node, is_root)), true) = (finding, owner, may_suggest) else { return };
        let meta = TYPE_AND_META.into_iter().filter(|_| is_root || node.embedded);
        let known: Vec<&str> = node.properties.keys().map(|name| &**name).chain(meta).collect();
        finding.did_you_mean(name, Part::Key, known.iter().copied());
    }
}

/// Removes nulls where null is not allowed and no default stands in.
pub(crate) fn drop_nulls(nodes: &Nodes, value: &mut Value, id: NodeId) {
    let node = nodes.get(id);
    match value {
        Value::Object(fields) => fields.retain(|name, value| {
            let Some(child) = node.field(name) else { return true };
            let schema = nodes.get(child);
            if value.is_null() && !schema.nullable && schema.default.is_none() {
                return false;
            }
            drop_nulls(nodes, value, child);
            true
        }),
        Value::Array(items) => {
            if let Some(child) = node.items {
                items.iter_mut().for_each(|item| drop_nulls(nodes, item, child));
            }
        }
        _ => {}
    }
}

/// Writes the defaults of absent fields, and of nulls where null is not allowed.
pub(crate) fn write_defaults(nodes: &Nodes, value: &mut Value, id: NodeId) {
    let node = nodes.get(id);
    if !node.below.defaults {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, child) in &node.properties {
                let schema = nodes.get(*child);
                if let Some(default) = &schema.default
                    && fields.get(&**name).is_none_or(|value| value.is_null() && !schema.nullable)
                {
                    fields.insert(name.to_string(), default.clone());
                }
            }
            default_fields(nodes, fields, node);
        }
        Value::Array(items) => {
            let Some(child) = node.items else { return };
            for item in items {
                default_null(nodes, item, child);
                write_defaults(nodes, item, child);
            }
        }
        _ => {}
    }
}

fn default_fields(nodes: &Nodes, fields: &mut Map<String, Value>, node: &Node) {
    for (name, value) in fields.iter_mut() {
        if let Some(property) = node.properties.get(name.as_str()) {
            write_defaults(nodes, value, *property);
        } else if let Additional::Each(each) = node.additional {
            default_null(nodes, value, each);
            write_defaults(nodes, value, each);
        }
    }
}

fn default_null(nodes: &Nodes, value: &mut Value, id: NodeId) {
    let schema = nodes.get(id);
    if value.is_null()
        && !schema.nullable
        && let Some(default) = &schema.default
    {
        *value = default.clone();
    }
}
