//! Settings: checked against the schema of the plugin's description, at the user's line, before any hook runs.

use flatwright_diagnostic::Report;
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_law::settings::{Problem, problems};
use flatwright_yaml::Value;

use super::code;
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
    let problems = match problems(schema, &json) {
        Ok(problems) => problems,
        Err(reason) => {
            report
                .error(
                    code::PLUGIN_SETTINGS,
                    of_entry(entry),
                    format!("the settings schema of plugin `{}` is not a JSON Schema", entry.name.value),
                )
                .note(escape_line(&reason))
                .hint("this is a mistake of the plugin's author");
            return None;
        }
    };
    let is_good = problems.is_empty();
    for Problem { path, fact, hint } in problems {
        let settings = entry.settings.as_ref();
        let anchor = settings.and_then(|settings: &Value| settings.origin_at(&path).anchor());
        let mut message = format!("plugin `{}`: {fact}", entry.name.value);
        if !path.is_root() {
            message.push_str(&format!(" (at `settings.{path}`)"));
        }
        let finding = report.error(code::PLUGIN_SETTINGS, anchor.unwrap_or_else(|| of_entry(entry)), message);
        finding.hints.extend(hint);
    }
    is_good.then(|| json.to_string())
}
