//! An output directory that is owned: what flatwright wrote into it, what a compile may replace and remove there, and what is told where that is not enough.
//!
//! Owns: the inventory and the journal as texts, where each cluster lies, the judgement of what stands in the way, and how differences are shown.
//! Must not: touch the disk. The shell looks, hands in what stands where, and does what is decided.

pub(crate) mod code;
mod hash;
mod home;
mod inventory;
mod journal;
mod judge;
mod masked;
mod path;
mod rules;
mod shown;
mod wanted;

pub use hash::Hash;
pub use inventory::{ClusterName, Flaw, INVENTORY, Inventory, Section};
pub use journal::{Journal, Step, Was};
pub use judge::{Clearance, Extra, Judged, Problem, Removal, Standing, Write, judge};
pub use path::{is_directory, is_file};
pub use rules::Output;
pub use shown::{About, Shown, show};
pub use wanted::{Asked, Wanted, adopted, files, wanted};
