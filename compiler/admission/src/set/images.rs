//! A group's image against its Kubernetes version and against the system extensions that its machine config fetches.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::offer::PUBLISHER;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set, name};
use crate::set::skew::{VersionSkew, extensions};
use crate::traps::flatcar_image::{architecture, baked_version, dead_gallery, names_flatcar, trusted_launch};
use flatwright_kubernetes::version::Release;

/// What a machine config fetches for other machines.
#[derive(Debug, Rule)]
#[rule(group = "manifest-architecture-mismatch")]
pub(crate) enum Fetched {
    /// A system extension that systemd does not merge.
    #[rule(
        "fetched-extension-architecture",
        "the machine config fetches a `{extension}` extension for `{machines}` machines"
    )]
    Architecture { extension: String, machines: Architecture },
}

/// Bootstrap data that the image does not read.
#[derive(Debug, Rule)]
#[rule(group = "manifest-flatcar-image")]
pub(crate) enum ImageFormat {
    /// Flatcar reads Ignition, and the provider writes cloud-config where nothing else is said.
    #[rule("flatcar-without-ignition", "the machines boot Flatcar, and their bootstrap data has the format `{format}`")]
    NotIgnition { format: String },
}

/// Machines of the set, also those that no group refers to.
pub(crate) fn machines(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (kind, path) in [("AzureMachineTemplate", "spec.template.spec"), ("AzureMachinePool", "spec.template")] {
        for (index, object) in set.of_kind(kind) {
            trusted_launch(findings.on(index), &object.get(path));
        }
    }
}

pub(crate) fn check(set: &Set<'_>, group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, machine)) = &group.machine else { return };
    format(set, group, machine, findings);
    if let (Some(own), Some((config_index, config))) = (architecture(machine), group.config()) {
        let named = extensions(config.text_or_empty());
        if let [(version, other), ..] = named.as_slice()
            && !named.iter().any(|(_, other)| *other == own.bakery_name())
        {
            findings
                .on(config_index)
                .refuse(&config, &Fetched::Architecture { extension: (*other).to_owned(), machines: own })
                .note("systemd does not merge an extension of another architecture: there is no kubelet, and the node never joins")
                .hint(format!("fetch `kubernetes-{version}-{}.raw`", own.bakery_name()));
        }
    }
    let Some(version) = Release::parse(group.version.text_or_empty()) else { return };
    let gallery = machine.get("image.computeGallery");
    match baked_version(&gallery) {
        Some(image) if image != version => {
            findings
                .on(group.owner)
                .warn(&group.version, &VersionSkew::Image { image, version })
                .hint(format!("use an image of {version}, or set `version: {image}`"));
        }
        // The image's own name says the version, so the machine's own check has judged it.
        Some(_) => {}
        None => dead_gallery(findings.on(*index), &gallery, Some(version)),
    }
}

/// Flatcar's Ignition is the only one that reads the data of a machine.
fn format(set: &Set<'_>, group: &Group<'_>, machine: &Field<'_>, findings: &mut Findings<'_>) {
    let Some((index, bootstrap)) = &group.bootstrap else { return };
    let format = bootstrap.get("format");
    let written = if format.is_blank() { "cloud-config" } else { format.text_or_empty() };
    let is_flatcar = machine.get("image.marketplace.publisher").holds(PUBLISHER);
    let is_named = names_flatcar(machine);
    if written != "cloud-config" || !is_flatcar && !is_named {
        return;
    }
    // Of several objects of a name nobody can say here which one the group is of.
    let is_only =
        |kind: &'static str, wanted: &str| set.of_kind(kind).filter(|(_, object)| name(object) == wanted).count() <= 1;
    let config = name(set.get(*index));
    let kinds = ["AzureMachineTemplate", "AzureMachinePool"];
    if !kinds.iter().all(|kind| is_only(kind, group.machine_name))
        || !["KubeadmConfigTemplate", "KubeadmConfig", "KubeadmControlPlane"].iter().all(|kind| is_only(kind, config))
    {
        return;
    }
    let rule = ImageFormat::NotIgnition { format: written.to_owned() };
    let check = findings.on(*index);
    let finding = if is_flatcar { check.refuse(&format, &rule) } else { check.warn(&format, &rule) };
    finding
        .note("Ignition ignores or refuses what is no config of its own: the machine boots and never joins")
        .hint("set `format: ignition`");
}
