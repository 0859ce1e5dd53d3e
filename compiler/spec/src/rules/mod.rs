//! Every rule whose breach is reported about a spec: one variant each, with what it is about and its words. One enum is one group of codes.
//!
//! Owns: codes and words. Must not: decide whether a rule is broken; decoder, checks and lowering do that, and attach what to type.

mod conflict;
mod document;
mod flatcar;
mod invalid;
mod missing;
mod network;
mod others;
mod versions;

pub use conflict::Conflict;
pub use document::{Decoding, Document, UnknownKind, UnsetVariable};
pub use flatcar::{ArchitectureMismatch, ControlPlaneReplicas, EtcdDisk, ImageReference, RebootManager};
pub use invalid::{InvalidValue, OutOfRange, UnknownValue};
pub use missing::MissingField;
pub use network::NetworkRange;
pub use others::{DuplicateName, NameTooLong, UnreadableFile};
pub use versions::{FlatcarRelease, PatchUpdates, ProviderSupport, VersionPair};
