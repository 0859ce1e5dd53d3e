//! The two contracts: v1beta2 is what is emitted, v1beta1 a view of the same objects.
//!
//! Owns: the moves, renames and changes of form between them, as tables. Source of the tables: each field sent through the real conversion webhook.

mod change;
mod tables;

pub use flatwright_plan::Contract;
use flatwright_plan::Profile;
use flatwright_yaml::{Map, Value, ValueKind};

use crate::object::Object;

/// Turns an object of contract v1beta2 into one of v1beta1. Objects of other groups stay as they are.
pub fn to_v1beta1(object: &mut Object, profile: Profile) {
    if !object.has_contract() {
        return;
    }
    let kind = object.kind().to_owned();
    let spec_prefix = tables::bootstrap_prefix(&kind);
    if let Some(Value { kind: ValueKind::Str(version), .. }) =
        object.value.as_map_mut().and_then(|map| map.get_mut("apiVersion"))
    {
        *version = version.replace("v1beta2", "v1beta1");
    }
    let Some(spec) = object.value.as_map_mut().and_then(|map| map.get_mut("spec")) else { return };
    for (from, to, change) in tables::moves(&kind) {
        if let Some(value) = take(spec, from) {
            put(spec, to, change.apply(value));
        }
    }
    if let Some(prefix) = spec_prefix
        && let Some(config) = find_mut(spec, prefix)
    {
        bootstrap(config, profile);
    }
    if kind == "MachineDeployment" && profile == Profile::Capz {
        // The templates' own way to say "whatever the webhook fills in".
        put(spec, "selector.matchLabels", Value::new(ValueKind::Null));
    }
}

/// The bootstrap spec, which three kinds share.
fn bootstrap(config: &mut Value, profile: Profile) {
    for (from, to, change) in tables::BOOTSTRAP {
        if let Some(value) = take(config, from) {
            put(config, to, change.apply(value));
        }
    }
    // In v1beta1 the join timeout does not exist: one value under the API server stands for both.
    take(config, "joinConfiguration.timeouts");
    take(config, "initConfiguration.timeouts");
    if profile == Profile::Capz {
        let empty = || Value::new(ValueKind::Seq(Vec::new()));
        if config.get("postKubeadmCommands").is_none() {
            put(config, "postKubeadmCommands", empty());
        }
        if config.get("diskSetup").is_some() {
            put(config, "diskSetup.partitions", empty());
        }
    }
}

/// Removes the value at a dotted path, and every mapping that becomes empty by it.
fn take(value: &mut Value, path: &str) -> Option<Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let map = value.as_map_mut()?;
    let Some(rest) = rest else { return map.remove(first) };
    let inner = map.get_mut(first)?;
    let taken = take(inner, rest);
    if taken.is_some() && inner.as_map().is_some_and(Map::is_empty) {
        map.remove(first);
    }
    taken
}

/// Sets the value at a dotted path, making the mappings on the way.
fn put(value: &mut Value, path: &str, new: Value) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(map) = value.as_map_mut() else { return };
    match rest {
        None => map.insert(first, new),
        Some(rest) => {
            if map.get(first).is_none() {
                map.insert(first, Value::map());
            }
            if let Some(inner) = map.get_mut(first) {
                put(inner, rest, new);
            }
        }
    }
}

fn find_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(value, |value, key| value.as_map_mut()?.get_mut(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_value_leaves_no_empty_mapping_behind() {
        let mut value = Value::map();
        put(&mut value, "a.b.c", 1_i64.into());
        put(&mut value, "a.d", 2_i64.into());
        let taken = take(&mut value, "a.b.c");
        assert_eq!(taken, Some(1_i64.into()));
        assert!(value.get("a").and_then(|a| a.get("b")).is_none());
        assert!(value.get("a").and_then(|a| a.get("d")).is_some());
    }
}
