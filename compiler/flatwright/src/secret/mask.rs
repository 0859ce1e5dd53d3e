//! The texts of a plugin's secret settings → what is shown in their place.
//!
//! A plugin can carry a secret anywhere, so here texts are searched: in what that plugin says and changes, and nowhere else.

use std::borrow::Cow;

use flatwright_diagnostic::{Anchor, Diagnostic};
use serde_json::Value;

/// Shorter texts occur by chance: to replace them would spoil what is shown, and tell what they are.
pub(crate) const LEAST: usize = 8;

/// One text of a secret setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// The text itself.
    pub(crate) text: String,
    /// What is shown in its place.
    pub(crate) shown: String,
    /// The path of the setting.
    pub(crate) path: String,
    /// Where it stands, if that is in a text.
    pub(crate) anchor: Option<Anchor>,
}

impl Secret {
    /// Whether it can be told from other texts.
    pub(crate) fn is_findable(&self) -> bool {
        self.text.len() >= LEAST
    }
}

/// The secrets among the settings of a plugin, or of all plugins of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    /// The longest first: one may be part of another.
    list: Vec<Secret>,
}

impl Secrets {
    pub(crate) fn new(list: impl IntoIterator<Item = Secret>) -> Self {
        let mut list: Vec<Secret> = list.into_iter().filter(|secret| !secret.text.is_empty()).collect();
        list.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        Self { list }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.list.iter()
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        *self = Self::new(self.list.drain(..).chain(other.list.iter().cloned()));
    }

    /// Whether a change may only be told by its path, because a secret in it could not be found.
    pub(crate) fn hides_changes(&self) -> bool {
        self.list.iter().any(|secret| !secret.is_findable())
    }

    /// A text with every secret that can be found replaced.
    pub(crate) fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, Secret::is_findable)
    }

    /// A text about the secrets themselves: the short ones are replaced as well.
    pub(crate) fn masked_at_home<'t>(&self, text: &'t str) -> Cow<'t, str> {
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
    pub(crate) fn masked_value(&self, value: Value) -> Value {
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
    pub(crate) fn mask(&self, finding: &mut Diagnostic) {
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
            finding.object_path = Some(flatwright_diagnostic::Path::parse(&masked));
        }
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
    fn short_ones_are_replaced_at_home_only() {
        let secrets = secrets(&["abc", ""]);
        assert!(secrets.hides_changes());
        assert_eq!(secrets.masked("an abc"), "an abc");
        assert_eq!(secrets.masked_at_home("an abc"), "an <settings.token>");
        assert!(!self::secrets(&["", "12345678"]).hides_changes());
    }
}
