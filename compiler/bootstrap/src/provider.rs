//! Versions of the bootstrap provider, as far as its output differs.

use std::fmt;
use std::str::FromStr;

/// A version of the bootstrap provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapiVersion {
    /// Every release so far (the template has not changed since v1.3.9).
    #[default]
    V1_14_0,
    /// The main branch since 2026-07-25: the script is run by an interpreter, so that `/etc` may be mounted noexec.
    Main,
}

impl CapiVersion {
    /// How `kubeadm.service` calls the script.
    pub(crate) const fn script_command(self) -> &'static str {
        match self {
            Self::V1_14_0 => "/etc/kubeadm.sh",
            Self::Main => "/bin/bash /etc/kubeadm.sh",
        }
    }
}

impl fmt::Display for CapiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1_14_0 => "v1.14.0",
            Self::Main => "main",
        })
    }
}

impl FromStr for CapiVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "v1.14.0" | "v1.14" | "1.14.0" | "1.14" => Ok(Self::V1_14_0),
            "main" => Ok(Self::Main),
            _ => Err(format!("Cluster API version `{text}` is not known: use `v1.14.0` or `main`")),
        }
    }
}
