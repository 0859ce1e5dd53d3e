//! The tools of a plugin author, as a library: `plugin new`, `build`, `check`, `inspect`, `run`, `test` and `bench` are thin commands over it.
//!
//! Owns: project templates, building (Rust in process up to the component, other languages by their ordinary tools), calling one hook with JSON in and edits out,
//! cases, determinism and speed. Must not: know the spec or YAML (whoever has a spec makes a [`Case`] of it), or print: every result has a `Display`.
//!
//! It is a shell crate: `project`, `suite`, `build` and `unchanged` read and write files, `process` starts tools, `bench` looks at a clock. The rest is pure.

mod bench;
mod build;
mod call;
mod case;
mod check;
mod edit;
mod encode;
mod entry;
mod error;
mod inspect;
mod language;
mod law;
mod parts;
mod process;
mod project;
mod rebuilt;
mod rust;
mod said;
mod suite;
mod unchanged;

pub use bench::{Bench, bench};
pub use build::{Built, build, build_afresh, build_for_debugging, build_if_changed};
pub use call::{Answer, Question, call};
pub use case::{Case, InvalidCase};
pub use check::{Check, check};
pub use edit::{Edit, difference};
pub use encode::{describe, encode};
pub use error::Error;
pub use flatwright_plugin_law::mask::Secrets;
pub use inspect::inspect_text;
pub use language::Language;
pub use project::{InvalidName, ProjectFile, SdkSource, new_project, write_project};
pub use rebuilt::{Rebuilt, compare_builds};
pub use said::Said;
pub use suite::{Tested, Verdict, find_cases, test};
