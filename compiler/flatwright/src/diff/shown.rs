//! Which values of a change are shown. Contents, environment variables and free-form settings can hold secrets: of them only that they changed is told.

use flatwright_diagnostic::{Path, Segment};
use serde_json::Value as Json;

/// Fields whose texts are harmless.
const HARMLESS: &[&str] = &[
    "apiVersion",
    "cachingType",
    "cidr",
    "cidrBlocks",
    "chartName",
    "clusterName",
    "diskSizeGB",
    "effect",
    "failureDomain",
    "imageRepository",
    "imageTag",
    "kind",
    "location",
    "maxSurge",
    "maxUnavailable",
    "name",
    "namespace",
    "offer",
    "option",
    "owner",
    "path",
    "permissions",
    "placement",
    "publisher",
    "resourceGroup",
    "role",
    "serviceDomain",
    "sku",
    "storageAccountType",
    "subnetName",
    "subscriptionID",
    "type",
    "version",
    "vmSize",
];

/// The longest text that is shown.
const LONGEST: usize = 80;

/// The value in short; nothing if it may not be shown.
pub(super) fn shown(path: &Path, value: Option<&Json>) -> Option<String> {
    match value? {
        Json::Bool(value) => Some(value.to_string()),
        Json::Number(value) => Some(value.to_string()),
        Json::String(text) if is_harmless(path) && text.len() <= LONGEST && !text.contains(char::is_control) => {
            Some(text.clone())
        }
        _ => None,
    }
}

fn is_harmless(path: &Path) -> bool {
    let key = path.segments().iter().rev().find_map(|segment| match segment {
        Segment::Key(key) => Some(&**key),
        Segment::Index(_) => None,
    });
    key.is_some_and(|key| HARMLESS.contains(&key))
}
