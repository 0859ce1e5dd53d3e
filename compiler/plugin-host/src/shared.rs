//! What all plugins of a host hold on to.
//!
//! Owns: the engine, made on the first use of a plugin so that a run without plugins pays nothing; the watchdog; and the bound on concurrent calls.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::engine::{CONCURRENT_CALLS, Runtime};
use crate::failure::Failure;
use crate::options::HostOptions;
use crate::watchdog::Watchdog;

/// What plugins hold on to.
pub(crate) struct Shared {
    pub(crate) options: HostOptions,
    runtime: OnceLock<Result<Runtime, String>>,
    watchdog: OnceLock<Option<Watchdog>>,
    turns: Turns,
}

impl Shared {
    pub(crate) fn new(options: HostOptions) -> Self {
        Self { options, runtime: OnceLock::new(), watchdog: OnceLock::new(), turns: Turns::default() }
    }

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
        let mut running = self.turns.running();
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

impl Turns {
    fn running(&self) -> MutexGuard<'_, usize> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While this lives, a slot of the pool is taken.
pub(crate) struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.running() -= 1;
        self.0.freed.notify_one();
    }
}
