//! The JSON Schemas of the languages that users write machine configs in, by file name.

use serde_json::{Map, Value};

use crate::butane::{self, Variant, Version};
use crate::{clc, ignition2, ignition3};

const BASE: &str = "https://flatwright.dev/schemas/";

/// File names and schemas: Butane for Flatcar, Container Linux Config, Ignition 2.3 and 3.x; every released version.
pub fn schemas() -> Vec<(String, Value)> {
    let butane = Version::ALL
        .into_iter()
        .filter(|version| version.variant == Variant::Flatcar && !version.is_experimental())
        .map(|version| (format!("butane-flatcar-{}.json", version.as_str()), butane::schema(version)));
    let ignition = ignition3::Version::ALL
        .into_iter()
        .filter(|version| !version.as_str().ends_with("-experimental"))
        .map(|version| (format!("ignition-{}.json", version.as_str()), ignition3::schema(version)));
    let others = [
        ("clc.json".to_owned(), clc::schema()),
        (format!("ignition-{}.json", ignition2::VERSION), ignition2::schema()),
    ];
    butane.chain(others).chain(ignition).map(|(name, schema)| (name.clone(), with_id(&name, schema))).collect()
}

fn with_id(name: &str, schema: Value) -> Value {
    let Value::Object(fields) = schema else { return schema };
    let mut out = Map::new();
    for (key, value) in fields {
        let is_dialect = key == "$schema";
        out.insert(key, value);
        if is_dialect {
            out.insert("$id".to_owned(), format!("{BASE}{name}").into());
        }
    }
    out.entry("$id").or_insert_with(|| format!("{BASE}{name}").into());
    Value::Object(out)
}
