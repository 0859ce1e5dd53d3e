//! The compiler as a library: the pipeline from a spec to objects and machine configs.
//!
//! Owns: the order of the phases and the gates between them, `compose` (parts → one machine config per group), and the layout of an output directory.
//! Must not: do I/O. The world comes in through [`World`]; the caller writes what [`Compilation`] holds.

mod code;
mod compile;
mod compose;
mod json;
mod layout;
mod plugins;
mod world;

pub use compile::{Cluster, Compilation, Options, SpecFile, compile};
pub use compose::Composed;
pub use flatwright_capi::{Contract, TemplateNames};
pub use flatwright_plan::Profile;
pub use layout::{Format, OutputFile, files, stream};
pub use plugins::{Call, Edit, Trial};
pub use world::World;

/// Every diagnostic code of the compiler, sorted.
pub fn codes() -> Vec<flatwright_diagnostic::Code> {
    let mut codes = [
        flatwright_spec::code::ALL,
        flatwright_capi::code::ALL,
        flatwright_plugin_host::code::ALL,
        compose::code::ALL,
        code::ALL,
    ]
    .concat();
    codes.sort();
    codes
}
