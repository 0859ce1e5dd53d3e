//! `${env:NAME}` and `${env:NAME:-default}` in spec scalars; `$${env:` is literal, and so is any other `$`.

use std::borrow::Cow;

/// The environment variables of a run. Handed in by the shell; the compiler never reads them itself.
pub trait Environment {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<String>;

    /// Whether a variable has no value because specs may not read it.
    fn is_withheld(&self, _name: &str) -> bool {
        false
    }
}

impl<F: Fn(&str) -> Option<String>> Environment for F {
    fn variable(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// A problem in one reference.
pub(super) enum Problem {
    Unset(String),
    /// Whether it is set is nothing that this spec may know.
    Withheld(String),
    Unclosed,
    BadName(String),
}

const OPEN: &str = "${env:";

/// A text whose references are replaced.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Substituted {
    /// What it says now.
    pub(super) text: String,
    /// Whether a variable is in it, and not only defaults that the spec itself says.
    pub(super) is_from_outside: bool,
}

/// Every variable that a text names and that is set, as it is written and with its value.
pub fn references(text: &str, environment: &dyn Environment) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let _ = each(text, environment, &mut |written, value, is_from_outside| {
        if is_from_outside {
            found.push((written.to_owned(), value.to_owned()));
        }
    });
    found
}

/// What a text says with its references replaced; `None` if there are none or one cannot be.
pub fn resolved(text: &str, environment: &dyn Environment) -> Option<String> {
    substitute(text, environment).ok()?.map(|substituted| substituted.text)
}

/// Replaces every reference. `Ok(None)` if there is none, which is the usual case and costs one search.
pub(super) fn substitute(text: &str, environment: &dyn Environment) -> Result<Option<Substituted>, Problem> {
    if !text.contains(OPEN) {
        return Ok(None);
    }
    let mut is_from_outside = false;
    let text = each(text, environment, &mut |_, _, is_set| is_from_outside |= is_set)?;
    Ok(Some(Substituted { text, is_from_outside }))
}

/// Replaces every reference, and tells of each as it is written what it stands for, and whether that is a variable's value.
fn each(text: &str, environment: &dyn Environment, met: &mut dyn FnMut(&str, &str, bool)) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        if let Some(before) = rest[..at].strip_suffix('$') {
            out.push_str(before);
            out.push_str(OPEN);
            rest = &rest[at + OPEN.len()..];
            continue;
        }
        out.push_str(&rest[..at]);
        let inner = &rest[at + OPEN.len()..];
        let end = inner.find('}').ok_or(Problem::Unclosed)?;
        let (value, is_set) = lookup(&inner[..end], environment)?;
        met(&rest[at..=at + OPEN.len() + end], &value, is_set);
        out.push_str(&value);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// What a reference stands for, and whether the environment says so.
fn lookup<'t>(reference: &'t str, environment: &dyn Environment) -> Result<(Cow<'t, str>, bool), Problem> {
    let (name, default) = match reference.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (reference, None),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return Err(Problem::BadName(name.to_owned()));
    }
    match (environment.variable(name), default) {
        (Some(value), _) => Ok((Cow::Owned(value), true)),
        (None, Some(default)) => Ok((Cow::Borrowed(default), false)),
        (None, None) if environment.is_withheld(name) => Err(Problem::Withheld(name.to_owned())),
        (None, None) => Err(Problem::Unset(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> Option<String> {
        let environment = |name: &str| (name == "A").then(|| "1".to_owned());
        resolved(text, &environment)
    }

    #[test]
    fn references_are_replaced_and_everything_else_is_literal() {
        assert_eq!(replaced("x"), None);
        assert_eq!(replaced("${env:A}").as_deref(), Some("1"));
        assert_eq!(replaced("a-${env:A}-${env:B:-2}").as_deref(), Some("a-1-2"));
        assert_eq!(replaced("$${env:A} $HOME ${HOME} ${env:A}").as_deref(), Some("${env:A} $HOME ${HOME} 1"));
        assert_eq!(replaced("${HOME}"), None);
    }

    #[test]
    fn a_default_comes_from_the_spec() {
        let environment = |name: &str| (name == "A").then(|| "1".to_owned());
        let is_from_outside = |text: &str| substitute(text, &environment).ok().flatten().map(|it| it.is_from_outside);
        assert_eq!(is_from_outside("${env:B:-2}"), Some(false));
        assert_eq!(is_from_outside("${env:B:-2} ${env:A:-3}"), Some(true));
        let named = references("x${env:B:-2}-${env:A:-3}$${env:A}", &environment);
        assert_eq!(named, [("${env:A:-3}".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn an_unset_variable_or_a_broken_reference_is_a_problem() {
        let environment = |_: &str| None;
        assert!(matches!(substitute("${env:B}", &environment), Err(Problem::Unset(name)) if name == "B"));
        assert!(matches!(substitute("${env:B", &environment), Err(Problem::Unclosed)));
        assert!(matches!(substitute("${env:a b}", &environment), Err(Problem::BadName(_))));
    }
}
