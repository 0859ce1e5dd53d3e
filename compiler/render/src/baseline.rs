//! A baseline: the findings that were there when a project began to check, by fingerprint, so that lines may move.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::{Report, Severity};
use serde_json::{Value, json};

use crate::record::fingerprint;
use crate::sources::Sources;

/// The version of the file. 2: fingerprints are made of rules and their data; those of version 1 were made of words.
const FORMAT: u64 = 2;

/// Findings that are known and not reported again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    fingerprints: BTreeSet<String>,
}

/// A file that is not a baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a baseline file: {0}")]
pub struct BaselineError(String);

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`] if it is not JSON of the shape that [`Baseline::write`] gives.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let value: Value = serde_json::from_str(text).map_err(|error| BaselineError(error.to_string()))?;
        let version = &value["version"];
        if *version != FORMAT {
            let hint = if version.is_u64() { "; write it anew with `--write-baseline FILE`" } else { "" };
            return Err(BaselineError(format!("its version is {version}, not {FORMAT}{hint}")));
        }
        let list = value["findings"].as_array().ok_or_else(|| BaselineError("it has no list `findings`".to_owned()))?;
        let fingerprints = list
            .iter()
            .map(|finding| finding["fingerprint"].as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| BaselineError("a finding has no `fingerprint`".to_owned()))?;
        Ok(Self { fingerprints })
    }

    /// The content of a baseline file with the warnings and notes of a report. Sorted, so that a change of it reads well. Errors are left out: they cannot be
    /// hidden.
    pub fn write(report: &Report, sources: &Sources) -> String {
        let mut findings = BTreeMap::new();
        for diagnostic in report.diagnostics().iter().filter(|d| d.severity != Severity::Error) {
            let fingerprint = fingerprint(sources, diagnostic);
            let file = diagnostic.anchor.as_ref().map(|anchor| sources.name(anchor.source));
            let key = (file, diagnostic.code, diagnostic.message.as_str(), fingerprint.clone());
            findings.insert(
                key,
                json!({
                    "fingerprint": fingerprint,
                    "code": diagnostic.code.name(),
                    "file": file,
                    "message": diagnostic.message,
                }),
            );
        }
        let list: Vec<Value> = findings.into_values().collect();
        format!("{:#}\n", json!({"version": FORMAT, "findings": list}))
    }

    /// Whether a finding with this fingerprint is known.
    pub fn contains(&self, fingerprint: &str) -> bool {
        self.fingerprints.contains(fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_baseline_is_refused() {
        for text in ["", "[]", "{}", "{\"version\": 1, \"findings\": []}", "{\"version\": 2, \"findings\": [{}]}"] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
        assert_eq!(Baseline::parse("{\"version\": 2, \"findings\": []}"), Ok(Baseline::default()));
    }
}
