//! The command line.

mod diff;
mod fetch;
mod findings;
mod images;
mod late;
mod lock;
mod plugin;
mod style;
mod upgrade;
mod validate;
mod variables;
mod vendor;
mod versions;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flatwright_kubernetes::table::Day;

pub(crate) use diff::{Diff, DiffFormat};
pub(crate) use fetch::Fetch;
pub(crate) use findings::{Deny, Findings, ReportFormat};
pub(crate) use images::{Images, ImagesFormat};
use late::Late;
pub(crate) use lock::Lock;
pub(crate) use plugin::{Bench, Build, Cache, Check, Inspect, New, Plugin, PluginLanguage, Run, Test, Warm};
pub(crate) use style::Style;
pub(crate) use upgrade::Upgrade;
pub(crate) use validate::{FileKind, Gate, Validate};
pub(crate) use variables::Variables;
pub(crate) use vendor::Vendor;
pub(crate) use versions::{Versions, VersionsFormat};

/// Compiles one declarative Flatcar cluster spec into Cluster API and CAPZ objects and Ignition configs.
#[derive(Debug, Parser)]
#[command(
    name = "flatwright",
    version,
    about,
    after_help = "Exit codes:\n  0  no error (warnings are allowed)\n  1  an error in the input, or a difference found by --check\n  2  wrong usage, or the environment failed (a file that cannot be read or written)\n  3  a difference found by `diff --exit-code`\n\nStart here:\n  flatwright init --flavor flatcar-sysext > cluster.yaml\n  flatwright compile cluster.yaml -o out\n  kubectl apply -k out"
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colors.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Color::Auto,
        default_missing_value = "always",
        num_args = 0..=1,
        value_name = "WHEN"
    )]
    pub(crate) color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile specs into Kubernetes objects and Ignition configs.
    Compile(Late<Compile>),
    /// Translate one machine config as Butane, the Container Linux Config transpiler or Flatcar's Ignition does.
    Transpile(Late<Transpile>),
    /// Show what a machine boots with.
    Preview(Late<Preview>),
    /// Check files: specs, manifests, machine configs, units, sysupdate transfers, plugins.
    Validate(Late<Validate>),
    /// Show what a change does to the machines of each node group, what the API server refuses, and what must stay for now.
    Diff(Late<Diff>),
    /// Raise versions in a spec where they stand, and show what that does to the machines.
    Upgrade(Late<Upgrade>),
    /// Choose what specs leave open – versions, hashes of what machines fetch – and keep it in a lock file.
    Lock(Late<Lock>),
    /// List machine images, or everything that the clusters of a spec fetch.
    Images(Late<Images>),
    /// Write a commented spec to start from.
    Init(Late<Init>),
    /// Print the JSON Schema of the spec, for editors.
    Schema(Late<Schema>),
    /// Make a directory that any web server can serve to machines instead of the internet.
    Vendor(Late<Vendor>),
    /// Print the versions that are known, of what day that knowledge is, and what is out of support.
    Versions(Late<Versions>),
    /// Explain a diagnostic code, or where a value of the output came from.
    Explain(Late<Explain>),
    /// Write, build, check and test plugins.
    #[command(subcommand)]
    #[command(after_help = "Example:
  flatwright plugin new my-plugin --lang rust")]
    Plugin(Late<Plugin>),
    /// Look after the compiled plugins that are kept between runs.
    #[command(subcommand)]
    #[command(after_help = "Example:
  flatwright cache dir")]
    Cache(Late<Cache>),
    /// Print shell completions.
    Completions(Late<Completions>),
    /// Print the manual page.
    #[command(after_help = "Example:\n  flatwright man > flatwright.1")]
    Man,
}

/// `flatwright compile`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(
    after_help = "Each document of each SPEC is one cluster. The first one of a directory lies in it, several each in DIR/<namespace>.<name>/; a cluster stays where it is, and DIR/kustomization.yaml has them all. What flatwright did not write, or what was edited since, stays and is an error (docs/output.md).\n\nExamples:\n  flatwright compile cluster.yaml                 # one YAML stream on standard output\n  flatwright compile cluster.yaml -o out          # manifests, kustomization.yaml, Ignition\n  flatwright compile cluster.yaml -o out --check  # exit 1 if out is not up to date\n  flatwright compile - < cluster.yaml | kubectl apply --server-side -f -"
)]
pub(crate) struct Compile {
    /// Spec files; `-` is standard input.
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Where the output goes: a directory, or `-` for one stream on standard output.
    #[arg(short, long, default_value = "-", value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// What specs become.
    #[command(flatten)]
    pub(crate) style: Style,
    /// How objects are written.
    #[arg(long, value_enum, default_value_t = Format::Yaml)]
    pub(crate) format: Format,
    /// Take machine configs in experimental versions of their languages.
    #[arg(long)]
    pub(crate) experimental: bool,
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
    /// Fail where the lock would change: everything that machines and the management cluster fetch must be in it. For CI.
    #[arg(long)]
    pub(crate) locked: bool,
    /// What the specs may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
    /// Write nothing; exit 1 if the output directory differs from what would be written.
    #[arg(long)]
    pub(crate) check: bool,
    /// Replace files that were edited or are somebody else's, and remove somebody else's from `manifests` and `ignition`.
    #[arg(long, conflicts_with = "check")]
    pub(crate) overwrite: bool,
    /// Remove the clusters of the output directory that are in none of the specs.
    #[arg(long)]
    pub(crate) prune: bool,
    /// How findings are shown; they go to standard error.
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// Show what each plugin changed, logged and used, on standard error.
    #[arg(long)]
    pub(crate) trace_plugins: bool,
}

/// `flatwright transpile`.
#[derive(Debug, Args)]
#[command(
    version,
    after_help = "The flags, the reports and the exit codes are those of the original programs, so `flatwright transpile` can stand in for `butane`: it exits with 1 for anything but wrong usage.\n\nExamples:\n  flatwright transpile --pretty --strict node.bu -o node.ign\n  flatwright transpile --files-dir . < node.bu\n  flatwright transpile --from clc node.clc         # Ignition 2.3, as ct writes it\n  flatwright transpile --from ignition2 old.ign    # 3.1, as Flatcar translates it on the node"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Butane")]
pub(crate) struct Transpile {
    /// The machine config; standard input without it.
    pub(crate) file: Option<PathBuf>,
    /// The language of the input.
    #[arg(long, value_enum, default_value_t = Language::Butane)]
    pub(crate) from: Language,
    /// Check the config and write nothing.
    #[arg(short, long)]
    pub(crate) check: bool,
    /// The directory that `local` files and trees are read from.
    #[arg(short = 'd', long, value_name = "DIR")]
    pub(crate) files_dir: Option<PathBuf>,
    /// Write to a file instead of standard output; it is replaced at once or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The platform whose variables a Container Linux Config uses.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) platform: String,
    /// Indent the JSON.
    #[arg(short, long)]
    pub(crate) pretty: bool,
    /// Accepted for Butane's sake: the output is always Ignition.
    #[arg(short, long)]
    pub(crate) raw: bool,
    /// Report one line per finding, without the lines of the source.
    #[arg(long)]
    pub(crate) raw_errors: bool,
    /// Fail on any finding.
    #[arg(short, long)]
    pub(crate) strict: bool,
}

/// The languages that can be translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Butane → Ignition 3.
    Butane,
    /// Container Linux Config → Ignition 2.3.
    Clc,
    /// Ignition 2 → Ignition 3.1.
    Ignition2,
}

/// `flatwright preview`.
#[derive(Debug, Args)]
#[command(
    after_help = "Keys, tokens and the contents of Secrets exist only in the management cluster: stand-ins of realistic size take their place.\n\nExamples:\n  flatwright preview cluster.yaml --group md-0                 # files, units, disks, users, sizes\n  flatwright preview cluster.yaml --stage join --as 3.1        # what Ignition acts on\n  flatwright preview cluster.yaml --as kubeadm.yml\n  flatwright preview cluster.yaml --file /etc/kubeadm.sh\n  flatwright preview cluster.yaml --group md-0 --boot-order     # for proxies and firewalls\n  flatwright preview --bootstrap-data input.json --as 2.3      # one rendering of the provider"
)]
pub(crate) struct Preview {
    /// A spec; `-` is standard input.
    #[arg(required_unless_present = "bootstrap_data", conflicts_with = "bootstrap_data", value_name = "SPEC")]
    pub(crate) spec: Option<PathBuf>,
    /// The node group: `control-plane` or a pool's name.
    #[arg(long, default_value = "control-plane")]
    pub(crate) group: String,
    /// The cluster, if the spec has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster: Option<String>,
    /// The stage; a control plane's is `init`, a pool's `join`.
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
    /// What to print: `tree` for a spec, `2.3` for bootstrap data by default.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    pub(crate) form: Option<Form>,
    /// Print one file as the machine has it after its first boot, byte for byte.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["form", "bootstrap_data", "boot_order"])]
    pub(crate) file: Option<String>,
    /// List the first boot instead: what is fetched from which hosts, disks, units in their order, kubeadm.
    #[arg(long, conflicts_with = "bootstrap_data")]
    pub(crate) boot_order: bool,
    /// Render the bootstrap provider's input in this JSON file instead of a spec; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) bootstrap_data: Option<PathBuf>,
    /// The version of the bootstrap provider: `v1.14.0` or `main`.
    #[arg(long, default_value_t, value_name = "VERSION")]
    pub(crate) capi_version: flatwright_bootstrap::CapiVersion,
    /// Take machine configs in experimental versions of their languages.
    #[arg(long)]
    pub(crate) experimental: bool,
    /// What the spec may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
}

/// The stage of a machine's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The first control plane.
    Init,
    /// Every other machine.
    Join,
}

/// What `preview` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// What the machine has after its first boot: files with their owners and what was there before, users, groups, units, disks and sizes.
    Tree,
    /// The same as JSON.
    Json,
    /// The Ignition 2.3 JSON that the bootstrap provider makes.
    #[value(name = "2.3")]
    Ignition2,
    /// The Ignition 3.1 JSON that the machine acts on.
    #[value(name = "3.1")]
    Ignition3,
    /// The text of `/etc/kubeadm.yml`.
    #[value(name = "kubeadm.yml")]
    KubeadmYml,
}

/// `flatwright init`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  flatwright init --flavor flatcar-sysext > cluster.yaml")]
pub(crate) struct Init {
    /// The flavor to start from.
    #[arg(long, value_enum, default_value_t = Flavor::FlatcarSysext)]
    pub(crate) flavor: Flavor,
    /// The cluster's name.
    #[arg(long, default_value = "demo")]
    pub(crate) name: String,
}

/// `flatwright schema`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  flatwright schema > flatcarcluster.json\n  # and in a spec, for editors with yaml-language-server:\n  # yaml-language-server: $schema=flatcarcluster.json"
)]
pub(crate) struct Schema {
    /// Add the settings of the plugins of this spec, so that editors complete and check them.
    #[arg(long, value_name = "SPEC")]
    pub(crate) with_plugins: Option<PathBuf>,
    /// What the spec may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
}

/// `flatwright explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flatwright explain unknown-field\n  flatwright explain            # every code with its first line\n  flatwright explain cluster.yaml KubeadmControlPlane:spec.replicas\n  flatwright explain cluster.yaml 'MachineDeployment/demo-md-0:spec.template.spec'\n  flatwright explain cluster.yaml ignition/md-0:/etc/sysupdate.d/noop.transfer\n  flatwright explain cluster.yaml ignition/md-0:flatwright-sysupdate-kubernetes.timer\n  flatwright explain cluster.yaml 'spec.pools[0].vmSize'      # what it becomes"
)]
pub(crate) struct Explain {
    /// A diagnostic code, as printed in brackets by an error; all codes are listed without one. Or a spec, if PATH is given.
    #[arg(value_name = "CODE|SPEC")]
    pub(crate) subject: Option<String>,
    /// A place in the output, KIND[/NAME]:PATH for an object, ignition/GROUP[:FILE|:UNIT[/DROP-IN]] for a machine config. Everything there is shown with where it came from: spec, default, patch or
    /// plugin, with what each plugin found and left. Or a place in the spec, such as `spec.pools[0].vmSize`: what it becomes, with file and line.
    #[arg(value_name = "PATH")]
    pub(crate) place: Option<String>,
    /// What the spec may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
}

/// `flatwright completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  flatwright completions bash > /etc/bash_completion.d/flatwright")]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    #[value(alias = "yes")]
    Always,
    /// Never.
    #[value(alias = "no")]
    Never,
}

/// The contract of the Cluster API kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Contract {
    /// The current contract.
    V1beta2,
    /// The deprecated contract; not served from Cluster API v1.16 on.
    V1beta1,
}

/// How objects are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// How templates are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateNames {
    /// `<cluster>-<group>-<hash>`.
    Hashed,
    /// `<cluster>-<group>`.
    Plain,
}

/// Whose output to reproduce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compat {
    /// Cluster API Provider Azure's own templates, known problems included.
    Capz,
}

/// The flavors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flavor {
    /// A stock Flatcar image; Kubernetes as a system extension.
    FlatcarSysext,
    /// An image-builder image with Kubernetes baked in.
    Flatcar,
}

impl From<Contract> for flatwright::Contract {
    fn from(contract: Contract) -> Self {
        match contract {
            Contract::V1beta2 => Self::V1Beta2,
            Contract::V1beta1 => Self::V1Beta1,
        }
    }
}

impl From<TemplateNames> for flatwright::TemplateNames {
    fn from(names: TemplateNames) -> Self {
        match names {
            TemplateNames::Hashed => Self::Hashed,
            TemplateNames::Plain => Self::Plain,
        }
    }
}

/// The house style that a project asks for.
pub(crate) const fn profile(compat: Option<Compat>) -> flatwright::Profile {
    match compat {
        Some(Compat::Capz) => flatwright::Profile::Capz,
        None => flatwright::Profile::Flatwright,
    }
}
