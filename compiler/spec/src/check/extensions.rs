//! System extensions: names that are taken, versions as in file names, images for the right processors.

use flatwright_diagnostic::{Part, Report};
use flatwright_flatcar::NodePath;
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::bakery::EXTENSIONS;

use super::place;
use crate::law::{self, Broken, ExtensionField};
use crate::types::{Extension, Flavor, MachineProfile, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let all = spec
        .extensions
        .iter()
        .chain(spec.machines.iter().flat_map(|machines| &machines.profile.extensions))
        .chain(&spec.control_plane.profile.extensions)
        .chain(spec.pools.iter().flat_map(|pool| &pool.profile.extensions));
    // A mirror may have what the public bakery has not.
    let is_public = spec.sysupdate.as_ref().is_none_or(|sysupdate| sysupdate.bakery.is_none());
    for extension in all {
        if is_public && extension.url.is_none() {
            in_bakery(extension, report);
        }
        let has_kubernetes = spec.flavor.value == Flavor::Sysext;
        for Broken { field, mut finding } in
            law::extension(extension.name.as_str(), &extension.version.0, has_kubernetes)
        {
            finding.at(place(match field {
                ExtensionField::Name => extension.name.origin,
                ExtensionField::Version => extension.version.origin,
            }));
            report.push(finding);
        }
    }
}

/// What the public bakery is not known to build is not found when the machine fetches it.
fn in_bakery(extension: &Extension, report: &mut Report) {
    let known = EXTENSIONS.section("extensions");
    let name = extension.name.as_str();
    if known.row(name).is_some() {
        return;
    }
    report
        .warn(place(extension.name.origin), &NodePath::UnknownExtension { extension: name.to_owned() })
        .note(format!("the table of extensions that was asked is of {}, and a newer one may know it", EXTENSIONS.day()))
        .note("Ignition stops in the initramfs where the image is not found")
        .did_you_mean(name, Part::Value, known.rows().map(|row| row.name));
}

/// A URL of an image says for which processors it is; the one without a URL is found by architecture.
pub(super) fn check_urls(
    spec: &Spec,
    shared: Option<&MachineProfile>,
    own: &MachineProfile,
    wanted: Architecture,
    report: &mut Report,
) {
    let shared = shared.map(|shared| shared.extensions.as_slice()).unwrap_or_default();
    let is_replaced = |name: &str, by: &[Extension]| by.iter().any(|extension| extension.name.as_str() == name);
    let of_cluster = spec.extensions.iter().filter(|one| !is_replaced(one.name.as_str(), shared));
    let inherited = of_cluster.chain(shared).filter(|one| !is_replaced(one.name.as_str(), &own.extensions));
    for url in inherited.chain(&own.extensions).filter_map(|extension| extension.url.as_ref()) {
        if let Some(mut broken) = law::extension_url(url.as_str(), wanted) {
            broken.finding.at(place(url.origin));
            report.push(broken.finding);
        }
    }
}
