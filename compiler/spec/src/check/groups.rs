//! Node groups: replicas, images, architectures, files, reboots, what belongs to the flavor.

use flatwright_diagnostic::{Anchor, Diagnostic, Origin, Part, Place, Report, SourceId, Traced, nearest};
use flatwright_flatcar::arch::{Architecture, vm_architecture};
use flatwright_flatcar::settings::Position;
use flatwright_flatcar::{gallery, node_file, offer};
use flatwright_kubernetes::version::Release;

use super::{extensions, place, refuse, sizes, updates};
use crate::decode::Verbatim;
use crate::law::{self, Broken, FileField};
use crate::rules::{
    ArchitectureMismatch, Conflict, ControlPlaneReplicas, ImageReference, MissingField, OutOfRange,
    RebootManager as RebootRule,
};
use crate::types::{self, Flavor, Image, MachineProfile, RebootManager, Spec, VmIdentity, VmSize};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    control_plane(spec, report);
    let shared = spec.machines.as_ref().map(|machines| &machines.profile);
    group(spec, shared, &spec.control_plane.profile, &spec.control_plane.vm_size, spec.control_plane.origin, report);
    for pool in &spec.pools {
        group(spec, shared, &pool.profile, &pool.vm_size, pool.origin, report);
        replicas(pool, report);
        rollout(pool, report);
    }
    for profile in
        shared.into_iter().chain([&spec.control_plane.profile]).chain(spec.pools.iter().map(|pool| &pool.profile))
    {
        check_profile(profile, report);
    }
    reboots(spec, report);
    extensions::check(spec, report);
}

fn control_plane(spec: &Spec, report: &mut Report) {
    let replicas = spec.control_plane.replicas;
    if replicas.get() % 2 == 0 {
        let count = replicas.get();
        let rule = if count == 0 { ControlPlaneReplicas::None } else { ControlPlaneReplicas::Even { count } };
        refuse(report, replicas.origin, &rule).hint("choose 1, 3 or 5");
    }
    for check in [spec.control_plane.health_check.as_ref()]
        .into_iter()
        .chain(spec.pools.iter().map(|pool| pool.health_check.as_ref()))
        .flatten()
    {
        if let Some(timeout) = check.node_startup_timeout_seconds.filter(|timeout| (1..30).contains(&timeout.get())) {
            refuse(report, timeout.origin, &OutOfRange::StartupTimeout { seconds: timeout.get() })
                .hint("a Flatcar machine takes minutes; 600 is a sound value");
        }
    }
}

fn replicas(pool: &types::Pool, report: &mut Report) {
    let Some(bounds) = &pool.autoscaling else { return };
    if let Some(replicas) = pool.replicas {
        refuse(report, replicas.origin, &Conflict::ReplicasWithAutoscaling)
            .label(place(bounds.origin), "the autoscaler's bounds are here")
            .hint("remove `replicas`");
    }
    if bounds.min_replicas.get() > bounds.max_replicas.get() {
        let (greatest, least) = (bounds.max_replicas.get(), bounds.min_replicas.get());
        refuse(report, bounds.max_replicas.origin, &OutOfRange::AutoscalingBounds { greatest, least })
            .label(place(bounds.min_replicas.origin), "the least number is here")
            .hint(format!("swap the two, or raise `maxReplicas` to {least} or more"));
    }
}

fn rollout(pool: &types::Pool, report: &mut Report) {
    let Some(rollout) = &pool.rollout else { return };
    let is_zero = |bound: &types::Maybe<types::IntOrPercent>| {
        bound.as_ref().is_some_and(|bound| bound.as_str().trim_end_matches('%').bytes().all(|b| b == b'0'))
    };
    let unavailable_is_zero = rollout.max_unavailable.is_none() || is_zero(&rollout.max_unavailable);
    if let Some(surge) = rollout.max_surge.as_ref().filter(|_| is_zero(&rollout.max_surge) && unavailable_is_zero) {
        refuse(report, surge.origin, &Conflict::StuckRollout).hint("set one of them to 1");
    }
}

fn group(
    spec: &Spec,
    shared: Option<&MachineProfile>,
    own: &MachineProfile,
    size: &Traced<VmSize>,
    origin: Origin,
    report: &mut Report,
) {
    let architecture = own.architecture.or(shared.and_then(|shared| shared.architecture));
    let wanted = match architecture.map(|architecture| architecture.value) {
        Some(types::Architecture::Arm64) => Architecture::Arm64,
        _ => Architecture::Amd64,
    };
    if let Some(found) = vm_architecture(size.as_str()).filter(|found| *found != wanted) {
        let rule = ArchitectureMismatch::VmSize { size: size.as_str().to_owned(), found, wanted };
        let diagnostic = refuse(report, size.origin, &rule);
        if let Some(architecture) = architecture {
            diagnostic.label(place(architecture.origin), "the architecture is set here");
        }
        diagnostic.hint(format!("set `architecture: {}` for this group, or choose another size", found.name()));
    }
    sizes::check(shared, own, size, report);
    extensions::check_urls(spec, shared, own, wanted, report);
    let image = own.image.as_ref().or(shared.and_then(|shared| shared.image.as_ref()));
    match image {
        Some(image) => check_image(spec, image, wanted, report),
        None if spec.flavor.value == Flavor::ImageBuilder => {
            refuse(report, origin, &MissingField::FlavorImage)
                .label(place(spec.flavor.origin), "the flavor is set here")
                .hint("set `image` here or under `machines`, or use flavor `flatcar-sysext`");
        }
        None => {}
    }
    let identity = own.identity.or(shared.and_then(|shared| shared.identity));
    // Shared identities are for the shared type: a group of another type does not have them.
    let has_assigned = !own.user_assigned_identities.is_empty()
        || !is_of_other_type(own) && shared.is_some_and(|shared| !shared.user_assigned_identities.is_empty());
    let is_assigned = identity.is_some_and(|identity| identity.value == VmIdentity::UserAssigned);
    if is_assigned != has_assigned {
        let rule = if is_assigned { Conflict::WithoutIdentities } else { Conflict::WithoutVmIdentity };
        refuse(report, identity.map_or(origin, |identity| identity.origin), &rule).hint("set both or neither");
    }
}

/// Whether a group's own identity is none of those that `userAssignedIdentities` are for.
fn is_of_other_type(own: &MachineProfile) -> bool {
    own.identity.is_some_and(|identity| identity.value != VmIdentity::UserAssigned)
}

fn check_image(spec: &Spec, image: &Image, wanted: Architecture, report: &mut Report) {
    let forms = [
        ("marketplace", image.marketplace.is_some()),
        ("communityGallery", image.community_gallery.is_some()),
        ("computeGallery", image.compute_gallery.is_some()),
        ("id", image.id.is_some()),
    ];
    let there: Vec<&str> = forms.iter().filter(|(_, is_there)| *is_there).map(|(form, _)| *form).collect();
    if there.len() != 1 {
        let hint = match there.as_slice() {
            [] => "set one of `marketplace`, `communityGallery`, `computeGallery`, `id`".to_owned(),
            several => format!("keep one of `{}`", several.join("`, `")),
        };
        refuse(report, image.origin, &Conflict::ImageForms).hint(hint);
        return;
    }
    if let Some(marketplace) = &image.marketplace {
        let reference = offer::Reference {
            publisher: marketplace.publisher.as_ref().map_or(offer::PUBLISHER, |publisher| publisher.as_str()),
            offer: marketplace.offer.as_str(),
            sku: marketplace.sku.as_str(),
            version: marketplace.version.as_ref().map_or(spec.flatcar.version.as_str(), |version| version.0.as_str()),
            is_third_party: marketplace.third_party_image.is_some_and(|flag| flag.value),
        };
        for problem in offer::check(&reference, Some(wanted)) {
            let origin = match problem.field() {
                offer::Field::Offer => marketplace.offer.origin,
                offer::Field::Sku => marketplace.sku.origin,
                offer::Field::Version => {
                    marketplace.version.as_ref().map_or(spec.flatcar.version.origin, |version| version.origin)
                }
                offer::Field::ThirdPartyImage => {
                    marketplace.third_party_image.map_or(marketplace.origin, |flag| flag.origin)
                }
            };
            // Without the key, the compiler sets it as the offer needs it.
            if marketplace.third_party_image.is_none() && problem.field() == offer::Field::ThirdPartyImage {
                continue;
            }
            let (severity, hint) = (problem.severity(), problem.hint());
            let mut finding = Diagnostic::of(&ImageReference::from(problem), severity);
            finding.at(place(origin));
            let offers = offer::OFFERS.iter().map(|offer| offer.name);
            if finding.code == ImageReference::UNKNOWN_OFFER && nearest(reference.offer, offers.clone()).is_some() {
                finding.did_you_mean(reference.offer, Part::Value, offers);
            } else {
                finding.hint(hint);
            }
            report.push(finding);
        }
    }
    if let Some(community) = &image.community_gallery {
        let version = Release::parse(spec.kubernetes.version.as_str());
        if gallery::is_dead(community.gallery.as_str(), community.name.as_str(), version) {
            let rule = ImageReference::EndedGallery {
                gallery: community.gallery.value.clone(),
                image: community.name.value.clone(),
            };
            report
                .warn(place(community.name.origin), &rule)
                .hint("build an image into a gallery of your own, or use flavor `flatcar-sysext`");
        }
    }
}

fn check_profile(profile: &MachineProfile, report: &mut Report) {
    for file in &profile.files {
        let path = file.path.as_str();
        for Broken { field, mut finding } in law::file(path, file.permissions.as_ref().map(|mode| mode.as_str())) {
            let permissions = file.permissions.as_ref().filter(|_| field == FileField::Permissions);
            finding.at(place(permissions.map_or(file.path.origin, |mode| mode.origin)));
            report.push(finding);
        }
        if let Some(content) = &file.content {
            systemd_file(path, content, report);
        }
        let sources = [
            file.content.as_ref().map(|c| c.origin),
            file.local.as_ref().map(|l| l.origin),
            file.content_from.as_ref().map(|c| c.origin),
        ];
        let set: Vec<Origin> = sources.into_iter().flatten().collect();
        match set.as_slice() {
            [_] => {}
            [] => {
                refuse(report, file.origin, &MissingField::FileContent { path: path.to_owned() })
                    .hint("add `content`, `local` or `contentFrom`; an empty file is `content: \"\"`");
            }
            [first, second, ..] => {
                refuse(report, *second, &Conflict::FileContents { path: path.to_owned() })
                    .label(place(*first), "the other is here")
                    .hint("keep one of `content`, `local` and `contentFrom`");
            }
        }
    }
    for user in &profile.users {
        if let (Some(passwd), Some(from)) = (&user.passwd, &user.passwd_from) {
            refuse(report, from.origin, &Conflict::Passwords).label(place(passwd.origin), "the other is here");
        }
    }
}

/// A unit, drop-in or transfer that stands among the files.
fn systemd_file(path: &str, content: &Traced<Verbatim>, report: &mut Report) {
    let mut found = Report::new();
    let lines = |at: Position| Anchor::line_column(SourceId(0), at.line, at.column);
    node_file::check(path, &content.value.0, None, &lines, &mut found);
    for mut finding in std::mem::take(found.diagnostics_mut()) {
        if let Some(Place::LineColumn(line, _)) = finding.anchor.as_ref().map(|anchor| &anchor.place) {
            finding.note(format!("line {line} of `{path}`"));
        }
        finding.at(place(content.origin));
        report.push(finding);
    }
}

/// Never two managers; and something has to act on a reboot that updates ask for.
fn reboots(spec: &Spec, report: &mut Report) {
    let manager = spec.reboots.as_ref().and_then(|reboots| reboots.manager);
    let kured = spec.addons.as_ref().and_then(|addons| addons.kured.as_ref());
    if let (Some(manager), Some(kured)) = (manager, kured)
        && manager.value != RebootManager::Kured
    {
        refuse(report, manager.origin, &RebootRule::Two { manager: manager.value.word() })
            .label(place(kured.origin), "kured is asked for here")
            .hint("set `manager: kured`, or remove the add-on");
    }
    let os_updates = spec.flatcar.updates.filter(|updates| updates.value == types::Switch::Enabled);
    let kubernetes_updates = updates::enabled(spec);
    for updates in os_updates.into_iter().chain(kubernetes_updates).filter(|_| !spec.has_reboot_manager()) {
        let mut finding = law::unattended_updates().finding;
        finding.at(place(updates.origin));
        report.push(finding);
    }
}
