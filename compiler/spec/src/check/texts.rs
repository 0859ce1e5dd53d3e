//! The forms of what the user names freely: arguments, feature gates, labels; and texts that no machine config could carry.

use flatwright_diagnostic::{Diagnostic, Origin, Report, Traced};
use flatwright_yaml::{Value, ValueKind};

use super::{place, refuse};
use crate::decode::{AnyText, FromScalar, Named, form_problem, shortened};
use crate::rules::{Decoding, InvalidValue};
use crate::types::{Addons, ArgumentName, FeatureGateName, Kubeadm, MachineProfile, NodeLabelKey, PlainText, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    tags(&spec.azure.additional_tags, report);
    for values in spec.addons.iter().flat_map(addon_values).filter(|values| !matches!(values.kind, ValueKind::Map(_))) {
        refuse(report, values.origin, &Decoding::of("a mapping of chart values", values))
            .hint("for a text with Go template syntax, use `valuesTemplate`");
    }
    if let Some(kubeadm) = &spec.kubernetes.kubeadm {
        cluster(kubeadm, report);
    }
    let profiles = spec.machines.iter().map(|machines| &machines.profile);
    let profiles =
        profiles.chain(std::iter::once(&spec.control_plane.profile)).chain(spec.pools.iter().map(|pool| &pool.profile));
    profiles.for_each(|profile| group(profile, report));
}

fn addon_values(addons: &Addons) -> impl Iterator<Item = &Value> {
    let all = [&addons.cloud_provider_azure, &addons.calico, &addons.azure_disk_csi, &addons.kured];
    all.into_iter().flatten().filter_map(|addon| addon.values.as_ref()).map(|values| &values.0)
}

fn cluster(kubeadm: &Kubeadm, report: &mut Report) {
    let arguments = [
        kubeadm.api_server.as_ref().map(|component| &component.extra_args),
        kubeadm.controller_manager.as_ref().map(|component| &component.extra_args),
        kubeadm.scheduler.as_ref().map(|component| &component.extra_args),
        kubeadm.etcd.as_ref().map(|etcd| &etcd.extra_args),
    ];
    arguments.into_iter().flatten().for_each(|named| self::arguments(named, report));
    for (name, _) in kubeadm.feature_gates.iter() {
        form::<FeatureGateName>(&name.value, name.origin, report);
    }
}

fn group(profile: &MachineProfile, report: &mut Report) {
    tags(&profile.additional_tags, report);
    if let Some(kubelet) = &profile.kubelet {
        arguments(&kubelet.extra_args, report);
    }
    for (key, _) in profile.node_labels.iter() {
        if let Some(diagnostic) = form::<NodeLabelKey>(&key.value, key.origin, report)
            && key.value.starts_with("node-role.kubernetes.io/")
        {
            diagnostic.hint("Cluster API sets roles that stand among the labels of machines: patch `/spec/template/metadata/labels` of the `MachineDeployment`");
        }
    }
    for command in profile.pre_kubeadm_commands.iter().chain(&profile.post_kubeadm_commands) {
        form::<PlainText>(&command.value.0, command.origin, report);
    }
}

/// Azure's rules for tags, which a single wrong one breaks for every resource.
fn tags(named: &Named<Traced<AnyText>>, report: &mut Report) {
    for (name, value) in named.iter() {
        if name.value.is_empty() || name.value.chars().count() > 512 || name.value.contains(|c| "<>%&\\?/".contains(c))
        {
            refuse(report, name.origin, &InvalidValue::TagName { name: shortened(&name.value) })
                .hint("it has 1 to 512 characters, none of them `<`, `>`, `%`, `&`, `\\`, `?` or `/`");
        }
        let length = value.value.0.chars().count();
        if length > 256 {
            refuse(report, value.origin, &InvalidValue::TagValue { name: shortened(&name.value), length });
        }
    }
}

fn arguments(named: &Named<Traced<AnyText>>, report: &mut Report) {
    for (name, value) in named.iter() {
        form::<ArgumentName>(&name.value, name.origin, report);
        form::<PlainText>(&value.value.0, value.origin, report);
    }
}

fn form<'r, T: FromScalar>(text: &str, origin: Origin, report: &'r mut Report) -> Option<&'r mut Diagnostic> {
    form_problem::<T>(text).map(|problem| problem.report(place(origin), report))
}
