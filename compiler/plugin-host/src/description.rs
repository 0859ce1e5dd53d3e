//! Whether a plugin's description of itself can be used.

use crate::code;
use crate::failure::{Checked, Site};
use crate::model::meta::Description;
use crate::text::{line, word};

const LONGEST_NAME: usize = 64;
const LONGEST_SUMMARY: usize = 500;

/// Checks a description; every later use may rely on it.
pub(crate) fn check(site: &Site, description: &Description) -> Checked<()> {
    let Some(problem) = problem(description) else { return Ok(()) };
    let mut diagnostic = site.error(code::INVALID_DESCRIPTION, "gave an unusable answer");
    diagnostic.message = format!("{}: {problem}", diagnostic.message);
    Err(diagnostic.into())
}

fn problem(description: &Description) -> Option<String> {
    let Description { name, version, summary, settings_schema, documentation } = description;
    if !is_kebab(name) {
        return Some(format!(
            "`name` must be kebab-case and at most {LONGEST_NAME} characters long, not `{}`",
            word(name)
        ));
    }
    if !is_version(version) {
        return Some(format!(
            "`version` must be three numbers such as `1.2.3`, perhaps with a suffix, not `{}`",
            word(version)
        ));
    }
    if summary.chars().count() > LONGEST_SUMMARY || line(summary) != *summary {
        return Some(format!("`summary` must be one line of at most {LONGEST_SUMMARY} characters"));
    }
    if let Some(url) = documentation.as_deref().filter(|url| !url.starts_with("https://") || word(url) != **url) {
        return Some(format!("`documentation` must be an `https://` address, not `{}`", word(url)));
    }
    match settings_schema.as_deref().map(serde_json::from_str::<serde_json::Value>) {
        None | Some(Ok(serde_json::Value::Object(_) | serde_json::Value::Bool(_))) => None,
        Some(Ok(_)) => Some("`settings-schema` must be a JSON object".to_owned()),
        Some(Err(error)) => Some(format!("`settings-schema` is not JSON: {error}")),
    }
}

fn is_kebab(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

fn is_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<_> = core.split('.').collect();
    version.len() <= LONGEST_NAME
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
        && numbers.len() == 3
        && numbers.iter().all(|number| number.parse::<u64>().is_ok())
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
        assert_eq!(problem(&description()), None);
        let full = Description {
            settings_schema: Some("{\"type\": \"object\"}".into()),
            documentation: Some("https://example.com/pin".into()),
            ..description()
        };
        assert_eq!(problem(&full), None);
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
            let problem = problem(&description).expect(field);
            assert!(problem.starts_with(&format!("`{field}`")), "{problem}");
        }
    }
}
