//! Cases in directories: `tests/cases/<name>/case.json` and what is expected of it in `expected.json`.

#![expect(clippy::disallowed_methods, reason = "a shell crate: cases are files")]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use flatwright_plugin_host::{Failure, Plugin, escape_line};
use serde::{Deserialize, Serialize};
use similar::TextDiff;

use crate::call::call;
use crate::case::Case;
use crate::check::with_notes;
use crate::edit::Edit;
use crate::error::Error;
use crate::said::Said;

/// `expected.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Said>,
    /// The message, if there is no answer at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

/// What came of all cases.
#[derive(Clone, Debug, Default)]
pub struct Tested {
    /// Name and verdict of each case, by name.
    pub cases: Vec<(String, Verdict)>,
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// `expected.json` was written.
    Blessed,
    /// Not as expected: both sides as JSON text.
    Differs {
        /// What `expected.json` holds; `None` without such a file.
        expected: Option<String>,
        /// What it would hold.
        actual: String,
    },
    /// The plugin gave no answer, and should have: why, and what is known of it.
    NoAnswer(String),
    /// The case cannot be asked.
    Invalid(String),
    /// No answer that anybody should expect: a crash, an exceeded limit, or what a compile would refuse.
    NotBlessed(String),
}

impl Tested {
    /// Whether every case passed, and there was one.
    pub fn is_passed(&self) -> bool {
        let is_good = |verdict: &Verdict| matches!(verdict, Verdict::Passed | Verdict::Blessed);
        !self.cases.is_empty() && self.cases.iter().all(|(_, verdict)| is_good(verdict))
    }
}

/// The directories of the cases of a project, by name.
///
/// # Errors
/// [`Error::File`] if `tests/cases` is there but cannot be read.
pub fn find_cases(project: &Path) -> Result<Vec<PathBuf>, Error> {
    let directory = project.join("tests").join("cases");
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&directory).map_err(Error::read(&directory))? {
        let path = entry.map_err(Error::read(&directory))?.path();
        if path.join("case.json").exists() {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Asks a plugin every case and compares. With `bless`, what it answers becomes what is expected.
///
/// # Errors
/// [`Error::File`] for files that cannot be written, [`Error::Plugin`] if the machine fails.
pub fn test(plugin: &Plugin, directories: &[PathBuf], bless: bool) -> Result<Tested, Error> {
    let mut tested = Tested::default();
    for directory in directories {
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        tested.cases.push((name, test_one(plugin, directory, bless)?));
    }
    Ok(tested)
}

fn test_one(plugin: &Plugin, directory: &Path, bless: bool) -> Result<Verdict, Error> {
    let path = directory.join("case.json");
    // One bad case must not keep the others from being asked.
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return Ok(Verdict::Invalid(format!("`case.json`: {error}"))),
    };
    let (context, question) = match Case::parse(&text).and_then(|case| case.question()) {
        Ok(asked) => asked,
        Err(error) => return Ok(Verdict::Invalid(error.to_string())),
    };
    if !plugin.hooks().contains(&question.hook()) {
        return Ok(Verdict::Invalid(format!("the plugin does not have the hook `{}`", question.hook())));
    }
    let (actual, broken, told) = match call(plugin, &context, &question) {
        Ok(answer) => {
            let actual = Expected { edits: answer.edits, findings: answer.findings, failure: None };
            (actual, answer.broken, None)
        }
        Err(failure @ Failure::Environment { .. }) => return Err(failure.into()),
        Err(failure) => {
            let told = with_notes(&failure);
            let message = failure.to_string();
            (Expected { failure: Some(message.clone()), ..Expected::default() }, vec![message], Some(told))
        }
    };
    let actual_text = pretty(&actual);
    let path = directory.join("expected.json");
    if bless && !broken.is_empty() {
        return Ok(Verdict::NotBlessed(broken.join("; ")));
    }
    if bless {
        fs::write(&path, &actual_text).map_err(Error::write(&path))?;
        return Ok(Verdict::Blessed);
    }
    let read = || fs::read_to_string(&path).map_err(|error| error.to_string());
    let parse = |text: String| serde_json::from_str::<Expected>(&text).map_err(|error| error.to_string());
    match path.exists().then(|| read().and_then(parse)) {
        Some(Ok(expected)) if expected == actual => Ok(Verdict::Passed),
        Some(Err(reason)) => Ok(Verdict::Invalid(format!("`expected.json`: {reason}"))),
        _ if told.is_some() => Ok(Verdict::NoAnswer(told.unwrap_or_default())),
        Some(Ok(expected)) => Ok(Verdict::Differs { expected: Some(pretty(&expected)), actual: actual_text }),
        None => Ok(Verdict::Differs { expected: None, actual: actual_text }),
    }
}

fn pretty(expected: &Expected) -> String {
    serde_json::to_string_pretty(expected).expect("invariant: the model has string keys only") + "\n"
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, verdict) in &self.cases {
            let name = escape_line(name);
            match verdict {
                Verdict::Passed => writeln!(f, "ok      {name}")?,
                Verdict::Blessed => writeln!(f, "blessed {name}")?,
                Verdict::NoAnswer(reason) => writeln!(f, "FAILED  {name}: {reason}")?,
                Verdict::Invalid(reason) => writeln!(f, "INVALID {name}: {}", escape_line(reason))?,
                Verdict::NotBlessed(reason) => writeln!(f, "FAILED  {name}: not blessed: {}", escape_line(reason))?,
                Verdict::Differs { expected: None, .. } => {
                    writeln!(f, "FAILED  {name}: there is no `expected.json`; write it with `--bless`")?;
                }
                Verdict::Differs { expected: Some(expected), actual } => {
                    writeln!(f, "FAILED  {name}")?;
                    changed_lines(f, expected, actual)?;
                }
            }
        }
        match self.cases.len() {
            0 => writeln!(f, "there are no cases; make `tests/cases/<name>/case.json`"),
            1 => writeln!(f, "1 case"),
            many => writeln!(f, "{many} cases"),
        }
    }
}

/// What changed, each part with the lines around it.
fn changed_lines(f: &mut fmt::Formatter<'_>, expected: &str, actual: &str) -> fmt::Result {
    const AROUND: usize = 1;
    let diff = TextDiff::from_lines(expected, actual);
    for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            writeln!(f, "      …")?;
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            writeln!(f, "    {} {}", change.tag(), escape_line(change.value()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changed_lines_are_shown() {
        let numbers = |changed: [u8; 2]| {
            (0..20).fold("{\n".to_owned(), |text, number| {
                text + &format!("  {}\n", if changed.contains(&number) { number + 100 } else { number })
            })
        };
        let differs = Verdict::Differs { expected: Some(numbers([99, 99])), actual: numbers([3, 16]) };
        let tested = Tested { cases: vec![("one".into(), differs)] };
        let shown = "FAILED  one\n        2\n    -   3\n    +   103\n        4\n      …\n        15\n    -   16\n    +   116\n        17\n1 case\n";
        assert_eq!(tested.to_string(), shown);
        assert!(!tested.is_passed());
    }

    #[test]
    fn no_cases_are_no_success() {
        assert!(!Tested::default().is_passed());
        assert!(Tested::default().to_string().contains("there are no cases"));
    }
}
