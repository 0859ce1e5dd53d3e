//! The wall clock, as the last resort.
//!
//! Owns: a thread that notices calls which last too long. A guest cannot be stopped from outside without giving up determinism, so all it can do is tell the shell,
//! which ends the process. Fuel stops a busy guest long before; this is for a machine that is stuck.
//! Must not: read a clock. It counts its own ticks, so a suspended machine does not count.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::failure::Site;
use crate::limits::{Limit, Limits};

/// A tick. Limits are whole seconds.
const TICK: Duration = Duration::from_millis(100);
const TICKS_PER_SECOND: u64 = 10;

/// What the shell does when a call lasts too long: report the diagnostic and end the process with exit code 2. It is called on the watchdog's thread.
pub type OnOverdue = dyn Fn(flatwright_diagnostic::Diagnostic) + Send + Sync;

/// Watches calls while there are any.
pub(crate) struct Watchdog {
    watched: Arc<Watched>,
}

struct Watched {
    state: Mutex<State>,
    woken: Condvar,
    on_overdue: Box<OnOverdue>,
}

#[derive(Default)]
struct State {
    calls: BTreeMap<u64, Call>,
    next: u64,
    asleep: bool,
    ended: bool,
}

struct Call {
    ticks_left: u64,
    site: Site,
    limits: Limits,
}

/// While this lives, the call is watched.
pub(crate) struct Watch<'a> {
    watchdog: &'a Watchdog,
    call: u64,
}

impl Watchdog {
    /// Starts the thread.
    pub(crate) fn start(on_overdue: Box<OnOverdue>) -> std::io::Result<Self> {
        let watched = Arc::new(Watched { state: Mutex::default(), woken: Condvar::new(), on_overdue });
        let weak = Arc::downgrade(&watched);
        std::thread::Builder::new().name("plugin-watchdog".to_owned()).spawn(move || watch(&weak))?;
        Ok(Self { watched })
    }

    pub(crate) fn watch(&self, site: &Site, limits: &Limits) -> Watch<'_> {
        let mut state = self.watched.state.lock().unwrap_or_else(PoisonError::into_inner);
        let call = state.next;
        state.next += 1;
        // One more tick, since the first may come at once.
        let ticks_left = limits.seconds.saturating_mul(TICKS_PER_SECOND).saturating_add(1);
        state.calls.insert(call, Call { ticks_left, site: site.clone(), limits: limits.clone() });
        if std::mem::take(&mut state.asleep) {
            self.watched.woken.notify_one();
        }
        Watch { watchdog: self, call }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut state = self.watchdog.watched.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.remove(&self.call);
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.watched.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.watched.woken.notify_one();
    }
}

/// Ticks while there are calls and sleeps otherwise, so that a compile costs one wake-up and a waiting library none.
fn watch(weak: &Weak<Watched>) {
    while let Some(watched) = weak.upgrade() {
        let mut state = watched.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.calls.is_empty() && !state.ended {
            state.asleep = true;
            state = watched.woken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.ended {
            return;
        }
        drop(state);
        std::thread::sleep(TICK);
        let overdue = tick(&mut watched.state.lock().unwrap_or_else(PoisonError::into_inner));
        for call in overdue {
            (watched.on_overdue)(crate::failure::limit_hit(&call.site, &call.limits, Limit::Seconds, None));
        }
    }
}

fn tick(state: &mut State) -> Vec<Call> {
    for call in state.calls.values_mut() {
        call.ticks_left -= 1;
    }
    let overdue: Vec<u64> = state.calls.iter().filter(|(_, call)| call.ticks_left == 0).map(|(id, _)| *id).collect();
    overdue.iter().filter_map(|id| state.calls.remove(id)).collect()
}
