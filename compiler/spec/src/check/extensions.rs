//! System extensions: names that are taken, versions as in file names, images for the right processors.

use flatwright_diagnostic::Report;
use flatwright_flatcar::arch::Architecture;

use super::error;
use crate::code;
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
            error(
                report,
                code::CONFLICTING_FIELDS,
                extension.name.origin,
                "extension `kubernetes` is the flavor's own",
            )
            .hint("set `kubernetes.version` instead");
        }
        if !flatwright_flatcar::sysext::is_valid_version(&extension.version.0) {
            error(
                report,
                code::INVALID_VALUE,
                extension.version.origin,
                format!("`{}` is not a version in a file name", extension.version.0),
            )
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
            let message = format!("`{file}` is not for the `{}` processors of a group", wanted.name());
            error(report, code::ARCHITECTURE_MISMATCH, url.origin, message)
                .hint("leave `url` out and name the bakery, or set the extension for each group");
        }
    }
}
