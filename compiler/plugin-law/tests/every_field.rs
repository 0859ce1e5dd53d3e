//! Every field of every hook's value: there is a value that a spec refuses, and so does the law. The rows come from the model itself.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use flatwright_diagnostic::Severity;
use flatwright_flatcar::arch::Architecture;
use flatwright_plugin_host::model::images::Image;
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_law::{Facts, Judge, Sample, judge};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What no field may hold, or some may not.
const REFUSED: [&str; 6] = ["\u{7}", "two\nlines", "", "a b", "/etc/kubernetes/azure.json", "kubernetes"];

/// Fields that can hold whatever their type can, with the reason.
const FREE: &[(&str, &str)] = &[("node.files[].content.text", "contents of a file are the author's own")];

fn facts() -> Facts<'static> {
    Facts {
        architecture: Some(Architecture::Amd64),
        release: "4593.2.5".parse().ok(),
        has_extension: true,
        is_rebooted: true,
        owned: Box::new(|_| false),
    }
}

/// The leaves of a value: how they are written in the list above, and as a JSON Pointer.
fn leaves(value: &Value, path: &str, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(value, &path, &format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}[]"), &format!("{pointer}/{index}"), found);
            }
        }
        // A flag has no value that could be refused.
        Value::Bool(_) | Value::Null => {}
        Value::Number(_) | Value::String(_) => found.push((path.to_owned(), pointer.to_owned())),
    }
}

/// The fields of a hook that take everything.
fn taken<T: Sample + Judge + DeserializeOwned>() -> BTreeSet<String> {
    let mut free = BTreeSet::new();
    for sample in T::samples() {
        let json = serde_json::to_value(&sample).unwrap();
        let mut rows = Vec::new();
        leaves(&json, "", "", &mut rows);
        for (path, pointer) in rows {
            let is_refused = REFUSED.iter().any(|text| {
                let mut answer = json.clone();
                *answer.pointer_mut(&pointer).unwrap() = (*text).into();
                // What the record cannot hold, no plugin can answer.
                let Ok(answer) = serde_json::from_value::<T>(answer) else { return true };
                let refusals = judge(&sample, &answer, &facts());
                refusals.iter().any(|refusal| refusal.finding.severity == Severity::Error && !refusal.field.is_empty())
            });
            if !is_refused {
                free.insert(path);
            }
        }
    }
    free
}

#[test]
fn every_field_has_a_value_that_is_refused() {
    let mut free = taken::<KubeadmSettings>();
    free.extend(taken::<SysupdateConfig>());
    free.extend(taken::<Image>());
    let listed: BTreeSet<String> = FREE.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(free, listed);
}
