//! The commented spec that `flatwright init` writes.

use crate::types::Flavor;

/// A spec to start from. It compiles as it is; values in capitals are to be replaced.
pub fn starter(flavor: Flavor, name: &str) -> String {
    let text = match flavor {
        Flavor::Sysext => include_str!("starter/flatcar-sysext.yaml"),
        Flavor::ImageBuilder => include_str!("starter/flatcar.yaml"),
    };
    text.replace("CLUSTER_NAME", name)
}
