//! The compiler as a library: the pipeline from a spec to objects and machine configs.
//!
//! Owns: the order of the phases and the gates between them, `compose` (parts → one machine config per group), and the layout of an output directory.
//! Must not: do I/O. The world comes in through [`World`]; the caller writes what [`Compilation`] holds.

mod boot;
mod calls;
mod code;
mod compilation;
mod compile;
mod compose;
mod contents;
pub mod diff;
pub mod directory;
mod entry;
mod explain;
mod json;
mod kinds;
mod layout;
mod parallel;
mod pins;
mod places;
mod plugins;
mod refusal;
pub mod relock;
mod secret;
mod subscription;
mod updates;
pub mod upgrade;
mod used;
mod validate;
mod vendored;
mod verify;
mod world;

pub use boot::{Boot, Shown, Stage, boot, contents, tree};
pub use calls::{Call, Edit, Edits, Replaced};
pub use code::codes;
pub use compilation::{Cluster, Compilation};
pub use compile::{Options, compile};
pub use compose::{Composed, Files, Style, compose};
pub use directory::files;
pub use explain::explain;
pub use flatwright_admission::Gates;
pub use flatwright_capi::{Contract, TemplateNames};
pub use flatwright_flatcar::subscription::Subscription;
pub use flatwright_lock::FILE_NAME as LOCK_FILE;
pub use flatwright_plan::Profile;
pub use kinds::{Release, Releases};
pub use layout::{Format, OutputFile, stream};
pub use pins::damaged as damaged_lock;
pub use plugins::{Trial, Warmed, add_plugin_settings, unkept_plugins, warm};
pub use subscription::Answers;
pub use used::{Used, UsedKind, used};
pub use validate::{Inputs, Kind, Schemas, SpecStyle, ValidateOptions, Validation, read_manifests, validate};
pub use vendored::{Mirror, Vendored, VendoredChart, mirror};
pub use world::{NoWorld, SpecFile, World};
