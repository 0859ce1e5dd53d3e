//! `x-kubernetes-list-type`: entries of a map-like list have distinct keys, entries of a set are distinct.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::broken::Entry;
use crate::findings::{Effect, Findings, Trail};
use crate::json::describe;
use crate::node::{ListType, Node, NodeId, Nodes};

/// Reports duplicates in every list at or below a value.
pub(crate) fn check_lists(nodes: &Nodes, id: NodeId, value: &Value, trail: &Trail<'_>, findings: &mut Findings) {
    let node = nodes.get(id);
    if !node.below.unique_lists {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Some(child) = node.field(name) {
                    check_lists(nodes, child, value, &trail.key(name), findings);
                }
            }
        }
        Value::Array(items) => {
            check_list(node, items, trail, findings);
            if let Some(child) = node.items {
                for (index, item) in items.iter().enumerate() {
                    check_lists(nodes, child, item, &trail.index(index), findings);
                }
            }
        }
        _ => {}
    }
}

fn check_list(node: &Node, items: &[Value], trail: &Trail<'_>, findings: &mut Findings) {
    match &node.list {
        ListType::Set => {
            report_duplicates(items.iter().map(identity), trail, findings, |entry| Entry::Duplicate { entry });
        }
        ListType::Map(keys) => {
            if let Some((index, item)) = items.iter().enumerate().find(|(_, item)| !item.is_object() && !item.is_null())
            {
                findings.refuse(&trail.index(index), Effect::Plain, || Entry::NotAMapping { value: describe(item) });
                return;
            }
            let key_of = |item: &Value| -> Vec<String> {
                keys.iter()
                    .map(|key| {
                        item.get(&**key).map_or_else(String::new, |value| format!("`{key}: {}`", identity(value)))
                    })
                    .collect()
            };
            report_duplicates(items.iter().map(|item| key_of(item).join(" and ")), trail, findings, |key| {
                if key.is_empty() { Entry::Keyless { keys: keys.join(", ") } } else { Entry::DuplicateKey { key } }
            });
        }
        ListType::Unset | ListType::Atomic => {}
    }
}

/// Reports the second occurrence of every identity, as the server does; further ones go with it.
fn report_duplicates(
    identities: impl Iterator<Item = String>,
    trail: &Trail<'_>,
    findings: &mut Findings,
    rule: impl Fn(String) -> Entry,
) {
    let mut seen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (index, identity) in identities.enumerate() {
        let (first, count) = *seen.entry(identity.clone()).and_modify(|(_, count)| *count += 1).or_insert((index, 1));
        if count == 2 {
            let finding = findings.refuse(&trail.index(index), Effect::Plain, || rule(identity));
            if let Some(finding) = finding {
                finding.note(format!("the first one is entry {first} (counted from 0) of the same list"));
            }
        }
    }
}

/// A text that is equal for equal values: JSON with sorted keys.
fn identity(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(identity).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let sorted: BTreeMap<_, _> = fields.iter().collect();
            let fields: Vec<_> =
                sorted.into_iter().map(|(k, v)| format!("{}:{}", Value::from(k.as_str()), identity(v))).collect();
            format!("{{{}}}", fields.join(","))
        }
        _ => value.to_string(),
    }
}
