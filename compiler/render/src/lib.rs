//! Findings as people and pipelines read them: text with excerpts, JSON lines, SARIF, JUnit, GitHub annotations.
//!
//! Owns: turning symbolic anchors into byte ranges and lines, the order and merging of findings, the shapes of the reports, which findings count (policy,
//! suppression comments, baselines), and applying fixes to a text.
//! Must not: find problems in what was compiled, read or write a file, or ask whether it talks to a terminal: strings in, strings out.

mod escape;
mod excerpt;
mod findings;
mod sources;
mod text;

pub use findings::{Counts, Finding, Findings};
pub use sources::{Position, ResolvedSpan, Sources};
pub use text::{TextOptions, render_text};
