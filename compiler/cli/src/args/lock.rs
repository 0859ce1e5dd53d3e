//! `flatwright lock`.

use std::path::PathBuf;

use clap::Args;
use flatwright_kubernetes::table::Day;

use super::{Fetch, Findings, Variables};

/// `flatwright lock`.
#[derive(Debug, Args)]
#[command(
    after_help = "Versions that are not said exactly are chosen, the newest that fit; hashes of extensions and versions of charts are looked up: in the lists of --from, else in those of their makers, which are fetched unless --offline. What is in the lock and still is what was asked for stays.\nLists of versions are told by their content (docs/lock.md): Flatcar's releases, Kubernetes' schedule, SHA256SUMS, what `az` prints, index.yaml of a chart repository.\n\nExit codes:\n  0  the lock is written, or was up to date\n  1  an error in the input, nothing that fits, or a difference found by --check\n  2  wrong usage, or the environment failed\n\nExamples:\n  flatwright lock cluster.yaml\n  flatwright lock cluster.yaml --update              # the newest of everything that fits\n  flatwright lock cluster.yaml --update=kubernetes   # of one thing\n  flatwright lock *.yaml --check                     # exit 1 if the lock is not up to date\n  flatwright lock cluster.yaml --from SHA256SUMS --from releases-stable.json"
)]
pub(crate) struct Lock {
    /// Spec files of one directory, or of several with --lock; `-` is standard input.
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Choose anew what may change: everything, or what has this name. Repeatable.
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) update: Vec<String>,
    /// Write nothing; exit 1 if the lock would change.
    #[arg(long)]
    pub(crate) check: bool,
    /// Remove entries that none of the specs asks for.
    #[arg(long)]
    pub(crate) prune: bool,
    /// A list of versions, or a directory of such. Repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) from: Vec<PathBuf>,
    /// The day of new entries, such as 2026-11-30. Default: today.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Day>,
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
