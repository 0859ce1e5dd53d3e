//! How much a log line matters: `interface log`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// How much a line matters. The compiler shows `warn` and `error` lines by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Level {
    /// Every step.
    #[component(name = "trace")]
    Trace,
    /// For the author of the plugin.
    #[component(name = "debug")]
    Debug,
    /// For a user who asks for more.
    #[component(name = "info")]
    Info,
    /// Something is odd.
    #[component(name = "warn")]
    Warn,
    /// Something failed.
    #[component(name = "error")]
    Error,
}

impl Level {
    /// As log.wit spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}
