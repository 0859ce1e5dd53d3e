//! `flatwright vendor`.

use std::path::PathBuf;

use clap::Args;

use super::{Fetch, Findings, Variables};

/// `flatwright vendor`.
#[derive(Debug, Args)]
#[command(
    after_help = "The specs must be locked: what is fetched must be what the lock says. Each URL lies at its host and path, so any web server can serve the directory, and `flatwright lock --from DIR` reads it.\n\nExamples:\n  flatwright vendor cluster.yaml mirror\n  flatwright vendor cluster.yaml mirror --from downloads --offline"
)]
pub(crate) struct Vendor {
    /// A spec; `-` is standard input.
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// The directory; what is in it stays.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// A directory in which files are looked for by their name before they are fetched. Repeatable.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Vec<PathBuf>,
    /// What may be fetched.
    #[command(flatten)]
    pub(crate) fetch: Fetch,
    /// What specs get beside themselves.
    #[command(flatten)]
    pub(crate) variables: Variables,
    /// How findings are shown; they go to standard error.
    #[command(flatten)]
    pub(crate) findings: Findings,
}
