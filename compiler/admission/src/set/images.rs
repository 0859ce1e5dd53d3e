//! A group's image against its Kubernetes version and against the system extensions that its machine config fetches.

use crate::code::{ARCHITECTURE_MISMATCH, VERSION_SKEW};
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set};
use crate::set::skew::extensions;
use crate::traps::flatcar_image::{architecture, baked_version, dead_gallery, trusted_launch};
use flatwright_kubernetes::version::Release;

/// Machines of the set, also those that no group refers to.
pub(crate) fn machines(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (kind, path) in [("AzureMachineTemplate", "spec.template.spec"), ("AzureMachinePool", "spec.template")] {
        for (index, object) in set.of_kind(kind) {
            trusted_launch(findings.on(index), &object.get(path));
        }
    }
}

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, machine)) = &group.machine else { return };
    if let (Some(own), Some((config_index, config))) = (architecture(machine), group.config()) {
        let named = extensions(config.text_or_empty());
        if let [(version, other), ..] = named.as_slice()
            && !named.iter().any(|(_, other)| *other == own.bakery_name())
        {
            findings
                .on(config_index)
                .error(
                    ARCHITECTURE_MISMATCH,
                    &config,
                    format!("the machine config fetches a `{other}` extension for `{own}` machines"),
                )
                .note("systemd does not merge an extension of another architecture: there is no kubelet, and the node never joins")
                .hint(format!("fetch `kubernetes-{version}-{}.raw`", own.bakery_name()));
        }
    }
    let Some(version) = Release::parse(group.version.text_or_empty()) else { return };
    let gallery = machine.get("image.computeGallery");
    match baked_version(&gallery) {
        Some(baked) if baked != version => {
            findings
                .on(group.owner)
                .warning(
                    VERSION_SKEW,
                    &group.version,
                    format!("the image holds Kubernetes {baked}, the group says {version}"),
                )
                .hint(format!("use an image of {version}, or set `version: {baked}`"));
        }
        // The image's own name says the version, so the machine's own check has told it.
        Some(_) => {}
        None => dead_gallery(findings.on(*index), &gallery, Some(version)),
    }
}
