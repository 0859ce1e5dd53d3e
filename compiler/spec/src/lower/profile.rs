//! `machines` and a group's own keys → the group's effective profile.
//!
//! The rule, as the schema states it: single values are replaced, mappings are merged by key, files by path, users and extensions by name, data disks by
//! suffix, mounts by path; commands of the group run after the shared ones.

use crate::decode::Named;
use crate::types::{ConfigSources, Kubelet, MachineProfile, OsDisk, Taints, VmIdentity};

/// The group's profile over the shared one.
pub(super) fn merged(shared: Option<&MachineProfile>, own: &MachineProfile) -> MachineProfile {
    let Some(shared) = shared else { return own.clone() };
    let own = own.clone();
    MachineProfile {
        origin: own.origin,
        architecture: own.architecture.or(shared.architecture),
        image: own.image.or_else(|| shared.image.clone()),
        os_disk: os_disk(shared.os_disk.as_ref(), own.os_disk),
        data_disks: keyed(&shared.data_disks, &own.data_disks, |disk| disk.name_suffix.as_str().to_owned()),
        identity: own.identity.or(shared.identity),
        user_assigned_identities: if own.identity.is_some_and(|identity| identity.value != VmIdentity::UserAssigned) {
            own.user_assigned_identities
        } else {
            either(&shared.user_assigned_identities, own.user_assigned_identities)
        },
        subnet_name: own.subnet_name.or_else(|| shared.subnet_name.clone()),
        accelerated_networking: own.accelerated_networking.or(shared.accelerated_networking),
        spot_vm_options: own.spot_vm_options.or_else(|| shared.spot_vm_options.clone()),
        security_profile: own.security_profile.or_else(|| shared.security_profile.clone()),
        additional_tags: mapped(&shared.additional_tags, &own.additional_tags),
        kubelet: kubelet(shared.kubelet.as_ref(), own.kubelet),
        node_labels: mapped(&shared.node_labels, &own.node_labels),
        taints: Taints(own.taints.0.or_else(|| shared.taints.0.clone())),
        extensions: keyed(&shared.extensions, &own.extensions, |extension| extension.name.as_str().to_owned()),
        files: keyed(&shared.files, &own.files, |file| file.path.as_str().to_owned()),
        users: keyed(&shared.users, &own.users, |user| user.name.as_str().to_owned()),
        ntp: own.ntp.or_else(|| shared.ntp.clone()),
        disk_setup: own.disk_setup.or_else(|| shared.disk_setup.clone()),
        mounts: keyed(&shared.mounts, &own.mounts, |mount| mount.path.as_str().to_owned()),
        pre_kubeadm_commands: appended(&shared.pre_kubeadm_commands, own.pre_kubeadm_commands),
        post_kubeadm_commands: appended(&shared.post_kubeadm_commands, own.post_kubeadm_commands),
        butane: ConfigSources(appended(&shared.butane.0, own.butane.0)),
        ignition: ConfigSources(appended(&shared.ignition.0, own.ignition.0)),
        clc: ConfigSources(appended(&shared.clc.0, own.clc.0)),
    }
}

fn os_disk(shared: Option<&OsDisk>, own: Option<OsDisk>) -> Option<OsDisk> {
    match (shared, own) {
        (Some(shared), Some(own)) => Some(OsDisk {
            origin: own.origin,
            disk_size_gb: own.disk_size_gb.or(shared.disk_size_gb),
            caching_type: own.caching_type.or(shared.caching_type),
            managed_disk: own.managed_disk.or_else(|| shared.managed_disk.clone()),
            diff_disk_settings: own.diff_disk_settings.or_else(|| shared.diff_disk_settings.clone()),
        }),
        (shared, own) => own.or_else(|| shared.cloned()),
    }
}

fn kubelet(shared: Option<&Kubelet>, own: Option<Kubelet>) -> Option<Kubelet> {
    match (shared, own) {
        (Some(shared), Some(own)) => {
            Some(Kubelet { origin: own.origin, extra_args: mapped(&shared.extra_args, &own.extra_args) })
        }
        (shared, own) => own.or_else(|| shared.cloned()),
    }
}

fn either<T: Clone>(shared: &[T], own: Vec<T>) -> Vec<T> {
    if own.is_empty() { shared.to_vec() } else { own }
}

fn appended<T: Clone>(shared: &[T], own: Vec<T>) -> Vec<T> {
    shared.iter().cloned().chain(own).collect()
}

/// Shared items in order, each replaced by the group's item of the same key; the group's other items after them.
fn keyed<T: Clone>(shared: &[T], own: &[T], key: impl Fn(&T) -> String) -> Vec<T> {
    let kept = shared.iter().filter(|item| !own.iter().any(|other| key(other) == key(item))).cloned();
    kept.chain(own.iter().cloned()).collect()
}

fn mapped<T: Clone>(shared: &Named<T>, own: &Named<T>) -> Named<T> {
    let kept = shared.iter().filter(|(key, _)| own.get(&key.value).is_none()).cloned();
    Named(kept.chain(own.iter().cloned()).collect())
}

/// Extensions of every machine under those of the profile.
pub(super) fn with_cluster_extensions(cluster: &[crate::types::Extension], profile: MachineProfile) -> MachineProfile {
    let extensions = keyed(cluster, &profile.extensions, |extension| extension.name.as_str().to_owned());
    MachineProfile { extensions, ..profile }
}
