//! The plugin host of this process: components are compiled in a child process, and kept in the user's cache directory.
//!
//! Owns: the wiring of the host to this program, its terminal and the disk. Must not: do anything before the first plugin; a run without plugins pays nothing.

mod filling;
mod progress;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use flatwright_diagnostic::Diagnostic;
use flatwright_plugin_host::child::{self, ChildCompiler};
use flatwright_plugin_host::directory::{Directory, Refusal};
use flatwright_plugin_host::shipped::Shipped;
use flatwright_plugin_host::{
    ArtifactStore, Cache, Cleaned, Compiler, Cpu, Host, HostOptions, InProcess, Trouble, Unusable,
};

use self::filling::Filling;
use crate::{exit, report};

/// The hidden subcommand that compiles one component. Read before the command line is parsed: it is part of no interface.
const COMPILE: &str = "__compile-plugin";

/// Compiled plugins take about ten times their size; this is room for hundreds.
const MOST_CACHE_BYTES: u64 = 1 << 30;

static HOST: OnceLock<Host> = OnceLock::new();

/// The host, shared by all clusters of a run.
pub(crate) fn shared() -> Host {
    HOST.get_or_init(|| Host::new(options())).clone()
}

fn options() -> HostOptions {
    HostOptions {
        compiler: compiler(Cpu::NATIVE),
        artifacts: artifacts(),
        on_overdue: Some(Box::new(|diagnostic| overdue(&diagnostic))),
        on_progress: Some(Box::new(progress::show)),
        pooling: true,
        keeps_plugins: true,
    }
}

/// If this process was started to compile a component, does that.
pub(crate) fn serve_compiler() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == COMPILE).then(|| child::serve(&arguments.collect::<Vec<_>>()).into())
}

fn compiler(cpu: Cpu) -> Box<dyn Compiler> {
    match std::env::current_exe() {
        Ok(program) => Box::new(ChildCompiler { program, arguments: vec![OsString::from(COMPILE)], cpu }),
        // Without a way to run ourselves, an uncontained compile is still better than none.
        Err(_) => Box::new(InProcess),
    }
}

fn artifacts() -> Box<dyn ArtifactStore> {
    let path = match cache_directory() {
        Ok(path) => path,
        Err(error) => return Box::new(Unusable(nowhere(error))),
    };
    match Directory::open_or_say(&path) {
        Ok(directory) => Box::new(Cache::new(directory, MOST_CACHE_BYTES)),
        // Plugins are compiled each time then, and a compile says why.
        Err(Refusal { trouble, is_roots }) => match is_roots.then(|| Shipped::open(&path)) {
            Some(Ok(shipped)) => Box::new(shipped),
            Some(Err(reason)) => {
                let reason = format!("`{}` belongs to root and is not taken: {reason}", path.display());
                Box::new(Unusable(Trouble { reason, ..trouble }))
            }
            None => Box::new(Unusable(trouble)),
        },
    }
}

/// A host that compiles every plugin, for a processor, into the cache directory.
///
/// # Errors
/// If the directory cannot be used.
pub(crate) fn filling(cpu: Cpu) -> Result<Host> {
    let path = cache_directory()?;
    let mut directory = Directory::open(&path).with_context(|| format!("failed to use `{}`", path.display()))?;
    if rustix::process::geteuid().is_root() {
        directory.share().with_context(|| format!("failed to share `{}`", path.display()))?;
    }
    let artifacts = Box::new(Filling(Cache::new(directory, MOST_CACHE_BYTES)));
    Ok(Host::new(HostOptions { compiler: compiler(cpu), artifacts, ..options() }))
}

fn nowhere(_: anyhow::Error) -> Trouble {
    Trouble {
        reason: "neither `XDG_CACHE_HOME` nor `HOME` is an absolute path".to_owned(),
        hint: "set `XDG_CACHE_HOME` to a directory that this user may write and nobody else".to_owned(),
    }
}

/// Says why compiled plugins are not kept, for commands without a report. Nothing is said where no plugin was needed.
pub(crate) fn tell_trouble() {
    if let Some(Trouble { reason, hint }) = HOST.get().and_then(Host::trouble) {
        report::unplaced(&flatwright::unkept_plugins(&reason, hint));
    }
}

/// Where compiled plugins are kept.
///
/// # Errors
/// If neither `XDG_CACHE_HOME` nor `HOME` says.
pub(crate) fn cache_directory() -> Result<PathBuf> {
    Ok(caches()?.join("plugins"))
}

/// Where everything is kept that can be made anew.
///
/// # Errors
/// As [`cache_directory`].
pub(crate) fn caches() -> Result<PathBuf> {
    // Relative paths in XDG variables are invalid, says the specification.
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    let caches = caches.context("there is no cache directory: set `XDG_CACHE_HOME` or `HOME` to an absolute path")?;
    Ok(caches.join("flatwright"))
}

fn open_cache() -> Result<Cache<Directory>> {
    Ok(Cache::new(Directory::open(&cache_directory()?)?, MOST_CACHE_BYTES))
}

/// Removes every compiled plugin.
///
/// # Errors
/// If the directory is not ours, or cannot be read or written.
pub(crate) fn clean_cache() -> Result<Cleaned> {
    let directory = cache_directory()?;
    if !directory.exists() {
        return Ok(Cleaned::default());
    }
    let cleaned = open_cache().and_then(|cache| Ok(cache.empty()?));
    cleaned.with_context(|| format!("failed to clean `{}`", directory.display()))
}

/// A guest cannot be stopped from outside; only the process can end.
fn overdue(diagnostic: &Diagnostic) {
    report::unplaced(diagnostic);
    std::process::exit(exit::Code::Environment as i32);
}
