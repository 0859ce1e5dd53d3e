//! Settings: checked against the schema of the plugin's description, at the user's line, before any hook runs.

use flatwright_diagnostic::{Path, Report};
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::meta::Description;
use flatwright_yaml::Value;

use super::{code, plain};
use crate::json::to_json;
use crate::places::of_entry;

/// The settings as the JSON text that hooks get; `None` after an error.
pub(super) fn checked(entry: &Entry, description: &Description, report: &mut Report) -> Option<String> {
    let json = entry.settings.as_ref().map_or_else(|| serde_json::json!({}), to_json);
    let Some(schema) = &description.settings_schema else {
        if let Some(settings) = &entry.settings {
            let anchor = settings.origin.anchor().unwrap_or_else(|| of_entry(entry));
            report
                .error(code::PLUGIN_SETTINGS, anchor, format!("plugin `{}` takes no settings", entry.name.value))
                .hint("remove `settings`");
            return None;
        }
        return Some(json.to_string());
    };
    let text = json.to_string();
    if plain::is_valid(schema, &text) {
        return Some(text);
    }
    let schema = serde_json::from_str(schema).map_err(|error| error.to_string());
    let schema = match schema.and_then(|schema| json_schema(&schema)) {
        Ok(validator) => validator,
        Err(reason) => {
            report
                .error(
                    code::PLUGIN_SETTINGS,
                    of_entry(entry),
                    format!("plugin `{}` declares a settings schema that is none", entry.name.value),
                )
                .note(escape_line(&reason))
                .hint("this is a mistake of the plugin's author");
            return None;
        }
    };
    let mut is_good = true;
    for error in schema.iter_errors(&json) {
        is_good = false;
        let path = pointer(error.instance_path().as_str());
        let anchor = entry
            .settings
            .as_ref()
            .map(|settings: &Value| settings.origin_at(&path))
            .and_then(|origin| origin.anchor());
        let mut message = format!("plugin `{}`: {}", entry.name.value, escape_line(&error.to_string()));
        if !path.is_root() {
            message.push_str(&format!(" (at `settings.{path}`)"));
        }
        report.error(code::PLUGIN_SETTINGS, anchor.unwrap_or_else(|| of_entry(entry)), message);
    }
    is_good.then_some(text)
}

/// A schema ready for use.
///
/// # Errors
/// Why it is none.
pub(crate) fn json_schema(schema: &serde_json::Value) -> Result<jsonschema::Validator, String> {
    jsonschema::validator_for(schema).map_err(|error| error.to_string())
}

/// A JSON Pointer as a path.
pub(crate) fn pointer(text: &str) -> Path {
    let mut path = Path::root();
    for step in text.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        match step.parse() {
            Ok(index) => path.push_index(index),
            Err(_) => path.push_key(&step),
        }
    }
    path
}
