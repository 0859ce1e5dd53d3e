//! One plugin, as users of this crate see it.

use std::sync::Arc;

use crate::candidate::Candidate;
use crate::digest::Digest;
use crate::failure::Failure;
use crate::hook::Hook;
use crate::limits::Limits;
use crate::loaded::Loaded;
use crate::model::meta::Description;
use crate::session::Session;
use crate::shared::Shared;
use crate::world::ApiVersion;

/// One plugin to load.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its name in the spec.
    pub(crate) name: &'a str,
    pub(crate) component: &'a [u8],
    pub(crate) digest: Digest,
    /// Its limits in the spec.
    pub(crate) limits: &'a Limits,
}

impl<'a> Source<'a> {
    /// A plugin with the digest of its component, which is made here, once.
    pub fn new(name: &'a str, component: &'a [u8], limits: &'a Limits) -> Self {
        Self { name, component, digest: Digest::of(component), limits }
    }

    /// The digest of the component.
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

/// A plugin that can be called. Cheap to clone.
#[derive(Clone)]
pub struct Plugin {
    loaded: Arc<Loaded>,
}

impl Plugin {
    /// Its name in the spec.
    pub fn name(&self) -> &str {
        &self.loaded.name
    }

    /// The digest of the component, for origins and pins.
    pub fn digest(&self) -> Digest {
        self.loaded.digest
    }

    /// The hooks it has, in the order in which a compile calls them.
    pub fn hooks(&self) -> &[Hook] {
        &self.loaded.world.hooks
    }

    /// The version of the plugin API it was built for.
    pub fn api(&self) -> ApiVersion {
        self.loaded.world.api
    }

    /// What it says about itself.
    pub fn description(&self) -> &Description {
        &self.loaded.description
    }

    /// The limits it runs under.
    pub fn limits(&self) -> &Limits {
        &self.loaded.limits
    }

    /// The same component under another name and other limits, as a spec may name one file twice. Nothing is compiled or run.
    ///
    /// # Errors
    /// If it starts with more than these limits allow.
    pub fn again(&self, name: &str, limits: &Limits) -> Result<Self, Failure> {
        let loaded = Candidate::new(&self.loaded.shared, name, self.digest(), limits)?.again(&self.loaded)?;
        Ok(Self::of(loaded, &self.loaded.shared))
    }

    /// Starts the calls of one compile, which share a budget of instructions.
    pub fn session(&self) -> Session<'_> {
        Session::new(&self.loaded)
    }

    pub(crate) fn recall(
        shared: &Arc<Shared>,
        name: &str,
        digest: Digest,
        limits: &Limits,
    ) -> Result<Option<Self>, Failure> {
        let found = Candidate::new(shared, name, digest, limits)?.find()?;
        Ok(found.map(|loaded| Self::of(loaded, shared)))
    }

    pub(crate) fn load(shared: &Arc<Shared>, source: Source<'_>) -> Result<Self, Failure> {
        let candidate = Candidate::new(shared, source.name, source.digest, source.limits)?;
        let loaded = match candidate.find()? {
            Some(loaded) => loaded,
            None => candidate.compile(source.component)?,
        };
        Ok(Self::of(loaded, shared))
    }

    fn of(loaded: Loaded, shared: &Shared) -> Self {
        let loaded = Arc::new(loaded);
        if shared.options.keeps_plugins {
            std::mem::forget(Arc::clone(&loaded));
        }
        Self { loaded }
    }
}
