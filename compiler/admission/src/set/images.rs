//! A group's image against its Kubernetes version and against the system extensions that its machine config fetches.

use crate::code::{ARCHITECTURE_MISMATCH, FLATCAR_IMAGE, VERSION_SKEW};
use crate::set::groups::Group;
use crate::set::manifests::Findings;
use crate::set::skew::extensions;
use crate::traps::flatcar_image::{LAST_IN_DEAD_GALLERY, architecture, baked_version, is_dead_gallery};
use crate::traps::vm_size;
use crate::version::Version;

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, machine)) = &group.machine else { return };
    let size = machine.get("vmSize");
    let known = architecture(machine).or_else(|| vm_size::architecture(size.text_or_empty()));
    if let (Some(known), Some((config_index, config))) = (known, group.config()) {
        let named = extensions(config.text_or_empty());
        let is_wrong = !named.is_empty() && !named.iter().any(|(_, other)| *other == known.sysext());
        if is_wrong {
            findings
                .on(config_index)
                .error(
                    ARCHITECTURE_MISMATCH,
                    &config,
                    format!("the machine config fetches `{}` extensions for {} machines", named[0].1, known.name()),
                )
                .note("systemd does not merge an extension of another architecture: there is no kubelet, and the node never joins")
                .hint(format!("fetch `kubernetes-{}-{}.raw`", named[0].0, known.sysext()));
        }
    }
    let Some(version) = Version::parse_kubernetes(group.version.text_or_empty()) else { return };
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
        None if is_dead_gallery(&gallery) && (version.major, version.minor, version.patch) > LAST_IN_DEAD_GALLERY => {
            findings
                .on(*index)
                .error(
                    FLATCAR_IMAGE,
                    &gallery.get("gallery"),
                    format!("the gallery `flatcar4capi` has no image for {version}"),
                )
                .note("it was a test gallery and ends with Kubernetes v1.26.0")
                .hint("use the marketplace image with Kubernetes as a system extension, or an image of your own");
        }
        _ => {}
    }
}
