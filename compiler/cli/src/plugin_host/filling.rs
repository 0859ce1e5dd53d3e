//! A cache that is filled: what is in it already is for another processor, perhaps, so nothing is taken.

use std::time::Duration;

use flatwright_plugin_host::{ArtifactKey, ArtifactStore, Claim, Stored, Trouble};

/// A store that only takes.
pub(super) struct Filling<S>(pub(super) S);

impl<S: ArtifactStore> ArtifactStore for Filling<S> {
    fn get(&self, _: &ArtifactKey) -> Option<Stored> {
        None
    }

    fn put(&self, key: &ArtifactKey, artifact: &[u8]) {
        self.0.put(key, artifact);
    }

    fn claim(&self, key: &ArtifactKey, most: Duration, on_wait: &dyn Fn()) -> Option<Claim> {
        self.0.claim(key, most, on_wait)
    }

    fn trouble(&self) -> Option<Trouble> {
        self.0.trouble()
    }
}
