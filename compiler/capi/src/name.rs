//! Content-hashed template names. Machine templates are immutable and config templates roll nothing out when they are edited, so a changed template needs a
//! new name, and everything that depends on the name follows it.
//!
//! A release that changes a hash for an unchanged spec rolls people's machines: the golden test of the names guards that.

use std::collections::BTreeMap;

use flatwright_yaml::{Value, ValueKind, emit};
use sha2::{Digest, Sha256};

use crate::object::{Object, Subject};

/// How templates are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TemplateNames {
    /// `<cluster>-<group>-<hash>`.
    #[default]
    Hashed,
    /// `<cluster>-<group>`, as upstream's templates.
    Plain,
}

/// Gives every template its final name, and the references and Secrets that follow it.
pub fn name(objects: &mut [Object], style: TemplateNames) {
    if style == TemplateNames::Plain {
        return;
    }
    // Only objects of the same group follow a name, so each group's objects are found once and not by a search per template.
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, object) in objects.iter().enumerate() {
        if let Some(group) = object.group() {
            groups.entry(group).or_default().push(index);
        }
    }
    // The config template contains the name of a Secret that follows the machine template's name, so the machine templates come first.
    for kind in ["AzureMachineTemplate", "KubeadmConfigTemplate"] {
        for members in groups.values() {
            let Some(template) = members.iter().copied().find(|index| objects[*index].kind() == kind) else { continue };
            let old = objects[template].name().to_owned();
            let new = format!("{old}-{}", hash(&objects[template]));
            set_name(&mut objects[template], &new);
            for member in members {
                follow(&mut objects[*member].value, kind, &old, &new);
            }
        }
    }
}

/// Eight hexadecimal digits of the SHA-256 of the spec as it is written.
fn hash(object: &Object) -> String {
    let spec = object.value.get("spec").map(emit).unwrap_or_default();
    Sha256::digest(spec.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn set_name(object: &mut Object, new: &str) {
    if let Some(metadata) = object.value.as_map_mut().and_then(|map| map.get_mut("metadata"))
        && let Some(Value { kind: ValueKind::Str(name), .. }) =
            metadata.as_map_mut().and_then(|map| map.get_mut("name"))
    {
        new.clone_into(name);
    }
}

/// References to the kind, and for machine templates the Secret with the cloud provider's settings, wherever they stand in an object of the same group.
fn follow(value: &mut Value, kind: &str, old: &str, new: &str) {
    match &mut value.kind {
        ValueKind::Map(map) => {
            let is_reference = map.get("kind").and_then(Value::as_str) == Some(kind) && map.get("spec").is_none();
            let is_secret = kind == "AzureMachineTemplate" && map.get("key").is_some();
            if let Some(Value { kind: ValueKind::Str(name), .. }) = map.get_mut("name") {
                if is_reference && name == old {
                    new.clone_into(name);
                } else if is_secret && name.strip_suffix("-azure-json") == Some(old) {
                    *name = format!("{new}-azure-json");
                }
            }
            for (_, inner) in map.iter_mut() {
                follow(inner, kind, old, new);
            }
        }
        ValueKind::Seq(items) => items.iter_mut().for_each(|item| follow(item, kind, old, new)),
        _ => {}
    }
}

impl Object {
    /// The index of its node group, if it is about one.
    pub fn group(&self) -> Option<usize> {
        match self.subject {
            Subject::Group(index) => Some(index),
            _ => None,
        }
    }
}
