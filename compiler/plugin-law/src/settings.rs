//! Settings against the schema of a plugin's description, in plain words.

use flatwright_diagnostic::{Path, nearest};
use flatwright_plugin_host::escape_line;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::plain;

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where: the key that is wrong, or the mapping that lacks one.
    pub path: Path,
    /// The fact.
    pub fact: String,
    /// What to type.
    pub hint: Option<String>,
}

/// What is wrong with settings; nothing if they keep to the schema. Both are JSON, the schema as its text.
///
/// # Errors
/// Why the schema is not one.
pub fn problems(schema: &str, settings: &Value) -> Result<Vec<Problem>, String> {
    if plain::is_valid(schema, &settings.to_string()) {
        return Ok(Vec::new());
    }
    let schema: Value = serde_json::from_str(schema).map_err(|error| error.to_string())?;
    let validator = validator(&schema)?;
    Ok(validator.iter_errors(settings).flat_map(|error| of(&error, &schema)).collect())
}

/// A schema ready for use.
///
/// # Errors
/// Why it is not one.
pub fn validator(schema: &Value) -> Result<jsonschema::Validator, String> {
    jsonschema::validator_for(schema).map_err(|error| error.to_string())
}

fn of(error: &ValidationError<'_>, schema: &Value) -> Vec<Problem> {
    let at = pointer(error.instance_path().as_str());
    let fact = |fact: String| Problem { path: at.clone(), fact, hint: None };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_keys(schema, error.schema_path().as_str());
            let one = |key: &String| Problem {
                path: at.key(key),
                fact: format!("there is no setting `{}`", escape_line(key)),
                hint: match nearest(key, known.iter().map(String::as_str)) {
                    Some(near) => Some(format!("did you mean `{near}`?")),
                    None if known.is_empty() => None,
                    None => Some(format!("there are {}", list(&known))),
                },
            };
            unexpected.iter().map(one).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().map_or_else(|| property.to_string(), str::to_owned);
            vec![fact(format!("the setting `{}` is missing", escape_line(&name)))]
        }
        ValidationErrorKind::Type { kind } => {
            let wanted: Vec<String> = match kind {
                jsonschema::error::TypeKind::Single(one) => vec![one.to_string()],
                jsonschema::error::TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect(),
            };
            let names: Vec<&str> = wanted.iter().map(|name| in_words(name)).collect();
            vec![fact(format!("{} is not {}", shown(error.instance()), names.join(" or ")))]
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(text).collect();
            let given = text(error.instance());
            let mut problem = fact(format!("{} is not one of the allowed values", shown(error.instance())));
            problem.fact = format!("{} is not {}", shown(error.instance()), one_of(&options));
            problem.hint =
                nearest(&given, options.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            vec![problem]
        }
        ValidationErrorKind::Pattern { pattern } => {
            vec![fact(format!("{} does not match `{}`", shown(error.instance()), escape_line(pattern)))]
        }
        _ => vec![fact(escape_line(&error.to_string()))],
    }
}

/// The keys that the mapping of a refused one may have: `properties` beside the keyword that refused it.
fn known_keys(schema: &Value, keyword: &str) -> Vec<String> {
    let around = keyword.rsplit_once('/').map_or("", |(around, _)| around);
    let properties = schema.pointer(around).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
}

fn in_words(kind: &str) -> &str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a mapping",
        other => other,
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", escape_line(name))).collect::<Vec<_>>().join(", ")
}

fn one_of(options: &[String]) -> String {
    match options {
        [only] => format!("`{}`", escape_line(only)),
        _ => format!("one of {}", list(options)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value in a message: short, and never a whole mapping.
fn shown(value: &Value) -> String {
    match value {
        Value::Object(_) => "a mapping".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        scalar => {
            let text: String = text(scalar).chars().take(80).collect();
            format!("`{}`", escape_line(&text))
        }
    }
}

/// A JSON Pointer as a path.
pub fn pointer(text: &str) -> Path {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn problems_are_told_at_the_key_with_the_nearest_name() {
        let schema = json!({
            "type": "object",
            "properties": {
                "profile": { "enum": ["baseline", "restricted"] },
                "retries": { "type": "integer" },
                "names": { "type": "array", "items": { "pattern": "^[a-z]+$" } },
            },
            "required": ["retries"],
            "additionalProperties": false,
        });
        let told = |settings: Value| -> Vec<String> {
            let found = problems(&schema.to_string(), &settings).unwrap();
            found
                .iter()
                .map(|one| format!("{}: {} ({})", one.path, one.fact, one.hint.as_deref().unwrap_or("")))
                .collect()
        };
        assert_eq!(told(json!({ "retries": 1 })), [""; 0]);
        assert_eq!(
            told(json!({ "retires": 1, "profile": "basline", "names": ["A"] })),
            [
                "profile: `basline` is not one of `baseline`, `restricted` (did you mean `baseline`?)",
                "names[0]: `A` does not match `^[a-z]+$` ()",
                "retires: there is no setting `retires` (did you mean `retries`?)",
                ": the setting `retries` is missing ()",
            ]
        );
        assert_eq!(told(json!({ "retries": "1" })), ["retries: `1` is not a whole number ()"]);
        assert!(problems("{\"type\": 1}", &json!({})).is_err());
    }
}
