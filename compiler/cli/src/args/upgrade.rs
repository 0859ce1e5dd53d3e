//! `flatwright upgrade`.

use std::path::PathBuf;

use clap::{Args, builder::ArgGroup};
use flatwright::upgrade::{Asked, Wish};

use super::{DiffFormat, Findings, Style, Variables};

/// `flatwright upgrade`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("versions").required(true).multiple(true).args(["kubernetes", "flatcar", "capi", "capz", "caaph", "all"]),
    after_help = "The spec is edited where the versions stand; comments and layout stay. What would be refused is an error that names the line, and then nothing is written. The plan on standard output is that of `diff`.\n\nExit codes:\n  0  the spec is up to date or was edited\n  1  an error in the spec or a refusal; with --check, also a spec that would be edited\n  2  wrong usage, or the environment failed\n\nExamples:\n  flatwright upgrade cluster.yaml --all --check\n  flatwright upgrade cluster.yaml --kubernetes v1.36.4\n  flatwright upgrade cluster.yaml --kubernetes 1.36        # its newest patch that is known\n  flatwright upgrade cluster.yaml --flatcar 4593.2.5 --capi v1.14.0\n  flatwright upgrade in-place.yaml --kubernetes v1.36.4 --in-place -o scripts"
)]
pub(crate) struct Upgrade {
    /// The spec to edit; `-` is standard input, with --check.
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Raise Kubernetes: to a patch, or to the newest known one of a minor. One minor at a time.
    #[arg(long, value_name = "VERSION", value_parser = numbers)]
    kubernetes: Option<String>,
    /// Raise Flatcar.
    #[arg(long, value_name = "VERSION", value_parser = flatcar)]
    flatcar: Option<String>,
    /// Say which Cluster API the management cluster has.
    #[arg(long, value_name = "VERSION", value_parser = numbers)]
    capi: Option<String>,
    /// Say which release of its Azure provider it has.
    #[arg(long, value_name = "VERSION", value_parser = numbers)]
    capz: Option<String>,
    /// Say which release of the add-on provider for Helm it has.
    #[arg(long, value_name = "VERSION", value_parser = numbers)]
    caaph: Option<String>,
    /// Raise everything that the spec says to the newest that is known, one step away, and goes together.
    #[arg(long)]
    all: bool,
    /// The cluster, if the spec has several; without it, all of them.
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Write nothing; exit 1 if the spec would be edited.
    #[arg(long)]
    pub(crate) check: bool,
    /// Do not edit the spec, which would replace machines: write scripts that bring those that there are to the new version of Kubernetes (docs/upgrade.md).
    #[arg(long, requires_all = ["kubernetes", "output"], conflicts_with_all = ["all", "flatcar", "capi", "capz", "caaph", "check", "format"])]
    pub(crate) in_place: bool,
    /// Where the scripts go.
    #[arg(short, long, value_name = "DIR", requires = "in_place")]
    pub(crate) output: Option<PathBuf>,
    /// What the containers of the bundle run in: any image with `sh`, `chroot` and `nsenter`.
    #[arg(long, value_name = "IMAGE", requires = "in_place", default_value = "docker.io/library/busybox:1.37.0")]
    pub(crate) image: String,
    /// How the plan is written.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// What specs become.
    #[command(flatten)]
    pub(crate) style: Style,
    /// Take machine configs in experimental versions of their languages.
    #[arg(long)]
    pub(crate) experimental: bool,
    /// What the specs may read of the environment.
    #[command(flatten)]
    pub(crate) variables: Variables,
    /// How findings are shown; they go to standard error.
    #[command(flatten)]
    pub(crate) findings: Findings,
}

impl Upgrade {
    /// What is asked for.
    pub(crate) fn asked(&self) -> Asked {
        let wish = |version: &Option<String>| match version {
            Some(version) => Some(Wish::Version(version.clone())),
            None => self.all.then_some(Wish::Newest),
        };
        Asked {
            kubernetes: wish(&self.kubernetes),
            flatcar: wish(&self.flatcar),
            capi: wish(&self.capi),
            capz: wish(&self.capz),
            caaph: wish(&self.caaph),
            cluster: self.cluster.clone(),
        }
    }
}

/// Two or three numbers, with or without `v`.
fn numbers(text: &str) -> Result<String, String> {
    let short = text.strip_prefix('v').unwrap_or(text);
    let is_short = short.split('.').count() >= 2;
    match flatwright_kubernetes::Version::parse_normalized(short) {
        Some(_) if is_short => Ok(short.to_owned()),
        _ => Err("a version has two or three numbers, such as `v1.36` or `v1.36.4`".to_owned()),
    }
}

fn flatcar(text: &str) -> Result<String, String> {
    let is_release = text == "latest" || text.parse::<flatwright_flatcar::release::Release>().is_ok();
    if is_release { Ok(text.to_owned()) } else { Err("a release has three numbers, such as `4593.2.5`".to_owned()) }
}
