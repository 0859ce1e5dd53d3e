//! What may be fetched: options of the few commands that reach a network.

use std::path::PathBuf;

use clap::Args;

/// What may be fetched, and from whom.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Fetch {
    /// Reach no network: only files and what was fetched before count.
    #[arg(long)]
    pub(crate) offline: bool,
    /// A host, with its port where it is not the usual one, that may be private and may be asked without TLS. Repeatable; others must be public and have TLS.
    #[arg(long, value_name = "HOST[:PORT]", value_parser = host)]
    pub(crate) allow_host: Vec<String>,
    /// Roots of trust in PEM, instead of the platform's.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

fn host(text: &str) -> Result<String, String> {
    let is_host =
        !text.is_empty() && !text.contains(['/', '@', '?', '#', '*']) && text.bytes().all(|b| b.is_ascii_graphic());
    if is_host {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("a host is written without a scheme and a path, such as `mirror.example:8443`".to_owned())
    }
}
