//! `${env:NAME}` and `${env:NAME:-default}` in spec scalars; `$${env:` is literal, and so is any other `$`.

use std::borrow::Cow;

/// The environment variables of a run. Handed in by the shell; the compiler never reads them itself.
pub trait Environment {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<String>;
}

impl<F: Fn(&str) -> Option<String>> Environment for F {
    fn variable(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// A problem in one reference.
pub(super) enum Problem {
    Unset(String),
    Unclosed,
    BadName(String),
}

const OPEN: &str = "${env:";

/// Replaces every reference. `Ok(None)` if there is none, which is the usual case and costs one search.
pub(super) fn substitute(text: &str, environment: &dyn Environment) -> Result<Option<String>, Problem> {
    if !text.contains(OPEN) {
        return Ok(None);
    }
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
        out.push_str(&lookup(&inner[..end], environment)?);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Ok(Some(out))
}

fn lookup<'t>(reference: &'t str, environment: &dyn Environment) -> Result<Cow<'t, str>, Problem> {
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
        (Some(value), _) => Ok(Cow::Owned(value)),
        (None, Some(default)) => Ok(Cow::Borrowed(default)),
        (None, None) => Err(Problem::Unset(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> Option<String> {
        let environment = |name: &str| (name == "A").then(|| "1".to_owned());
        substitute(text, &environment).ok().flatten()
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
    fn an_unset_variable_or_a_broken_reference_is_a_problem() {
        let environment = |_: &str| None;
        assert!(matches!(substitute("${env:B}", &environment), Err(Problem::Unset(name)) if name == "B"));
        assert!(matches!(substitute("${env:B", &environment), Err(Problem::Unclosed)));
        assert!(matches!(substitute("${env:a b}", &environment), Err(Problem::BadName(_))));
    }
}
