//! Loading: the file read, its hash compared, the component loaded once per run, its settings checked.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use flatwright_diagnostic::Report;
use flatwright_plan::{Plan, Plugin as Entry};
use flatwright_plugin_host::{Digest, Failure, Host, Limits, Plugin, Source};

use super::{Ready, Stop, findings, settings};
use crate::code;

/// The plugins of a run, so that a fleet loads each file once. Keyed by name, file hash and limits, which is all that a loaded plugin depends on.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Key, Plugin>>);

/// How many plugins are loaded at the same time. Each may have to be compiled, with several threads and a gigabyte.
const PARALLEL_LOADS: usize = 4;

/// Name, digest of the file, limits.
type Key = (String, Digest, Limits);

/// Loads the plugins of a plan.
///
/// # Errors
/// [`Stop`] after every plugin was tried, so that one run reports all that cannot be used.
pub(crate) fn load(
    plan: &Plan,
    host: &dyn Fn() -> Host,
    memory: &Memory,
    read: &(dyn Fn(&Entry) -> Result<Vec<u8>, String> + Sync),
    report: &mut Report,
) -> Result<Vec<Ready>, Stop> {
    if plan.plugins.is_empty() {
        return Ok(Vec::new());
    }
    let host = host();
    let mut known = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut ready = Vec::with_capacity(plan.plugins.len());
    for (chunk, entries) in plan.plugins.chunks(PARALLEL_LOADS).enumerate() {
        let all: &BTreeMap<Key, Plugin> = &known;
        let loaded: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = entries.iter().map(|entry| scope.spawn(|| one(entry, read, all, &host))).collect();
            host.prepare();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for (index, (entry, loaded)) in entries.iter().zip(loaded).enumerate() {
            match loaded {
                Ok((key, plugin)) => {
                    if let Some(settings) = settings::checked(entry, plugin.description(), report) {
                        let entry = chunk * PARALLEL_LOADS + index;
                        ready.push(Ready { plugin: plugin.clone(), entry, settings });
                    }
                    known.insert(key, plugin);
                }
                Err(unusable) => match tell(unusable, entry, report) {
                    Stop::Reported => {}
                    stop @ Stop::Environment(_) => return Err(stop),
                },
            }
        }
    }
    if report.has_errors() { Err(Stop::Reported) } else { Ok(ready) }
}

/// Why a plugin of the spec cannot be used.
enum Unusable {
    /// The file cannot be read.
    Unread(String),
    /// The file has this digest, and the spec pins another.
    Another(Digest),
    /// The host refused it.
    Failed(Failure),
}

/// One plugin, from its file.
fn one(
    entry: &Entry,
    read: &(dyn Fn(&Entry) -> Result<Vec<u8>, String> + Sync),
    known: &BTreeMap<Key, Plugin>,
    host: &Host,
) -> Result<(Key, Plugin), Unusable> {
    let bytes = read(entry).map_err(Unusable::Unread)?;
    let limits = limits(entry);
    let source = Source::new(&entry.name.value, &bytes, &limits);
    let digest = source.digest();
    if entry.sha256.as_ref().is_some_and(|pinned| pinned.value != digest.hex()) {
        return Err(Unusable::Another(digest));
    }
    let key = (entry.name.value.clone(), digest, limits.clone());
    match known.get(&key) {
        Some(plugin) => Ok((key, plugin.clone())),
        None => host.load(source).map(|plugin| (key, plugin)).map_err(Unusable::Failed),
    }
}

fn tell(unusable: Unusable, entry: &Entry, report: &mut Report) -> Stop {
    let (name, source) = (&entry.name.value, &entry.source);
    let pinned = entry.sha256.as_ref().and_then(|pinned| pinned.origin.anchor());
    let place = || source.origin.anchor().unwrap_or_else(|| findings::place_of(entry));
    match unusable {
        Unusable::Unread(reason) => {
            let fact = format!("plugin `{name}` cannot be read from `{}`: {reason}", source.value);
            report
                .error(code::PLUGIN_FILE, place(), fact)
                .hint("build it with `flatwright plugin build`, or correct the path; it is relative to the spec");
        }
        Unusable::Another(digest) => {
            let hex = digest.hex();
            let fact = format!("plugin `{name}` is another file than the spec pins: its SHA-256 is `{hex}`");
            report
                .error(code::PLUGIN_FILE, pinned.unwrap_or_else(place), fact)
                .hint(format!("if the new file is meant, write `sha256: {hex}`"));
        }
        Unusable::Failed(failure) => return findings::failed(failure, entry, report),
    }
    Stop::Reported
}

/// The spec's limits over the defaults. The spec has checked names and forms; the host clamps to its ceilings.
fn limits(entry: &Entry) -> Limits {
    if entry.limits.is_empty() {
        return Limits::default();
    }
    let mut json = serde_json::to_value(Limits::default()).expect("invariant: limits are JSON");
    for (key, value) in &entry.limits {
        json[*key] = value.value.into();
    }
    serde_json::from_value(json).expect("invariant: the spec's limits have the host's keys")
}
