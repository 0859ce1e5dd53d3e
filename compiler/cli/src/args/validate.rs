//! `flatwright validate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use flatwright_kubernetes::table::Day;

use super::Findings;

/// `flatwright validate`.
#[derive(Debug, Args)]
#[command(
    after_help = "The kind of a file follows from its name (.bu, .ign, .transfer, .service, .wasm …) or its content. The report goes to standard output, and ends with what was checked and what was not.\nBelow a directory, hidden directories, links and what git ignores are left out.\n\nWithout --crds, manifests are judged by the rules of the Cluster API and Azure webhooks, and unknown fields are not judged.\nManifests for Flatcar need EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true in the management cluster.\n\nExamples:\n  flatwright validate cluster.yaml node.bu 10-proxy.conf\n  kubectl get crd -o yaml | flatwright validate --crds - cluster/*.yaml\n  flatwright validate --old applied.yaml new.yaml   # as an update: what may not change\n  flatwright compile cluster.yaml | flatwright validate --complete -\n  flatwright validate cluster.yaml --fix             # show the changes; --write makes them\n  flatwright validate . --report sarif --report-file findings.sarif"
)]
pub(crate) struct Validate {
    /// Files to check; a directory stands for the files in it and below, `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are, where it is not to be detected.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<FileKind>,
    /// CRDs that manifests must fit: files or directories, `-` for standard input. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) crds: Vec<PathBuf>,
    /// Manifests that were applied before: the same objects are judged as updates. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) old: Vec<PathBuf>,
    /// The files hold every object of their clusters: a reference to another object is an error.
    #[arg(long)]
    pub(crate) complete: bool,
    /// A feature gate that is on in the management cluster, beside the Ignition format and ClusterClass. Repeatable.
    #[arg(long, value_enum)]
    pub(crate) gate: Vec<Gate>,
    /// Policies from outside of the specs (`kind: FlatcarPolicies`), which no spec can remove or change. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) policies: Vec<PathBuf>,
    /// What today is, such as 2026-11-29: what is out of support then is a warning. Without it, nothing is judged by its age.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Day>,
    /// Show the changes that are certain as a diff.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Make the changes, and report what is left.
    #[arg(long, requires = "fix")]
    pub(crate) write: bool,
    /// How findings are shown.
    #[command(flatten)]
    pub(crate) findings: Findings,
}

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileKind {
    /// A FlatcarCluster spec.
    Spec,
    /// Kubernetes objects.
    Manifests,
    /// A Butane config.
    Butane,
    /// An Ignition config.
    Ignition,
    /// A Container Linux Config.
    Clc,
    /// A transfer file of systemd-sysupdate.
    Sysupdate,
    /// A systemd unit or drop-in.
    Unit,
    /// A plugin.
    Plugin,
}

/// Feature gates that are off unless someone switches them on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gate {
    /// `EXP_EDGEZONE` of the Azure provider.
    EdgeZone,
    /// `EXP_APISERVER_ILB` of the Azure provider.
    ApiServerIlb,
    /// `MachineTaintPropagation` of Cluster API.
    MachineTaintPropagation,
}
