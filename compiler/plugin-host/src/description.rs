//! Whether a plugin's description of itself can be used.

use serde_json::{Value, json};

use crate::failure::{Checked, Site, error};
use crate::fault::Fault;
use crate::model::meta::Description;
use crate::settings_schema;
use crate::text::{line, word};

const LONGEST_NAME: usize = 64;
const LONGEST_SUMMARY: usize = 500;

/// What is wrong with one field of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The field, as its JSON form calls it.
    pub field: &'static str,
    /// What it must be, and what it is.
    pub fact: String,
}

/// Checks a description; every later use may rely on it.
pub(crate) fn check(site: &Site, description: &Description) -> Checked<()> {
    let flaws = flaws(description);
    let Some(flaw) = flaws.first() else { return Ok(()) };
    let plugin = Some(site.plugin());
    Err(error(&Fault::InvalidDescription { plugin, fact: flaw.fact.clone() }).into())
}

/// Everything that makes a description unusable, at most one flaw per field.
pub fn flaws(description: &Description) -> Vec<Flaw> {
    let Description { name, version, summary, settings_schema: settings, documentation } = description;
    let mut flaws = Vec::new();
    let mut add = |field, fact: String| flaws.push(Flaw { field, fact });
    if !is_kebab(name) {
        let fact = format!("must be kebab-case and at most {LONGEST_NAME} characters long, not `{}`", word(name));
        add("name", format!("`name` {fact}"));
    }
    if !is_version(version) {
        let fact = format!("must be three numbers such as `1.2.3`, perhaps with a suffix, not `{}`", word(version));
        add("version", format!("`version` {fact}"));
    }
    if summary.chars().count() > LONGEST_SUMMARY || line(summary) != *summary {
        add("summary", format!("`summary` must be one line of at most {LONGEST_SUMMARY} characters"));
    }
    if let Some(url) = documentation.as_deref().filter(|url| !url.starts_with("https://") || word(url) != **url) {
        add("documentation", format!("`documentation` must be an `https://` address, not `{}`", word(url)));
    }
    match settings.as_deref().map(serde_json::from_str::<Value>) {
        None => {}
        Some(Ok(schema @ (Value::Object(_) | Value::Bool(_)))) => {
            if let Err(reason) = settings_schema::check(&schema) {
                add("settings-schema", format!("`settings-schema` {reason}"));
            }
        }
        Some(Ok(_)) => add("settings-schema", "`settings-schema` must be a JSON object".to_owned()),
        Some(Err(error)) => add("settings-schema", format!("`settings-schema` is not JSON: {error}")),
    }
    flaws
}

/// The JSON Schema of a description in its JSON form, as the custom section of a component has it.
pub fn schema() -> Value {
    let optional = |description: &str| json!({ "type": ["string", "null"], "description": description });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://flatwright.dev/schemas/plugin-description.json",
        "title": "plugin description",
        "description": "What a plugin says about itself: `interface meta` of the WIT package `flatwright:plugin`.",
        "type": "object",
        "properties": {
            "name": {
                "type": "string",
                "maxLength": LONGEST_NAME,
                "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
                "description": "A short kebab-case name, such as `pin-images`. The spec may call the plugin otherwise.",
            },
            "version": {
                "type": "string",
                "maxLength": LONGEST_NAME,
                "description": "The plugin's own version, by semantic versioning.",
            },
            "summary": { "type": "string", "maxLength": LONGEST_SUMMARY, "description": "One sentence: what it does." },
            "settings-schema": optional("The JSON Schema (draft 2020-12) of the plugin's settings, as JSON text. Null or absent: it takes none."),
            "documentation": optional("Where to read more: an `https:` address."),
        },
        "required": ["name", "version", "summary"],
        "additionalProperties": false,
    })
}

fn is_kebab(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

fn is_version(version: &str) -> bool {
    version.len() <= LONGEST_NAME && semver::Version::parse(version).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        Description {
            name: "pin-images".into(),
            version: "1.0.0-rc.1".into(),
            summary: "pins".into(),
            ..Description::default()
        }
    }

    #[test]
    fn a_sound_description_passes() {
        assert_eq!(flaws(&description()), []);
        let full = Description {
            settings_schema: Some("{\"type\": \"object\"}".into()),
            documentation: Some("https://example.com/pin".into()),
            ..description()
        };
        assert_eq!(flaws(&full), []);
    }

    #[test]
    fn each_unusable_field_is_named() {
        let cases = [
            ("name", Description { name: "Pin Images".into(), ..description() }),
            ("name", Description { name: "a--b".into(), ..description() }),
            ("version", Description { version: "1.0".into(), ..description() }),
            ("version", Description { version: "1.0.0\u{1b}".into(), ..description() }),
            ("summary", Description { summary: "two\nlines".into(), ..description() }),
            ("documentation", Description { documentation: Some("file:///etc".into()), ..description() }),
            ("settings-schema", Description { settings_schema: Some("[".into()), ..description() }),
            ("settings-schema", Description { settings_schema: Some("[]".into()), ..description() }),
        ];
        for (field, description) in cases {
            let flaws = flaws(&description);
            assert!(flaws.len() == 1 && flaws[0].field == field, "{flaws:?}");
            assert!(flaws[0].fact.starts_with(&format!("`{field}`")), "{flaws:?}");
        }
    }
}
