//! Settings: checked against the schema of the plugin's description, at the user's line, before any hook runs.

use flatwright_diagnostic::Report;
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_law::settings::{Problem, problems};
use flatwright_yaml::Value;

use super::rules::Settings;
use super::secrets::is_secret;
use crate::json::to_json;
use crate::places::of_entry;
use crate::secret::Secrets;

/// The settings as the JSON text that hooks get; `None` after an error.
pub(super) fn checked(
    entry: &Entry,
    description: &Description,
    secrets: &Secrets,
    report: &mut Report,
) -> Option<String> {
    let json = entry.settings.as_ref().map_or_else(|| serde_json::json!({}), to_json);
    let Some(schema) = &description.settings_schema else {
        if let Some(settings) = &entry.settings {
            let anchor = settings.origin.anchor().unwrap_or_else(|| of_entry(entry));
            report.refuse(anchor, &Settings::Unwanted { name: entry.name.value.clone() }).hint("remove `settings`");
            return None;
        }
        return Some(json.to_string());
    };
    let problems = match problems(schema, &json) {
        Ok(problems) => problems,
        Err(reason) => {
            report
                .refuse(of_entry(entry), &Settings::Schema { name: entry.name.value.clone() })
                .note(escape_line(&reason))
                .hint("this is a mistake of the plugin's author");
            return None;
        }
    };
    let is_good = problems.is_empty();
    for Problem { path, fact, hint } in problems {
        let settings = entry.settings.as_ref();
        let anchor = settings.and_then(|settings: &Value| settings.origin_at(&path).anchor());
        let fact = secrets.masked_at_home(&fact).into_owned();
        // The nearest words that there are would tell much of a secret.
        let hint = hint.filter(|_| !is_secret(secrets, &path));
        let rule = Settings::Refused { name: entry.name.value.clone(), path: path.to_string(), fact };
        let finding = report.refuse(anchor.unwrap_or_else(|| of_entry(entry)), &rule);
        finding.hints.extend(hint.map(|hint| secrets.masked_at_home(&hint).into_owned()));
    }
    is_good.then(|| json.to_string())
}
