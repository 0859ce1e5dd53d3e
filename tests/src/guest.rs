//! Plugins, built once per test program as their authors build them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use flatwright_plugin_host::directory::Directory;
use flatwright_plugin_host::{Cache, Host, HostOptions};
use flatwright_plugin_kit::{Error, build};

/// Enough for the plugins of the tests; what is older goes.
const MOST_CACHE_BYTES: u64 = 1 << 28;

/// The host of all tests in process. Compiled components are kept between runs: without optimization that takes a second.
static HOST: LazyLock<Host> = LazyLock::new(|| {
    let cache = Directory::open(&directory().join("cache")).unwrap();
    Host::new(HostOptions { artifacts: Box::new(Cache::new(cache, MOST_CACHE_BYTES)), ..HostOptions::default() })
});

/// The host that runs plugins in tests.
pub fn host() -> Host {
    HOST.clone()
}

/// The component of a project below `plugins`; `None`, with a printed line, where this machine lacks the tools. What does not build fails the test.
pub fn guest(project: &str) -> Option<Vec<u8>> {
    static BUILT: Mutex<BTreeMap<String, Option<Vec<u8>>>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.entry(project.to_owned()).or_insert_with(|| build_guest(project)).clone()
}

fn build_guest(project: &str) -> Option<Vec<u8>> {
    let source = crate::repository().join("plugins").join(project);
    let file = directory().join(source.file_name().unwrap()).with_extension("wasm");
    match build(&host(), &source, Some(&file)) {
        Ok(built) => Some(built.component),
        Err(error @ Error::NoTool { .. }) => {
            println!("skipped {project}: {error}");
            None
        }
        Err(error) => panic!("{project}: {error}"),
    }
}

/// `target/tmp/guests`
fn directory() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).map(Path::to_owned).unwrap();
    target.join("tmp/guests")
}
