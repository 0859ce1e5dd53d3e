//! `flatwright diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Findings, Style, Variables};

/// `flatwright diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "A side is a spec, an output directory, or a stream of manifests; `-` is standard input. Per node group it is told what happens to its machines, and which line causes it.\nFindings, what the API server refuses among them, go to standard error.\n\nExit codes:\n  0  the plan is shown\n  1  an error in the input, or something that the API server refuses\n  2  wrong usage, or the environment failed\n  3  something differs (with --exit-code)\n\nExamples:\n  flatwright diff applied.yaml cluster.yaml         # what was applied, and a spec\n  flatwright diff out cluster.yaml                  # what compiling into out would do\n  flatwright diff --git main cluster.yaml           # what this branch changes\n  flatwright diff --git main cluster.yaml --format markdown\n  kubectl get cluster-api -A -o yaml | flatwright diff --live - cluster.yaml"
)]
pub(crate) struct Diff {
    /// The old side; with --git or --live, the new one.
    #[arg(value_name = "OLD")]
    pub(crate) first: PathBuf,
    /// The new side.
    #[arg(value_name = "NEW", required_unless_present_any = ["git", "live"], conflicts_with_all = ["git", "live"])]
    pub(crate) second: Option<PathBuf>,
    /// Compare with the spec of this revision: it and all that it names are read from Git.
    #[arg(long, value_name = "REV", conflicts_with = "live")]
    pub(crate) git: Option<String>,
    /// Compare with what a management cluster has: the output of `kubectl get … -o yaml`, `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) live: Option<PathBuf>,
    /// How the plan is written.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// Exit with 3 if something differs.
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// What specs become.
    #[command(flatten)]
    pub(crate) style: Style,
    /// Take machine configs in experimental versions of their languages.
    #[arg(long)]
    pub(crate) experimental: bool,
    /// Fail where the lock would change: everything that machines and the management cluster fetch must be in it. For CI.
    #[arg(long)]
    pub(crate) locked: bool,
    /// What the specs may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
    /// How findings are shown; they go to standard error.
    #[command(flatten)]
    pub(crate) findings: Findings,
}

/// How a plan is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// A table, and what causes it.
    Text,
    /// JSON.
    Json,
    /// Markdown, for a comment on a pull request.
    Markdown,
}
