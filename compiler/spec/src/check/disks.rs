//! Disks: unit numbers, caching, labels that mounts look for.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Fix, Origin, Part, Report};

use super::{place, refuse};
use crate::rules::{Conflict, DuplicateName, EtcdDisk as EtcdRule, InvalidValue};
use crate::types::{
    CachingType, DataDisk, EtcdDisk, Filesystem, FilesystemFormat, MachineProfile, Spec, StorageAccountType,
};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let shared = spec.machines.as_ref().map(|machines| &machines.profile);
    group(shared, &spec.control_plane.profile, spec.control_plane.etcd_disk.as_ref(), report);
    for pool in &spec.pools {
        group(shared, &pool.profile, None, report);
    }
    for profile in
        shared.into_iter().chain([&spec.control_plane.profile]).chain(spec.pools.iter().map(|pool| &pool.profile))
    {
        storage(profile, report);
    }
    etcd(spec, report);
}

fn group(shared: Option<&MachineProfile>, own: &MachineProfile, etcd: Option<&EtcdDisk>, report: &mut Report) {
    let inherited = shared.map(|shared| shared.data_disks.as_slice()).unwrap_or_default();
    let is_replaced =
        |disk: &&DataDisk| own.data_disks.iter().any(|other| other.name_suffix.as_str() == disk.name_suffix.as_str());
    let disks = inherited.iter().filter(|disk| !is_replaced(disk)).chain(&own.data_disks);
    let mut luns: BTreeMap<i64, Origin> = BTreeMap::new();
    let numbered = disks.filter_map(|disk| disk.lun).chain(etcd.and_then(|etcd| etcd.lun));
    for lun in numbered {
        if let Some(first) = luns.insert(lun.get(), lun.origin) {
            refuse(report, lun.origin, &DuplicateName::LogicalUnit { lun: lun.get() })
                .label(place(first), "it is used here first")
                .hint("leave `lun` out to get the first free one");
        }
    }
    let filesystems = filesystems(shared, own);
    let mounts = shared.map(|shared| shared.mounts.as_slice()).unwrap_or_default().iter().chain(&own.mounts);
    for mount in mounts {
        let label = mount.label.as_str();
        let is_etcd = etcd.is_some() && label == "etcd_disk";
        if !is_etcd && !filesystems.iter().any(|filesystem| filesystem.label.as_str() == label) {
            refuse(report, mount.label.origin, &InvalidValue::MountLabel { label: label.to_owned() })
                .note("the bootstrap provider would write a mount unit with an empty `What=`")
                .did_you_mean(label, Part::Value, filesystems.iter().map(|filesystem| filesystem.label.as_str()));
        }
    }
}

fn filesystems<'a>(shared: Option<&'a MachineProfile>, own: &'a MachineProfile) -> &'a [Filesystem] {
    let setup = own.disk_setup.as_ref().or(shared.and_then(|shared| shared.disk_setup.as_ref()));
    setup.map(|setup| setup.filesystems.as_slice()).unwrap_or_default()
}

fn storage(profile: &MachineProfile, report: &mut Report) {
    let os =
        profile.os_disk.as_ref().and_then(|disk| disk.managed_disk.as_ref()).and_then(|disk| disk.storage_account_type);
    if let Some(kind) =
        os.filter(|kind| matches!(kind.value, StorageAccountType::Ultra | StorageAccountType::PremiumV2))
    {
        refuse(report, kind.origin, &Conflict::DataDiskType { disk_type: kind.value.word() })
            .hint("choose `Premium_LRS` for the OS disk");
    }
    if let Some(disk) = &profile.os_disk
        && let Some(diff) = &disk.diff_disk_settings
        && let Some(set) = disk.managed_disk.as_ref().and_then(|managed| managed.disk_encryption_set.as_ref())
    {
        refuse(report, set.origin, &Conflict::EphemeralEncryption)
            .label(place(diff.origin), "the disk is ephemeral here");
    }
    for filesystem in profile.disk_setup.iter().flat_map(|setup| &setup.filesystems) {
        let longest = match filesystem.filesystem.value {
            FilesystemFormat::Vfat => 11,
            FilesystemFormat::Xfs => 12,
            FilesystemFormat::Swap => 15,
            FilesystemFormat::Ext4 | FilesystemFormat::Btrfs => 16,
        };
        let (label, format) = (&filesystem.label, filesystem.filesystem.value.word());
        if label.as_str().len() > longest {
            let rule = InvalidValue::FilesystemLabel { label: label.as_str().to_owned(), longest, format };
            refuse(report, label.origin, &rule).hint("shorten it here and in `mounts`");
        }
    }
    for disk in &profile.data_disks {
        ultra_caching(
            disk.managed_disk.as_ref().and_then(|managed| managed.storage_account_type).map(|kind| kind.value),
            disk.caching_type,
            report,
        );
    }
}

fn ultra_caching(kind: Option<StorageAccountType>, caching: crate::types::Maybe<CachingType>, report: &mut Report) {
    if let Some(caching) =
        caching.filter(|caching| kind == Some(StorageAccountType::Ultra) && caching.value != CachingType::Off)
    {
        refuse(report, caching.origin, &Conflict::UltraCaching)
            .hint("remove `cachingType`, or set it to `None`")
            .fix(Fix::rewrite(caching.value.word(), CachingType::Off.word()));
    }
}

/// The parts of the etcd disk come from one key; what the user sets beside it must not contradict it.
fn etcd(spec: &Spec, report: &mut Report) {
    let Some(disk) = &spec.control_plane.etcd_disk else { return };
    ultra_caching(
        disk.managed_disk.as_ref().and_then(|managed| managed.storage_account_type).map(|kind| kind.value),
        disk.caching_type,
        report,
    );
    let data_dir = spec
        .kubernetes
        .kubeadm
        .as_ref()
        .and_then(|kubeadm| kubeadm.etcd.as_ref())
        .and_then(|etcd| etcd.data_dir.as_ref());
    if let Some(data_dir) = data_dir.filter(|dir| !dir.as_str().starts_with("/var/lib/etcddisk/")) {
        refuse(report, data_dir.origin, &EtcdRule::DataDirectory { directory: data_dir.as_str().to_owned() })
            .label(place(disk.origin), "the disk is asked for here; it is mounted at `/var/lib/etcddisk`")
            .hint("remove `dataDir`, or `etcdDisk`");
    }
    let own = &spec.control_plane.profile;
    let shared = spec.machines.as_ref().map(|machines| &machines.profile);
    let profiles = || shared.into_iter().chain([own]);
    for filesystem in filesystems(shared, own).iter().filter(|filesystem| filesystem.label.as_str() == "etcd_disk") {
        refuse(report, filesystem.label.origin, &EtcdRule::Label)
            .label(place(disk.origin), "the disk is asked for here")
            .hint("choose another label");
    }
    for mount in
        profiles().flat_map(|profile| &profile.mounts).filter(|mount| mount.path.as_str() == "/var/lib/etcddisk")
    {
        refuse(report, mount.path.origin, &EtcdRule::MountPoint)
            .label(place(disk.origin), "the disk is asked for here")
            .hint("choose another path");
    }
    for suffix in profiles()
        .flat_map(|profile| &profile.data_disks)
        .map(|disk| &disk.name_suffix)
        .filter(|suffix| suffix.as_str() == "etcddisk")
    {
        refuse(report, suffix.origin, &EtcdRule::Suffix)
            .label(place(disk.origin), "the disk is asked for here")
            .hint("choose another suffix");
    }
}
