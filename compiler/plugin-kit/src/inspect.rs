//! A component as text, for people. Runs nothing.
//!
//! The embedded description is whatever somebody put there, so everything is escaped.

use std::fmt::Write as _;

use flatwright_plugin_host::{Inspection, escape_line};

/// What `plugin inspect` prints.
pub fn inspect_text(inspection: &Inspection) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: &str| {
        writeln!(text, "{key:<12} {}", escape_line(value)).expect("invariant: a string takes any text");
    };
    let shape = &inspection.shape;
    match &shape.description {
        Some(description) => {
            line("name", &description.name);
            line("version", &description.version);
            line("summary", &description.summary);
            if let Some(url) = &description.documentation {
                line("docs", url);
            }
        }
        None => line("description", "not embedded; `flatwright plugin build` does that"),
    }
    line("digest", &inspection.digest);
    line("size", &format!("{} bytes", inspection.size));
    line("api", &inspection.world.api.to_string());
    line("hooks", &inspection.world.hooks.iter().map(|hook| hook.name()).collect::<Vec<_>>().join(", "));
    for import in &shape.imports {
        line("import", import);
    }
    for producer in &shape.producers {
        line("made by", producer);
    }
    if let Some(schema) = shape.description.as_ref().and_then(|description| description.settings_schema.as_deref()) {
        line("settings", "");
        let pretty = serde_json::from_str::<serde_json::Value>(schema).ok();
        let pretty = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok());
        for schema_line in pretty.as_deref().unwrap_or(schema).lines() {
            line("", schema_line);
        }
    }
    text
}
