//! Loading: the file read, its hash compared, the component loaded once per run, its settings checked.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use flatwright_diagnostic::Report;
use flatwright_plan::{Plan, Plugin as Entry};
use flatwright_plugin_host::{Host, Limits, Plugin, Source};
use sha2::{Digest, Sha256};

use super::{Ready, Stop, findings, settings};
use crate::code;

/// The plugins of a run, so that a fleet loads each file once. Keyed by name, file hash and limits, which is all that a loaded plugin depends on.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Key, Plugin>>);

/// Name, hash of the file, limits.
type Key = (String, [u8; 32], String);

/// Loads the plugins of a plan.
///
/// # Errors
/// [`Stop`] after every plugin was tried, so that one run reports all that cannot be used.
pub(crate) fn load(
    plan: &Plan,
    host: &dyn Fn() -> Host,
    memory: &Memory,
    read: &dyn Fn(&Entry) -> Result<Vec<u8>, String>,
    report: &mut Report,
) -> Result<Vec<Ready>, Stop> {
    if plan.plugins.is_empty() {
        return Ok(Vec::new());
    }
    let files: Vec<Option<File<'_>>> = plan.plugins.iter().map(|entry| file(entry, read, report)).collect();
    let mut known = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    let cold: Vec<&File<'_>> = files.iter().flatten().filter(|file| !known.contains_key(&file.key())).collect();
    if !cold.is_empty() {
        let sources: Vec<Source<'_>> = cold
            .iter()
            .map(|file| Source { name: &file.entry.name.value, component: &file.bytes, limits: &file.limits })
            .collect();
        for (file, loaded) in cold.iter().zip(host().load_all(&sources)) {
            match loaded {
                Ok(plugin) => {
                    known.insert(file.key(), plugin);
                }
                Err(failure) => match findings::failed(failure, file.entry, report) {
                    Stop::Reported => {}
                    stop @ Stop::Environment(_) => return Err(stop),
                },
            }
        }
    }
    let mut ready = Vec::with_capacity(files.len());
    for (index, file) in files.iter().enumerate() {
        let Some(plugin) = file.as_ref().and_then(|file| known.get(&file.key())) else { continue };
        if let Some(settings) = settings::checked(&plan.plugins[index], plugin.description(), report) {
            ready.push(Ready { plugin: plugin.clone(), entry: index, settings });
        }
    }
    if report.has_errors() { Err(Stop::Reported) } else { Ok(ready) }
}

struct File<'a> {
    entry: &'a Entry,
    bytes: Vec<u8>,
    hash: [u8; 32],
    limits: Limits,
}

impl File<'_> {
    fn key(&self) -> Key {
        (self.entry.name.value.clone(), self.hash, format!("{:?}", self.limits))
    }
}

fn file<'a>(
    entry: &'a Entry,
    read: &dyn Fn(&Entry) -> Result<Vec<u8>, String>,
    report: &mut Report,
) -> Option<File<'a>> {
    let source = &entry.source;
    let place = || source.origin.anchor().unwrap_or_else(|| findings::place_of(entry));
    let bytes = match read(entry) {
        Ok(bytes) => bytes,
        Err(reason) => {
            report
                .error(
                    code::PLUGIN_FILE,
                    place(),
                    format!("plugin `{}` cannot be read from `{}`: {reason}", entry.name.value, source.value),
                )
                .hint("build it with `flatwright plugin build`, or correct the path; it is relative to the spec");
            return None;
        }
    };
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(wanted) = entry.sha256.as_ref().filter(|wanted| wanted.value != hex) {
        let anchor = wanted.origin.anchor().unwrap_or_else(place);
        report
            .error(
                code::PLUGIN_FILE,
                anchor,
                format!("plugin `{}` is another file than the spec pins: its SHA-256 is `{hex}`", entry.name.value),
            )
            .hint(format!("if the new file is meant, write `sha256: {hex}`"));
        return None;
    }
    Some(File { entry, bytes, hash, limits: limits(entry) })
}

/// The spec's limits over the defaults. The spec has checked names and forms; the host clamps to its ceilings.
fn limits(entry: &Entry) -> Limits {
    let mut json = serde_json::to_value(Limits::default()).expect("invariant: limits are JSON");
    for (key, value) in &entry.limits {
        json[*key] = value.value.into();
    }
    serde_json::from_value(json).expect("invariant: the spec's limits have the host's keys")
}
