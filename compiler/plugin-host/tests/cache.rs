//! The cache on disk, end to end: found again, rebuilt when damaged, harmless when unusable, shared by concurrent runs.
#![cfg(all(feature = "shell", unix))]
#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "these tests are about files")]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flatwright_plugin_host::directory::Directory;
use flatwright_plugin_host::{
    ArtifactStore, Cache, Digest, Host, HostOptions, Limits, NoStore, Plugin, Progress, Source, compile_artifact,
};
use support::values;

/// A directory of one test's own, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("flatwright-cache-{}-{name}", std::process::id())))
    }

    fn artifacts(&self) -> Vec<PathBuf> {
        std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// As a command line does: a directory that cannot be used is no cache.
fn store(path: &Path) -> Box<dyn ArtifactStore> {
    Directory::open(path).map_or_else(
        |_| Box::new(NoStore) as Box<dyn ArtifactStore>,
        |directory| Box::new(Cache::new(directory, 1 << 30)),
    )
}

/// Loads the plugin as a new process would, and counts compiles.
fn load(path: &Path, component: &[u8]) -> (Plugin, usize) {
    let compiled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&compiled);
    let on_progress = Box::new(move |progress: Progress<'_>| {
        if matches!(progress, Progress::Compiling(_)) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    let host =
        Host::new(HostOptions { artifacts: store(path), on_progress: Some(on_progress), ..HostOptions::default() });
    let plugin = host.load(Source::new("p", component, &Limits::default())).unwrap();
    let image = &values::images()[0];
    let outcome = plugin.session().customize_image(&values::context(), image).unwrap();
    assert_eq!(outcome.value.as_ref(), Some(image));
    (plugin, compiled.load(Ordering::SeqCst))
}

fn echo() -> Vec<u8> {
    support::component(&support::wit(""), "all-hooks", &support::echo_core())
}

#[test]
fn the_second_run_compiles_nothing() {
    let scratch = Scratch::new("second");
    let component = echo();
    let (cold, compiled) = load(&scratch.0, &component);
    assert_eq!(compiled, 1);
    let (warm, compiled) = load(&scratch.0, &component);
    assert_eq!(compiled, 0);
    assert_eq!((cold.description(), cold.digest()), (warm.description(), warm.digest()));
}

#[test]
fn what_is_kept_is_recalled_without_its_component() {
    let scratch = Scratch::new("recalled");
    let (component, limits) = (echo(), Limits::default());
    let host = || Host::new(HostOptions { artifacts: store(&scratch.0), ..HostOptions::default() });
    let digest = Digest::of(&component);
    assert!(host().recall("p", digest, &limits).unwrap().is_none());
    let (cold, _) = load(&scratch.0, &component);
    let warm = host().recall("p", digest, &limits).unwrap().unwrap();
    assert_eq!((cold.description(), cold.digest()), (warm.description(), warm.digest()));
    assert!(host().recall("p", Digest::of(b"another"), &limits).unwrap().is_none());
}

#[test]
fn a_damaged_artifact_is_rebuilt() {
    let scratch = Scratch::new("damaged");
    let component = echo();
    load(&scratch.0, &component);
    let [artifact] = scratch.artifacts().try_into().unwrap();
    let whole = std::fs::read(&artifact).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&b""[..], &whole[..whole.len() - 1], &whole[..100], &flipped, b"\x7fELF of somebody else"] {
        std::fs::write(&artifact, damaged).unwrap();
        assert_eq!(load(&scratch.0, &component).1, 1);
        assert_eq!(std::fs::read(&artifact).unwrap(), whole, "rebuilt, to the same bytes");
    }
}

#[test]
fn the_artifact_of_another_plugin_is_not_taken() {
    let scratch = Scratch::new("swapped");
    let (one, other) = (echo(), support::images_plugin("unreachable", ""));
    load(&scratch.0, &one);
    let [artifact] = scratch.artifacts().try_into().unwrap();
    let limits = Limits::default();
    let host = Host::new(HostOptions { artifacts: store(&scratch.0), ..HostOptions::default() });
    host.load(Source::new("p", &other, &limits)).unwrap();
    let second = scratch.artifacts().into_iter().find(|path| *path != artifact).unwrap();
    std::fs::copy(second, &artifact).unwrap();
    assert_eq!(load(&scratch.0, &one).1, 1);
}

#[test]
fn an_unusable_directory_costs_time_and_nothing_else() {
    let scratch = Scratch::new("unusable");
    let component = echo();
    std::fs::create_dir_all(&scratch.0).unwrap();
    std::fs::set_permissions(&scratch.0, std::fs::Permissions::from_mode(0o777)).unwrap();
    for _ in 0..2 {
        assert_eq!(load(&scratch.0, &component).1, 1);
    }
    assert!(scratch.artifacts().is_empty());
    assert_eq!(load(Path::new("/proc/no/such/directory"), &component).1, 1);
}

#[test]
fn concurrent_runs_share_it() {
    let scratch = Scratch::new("concurrent");
    let component = echo();
    let compiled: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| load(&scratch.0, &component).1)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert_eq!(compiled, 1, "one compiles, the others wait for it");
    assert_eq!(scratch.artifacts().len(), 1, "no lock is left behind");
    assert_eq!(load(&scratch.0, &component).1, 0);
}

#[test]
fn one_file_is_loaded_under_several_names_with_limits_of_their_own() {
    let component = echo();
    let host = Host::new(HostOptions::default());
    let plugin = host.load(Source::new("one", &component, &Limits::default())).unwrap();
    let two = plugin.again("two", &Limits { findings: 7, ..Limits::default() }).unwrap();
    assert_eq!((two.name(), two.limits().findings, two.digest()), ("two", 7, plugin.digest()));
    let image = &values::images()[0];
    assert_eq!(two.session().customize_image(&values::context(), image).unwrap().value.as_ref(), Some(image));
    assert!(
        plugin.again("small", &Limits { memory_mib: 0, ..Limits::default() }).is_ok(),
        "limits are clamped to 1 MiB"
    );
    assert_eq!((plugin.name(), plugin.limits()), ("one", &Limits::default()));
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    let component = echo();
    assert_eq!(compile_artifact(&component).unwrap(), compile_artifact(&component).unwrap());
}
