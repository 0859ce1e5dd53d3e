//! What a spec leaves open, and what it became: the lock file, and the lists that its entries are chosen from.
//!
//! Owns: the model of `flatwright.lock`, its text, the readers of the lists of others (Flatcar's releases, schedules of Kubernetes, checksums of extensions, Azure's images,
//! chart repositories), and the choice of an entry. Must not: know the spec, ask a clock, or fetch anything: whoever has bytes hands them in.

mod ask;
pub mod code;
pub mod known;
mod lock;
mod read;
pub mod rules;
mod write;

pub use ask::{Ask, Kind};
pub use lock::{Change, Lock, Pin, Value};
pub use read::{Fault, LONGEST};

/// The name of the file, beside the specs that it is for.
pub const FILE_NAME: &str = "flatwright.lock";

/// The version of the format. A newer one is not read.
pub const VERSION: i64 = 1;

/// The revision of the format: a newer one of the same version can be read, and is not written.
pub const REVISION: i64 = 0;
