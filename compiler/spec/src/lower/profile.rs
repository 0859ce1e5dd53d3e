//! `machines` and a group's own keys → the group's effective profile.

use crate::merge::{Merge, by_key};
use crate::types::{Extension, MachineProfile};

/// The group's profile over the shared one, and extensions of every machine under those of the profile.
pub(super) fn effective(
    cluster: &[Extension],
    shared: Option<&MachineProfile>,
    own: &MachineProfile,
) -> MachineProfile {
    let mut profile = own.clone();
    if let Some(shared) = shared {
        profile.merge(shared);
    }
    by_key(&mut profile.extensions, cluster, |extension| extension.name.as_str());
    profile
}
