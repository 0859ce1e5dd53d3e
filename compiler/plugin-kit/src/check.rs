//! Whether a plugin is fit to be given to others.

use std::fmt;

use flatwright_plugin_host::{Failure, Hook, Host, Inspection, Limits, Source, inspect};
use serde::Serialize;

use crate::call::{Answer, call};
use crate::case::Case;
use crate::encode::schema_problem;
use crate::error::Error;

/// What was found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What it is.
    pub inspection: Inspection,
    /// What is wrong, one fact each.
    pub problems: Vec<String>,
    /// What was not asked, and why: without cases, a plugin that needs settings cannot be.
    pub untried: Vec<String>,
    /// What each call used.
    pub used: Vec<Used>,
    /// The limit of instructions.
    pub fuel_limit: u64,
}

/// What one call used.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    /// The hook.
    pub hook: Hook,
    /// Instructions.
    pub fuel: u64,
    /// Log lines.
    pub log_lines: usize,
}

impl Check {
    /// Whether every hook was asked and nothing is wrong.
    pub fn is_fit(&self) -> bool {
        self.problems.is_empty() && self.untried.is_empty()
    }
}

/// Checks a component: types, version and imports by loading it, its embedded description against what it answers, and equal answers to equal questions: each case,
/// or a plain question per hook, is asked twice.
///
/// # Errors
/// [`Error::Plugin`] if it cannot be loaded at all, [`Error::Case`] for an invalid case.
pub fn check(host: &Host, name: &str, component: &[u8], cases: &[Case]) -> Result<Check, Error> {
    let inspection = inspect(name, component).map_err(flatwright_plugin_host::Failure::from)?;
    let limits = Limits::default();
    let plugin = host.load(Source::new(name, component, &limits))?;
    let mut problems = Vec::new();
    match &inspection.shape.description {
        None => problems.push("the description is not embedded; build it with `flatwright plugin build`".to_owned()),
        Some(embedded) if embedded != plugin.description() => {
            problems.push("the embedded description is not what `describe` answers; build it again".to_owned());
        }
        Some(_) => {}
    }
    problems.extend(schema_problem(plugin.description()));
    let plain: Vec<Case> = plugin.hooks().iter().flat_map(|hook| Case::plain(*hook)).collect();
    let (mut used, mut untried) = (Vec::new(), Vec::new());
    for case in if cases.is_empty() { &plain } else { cases } {
        let (context, question) = case.question()?;
        let hook = question.hook();
        if !plugin.hooks().contains(&hook) {
            problems.push(format!("there is a case for hook `{hook}`, which the plugin does not have"));
            continue;
        }
        let twice = [call(&plugin, &context, &question), call(&plugin, &context, &question)];
        match twice {
            [Ok(first), Ok(_)] if !first.was_asked() && cases.is_empty() => {
                untried.push(format!("hook `{hook}`: {}", first.broken.join("; ")));
            }
            [Ok(first), Ok(second)] => {
                problems.extend(first.broken.iter().map(|fact| format!("hook `{hook}`: {fact}")));
                if let Some(fact) = unequal(&first, &second) {
                    problems.push(format!("hook `{hook}`: {fact} differ between two equal calls"));
                }
                used.push(Used { hook, fuel: first.fuel, log_lines: first.logs.len() });
            }
            [Err(failure), _] | [_, Err(failure)] => problems.push(with_notes(&failure)),
        }
    }
    untried.dedup();
    Ok(Check { inspection, problems, untried, used, fuel_limit: limits.fuel })
}

/// A failure with what is known about it: of a crash, the author's words and lines.
pub(crate) fn with_notes(failure: &Failure) -> String {
    let notes = match failure {
        Failure::Plugin(diagnostic) => &diagnostic.notes[..],
        Failure::Environment { .. } => &[],
    };
    notes.iter().fold(failure.to_string(), |text, note| format!("{text}\n    note: {note}"))
}

/// What differs between two answers to one question.
pub(crate) fn unequal(first: &Answer, second: &Answer) -> Option<&'static str> {
    if first.edits != second.edits {
        Some("edits")
    } else if first.findings != second.findings {
        Some("findings")
    } else if first.logs != second.logs {
        Some("log lines")
    } else if first.fuel != second.fuel {
        Some("instructions")
    } else {
        None
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "problem: {problem}")?;
        }
        for untried in &self.untried {
            writeln!(f, "not tried: {untried}")?;
        }
        for Used { hook, fuel, log_lines } in &self.used {
            let share = *fuel as f64 * 100.0 / self.fuel_limit as f64;
            writeln!(f, "hook `{hook}`: {fuel} instructions ({share:.4} % of the limit), {log_lines} log lines")?;
        }
        let hooks: Vec<_> = self.inspection.world.hooks.iter().map(|hook| hook.name()).collect();
        let verdict = match (self.problems.is_empty(), self.untried.is_empty()) {
            (false, _) => "not fit for use",
            (true, true) => "fit for use",
            (true, false) => "not tried; give it `--cases` with settings",
        };
        writeln!(
            f,
            "{verdict}: {} bytes, plugin API {}, hooks {}, {}",
            self.inspection.size,
            self.inspection.world.api,
            hooks.join(", "),
            self.inspection.digest,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_difference_between_equal_calls_is_named() {
        let answer =
            |fuel| Answer { edits: Vec::new(), findings: Vec::new(), logs: Vec::new(), fuel, broken: Vec::new() };
        assert_eq!(unequal(&answer(1), &answer(1)), None);
        assert_eq!(unequal(&answer(1), &answer(2)), Some("instructions"));
    }
}
