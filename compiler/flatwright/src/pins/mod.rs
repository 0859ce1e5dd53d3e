//! What a lock says of a spec: versions in the place of ranges, hashes of extensions, versions of charts.
//!
//! Owns: reading the lock that is for a spec, and where its entries go. Must not: choose a version, or change a lock; `relock` does.

mod extensions;
mod plan;
mod versions;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use flatwright_diagnostic::{Anchor, Diagnostic, Report, Severity};
use flatwright_kubernetes::table::Day;
use flatwright_lock::rules::LockFile;
use flatwright_lock::{Ask, FILE_NAME, Fault, Kind, Lock, Pin};
use flatwright_render::Sources;
use flatwright_yaml::LineIndex;

use crate::world::World;

pub(crate) use extensions::extensions;
pub(crate) use plan::{chart_ask, check_images, image_ask, is_exact, pin_plan, plugin_ask};
pub(crate) use versions::{knows_release, kubernetes_ask, pin_versions, release_ask};

/// The lock of a spec.
#[derive(Clone, Debug)]
pub(crate) struct Pins {
    /// Its entries; none if there is no file.
    lock: Option<Arc<Lock>>,
    /// The file, as it is named where specs are.
    file: String,
    /// Whether everything that is fetched must be in it.
    is_whole: bool,
    /// How to make it, as a command.
    command: String,
}

/// The locks of a run, each read once.
#[derive(Default)]
pub(crate) struct Locks(Mutex<BTreeMap<String, Read>>);

/// The lock of a directory with its name, if there is one.
type Read = Result<Option<(String, Arc<Lock>)>, Unreadable>;

/// A lock that cannot be used; it was reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unreadable;

impl Locks {
    /// The lock for the spec of a file.
    ///
    /// # Errors
    /// If there is one and it cannot be used, which is reported once.
    pub(crate) fn of(
        &self,
        base: &str,
        is_whole: bool,
        world: &dyn World,
        sources: &Mutex<Sources>,
        report: &mut Report,
    ) -> Result<Pins, Unreadable> {
        let directory = base.rsplit_once('/').map_or("", |(directory, _)| directory);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = match known.get(directory) {
            Some(read) => read.clone(),
            None => {
                let read = read(base, world, sources, report);
                known.insert(directory.to_owned(), read.clone());
                read
            }
        }?;
        let (file, lock) = read.map_or_else(|| (beside(base), None), |(name, lock)| (name, Some(lock)));
        Ok(Pins { lock, file, is_whole, command: command(base) })
    }
}

/// The lock beside a spec.
pub(crate) fn beside(base: &str) -> String {
    match base.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{FILE_NAME}"),
        None => FILE_NAME.to_owned(),
    }
}

/// What makes the lock of a spec.
fn command(base: &str) -> String {
    if base.starts_with('<') { "flatwright lock -".to_owned() } else { format!("flatwright lock {base}") }
}

fn read(base: &str, world: &dyn World, sources: &Mutex<Sources>, report: &mut Report) -> Read {
    let add = |name: &str, text: String| {
        let mut sources = sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.add(name, text, None)
    };
    let file = match world.lock(base) {
        Ok(None) => return Ok(None),
        Ok(Some(file)) => file,
        Err(problem) => {
            let source = add(FILE_NAME, String::new());
            report.refuse(Anchor::whole(source), &LockFile::Damaged { problem });
            return Err(Unreadable);
        }
    };
    match Lock::parse(&file.bytes) {
        Ok(lock) => Ok(Some((file.name, Arc::new(lock)))),
        Err(fault) => {
            let source = add(&file.name, String::from_utf8_lossy(&file.bytes).into_owned());
            report.push(damaged(&fault, &file.bytes, |line, column| Anchor::line_column(source, line, column)));
            Err(Unreadable)
        }
    }
}

/// What is said of a file that is no lock.
pub fn damaged(fault: &Fault, bytes: &[u8], at: impl FnOnce(u32, u32) -> Anchor) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let start = fault.at.start.min(text.len());
    let (line, column) = LineIndex::new(&text).position(&text, start);
    let number = |number: usize| u32::try_from(number.max(1)).unwrap_or(1);
    let problem = fault.problem.clone();
    let mut finding = if fault.is_newer {
        let mut finding = Diagnostic::of(&LockFile::Newer { problem }, Severity::Error);
        finding.hint("update flatwright; an older one must not write this file");
        finding
    } else {
        let mut finding = Diagnostic::of(&LockFile::Damaged { problem }, Severity::Error);
        finding.hint("take the file from version control again, or remove it and run `flatwright lock`");
        finding
    };
    finding.at(at(number(line), number(column)));
    finding
}

impl Pins {
    /// Where an entry was read that nobody but a spec says.
    pub(crate) const SPEC: &'static str = "the spec";

    /// What the lock says is today, for ends of life.
    pub(crate) fn day(&self) -> Option<Day> {
        self.lock.as_ref()?.day
    }

    /// Whether the lock has a version of Kubernetes from somebody who lists some: then there is such a version, whatever the tables of this program say.
    pub(crate) fn knows_kubernetes(&self, version: &str) -> bool {
        self.knows(Kind::Kubernetes, version)
    }

    fn knows(&self, kind: Kind, version: &str) -> bool {
        let mut entries = self.lock.iter().flat_map(|lock| lock.of_kind(kind));
        entries.any(|(_, pin)| pin.text("locked") == Some(version) && pin.text("read") != Some(Self::SPEC))
    }

    /// Entries that are about to become the lock of a spec.
    pub(crate) fn becoming(lock: Lock, file: &str, base: &str) -> Self {
        Self { lock: Some(Arc::new(lock)), file: file.to_owned(), is_whole: false, command: command(base) }
    }

    /// Its name in messages.
    fn name(&self) -> String {
        format!("`{}`", self.file)
    }

    fn pin(&self, ask: &Ask) -> Option<&Pin> {
        self.lock.as_ref()?.pin(ask)
    }

    /// Whether there is a file.
    const fn is_there(&self) -> bool {
        self.lock.is_some()
    }
}
