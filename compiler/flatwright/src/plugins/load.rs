//! Loading: the file hashed, its hash compared, the component loaded once per run, its settings checked.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use flatwright_diagnostic::{Diagnostic, Report, Severity};
use flatwright_plan::{Plan, Plugin as Entry};
use flatwright_plugin_host::{Digest, Failure, Hook, Host, Limits, Plugin, Source, Trouble};

use super::rules::{File, Kept};
use super::{Ready, Stop, findings, outside, secrets, settings};
use crate::places::of_entry;
use crate::secret::Written;

/// The plugins of a run, so that a fleet loads each file once. Keyed by name, file hash and limits, which is all that a loaded plugin depends on.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Key, Plugin>>);

/// Name, digest of the file, limits.
type Key = (String, Digest, Limits);

/// Opens the component of an entry, as often as it is called.
pub(crate) type Open<'a> = dyn Fn(&Entry) -> Result<Box<dyn Read + 'a>, String> + Sync + 'a;

/// Loads the plugins of a plan.
///
/// # Errors
/// [`Stop`] after every plugin was tried, so that one run reports all that cannot be used.
pub(crate) fn load(
    plan: &Plan,
    host: &dyn Fn() -> Host,
    memory: &Memory,
    open: &Open<'_>,
    written: Option<&Written<'_>>,
    report: &mut Report,
) -> Result<Vec<Ready>, Stop> {
    if plan.plugins.is_empty() {
        return Ok(Vec::new());
    }
    let mut ready = Vec::with_capacity(plan.plugins.len());
    let host = host();
    let loaded = plugins(&plan.plugins, &host, memory, open);
    if let Some(Trouble { reason, hint }) = host.trouble() {
        let mut note = unkept(&reason, hint);
        note.at(of_entry(&plan.plugins[0]));
        report.push(note);
    }
    for (index, (entry, plugin)) in plan.plugins.iter().zip(loaded).enumerate() {
        match plugin {
            Ok(plugin) => {
                outside::check(entry, plugin.hooks().contains(&Hook::Policy), report);
                let secrets = secrets::of(entry, plugin.description(), written, report);
                if let Some(settings) = settings::checked(entry, plugin.description(), &secrets, report) {
                    ready.push(Ready { plugin, entry: index, settings, secrets: Arc::new(secrets) });
                }
            }
            Err(unusable) => match tell(unusable, entry, report) {
                Stop::Reported => {}
                stop @ Stop::Environment(_) => return Err(stop),
            },
        }
    }
    if report.has_errors() { Err(Stop::Reported) } else { Ok(ready) }
}

/// The note that compiled plugins are not kept, for whoever loads some without a spec.
pub fn unkept(reason: &str, hint: String) -> Diagnostic {
    let mut note = Diagnostic::of(&Kept::Nowhere { reason: reason.to_owned() }, Severity::Note);
    note.hint(hint);
    note
}

/// The plugins of the entries, each loaded once in a run.
pub(super) fn plugins(
    entries: &[Entry],
    host: &Host,
    memory: &Memory,
    open: &Open<'_>,
) -> Vec<Result<Plugin, Unusable>> {
    // Hashing is most of the work with warm plugins: the clusters of a fleet do not wait for each other's.
    let keys: Vec<_> = entries.iter().map(|entry| key(entry, open)).collect();
    let mut known = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<_> = keys.into_iter().map(|key| recall(key?, &known, host)).collect();
    compile_missing(entries, &mut found, open, host);
    let mut keep = |found: Found| {
        let Found::Loaded(key, plugin) = found else { panic!("invariant: what could not be recalled was compiled") };
        known.insert(key, plugin.clone());
        plugin
    };
    found.into_iter().map(|found| found.map(&mut keep)).collect()
}

enum Found {
    Loaded(Key, Plugin),
    /// Nobody has it; the digest of its file.
    Missing(Digest),
}

/// Why a plugin of the spec cannot be used.
pub(super) enum Unusable {
    /// The file cannot be read.
    Unread(String),
    /// The file has this digest, and the spec pins another.
    Another(Digest),
    /// The host refused it.
    Failed(Failure),
    /// Another entry has the same file, and what is wrong with it is told there.
    Told,
}

/// What a plugin is known by. Its file is hashed piece by piece and kept nowhere: fresh memory for it would cost as much as the hash.
fn key(entry: &Entry, open: &Open<'_>) -> Result<Key, Unusable> {
    let mut component = open(entry).map_err(Unusable::Unread)?;
    let digest = Digest::of_reader(&mut component).map_err(|error| Unusable::Unread(error.to_string()))?;
    check_pin(entry, digest)?;
    Ok((entry.name.value.clone(), digest, limits(entry)))
}

/// A plugin that this run or the host's store has already.
fn recall(key: Key, known: &BTreeMap<Key, Plugin>, host: &Host) -> Result<Found, Unusable> {
    let plugin = match known.get(&key) {
        Some(plugin) => Some(plugin.clone()),
        None => host.recall(&key.0, key.1, &key.2).map_err(Unusable::Failed)?,
    };
    Ok(match plugin {
        Some(plugin) => Found::Loaded(key, plugin),
        None => Found::Missing(key.1),
    })
}

/// Compiles what nobody has, each file once, several at the same time where the host says so. What comes of one does not depend on the others.
fn compile_missing(entries: &[Entry], found: &mut [Result<Found, Unusable>], open: &Open<'_>, host: &Host) {
    let mut files: Vec<(Digest, Vec<usize>)> = Vec::new();
    for (index, found) in found.iter().enumerate() {
        let Ok(Found::Missing(digest)) = found else { continue };
        match files.iter_mut().find(|(known, _)| known == digest) {
            Some((_, indexes)) => indexes.push(index),
            None => files.push((*digest, vec![index])),
        }
    }
    let workers = files.len().min(host.compiles_at_once());
    let (queue, made) = (Mutex::new(files.into_iter()), Mutex::new(Vec::new()));
    let work = || {
        loop {
            // Nobody else waits for the queue while this compiles.
            let next = locked(&queue).next();
            let Some((_, indexes)) = next else { break };
            let sharing: Vec<&Entry> = indexes.iter().map(|index| &entries[*index]).collect();
            let done = compile(&sharing, open, host);
            locked(&made).extend(indexes.into_iter().zip(done));
        }
    };
    if workers > 1 {
        std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    } else {
        work();
    }
    for (index, done) in made.into_inner().unwrap_or_else(PoisonError::into_inner) {
        found[index] = done;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Compiles the file of the first entry, which the others share. What is compiled is what is read here; the file may have changed since it was hashed.
fn compile(sharing: &[&Entry], open: &Open<'_>, host: &Host) -> Vec<Result<Found, Unusable>> {
    let (first, others) = sharing.split_first().expect("invariant: a file is that of an entry");
    // The largest that one of them allows, so that it is not tried again for each.
    let mut largest = limits(first);
    for limits in others.iter().map(|entry| limits(entry)) {
        largest.compile_memory_mib = largest.compile_memory_mib.max(limits.compile_memory_mib);
        largest.compile_seconds = largest.compile_seconds.max(limits.compile_seconds);
    }
    let component = read(first, open);
    let plugin = component.and_then(|component| {
        let source = Source::new(&first.name.value, &component, &largest);
        check_pin(first, source.digest())?;
        host.load(source).map_err(Unusable::Failed)
    });
    let plugin = match plugin {
        Ok(plugin) => plugin,
        Err(unusable) => {
            return std::iter::once(Err(unusable)).chain(others.iter().map(|_| Err(Unusable::Told))).collect();
        }
    };
    let own = |entry: &&Entry| {
        let limits = limits(entry);
        check_pin(entry, plugin.digest())?;
        let plugin = plugin.again(&entry.name.value, &limits).map_err(Unusable::Failed)?;
        Ok(Found::Loaded((entry.name.value.clone(), plugin.digest(), limits), plugin))
    };
    sharing.iter().map(own).collect()
}

fn read(entry: &Entry, open: &Open<'_>) -> Result<Vec<u8>, Unusable> {
    let mut component = Vec::new();
    let read = open(entry).map_err(Unusable::Unread)?.read_to_end(&mut component);
    read.map_err(|error| Unusable::Unread(error.to_string()))?;
    Ok(component)
}

fn check_pin(entry: &Entry, digest: Digest) -> Result<(), Unusable> {
    let is_another = entry.sha256.as_ref().is_some_and(|pinned| pinned.value != digest.hex());
    if is_another { Err(Unusable::Another(digest)) } else { Ok(()) }
}

pub(super) fn tell(unusable: Unusable, entry: &Entry, report: &mut Report) -> Stop {
    let (name, source) = (&entry.name.value, &entry.source);
    let pinned = entry.sha256.as_ref().and_then(|pinned| pinned.origin.anchor());
    let place = || source.origin.anchor().unwrap_or_else(|| of_entry(entry));
    match unusable {
        Unusable::Unread(reason) => {
            let rule = File::Unread { name: name.clone(), source: source.value.clone(), reason };
            let hint = match source.value.as_str() {
                address if address.contains("://") => {
                    "plugins are files: download it, put it beside the spec, and pin it with `sha256`"
                }
                path if path.split('/').any(|step| step == "..") => {
                    "put it below the root of the repository, or name a root above it with `--root DIR`"
                }
                _ => "build it with `flatwright plugin build`, or correct the path; it is relative to the spec",
            };
            report.refuse(place(), &rule).hint(hint);
        }
        Unusable::Another(digest) => {
            let hex = digest.hex();
            let rule = File::Another { name: name.clone(), digest: hex.to_string() };
            report
                .refuse(pinned.unwrap_or_else(place), &rule)
                .hint(format!("if the new file is meant, write `sha256: {hex}`"));
        }
        Unusable::Failed(failure) => return findings::unusable(failure, entry, report),
        Unusable::Told => {}
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

#[cfg(test)]
mod tests {
    use flatwright_plugin_host::Limit;

    #[test]
    fn a_spec_may_ask_for_what_the_host_can_give() {
        let schema = flatwright_spec::schema();
        for limit in Limit::ALL {
            let amount = &schema["$defs"]["PluginLimits"]["properties"][limit.key()];
            assert_eq!(amount["anyOf"][0]["maximum"].as_u64(), Some(limit.ceiling()), "{limit:?}");
        }
    }
}
