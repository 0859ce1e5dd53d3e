//! Updates of Kubernetes by systemd-sysupdate: where they can be, when they run, and what they leave as it is.

use flatwright_diagnostic::{Report, Traced};
use flatwright_flatcar::unit::calendar_findings;

use super::{place, refuse};
use crate::rules::{Conflict, PatchUpdates};
use crate::types::{Flavor, Spec, Switch};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for updates in spec.kubernetes_updates() {
        if spec.flavor.value == Flavor::ImageBuilder {
            refuse(report, updates.origin, &Conflict::Sysupdate)
                .label(place(spec.flavor.origin), "the flavor is set here")
                .hint("remove `sysupdate.kubernetes`, or use flavor `flatcar-sysext`");
        }
        if let Some(schedule) = &updates.schedule {
            for mut finding in calendar_findings(schedule.as_str()) {
                finding.at(place(schedule.origin));
                report.push(finding);
            }
        }
    }
    if spec.flavor.value == Flavor::Sysext {
        static_pods(spec, report);
    }
}

/// The places that switch updates on.
pub(super) fn enabled(spec: &Spec) -> impl Iterator<Item = Traced<Switch>> {
    spec.kubernetes_updates().filter_map(|updates| updates.updates).filter(|updates| updates.value == Switch::Enabled)
}

/// kubeadm wrote the manifests of the control plane's pods for one version, and nothing on the node writes them again.
fn static_pods(spec: &Spec, report: &mut Report) {
    let of_control_plane = spec.updates_of(spec.control_plane.sysupdate.as_ref()).and_then(|updates| updates.updates);
    let Some(updates) = of_control_plane.filter(|updates| updates.value == Switch::Enabled) else { return };
    let version = spec.kubernetes.version.as_str();
    let version = if version.starts_with('v') { version.to_owned() } else { format!("v{version}") };
    report
        .warn(place(updates.origin), &PatchUpdates::StaticPods { version })
        .note("a patch changes the kubelet, kubectl and kubeadm of a node; API server, controller manager, scheduler and etcd are static pods that kubeadm wrote")
        .note("the version in `spec.kubernetes.version` rolls them, and with them the machines")
        .hint("leave the control plane to rollouts: `controlPlane: {sysupdate: {kubernetes: {updates: disabled}}}`");
}
