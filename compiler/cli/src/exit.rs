//! Exit codes. Documented in `--help` and docs/reports.md; scripts rely on them. A bug has no code: the release profile aborts on a panic, so the process ends by SIGABRT.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// No finding of severity error. Warnings are allowed unless denied.
    Success = 0,
    /// An error finding, or a difference found by `--check`.
    Findings = 1,
    /// The command line or the environment: an unreadable file, a directory that cannot be written. clap uses the same code for usage.
    Environment = 2,
    /// A difference found by `diff --exit-code`.
    Differs = 3,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// Whether the reader of our output has gone (`flatwright … | head`): no error of ours.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
