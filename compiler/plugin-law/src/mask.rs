//! The texts of a plugin's secret settings → what is shown in their place.
//!
//! Owns: the search: a plugin can carry a secret anywhere, so texts are searched in what that plugin says and changes, and nowhere else. Must not: decide what is a secret.

use std::borrow::Cow;

use flatwright_diagnostic::{Anchor, Diagnostic, Path, Segment};
use serde_json::Value;

use crate::secrets::secret_settings;

/// Shorter texts occur by chance: to replace them would spoil what is shown, and tell what they are.
pub const LEAST: usize = 8;

/// One text of a secret setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The text itself.
    pub text: String,
    /// What is shown in its place.
    pub shown: String,
    /// The path of the setting.
    pub path: String,
    /// Where it stands, if that is in a text.
    pub anchor: Option<Anchor>,
}

impl Secret {
    /// A secret setting without a place, as cases and command lines give it.
    fn of_setting(path: &Path, text: String) -> Self {
        let path = path.to_string();
        Self { text, shown: shown(&path), path, anchor: None }
    }

    /// Whether it can be told from other texts.
    pub fn is_findable(&self) -> bool {
        self.text.len() >= LEAST
    }
}

/// The secrets among the settings of a plugin, or of all plugins of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The longest first: one may be part of another.
    list: Vec<Secret>,
}

impl Secrets {
    /// Secrets with their places.
    pub fn new(list: impl IntoIterator<Item = Secret>) -> Self {
        let mut list: Vec<Secret> = list.into_iter().filter(|secret| !secret.text.is_empty()).collect();
        list.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        Self { list }
    }

    /// Those among settings that a schema calls secret. Both are JSON, the schema as its text.
    pub fn of_settings(schema: &str, settings: &Value) -> Self {
        let mut list = Vec::new();
        for path in secret_settings(schema, settings) {
            let value = path.segments().iter().try_fold(settings, |value, segment| match segment {
                Segment::Key(key) => value.get(&**key),
                Segment::Index(index) => value.get(index),
            });
            scalars(value.unwrap_or(&Value::Null), &path, &mut list);
        }
        Self::new(list)
    }

    /// All of them, the longest first.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.list.iter()
    }

    /// With those of another plugin.
    pub fn extend(&mut self, other: &Self) {
        *self = Self::new(self.list.drain(..).chain(other.list.iter().cloned()));
    }

    /// Whether a change may only be told by its path, because a secret in it could not be found.
    pub fn hides_changes(&self) -> bool {
        self.list.iter().any(|secret| !secret.is_findable())
    }

    /// A text with every secret that can be found replaced.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, Secret::is_findable)
    }

    /// A text about the secrets themselves: the short ones are replaced as well.
    pub fn masked_at_home<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, |_| true)
    }

    fn replaced<'t>(&self, text: &'t str, which: impl Fn(&Secret) -> bool) -> Cow<'t, str> {
        let mut out = Cow::Borrowed(text);
        for secret in self.list.iter().filter(|secret| which(secret)) {
            for form in forms(&secret.text) {
                if out.contains(&*form) {
                    out = Cow::Owned(out.replace(&*form, &secret.shown));
                }
            }
        }
        out
    }

    /// A value with the secrets in its texts and keys replaced.
    pub fn masked_value(&self, value: Value) -> Value {
        if self.list.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => self.masked(&text).into_owned().into(),
            Value::Array(items) => items.into_iter().map(|item| self.masked_value(item)).collect(),
            Value::Object(map) => {
                map.into_iter().map(|(key, value)| (self.masked(&key).into_owned(), self.masked_value(value))).collect()
            }
            Value::Number(number) => {
                let text = number.to_string();
                match self.masked(&text) {
                    Cow::Borrowed(_) => Value::Number(number),
                    Cow::Owned(masked) => masked.into(),
                }
            }
            other => other,
        }
    }

    /// Replaces the secrets in everything that a finding says.
    pub fn mask(&self, finding: &mut Diagnostic) {
        if self.list.is_empty() {
            return;
        }
        let mask = |text: &mut String| {
            if let Cow::Owned(masked) = self.masked(text) {
                *text = masked;
            }
        };
        mask(&mut finding.message);
        finding.notes.iter_mut().chain(&mut finding.hints).for_each(mask);
        finding.labels.iter_mut().for_each(|label| mask(&mut label.message));
        finding.data.iter_mut().for_each(|(_, text)| mask(text));
        finding.url.iter_mut().for_each(mask);
        finding.qualifier.iter_mut().for_each(mask);
        if let Some(path) = &finding.object_path
            && let Cow::Owned(masked) = self.masked(&path.to_string())
        {
            finding.object_path = Some(Path::parse(&masked));
        }
    }
}

/// What stands in the place of a secret setting.
pub fn shown(path: &str) -> String {
    format!("<settings.{path}>")
}

/// Every scalar below a value that could be a secret.
fn scalars(value: &Value, path: &Path, list: &mut Vec<Secret>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| scalars(value, &path.key(key), list)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| scalars(item, &path.index(index), list));
        }
        Value::String(text) => list.push(Secret::of_setting(path, text.clone())),
        Value::Number(number) => list.push(Secret::of_setting(path, number.to_string())),
        Value::Null | Value::Bool(_) => {}
    }
}

/// A text as it is, as JSON and Rust write it, and as a report cuts it.
fn forms(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let escaped = text.escape_debug().to_string();
    let line = text.lines().next().unwrap_or_default();
    let escaped = (escaped != text).then_some(Cow::Owned(escaped));
    let line = (line.len() < text.len() && line.len() >= LEAST).then_some(Cow::Borrowed(line));
    std::iter::once(Cow::Borrowed(text)).chain(escaped).chain(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(texts: &[&str]) -> Secrets {
        let secret = |text: &&str| Secret {
            text: (*text).to_owned(),
            shown: "<settings.token>".to_owned(),
            path: "token".to_owned(),
            anchor: None,
        };
        Secrets::new(texts.iter().map(secret))
    }

    #[test]
    fn every_occurrence_is_replaced_in_whatever_form() {
        let secrets = secrets(&["hunter2!hunter2", "hunter2!", "line one\nline \"two\""]);
        assert_eq!(secrets.masked("a hunter2!hunter2 b hunter2!"), "a <settings.token> b <settings.token>");
        assert_eq!(secrets.masked(r#"x line one\nline \"two\" y"#), "x <settings.token> y");
        assert_eq!(secrets.masked("x line one … y"), "x <settings.token> … y");
        let value = serde_json::json!({ "a hunter2!": ["hunter2!hunter2", 1] });
        assert_eq!(secrets.masked_value(value), serde_json::json!({ "a <settings.token>": ["<settings.token>", 1] }));
    }

    #[test]
    fn settings_are_secret_where_the_schema_says_so() {
        let schema = r#"{"properties": {"login": {"writeOnly": true}, "name": {}}}"#;
        let settings = serde_json::json!({"login": {"keys": ["hunter2!", 12_345_678]}, "name": "public-name"});
        let secrets = Secrets::of_settings(schema, &settings);
        let shown = secrets.masked("hunter2! 12345678 public-name").into_owned();
        assert_eq!(shown, "<settings.login.keys[0]> <settings.login.keys[1]> public-name");
    }

    #[test]
    fn short_ones_are_replaced_at_home_only() {
        let secrets = secrets(&["abc", ""]);
        assert!(secrets.hides_changes());
        assert_eq!(secrets.masked("an abc"), "an abc");
        assert_eq!(secrets.masked_at_home("an abc"), "an <settings.token>");
        assert!(!self::secrets(&["", "12345678"]).hides_changes());
    }
}
