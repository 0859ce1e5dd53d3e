//! System extensions: names that are taken, versions as in file names, images for the right processors.

use flatwright_diagnostic::Report;
use flatwright_flatcar::arch::Architecture;

use super::refuse;
use crate::rules::{ArchitectureMismatch, Conflict, InvalidValue};
use crate::types::{Extension, Flavor, MachineProfile, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let all = spec
        .extensions
        .iter()
        .chain(spec.machines.iter().flat_map(|machines| &machines.profile.extensions))
        .chain(&spec.control_plane.profile.extensions)
        .chain(spec.pools.iter().flat_map(|pool| &pool.profile.extensions));
    for extension in all {
        let name = extension.name.as_str();
        if name == "kubernetes" && spec.flavor.value == Flavor::Sysext {
            refuse(report, extension.name.origin, &Conflict::KubernetesExtension)
                .hint("set `kubernetes.version` instead");
        }
        if !flatwright_flatcar::sysext::is_valid_version(&extension.version.0) {
            let rule = InvalidValue::ExtensionVersion { version: extension.version.0.clone() };
            refuse(report, extension.version.origin, &rule)
                .hint("write it exactly as in the image's file name, such as `24.0.0`");
        }
    }
}

/// A URL of an image says for which processors it is; the one without a URL is found by architecture.
pub(super) fn check_urls(
    spec: &Spec,
    shared: Option<&MachineProfile>,
    own: &MachineProfile,
    wanted: Architecture,
    report: &mut Report,
) {
    let other = match wanted {
        Architecture::Amd64 => ["arm64", "aarch64", "armv8"],
        Architecture::Arm64 => ["x86-64", "x86_64", "amd64"],
    };
    let shared = shared.map(|shared| shared.extensions.as_slice()).unwrap_or_default();
    let is_replaced = |name: &str, by: &[Extension]| by.iter().any(|extension| extension.name.as_str() == name);
    let of_cluster = spec.extensions.iter().filter(|one| !is_replaced(one.name.as_str(), shared));
    let inherited = of_cluster.chain(shared).filter(|one| !is_replaced(one.name.as_str(), &own.extensions));
    for url in inherited.chain(&own.extensions).filter_map(|extension| extension.url.as_ref()) {
        let file = url.as_str().rsplit('/').next().unwrap_or_default();
        if other.iter().any(|word| file.contains(word)) {
            refuse(report, url.origin, &ArchitectureMismatch::Extension { file: file.to_owned(), wanted })
                .hint("leave `url` out and name the bakery, or set the extension for each group");
        }
    }
}
