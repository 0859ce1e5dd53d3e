//! Plugins in the compile: loading, the customizing hooks between `lower` and `compose`, the policy hook at the end.
//!
//! Owns: the conversion between the plan and the host's records, the diff of every answer, and the origin of every changed value.
//! Must not: trust an answer (the host checks its form, `flatwright-plugin-law` its content), or run anything that the spec does not name.

mod charts;
pub(crate) mod code;
mod context;
mod diff;
mod findings;
mod images;
mod kubeadm;
mod load;
mod origins;
mod outside;
mod pen;
mod policy;
mod rules;
mod run;
mod schema;
mod secrets;
mod settings;
mod sysupdate;
mod told;
mod trial;
mod warm;

pub(crate) use charts::pulled;
pub use load::unkept as unkept_plugins;
pub(crate) use load::{Memory, load};
pub(crate) use outside::{join, read};
pub(crate) use policy::{Compiled, review};
pub(crate) use rules::Kept;
use run::{CallSite, applies, covered};
pub(crate) use run::{Ready, Run, Stop};
pub use schema::add_plugin_settings;
pub(crate) use secrets::leaked;
pub use trial::Trial;
pub use warm::{Warmed, warm};
