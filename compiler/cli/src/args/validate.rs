//! `flatwright validate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use flatwright_kubernetes::table::Day;

use super::{Findings, Style, Variables};

/// `flatwright validate`.
#[derive(Debug, Args)]
#[command(
    after_help = "The kind of a file follows from its name (.bu, .ign, .transfer, .service, .wasm …) or its content. The report goes to standard output, and ends with what was checked and what was not.\nBelow a directory, hidden directories, links and what git ignores are left out.\n\nThe CRDs of Cluster API, its Azure provider and its Helm add-on provider are built in; --crds brings others.\nManifests for Flatcar need EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true in the management cluster.\n\nExamples:\n  flatwright validate cluster.yaml node.bu 10-proxy.conf\n  kubectl get crd -o yaml | flatwright validate --crds - cluster/*.yaml\n  flatwright validate --old applied.yaml new.yaml   # as an update: what may not change\n  flatwright compile cluster.yaml | flatwright validate --complete -\n  flatwright validate cluster.yaml --fix             # show the changes; --write makes them\n  flatwright validate . --report sarif --report-file findings.sarif"
)]
pub(crate) struct Validate {
    /// Files to check; a directory stands for the files in it and below, `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are, where it is not to be detected.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<FileKind>,
    /// CRDs that manifests must fit, in the place of the built-in ones: files or directories, `-` for standard input. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) crds: Vec<PathBuf>,
    /// What was applied before, manifests or specs: the same objects are judged as updates. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) old: Vec<PathBuf>,
    /// What specs become.
    #[command(flatten)]
    pub(crate) style: Style,
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
    /// What `az vm list-skus -o json` prints: it takes the place of the built-in table of VM sizes, and says what the subscription cannot use. `-` for standard
    /// input.
    #[arg(long, value_name = "FILE")]
    pub(crate) skus: Option<PathBuf>,
    /// What `az vm list-usage -o json` prints of the cluster's region: groups that need more than the quota has left are a warning. `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) usage: Option<PathBuf>,
    /// The release of a provider in the management cluster, such as `capz=v1.24`: where the built-in CRDs are of another one, what they say is a warning.
    /// Repeatable.
    #[arg(long, value_name = "NAME=VERSION")]
    pub(crate) provider: Vec<flatwright::Release>,
    /// The value of a variable of clusterctl templates (`${NAME}`); others have their defaults, or are not judged. Repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) var: Vec<(String, String)>,
    /// Fail where the lock would change: everything that machines and the management cluster fetch must be in it. For CI.
    #[arg(long)]
    pub(crate) locked: bool,
    /// What the specs may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
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

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err(format!("`{name}` is not the name of a variable"))
    }
}
