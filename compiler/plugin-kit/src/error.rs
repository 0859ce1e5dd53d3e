//! Why a tool could not do its work.

use std::io;
use std::path::PathBuf;

use flatwright_plugin_host::Failure;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written: exit code 2.
    #[error("failed to {doing} `{}`", path.display())]
    File {
        /// `read` or `write`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tool is not installed: exit code 2.
    #[error("`{tool}` is needed to build {what}, and was not found; {install}")]
    NoTool {
        /// The program.
        tool: String,
        /// What it is needed for.
        what: String,
        /// How to get it.
        install: String,
    },
    /// A tool failed: exit code 1, since that is nearly always the author's code. What it said about it went where its output goes.
    #[error("`{command}` failed{}", said(.output))]
    Tool {
        /// The command line.
        command: String,
        /// What it wrote to standard error, unless that went to the terminal.
        output: String,
    },
    /// The directory holds no project that can be built: exit code 1.
    #[error("{0}")]
    Project(String),
    /// A case cannot be read: exit code 1.
    #[error(transparent)]
    Case(#[from] crate::case::InvalidCase),
    /// The plugin, or the machine: see there.
    #[error(transparent)]
    Plugin(#[from] Failure),
}

impl Error {
    pub(crate) fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing: "read", path, source }
    }

    pub(crate) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing: "write", path, source }
    }

    /// Whether the machine is to blame, not the plugin: exit code 2.
    pub fn is_environment(&self) -> bool {
        matches!(self, Self::File { .. } | Self::NoTool { .. } | Self::Plugin(Failure::Environment { .. }))
    }
}

fn said(output: &str) -> String {
    match output.trim_end() {
        "" => String::new(),
        output => format!(":\n{output}"),
    }
}
