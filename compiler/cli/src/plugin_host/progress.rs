//! What is said while plugins are compiled: nothing for a second, then a line.
//!
//! Owns: the waiting. On a terminal the line goes away again; elsewhere, in the log of a pipeline, it stays. Must not: delay what it tells of.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flatwright_plugin_host::Progress;

use crate::report;

/// What is over sooner is not worth a line.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work that goes on, by the plugin's name. A sender that is dropped ends the waiting for its line.
static GOING_ON: Mutex<BTreeMap<String, Sender<()>>> = Mutex::new(BTreeMap::new());
/// Held while a line is written and while its work is taken away, so that no line comes after its end.
static SAYING: Mutex<bool> = Mutex::new(false);

pub(super) fn show(progress: Progress<'_>) {
    match progress {
        Progress::Waiting(name) => later(name, format!("another run compiles plugin `{name}`; waiting for it …")),
        Progress::Compiling(name) => {
            later(name, format!("compiling plugin `{name}`, which is done once and may take a while …"));
        }
        Progress::Compiled(name) => {
            let mut is_shown = lock(&SAYING);
            lock(&GOING_ON).remove(name);
            if std::mem::take(&mut *is_shown) {
                report::progress("");
            }
        }
    }
}

fn later(name: &str, line: String) {
    let (sender, receiver) = channel();
    lock(&GOING_ON).insert(name.to_owned(), sender);
    std::thread::spawn(move || {
        if receiver.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let mut is_shown = lock(&SAYING);
        // It may have ended while this waited to be the one who writes.
        if receiver.try_recv() == Err(std::sync::mpsc::TryRecvError::Disconnected) {
            return;
        }
        if std::io::stderr().is_terminal() {
            report::progress(&line);
            *is_shown = true;
        } else {
            report::line(&line);
        }
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
