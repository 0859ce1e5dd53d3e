//! The `valuesTemplate` of a HelmChartProxy, as the Helm add-on provider reads it (`internal/value_substitutions.go`): Go's `text/template` with sprig's functions.
//!
//! Owns: what the provider gives a template, and which findings follow. Must not: know the language (`go::template` does) or the charts.

mod data;
mod rule;
mod run;
mod shape;
mod text;

pub use rule::ValuesTemplate;
pub(crate) use run::{Runs, execute, runs};
pub(crate) use text::{check, problem_in_class};
