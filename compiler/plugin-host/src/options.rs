//! What the host asks of the outside: who compiles, where artifacts are kept, whom to tell.

use crate::cache::{ArtifactStore, NoStore};
use crate::compile::{Compiler, InProcess};
use crate::watchdog::OnOverdue;

/// What the host asks of the outside.
pub struct HostOptions {
    /// Compiles components. The default compiles in this process, without containment.
    pub compiler: Box<dyn Compiler>,
    /// Keeps compiled components between runs. The default keeps nothing.
    pub artifacts: Box<dyn ArtifactStore>,
    /// Called when a call lasts longer than `limits.seconds`; expected to end the process. Without it there is no wall-clock limit.
    pub on_overdue: Option<Box<OnOverdue>>,
    /// Called when a component must be compiled, for a progress line.
    pub on_progress: Option<Box<OnProgress>>,
    /// Whether instances come from a pool, if the system allows. It pays for long-lived processes with many threads.
    pub pooling: bool,
    /// Whether plugins stay loaded until the process ends, which takes care of them faster than unloading does.
    pub keeps_plugins: bool,
}

/// Told about slow work. It may be called from several threads.
pub type OnProgress = dyn Fn(Progress<'_>) + Send + Sync;

/// Slow work on a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// The plugin of this name is not in the cache and is being compiled.
    Compiling(&'a str),
    /// Another run compiles the plugin of this name, which is waited for.
    Waiting(&'a str),
    /// That is over, well or badly.
    Compiled(&'a str),
}

impl Default for HostOptions {
    fn default() -> Self {
        Self {
            compiler: Box::new(InProcess),
            artifacts: Box::new(NoStore),
            on_overdue: None,
            on_progress: None,
            pooling: true,
            keeps_plugins: false,
        }
    }
}
