//! `flatwright lock`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flatwright::diff::{self, Input};
use flatwright::relock::{Lists, Relocked, Request, Update, relock};
use flatwright::{LOCK_FILE, Options, SpecFile, World};
use flatwright_diagnostic::{Anchor, Report, nearest};
use flatwright_lock::Lock;
use flatwright_lock::known::Known;
use flatwright_render::Sources;

use crate::args::{self, Color};
use crate::clock;
use crate::disk::read_spec;
use crate::exit::Code;
use crate::fetching::Fetching;
use crate::lists;
use crate::lock_file::Held;
use crate::output;
use crate::report::{self, Stream};
use crate::world::{Disk, WithLock};

/// So many differences are shown.
const MOST: usize = 200;

pub(crate) fn run(command: &args::Lock, color: Color) -> Result<Code> {
    if command.specs.iter().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let path = path(command)?;
    let held = if command.check { Held::to_read(&path)? } else { Held::to_write(&path)? };
    let name = path.to_string_lossy().into_owned();
    let bytes = held.read()?;
    let old = match bytes.as_deref().map(Lock::parse) {
        None => Lock::default(),
        Some(Ok(lock)) => lock,
        Some(Err(fault)) => {
            let (mut sources, mut found) = (Sources::new(), Report::new());
            let bytes = bytes.as_deref().unwrap_or_default();
            let source = sources.add(name.as_str(), String::from_utf8_lossy(bytes), None);
            found.push(flatwright::damaged_lock(&fault, bytes, |line, column| {
                Anchor::line_column(source, line, column)
            }));
            return report::present(found, &sources, None, &command.findings, Stream::Error, color);
        }
    };
    if bytes.as_deref().is_some_and(Lock::is_of_newer_revision) && !command.check {
        bail!("a newer flatwright wrote `{name}`: this one can use it and must not change it; update flatwright");
    }
    let files = command.specs.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let known = match lists::read(&command.from, &command.findings, color)? {
        Ok(known) => known,
        Err(code) => return Ok(code),
    };
    let update = update(command, &old)?;
    let disk = Disk::new(&command.variables);
    let request = Request {
        files: &files,
        world: &disk,
        old: &old,
        name: &name,
        update: &update,
        prunes: command.prune,
        today: command.today.map_or_else(clock::today, Ok)?,
    };
    let Relocked { sources, report, lock, changes, unused } = choose(&request, known, &command.fetch)?;
    let code = report::present(report, &sources, None, &command.findings, Stream::Error, color)?;
    if code != Code::Success {
        return Ok(code);
    }
    let mut text = String::new();
    for change in changes.iter().take(MOST) {
        text.push_str(&format!("{change}\n"));
    }
    if changes.len() > MOST {
        text.push_str(&format!("and {} more\n", changes.len() - MOST));
    }
    if !changes.is_empty() && !old.is_empty() {
        text.push_str(&rolled(&files, &disk, &name, [&old, &lock]));
    }
    output::print(&text)?;
    for ask in unused.iter().take(10) {
        report::line(&format!("nothing asks for {ask}; `--prune` removes it"));
    }
    let is_same = changes.is_empty() && bytes.is_some();
    if command.check {
        if is_same {
            return Ok(Code::Success);
        }
        report::line(&format!("`{name}` is not up to date: run `flatwright lock`"));
        return Ok(Code::Findings);
    }
    if is_same {
        report::line(&format!("`{name}` is up to date"));
    } else {
        held.replace(&lock.render())?;
        let count = lock.entries().count();
        report::line(&format!("wrote `{name}`: {count} entries, {} changed", changes.len()));
    }
    Ok(Code::Success)
}

/// Chooses, from what was read and what can be fetched.
fn choose(request: &Request<'_>, known: Known, options: &args::Fetch) -> Result<Relocked> {
    // Made when the first list is missing: most runs need none.
    let mut fetching: Option<Result<Fetching, String>> = None;
    let mut fetch = |url: &str| {
        let fetching = fetching.get_or_insert_with(|| Fetching::new(options).map_err(|error| format!("{error:#}")));
        fetching.as_ref().map_err(Clone::clone)?.get(url)
    };
    let relocked = relock(request, &mut Lists::fetching(known, &mut fetch));
    // Roots of trust that cannot be used are no matter of a spec.
    if let Some(Err(problem)) = fetching
        && options.ca_file.is_some()
    {
        bail!("{problem}");
    }
    Ok(relocked)
}

/// Where the lock is: beside the specs, which then are all in one directory.
fn path(command: &args::Lock) -> Result<PathBuf> {
    if let Some(path) = &command.variables.lock {
        return Ok(path.clone());
    }
    let directory = |path: &PathBuf| path.parent().map(Path::to_owned).unwrap_or_default();
    let directories: BTreeSet<PathBuf> = command.specs.iter().map(directory).collect();
    match directories.into_iter().collect::<Vec<_>>().as_slice() {
        [directory] => Ok(directory.join(LOCK_FILE)),
        _ => bail!("the specs are in several directories: name their lock with `--lock FILE`"),
    }
}

fn update(command: &args::Lock, old: &Lock) -> Result<Update> {
    if command.update.is_empty() {
        return Ok(Update::Nothing);
    }
    if command.update.iter().any(String::is_empty) {
        return Ok(Update::All);
    }
    let names: BTreeSet<&str> = old.entries().map(|(ask, _)| ask.name()).collect();
    if let Some(name) = command.update.iter().find(|name| !names.contains(name.as_str())) {
        match nearest(name, names.iter().copied()) {
            Some(near) => bail!("no entry of the lock is named `{name}`; did you mean `{near}`?"),
            None => bail!("no entry of the lock is named `{name}`"),
        }
    }
    Ok(Update::Names(command.update.iter().cloned().collect()))
}

/// What the changed entries do to machines; nothing where either state does not compile.
fn rolled(files: &[SpecFile], world: &dyn World, name: &str, [old, new]: [&Lock; 2]) -> String {
    let options = Options { allows_unresolved: true, ..Options::default() };
    let (before, after) = (WithLock::new(world, name, old.render()), WithLock::new(world, name, new.render()));
    let compared = diff::diff(
        &Input::Specs { files, world: &before, options: &options },
        &Input::Specs { files, world: &after, options: &options },
    );
    match compared.plan.filter(diff::Plan::differs) {
        Some(plan) => format!("\n{}", diff::text(&plan)),
        None => String::new(),
    }
}

impl Held {
    /// Reads what is there.
    ///
    /// # Errors
    /// What the operating system says.
    fn read(&self) -> Result<Option<Vec<u8>>> {
        self.bytes().with_context(|| format!("failed to read `{}`", self.path().display()))
    }
}
