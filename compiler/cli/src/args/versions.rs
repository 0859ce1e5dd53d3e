//! `flatwright versions`.

use clap::{Args, ValueEnum};
use flatwright_kubernetes::table::Day;

/// `flatwright versions`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is fetched: this is what this build knows. A clock is not read: say what today is to see what is out of support.\n\nExamples:\n  flatwright versions\n  flatwright versions --today 2026-11-29\n  flatwright versions --format json"
)]
pub(crate) struct Versions {
    /// What today is, such as 2026-11-29.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Day>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = VersionsFormat::Text)]
    pub(crate) format: VersionsFormat,
}

/// How versions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VersionsFormat {
    /// A table.
    Text,
    /// JSON.
    Json,
}
