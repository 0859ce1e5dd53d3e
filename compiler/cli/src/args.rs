//! The command line.

mod plugin;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use plugin::{Bench, Build, Check, Inspect, Language, New, Plugin, Run, Test};

/// Compiles one declarative Flatcar cluster spec into Cluster API and CAPZ objects and Ignition configs.
#[derive(Debug, Parser)]
#[command(
    name = "flatwright",
    version,
    about,
    after_help = "Exit codes:\n  0  no error (warnings are allowed)\n  1  an error in the input, or a difference found by --check\n  2  wrong usage, or the environment failed (a file that cannot be read or written)\n\nStart here:\n  flatwright init --flavor flatcar-sysext > cluster.yaml\n  flatwright compile cluster.yaml -o out\n  kubectl apply -k out"
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colors.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile specs into Kubernetes objects and Ignition configs.
    Compile(Compile),
    /// Write a commented spec to start from.
    Init(Init),
    /// Print the JSON Schema of the spec, for editors.
    Schema(Schema),
    /// Explain a diagnostic code.
    Explain(Explain),
    /// Write, build, check and test plugins.
    #[command(subcommand)]
    Plugin(Plugin),
    /// Look after the compiled plugins that are kept between runs.
    #[command(subcommand)]
    Cache(Cache),
    /// Print shell completions.
    Completions(Completions),
    /// Print the manual page.
    #[command(after_help = "Example:\n  flatwright man > flatwright.1")]
    Man,
}

/// `flatwright compile`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each document of each SPEC is one cluster. With several clusters, -o DIR gets one directory each: DIR/<namespace>.<name>/.\n\nExamples:\n  flatwright compile cluster.yaml                 # one YAML stream on standard output\n  flatwright compile cluster.yaml -o out          # out/manifests, out/kustomization.yaml, out/ignition\n  flatwright compile cluster.yaml -o out --check  # exit 1 if out is not up to date\n  flatwright compile - < cluster.yaml | kubectl apply --server-side -f -"
)]
pub(crate) struct Compile {
    /// Spec files; `-` is standard input.
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Where the output goes: a directory, or `-` for one stream on standard output.
    #[arg(short, long, default_value = "-", value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// The contract of the Cluster API kinds.
    #[arg(long, value_enum, default_value_t = Contract::V1beta2)]
    pub(crate) contract: Contract,
    /// How objects are written.
    #[arg(long, value_enum, default_value_t = Format::Yaml)]
    pub(crate) format: Format,
    /// How templates are named: with a hash of their content, so that a change rolls out, or as upstream names them.
    #[arg(long, value_enum, default_value_t = TemplateNames::Hashed)]
    pub(crate) template_names: TemplateNames,
    /// Reproduce another project's output instead of the safer default.
    #[arg(long, value_enum, value_name = "PROJECT")]
    pub(crate) compat: Option<Compat>,
    /// Write nothing; exit 1 if the output directory differs from what would be written.
    #[arg(long)]
    pub(crate) check: bool,
    /// Show what each plugin changed, logged and used, on standard error.
    #[arg(long)]
    pub(crate) trace_plugins: bool,
}

/// `flatwright cache`.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  flatwright cache dir\n  flatwright cache clean")]
pub(crate) enum Cache {
    /// Print the directory: $XDG_CACHE_HOME/flatwright/plugins, or ~/.cache/flatwright/plugins.
    Dir,
    /// Remove every compiled plugin. They are compiled again when they are used.
    Clean,
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
pub(crate) struct Schema {}

/// `flatwright explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flatwright explain unknown-field\n  flatwright explain            # every code with its first line"
)]
pub(crate) struct Explain {
    /// A diagnostic code, as printed in brackets by an error. Without one, all codes are listed.
    pub(crate) code: Option<String>,
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
    Always,
    /// Never.
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
