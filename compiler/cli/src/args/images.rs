//! `flatwright images`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Findings, Variables};

/// `flatwright images`.
#[derive(Debug, Args)]
#[command(
    after_help = "Images are read from what `az` printed, as JSON or as a table: `az vm image list --all`, `az sig image-definition list-community`, `az sig image-version list-community`. `flatwright lock --from FILE` takes the same files.\n\nExamples:\n  az vm image list --all -p kinvolk -o json | flatwright images -\n  flatwright images --az --channel stable --arch arm64\n  flatwright images --az --gallery GALLERY --location westeurope\n  flatwright images --used cluster.yaml --format json   # for mirrors and scanners"
)]
pub(crate) struct Images {
    /// What `az` printed; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["az", "used"])]
    pub(crate) files: Vec<PathBuf>,
    /// Run `az`, which must be logged in.
    #[arg(long)]
    pub(crate) az: bool,
    /// The community gallery that `az` is asked about, instead of the marketplace.
    #[arg(long, value_name = "NAME", requires_all = ["az", "location"])]
    pub(crate) gallery: Option<String>,
    /// The region that `az` is asked about.
    #[arg(long, value_name = "REGION", requires = "az")]
    pub(crate) location: Option<String>,
    /// Only images of a channel: `stable`, `beta`, `alpha`, `lts`.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: Option<String>,
    /// Only images for these processors: `amd64` or `arm64`.
    #[arg(long, value_name = "ARCH")]
    pub(crate) arch: Option<String>,
    /// Only images of a generation: `V1` or `V2`.
    #[arg(long, value_name = "GENERATION", ignore_case = true, value_parser = ["V1", "V2"])]
    pub(crate) generation: Option<String>,
    /// Only images that have this version of Kubernetes in them, such as `v1.26`.
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes: Option<String>,
    /// How images are written.
    #[arg(long, value_enum, default_value_t = ImagesFormat::Table)]
    pub(crate) format: ImagesFormat,
    /// List what the clusters of this spec fetch instead: machine images, extensions, charts, container images. Repeatable.
    #[arg(long, value_name = "SPEC", conflicts_with_all = ["files", "az", "channel", "arch", "generation", "kubernetes"])]
    pub(crate) used: Vec<PathBuf>,
    /// What specs get beside themselves.
    #[command(flatten)]
    pub(crate) variables: Variables,
    /// How findings are shown; they go to standard error.
    #[command(flatten)]
    pub(crate) findings: Findings,
}

/// How images are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImagesFormat {
    /// A table.
    Table,
    /// JSON.
    Json,
}
