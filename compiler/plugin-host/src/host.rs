//! The host: what all plugins of a process share.
//!
//! Owns: the engine, made on the first use of a plugin so that a run without plugins pays nothing; the watchdog; and the bound on concurrent calls.

use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use crate::cache::{ArtifactStore, NoStore};
use crate::compile::{Compiler, InProcess};
use crate::digest::Digest;
use crate::engine::{CONCURRENT_CALLS, Runtime};
use crate::failure::Failure;
use crate::limits::Limits;
use crate::plugin::Plugin;
use crate::watchdog::{OnOverdue, Watchdog};

/// What the host asks of the outside.
pub struct HostOptions {
    /// Compiles components. The default compiles in this process, without containment.
    pub compiler: Box<dyn Compiler>,
    /// Keeps compiled components between runs. The default keeps nothing.
    pub artifacts: Box<dyn ArtifactStore>,
    /// Called when a call lasts longer than `limits.seconds`; expected to end the process. Without it there is no wall-clock limit.
    pub on_overdue: Option<Box<OnOverdue>>,
    /// Called when a component must be compiled, for a progress line.
    pub on_progress: Option<Box<OnProgress>>,
    /// Whether instances come from a pool, if the system allows. It pays for long-lived processes with many threads.
    pub pooling: bool,
    /// Whether plugins stay loaded until the process ends, which takes care of them faster than unloading does.
    pub keeps_plugins: bool,
}

/// Told about slow work. It may be called from several threads.
pub type OnProgress = dyn Fn(Progress<'_>) + Send + Sync;

/// Slow work on a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// The plugin of this name is not in the cache and is being compiled.
    Compiling(&'a str),
    /// That is over, well or badly.
    Compiled(&'a str),
}

impl Default for HostOptions {
    fn default() -> Self {
        Self {
            compiler: Box::new(InProcess),
            artifacts: Box::new(NoStore),
            on_overdue: None,
            on_progress: None,
            pooling: true,
            keeps_plugins: false,
        }
    }
}

/// Runs plugins. Cheap to make and to clone; nothing happens before the first plugin.
#[derive(Clone)]
pub struct Host {
    shared: Arc<Shared>,
}

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

impl Host {
    /// A host; no engine yet.
    pub fn new(options: HostOptions) -> Self {
        let shared = Shared { options, runtime: OnceLock::new(), watchdog: OnceLock::new(), turns: Turns::default() };
        Self { shared: Arc::new(shared) }
    }

    /// A plugin whose component has this digest, if the store keeps it compiled; nobody has to read the component then.
    ///
    /// # Errors
    /// [`Failure`], as [`Host::load`].
    pub fn recall(&self, name: &str, digest: Digest, limits: &Limits) -> Result<Option<Plugin>, Failure> {
        Plugin::recall(&self.shared, name, digest, limits)
    }

    /// Loads a plugin: finds it compiled, or checks what it is, compiles it, checks its types, and asks it to describe itself. May be called from several threads.
    ///
    /// # Errors
    /// [`Failure`]: one diagnostic about the plugin, or a failure of the machine.
    pub fn load(&self, source: Source<'_>) -> Result<Plugin, Failure> {
        Plugin::load(&self.shared, source)
    }
}

/// What plugins hold on to.
pub(crate) struct Shared {
    pub(crate) options: HostOptions,
    runtime: OnceLock<Result<Runtime, String>>,
    watchdog: OnceLock<Option<Watchdog>>,
    turns: Turns,
}

impl Shared {
    pub(crate) fn runtime(&self) -> Result<&Runtime, Failure> {
        let runtime =
            self.runtime.get_or_init(|| Runtime::new(self.options.pooling).map_err(|error| format!("{error:#}")));
        runtime.as_ref().map_err(|reason| Failure::Environment {
            doing: "start the plugin runtime".to_owned(),
            reason: reason.clone(),
        })
    }

    pub(crate) fn watchdog(self: &Arc<Self>) -> Result<Option<&Watchdog>, Failure> {
        if self.options.on_overdue.is_none() {
            return Ok(None);
        }
        let watchdog = self.watchdog.get_or_init(|| {
            let shared = Arc::downgrade(self);
            let on_overdue = move |diagnostic| {
                if let Some(on_overdue) =
                    shared.upgrade().as_ref().and_then(|shared| shared.options.on_overdue.as_ref())
                {
                    on_overdue(diagnostic);
                }
            };
            Watchdog::start(Box::new(on_overdue)).ok()
        });
        watchdog.as_ref().map(Some).ok_or_else(|| Failure::Environment {
            doing: "start the plugin watchdog".to_owned(),
            reason: "no thread could be made".to_owned(),
        })
    }

    /// Waits for a free slot of the pool.
    pub(crate) fn turn(&self) -> Turn<'_> {
        let mut running = self.turns.running.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= CONCURRENT_CALLS {
            running = self.turns.freed.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
        Turn(&self.turns)
    }
}

#[derive(Default)]
struct Turns {
    running: Mutex<usize>,
    freed: Condvar,
}

/// While this lives, a slot of the pool is taken.
pub(crate) struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}
