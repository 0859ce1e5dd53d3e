//! The hooks by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in the compile where plugins are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hook {
    /// Machine images and container images.
    Images,
    /// Updates of a node group.
    Sysupdate,
    /// kubeadm settings.
    Kubeadm,
    /// The review of the result.
    Policy,
}

impl Hook {
    /// Every hook, in the order in which a compile calls them.
    pub const ALL: [Self; 4] = [Self::Images, Self::Sysupdate, Self::Kubeadm, Self::Policy];

    /// The interface's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Sysupdate => "sysupdate",
            Self::Kubeadm => "kubeadm",
            Self::Policy => "policy",
        }
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
