//! The command line of `flatwright plugin` and `flatwright cache`.
#![allow(rustdoc::invalid_html_tags, reason = "help texts name placeholders in angle brackets")]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use flatwright_plugin_host::Cpu;

use super::Variables;

/// `flatwright plugin`.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "A plugin in five minutes:\n  flatwright plugin new max-pods --lang rust\n  cd max-pods\n  flatwright plugin build\n  flatwright plugin test"
)]
pub(crate) enum Plugin {
    /// Write a project that builds and passes its own test.
    New(New),
    /// Build a project into one file: dist/<name>.wasm.
    Build(Build),
    /// Check whether a plugin is fit for use: types, imports, equal answers to equal questions.
    Check(Check),
    /// Show what a plugin is, without running it.
    Inspect(Inspect),
    /// Show what a hook changes in a spec, or in a plain cluster.
    Run(Run),
    /// Build a project and run the cases in tests/cases.
    Test(Test),
    /// Measure how fast the hooks of a plugin are.
    Bench(Bench),
}

/// `flatwright plugin new`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flatwright plugin new max-pods --lang rust\n  flatwright plugin new guard --lang python --hook images,policy"
)]
pub(crate) struct New {
    /// The plugin's name: lower-case words with `-` between them. Also the directory, which must not exist yet.
    pub(crate) name: String,
    /// The language to write it in.
    #[arg(long, value_enum, default_value_t = PluginLanguage::Rust)]
    pub(crate) lang: PluginLanguage,
    /// The hooks that it has: any of images, sysupdate, kubeadm and policy, with `,` between them.
    #[arg(long, value_name = "HOOKS", value_delimiter = ',', default_value = "kubeadm")]
    pub(crate) hook: Vec<String>,
    /// Take the Rust SDK from a checkout instead of the repository.
    #[arg(long, value_name = "DIR")]
    pub(crate) sdk: Option<PathBuf>,
}

/// `flatwright plugin build`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flatwright plugin build\n  flatwright plugin build max-pods -o plugins/max-pods.wasm"
)]
pub(crate) struct Build {
    /// The project's directory.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) project: PathBuf,
    /// The file to write, instead of dist/<name>.wasm.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Keep names of functions, so that a crash tells where. The file is larger and starts slower.
    #[arg(long)]
    pub(crate) debug: bool,
}

/// `flatwright plugin check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flatwright plugin check dist/max-pods.wasm --cases .\n  flatwright plugin check dist/max-pods.wasm --rebuild ."
)]
pub(crate) struct Check {
    /// The component.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Ask the cases of this project instead of a plain question per hook.
    #[arg(long, value_name = "DIR")]
    pub(crate) cases: Option<PathBuf>,
    /// Build this project twice as well, and compare the file and what both builds answer to its cases.
    #[arg(long, value_name = "DIR")]
    pub(crate) rebuild: Option<PathBuf>,
}

/// `flatwright plugin inspect`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  flatwright plugin inspect dist/max-pods.wasm")]
pub(crate) struct Inspect {
    /// The component.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `flatwright plugin run`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --spec, the plugin runs after the plugins of the spec, or in the place of the one that has its name there.\n\nExamples:\n  flatwright plugin run --hook kubeadm --spec cluster.yaml\n  flatwright plugin run dist/max-pods.wasm --hook kubeadm --settings '{\"maxPods\": 50}'"
)]
pub(crate) struct Run {
    /// The component; without it, the one in dist/ of this directory.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The hook: images, sysupdate, kubeadm or policy. Without it, every hook that the plugin has.
    #[arg(long)]
    pub(crate) hook: Option<String>,
    /// A spec to run on. Without it, a plain cluster is asked about.
    #[arg(long, value_name = "SPEC")]
    pub(crate) spec: Option<PathBuf>,
    /// The plugin's settings as JSON, instead of those in the spec.
    #[arg(long, value_name = "JSON")]
    pub(crate) settings: Option<String>,
    /// What the spec may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
}

/// `flatwright plugin test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  flatwright plugin test\n  flatwright plugin test max-pods --bless")]
pub(crate) struct Test {
    /// The project's directory.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) project: PathBuf,
    /// Test this component instead of building the project.
    #[arg(long, value_name = "FILE")]
    pub(crate) plugin: Option<PathBuf>,
    /// Write what the plugin answers as what is expected.
    #[arg(long)]
    pub(crate) bless: bool,
}

/// `flatwright plugin bench`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  flatwright plugin bench dist/max-pods.wasm --calls 10000")]
pub(crate) struct Bench {
    /// The component.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Ask the cases of this project instead of a plain question per hook.
    #[arg(long, value_name = "DIR")]
    pub(crate) cases: Option<PathBuf>,
    /// How many calls of each.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub(crate) calls: usize,
}

/// A language to write plugins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PluginLanguage {
    /// With the SDK crate; needs cargo alone.
    Rust,
    /// With componentize-py.
    Python,
    /// With jco.
    Js,
    /// With wit-bindgen and clang or zig.
    C,
}

/// `flatwright cache`.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  flatwright cache dir\n  flatwright cache clean\n  flatwright cache warm cluster.yaml"
)]
pub(crate) enum Cache {
    /// Print the directory: $XDG_CACHE_HOME/flatwright/plugins, or ~/.cache/flatwright/plugins.
    Dir,
    /// Remove every compiled plugin. They are compiled again when they are used.
    Clean,
    /// Compile the plugins of specs ahead, for processors of a baseline.
    Warm(Warm),
}

/// `flatwright cache warm`.
#[derive(Debug, Args)]
#[command(
    after_help = "What root fills can be read by everybody. Others take plugins from there if $XDG_CACHE_HOME says so, and if root alone may write to it and to all directories above.\n\nExample:\n  XDG_CACHE_HOME=/opt/cache flatwright cache warm clusters/*.yaml   # as root, when an image is built"
)]
pub(crate) struct Warm {
    /// Spec files; `-` is standard input.
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// The least processor that runs the plugins, such as `x86-64-v3`, or `native` for this one. The default is the architecture's lowest.
    #[arg(long, value_name = "NAME", value_parser = cpu)]
    pub(crate) cpu: Option<Cpu>,
    /// Policies from outside of the specs, whose plugins are compiled too. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) policies: Vec<PathBuf>,
    /// What the specs may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
}

fn cpu(name: &str) -> Result<Cpu, String> {
    if name == Cpu::NATIVE.name() {
        return Ok(Cpu::NATIVE);
    }
    Cpu::named(name).ok_or_else(|| {
        let names = [Cpu::names(), vec![Cpu::NATIVE.name()]].concat().join("`, `");
        format!("on this architecture there are `{names}`")
    })
}
