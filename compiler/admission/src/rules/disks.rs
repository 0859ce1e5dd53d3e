//! OS and data disks of an Azure machine (CAPZ `internal/webhooks/azuremachine_validation.go`).

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::DISK_SETTINGS;
use crate::field::Field;

const STORAGE_ACCOUNT_TYPES: &[&str] = &[
    "Premium_LRS",
    "PremiumV2_LRS",
    "Premium_ZRS",
    "Standard_LRS",
    "StandardSSD_LRS",
    "StandardSSD_ZRS",
    "UltraSSD_LRS",
];
const CACHING_TYPES: &[&str] = &["None", "ReadOnly", "ReadWrite"];

pub(crate) fn os_disk(check: &mut Check<'_>, disk: &Field<'_>) {
    if !disk.is_set() {
        check
            .error(DISK_SETTINGS, disk, "`osDisk` is missing")
            .hint("set `osDisk: {osType: Linux, diskSizeGB: 128}`")
            .note("the default OS type is written only into an `osDisk` that is there");
        return;
    }
    check.range(DISK_SETTINGS, &disk.get("diskSizeGB"), 1, 2048);
    check.listed(DISK_SETTINGS, &disk.get("cachingType"), CACHING_TYPES);
    let managed = disk.get("managedDisk");
    storage_account(check, &managed);
    let storage = managed.get("storageAccountType");
    if storage.holds("UltraSSD_LRS") {
        check
            .error(DISK_SETTINGS, &storage, "`UltraSSD_LRS` is for data disks only, not for the OS disk")
            .hint("use `Premium_LRS` for the OS disk");
    }
    ephemeral(check, disk);
}

fn ephemeral(check: &mut Check<'_>, disk: &Field<'_>) {
    let settings = disk.get("diffDiskSettings");
    if !settings.is_set() {
        return;
    }
    let option = settings.get("option");
    if option.is_blank() {
        check.error(DISK_SETTINGS, &option, "`diffDiskSettings` has no `option`").hint("set `option: Local`");
    }
    if !option.is_blank() {
        check.listed(DISK_SETTINGS, &option, &["Local"]);
    }
    check.listed(DISK_SETTINGS, &settings.get("placement"), &["CacheDisk", "NvmeDisk", "ResourceDisk"]);
    let encryption = disk.get("managedDisk.diskEncryptionSet");
    if encryption.is_set() {
        check
            .error(DISK_SETTINGS, &encryption, "`diskEncryptionSet` cannot be used on an ephemeral OS disk")
            .hint("remove `diskEncryptionSet` or `diffDiskSettings`");
    }
}

fn storage_account(check: &mut Check<'_>, managed: &Field<'_>) {
    let storage = managed.get("storageAccountType");
    if !managed.is_set() {
        return;
    }
    if storage.is_blank() {
        check
            .error(DISK_SETTINGS, &storage, "`managedDisk` has no `storageAccountType`")
            .hint("set `storageAccountType: Premium_LRS`, or remove `managedDisk`");
    } else {
        check.one_of(DISK_SETTINGS, &storage, STORAGE_ACCOUNT_TYPES);
    }
}

/// Machine pools do not check their data disks at all.
pub(crate) fn data_disks(check: &mut Check<'_>, disks: &Field<'_>) {
    let mut luns = BTreeSet::new();
    let mut suffixes = BTreeSet::new();
    for disk in disks.items() {
        let size = disk.get("diskSizeGB");
        if size.is_set() {
            check.range(DISK_SETTINGS, &size, 4, 32767);
        } else {
            check.error(DISK_SETTINGS, &size, "a data disk has no `diskSizeGB`").hint("set a size from 4 to 32767");
        }
        let suffix = disk.get("nameSuffix");
        if suffix.is_blank() {
            check
                .error(DISK_SETTINGS, &suffix, "a data disk has no `nameSuffix`")
                .hint("set a name that no other data disk of the machine has, such as `etcddisk`");
        } else if !suffixes.insert(suffix.text_or_empty()) {
            check
                .error(DISK_SETTINGS, &suffix, format!("two data disks have the `nameSuffix` `{}`", suffix.shown()))
                .hint("give each data disk its own `nameSuffix`");
        }
        let lun = disk.get("lun");
        check.range(DISK_SETTINGS, &lun, 0, 63);
        if let Some(number) = lun.int()
            && !luns.insert(number)
        {
            check
                .error(DISK_SETTINGS, &lun, format!("two data disks have the `lun` `{number}`"))
                .hint("give each data disk its own `lun`, or leave all of them out to have them numbered");
        }
        let managed = disk.get("managedDisk");
        storage_account(check, &managed);
        let caching = disk.get("cachingType");
        check.listed(DISK_SETTINGS, &caching, CACHING_TYPES);
        if managed.get("storageAccountType").holds("UltraSSD_LRS") && !caching.is_blank() && !caching.holds("None") {
            check
                .error(
                    DISK_SETTINGS,
                    &caching,
                    format!("an `UltraSSD_LRS` disk cannot have caching `{}`", caching.shown()),
                )
                .hint("set `cachingType: None` or remove it");
        }
    }
}
