//! Findings as people and pipelines read them: text with excerpts, JSON lines, SARIF, JUnit, GitHub annotations.
//!
//! Owns: turning symbolic anchors into byte ranges and lines, the order and merging of findings, the shapes of the reports, which findings count (policy,
//! suppression comments, baselines), and applying fixes to a text.
//! Must not: find problems in what was compiled, read or write a file, or ask whether it talks to a terminal: strings in, strings out.

mod baseline;
mod checked;
pub mod code;
mod diff;
mod escape;
mod excerpt;
mod findings;
mod fix;
mod github;
mod json;
mod junit;
mod policy;
mod record;
mod rules;
mod sarif;
mod sources;
mod suppression;
mod text;

pub use baseline::{Baseline, BaselineError};
pub use checked::Checked;
pub use code::{KnownCodes, UnknownCode};
pub use diff::diff;
pub use findings::{Counts, Finding, Findings};
pub use fix::{FixError, Fixed, FixedSource, TextEdit, apply_fixes, fix_findings, text_edits};
pub use github::render_github;
pub use json::render_json;
pub use junit::render_junit;
pub use policy::{Allow, Hidden, Policy};
pub use record::fingerprint;
pub use sarif::{SarifOptions, render_sarif};
pub use sources::{Position, ResolvedSpan, Sources};
pub use text::{TextOptions, render_text};
