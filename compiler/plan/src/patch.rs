//! Changes to emitted objects.

use flatwright_diagnostic::{Origin, Traced};

use crate::{Maybe, Role};

/// A change to the objects of a target. `V` is the value type of the emitter.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// Which objects.
    pub target: PatchTarget,
    /// What changes.
    pub change: PatchChange,
    /// Where it stands.
    pub origin: Origin,
}

/// Which objects a patch changes.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchTarget {
    /// The kind.
    pub kind: Traced<String>,
    /// Only objects of groups with this role.
    pub role: Maybe<Role>,
    /// Only objects of this pool.
    pub pool: Maybe<String>,
    /// Only the add-on of this name.
    pub addon: Maybe<String>,
}

/// What changes.
#[derive(Clone, Debug, PartialEq)]
pub enum PatchChange {
    /// RFC 6902.
    Json6902(Vec<PatchOperation>),
    /// RFC 7386.
    Merge(flatwright_yaml::Value),
}

/// One operation of a JSON Patch.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchOperation {
    /// `add`, `remove`, `replace`, `test`, `move` or `copy`.
    pub op: Traced<&'static str>,
    /// The JSON Pointer.
    pub path: Traced<String>,
    /// The other JSON Pointer of `move` and `copy`.
    pub from: Maybe<String>,
    /// The value of `add`, `replace` and `test`.
    pub value: Option<flatwright_yaml::Value>,
}
