//! Loading: the file hashed, its hash compared, the component loaded once per run, its settings checked.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use flatwright_diagnostic::Report;
use flatwright_plan::{Plan, Plugin as Entry};
use flatwright_plugin_host::{Digest, Failure, Hook, Host, Limits, Plugin, Source};

use super::rules::File;
use super::{Ready, Stop, findings, outside, secrets, settings};
use crate::places::of_entry;
use crate::secret::Written;

/// The plugins of a run, so that a fleet loads each file once. Keyed by name, file hash and limits, which is all that a loaded plugin depends on.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Key, Plugin>>);

/// How many plugins are compiled at the same time, each with several threads and up to a gigabyte.
const PARALLEL_COMPILES: usize = 4;

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
    for (index, (entry, plugin)) in plan.plugins.iter().zip(plugins(&plan.plugins, &host(), memory, open)).enumerate() {
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

/// The plugins of the entries, each loaded once in a run.
fn plugins(entries: &[Entry], host: &Host, memory: &Memory, open: &Open<'_>) -> Vec<Result<Plugin, Unusable>> {
    // Hashing is most of the work with warm plugins: the clusters of a fleet do not wait for each other's.
    let keys: Vec<_> = entries.iter().map(|entry| key(entry, open)).collect();
    let mut known = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut loaded: Vec<_> = keys.into_iter().map(|key| recall(key?, &known, host)).collect();
    compile_missing(entries, &mut loaded, open, host);
    let mut keep = |loaded: Option<Loaded>| {
        let (key, plugin) = loaded.expect("invariant: what could not be recalled was compiled");
        known.insert(key, plugin.clone());
        plugin
    };
    loaded.into_iter().map(|loaded| loaded.map(&mut keep)).collect()
}

type Loaded = (Key, Plugin);

/// Why a plugin of the spec cannot be used.
enum Unusable {
    /// The file cannot be read.
    Unread(String),
    /// The file has this digest, and the spec pins another.
    Another(Digest),
    /// The host refused it.
    Failed(Failure),
}

/// What a plugin is known by. Its file is hashed piece by piece and kept nowhere: fresh memory for it would cost as much as the hash.
fn key(entry: &Entry, open: &Open<'_>) -> Result<Key, Unusable> {
    let mut component = open(entry).map_err(Unusable::Unread)?;
    let digest = Digest::of_reader(&mut component).map_err(|error| Unusable::Unread(error.to_string()))?;
    check_pin(entry, digest)?;
    Ok((entry.name.value.clone(), digest, limits(entry)))
}

/// A plugin that this run or the host's store has already.
fn recall(key: Key, known: &BTreeMap<Key, Plugin>, host: &Host) -> Result<Option<Loaded>, Unusable> {
    let plugin = match known.get(&key) {
        Some(plugin) => Some(plugin.clone()),
        None => host.recall(&key.0, key.1, &key.2).map_err(Unusable::Failed)?,
    };
    Ok(plugin.map(|plugin| (key, plugin)))
}

/// Compiles what nobody has, several plugins at the same time.
fn compile_missing(entries: &[Entry], loaded: &mut [Result<Option<Loaded>, Unusable>], open: &Open<'_>, host: &Host) {
    let mut missing: Vec<_> = entries.iter().zip(loaded).filter(|(_, loaded)| matches!(loaded, Ok(None))).collect();
    for chunk in missing.chunks_mut(PARALLEL_COMPILES) {
        std::thread::scope(|scope| {
            for (entry, loaded) in chunk {
                scope.spawn(|| **loaded = compile(entry, open, host).map(Some));
            }
        });
    }
}

/// What is compiled is what is read here; the file may have changed since it was hashed.
fn compile(entry: &Entry, open: &Open<'_>, host: &Host) -> Result<Loaded, Unusable> {
    let unread = |error: io::Error| Unusable::Unread(error.to_string());
    let mut component = Vec::new();
    open(entry).map_err(Unusable::Unread)?.read_to_end(&mut component).map_err(unread)?;
    let limits = limits(entry);
    let source = Source::new(&entry.name.value, &component, &limits);
    let digest = source.digest();
    check_pin(entry, digest)?;
    let plugin = host.load(source).map_err(Unusable::Failed)?;
    Ok(((entry.name.value.clone(), digest, limits), plugin))
}

fn check_pin(entry: &Entry, digest: Digest) -> Result<(), Unusable> {
    let is_another = entry.sha256.as_ref().is_some_and(|pinned| pinned.value != digest.hex());
    if is_another { Err(Unusable::Another(digest)) } else { Ok(()) }
}

fn tell(unusable: Unusable, entry: &Entry, report: &mut Report) -> Stop {
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
                path if path.split('/').any(|step| step == "..") => "put it beside the spec, or below",
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
