//! The compiler as a library: the pipeline from a spec to objects and machine configs.
//!
//! Owns: the order of the phases and the gates between them, `compose` (parts → one machine config per group), and the layout of an output directory.
//! Must not: do I/O. The world comes in through [`World`]; the caller writes what [`Compilation`] holds.

mod boot;
mod code;
mod compile;
mod compose;
mod entry;
mod explain;
mod json;
mod layout;
mod parallel;
mod plugins;
mod validate;
mod verify;
mod world;

pub use boot::{Boot, Stage, boot, tree};
pub use compile::{Cluster, Compilation, Options, SpecFile, compile};
pub use compose::Composed;
pub use explain::explain;
pub use flatwright_admission::Gates;
pub use flatwright_capi::{Contract, TemplateNames};
pub use flatwright_plan::Profile;
pub use layout::{Format, OutputFile, files, stream};
pub use plugins::{Call, Edit, Edits, Trial, add_plugin_settings};
pub use validate::{Kind, Schemas, ValidateOptions, Validation, is_recognized, validate};
pub use world::{NoWorld, World};

/// Every diagnostic code of the compiler, sorted.
pub fn codes() -> Vec<flatwright_diagnostic::Code> {
    let mut codes = [
        flatwright_spec::code::all(),
        flatwright_capi::code::all(),
        flatwright_plugin_host::code::all(),
        boot::code::all(),
        compose::code::all(),
        code::all(),
        flatwright_admission::code::all(),
        flatwright_schema::code::all(),
        flatwright_flatcar::code::all(),
        flatwright_render::code::all(),
        flatwright_bootstrap::code::all(),
    ]
    .concat();
    codes.sort();
    codes
}
