//! What the tests of the whole share: the program, a world in memory, golden files, plugins, the conformance data.
//!
//! Owns: helpers for `tests/tests/*.rs` and the benchmarks. Must not: be a dependency of anything else.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read the world, and a failed step fails the test"
)]

mod case;
mod compiled;
mod golden;
mod guest;
mod memory;
mod module;
mod modules;
mod page;
mod place;
mod program;
mod sample;
mod yaml;

pub use case::Case;
pub use compiled::{Compiled, compile_text, compile_with};
pub use golden::{golden, is_blessing};
pub use guest::{guest, host};
pub use memory::Memory;
pub use module::{hungry_module, slow_module};
pub use modules::{Edges, circle, module_edges};
pub use page::blocks;
pub use place::{conformance, examples, files_below, repository};
pub use program::{Run, commands, program, run};
pub use sample::{Field, all_fields, fields, full, resolved, sample};
pub use yaml::{Rules, documents, documents_as, parsed, parsed_as, to_json};
