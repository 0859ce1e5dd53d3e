//! OS and data disks of an Azure machine (CAPZ `internal/webhooks/azuremachine_validation.go`).

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;

/// What CAPZ refuses of the disks of a machine.
#[derive(Debug, Rule)]
#[rule(group = "admission-disk-settings")]
pub(crate) enum Disk {
    /// A machine without an OS disk.
    #[rule("missing-os-disk", "`osDisk` is missing")]
    MissingOs,
    /// An OS disk of a size that CAPZ does not allow.
    #[rule("os-disk-size", "`diskSizeGB` `{size}` is outside 1 to 2048")]
    OsSize { size: i64 },
    /// A word that a field does not take.
    #[rule("unknown-disk-value", "`{value}` is not a value of `{field}`")]
    UnknownValue { field: String, value: String },
    /// The fastest storage, which cannot start a machine.
    #[rule("ultra-os-disk", "`UltraSSD_LRS` is for data disks only, not for the OS disk")]
    UltraOs,
    /// An ephemeral OS disk that does not say so.
    #[rule("ephemeral-disk-without-option", "`diffDiskSettings` has no `option`")]
    EphemeralWithoutOption,
    /// An ephemeral OS disk with a key of its own.
    #[rule("encrypted-ephemeral-disk", "`diskEncryptionSet` cannot be used on an ephemeral OS disk")]
    EncryptedEphemeral,
    /// A managed disk without a type.
    #[rule("missing-storage-account-type", "`managedDisk` has no `storageAccountType`")]
    MissingStorageAccountType,
    /// A data disk without a size.
    #[rule("data-disk-without-size", "a data disk has no `diskSizeGB`")]
    DataWithoutSize,
    /// A data disk of a size that CAPZ does not allow.
    #[rule("data-disk-size", "`diskSizeGB` `{size}` is outside 4 to 32767")]
    DataSize { size: i64 },
    /// A data disk without a name.
    #[rule("data-disk-without-name", "a data disk has no `nameSuffix`")]
    DataWithoutName,
    /// Data disks of one name.
    #[rule("duplicate-data-disk-name", "two data disks have the `nameSuffix` `{name}`")]
    DuplicateName { name: String },
    /// A unit number that Azure does not have.
    #[rule("data-disk-lun", "`lun` `{lun}` is outside 0 to 63")]
    Lun { lun: i64 },
    /// Data disks of one unit number.
    #[rule("duplicate-data-disk-lun", "two data disks have the `lun` `{lun}`")]
    DuplicateLun { lun: i64 },
    /// A cache where there can be none.
    #[rule("cached-ultra-disk", "an `UltraSSD_LRS` disk cannot have caching `{caching}`")]
    CachedUltra { caching: String },
}

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
            .refuse(disk, &Disk::MissingOs)
            .hint("set `osDisk: {osType: Linux, diskSizeGB: 128}`")
            .note("the default OS type is written only into an `osDisk` that is there");
        return;
    }
    check.range(&disk.get("diskSizeGB"), 1..=2048, |size| Disk::OsSize { size });
    check.listed(&disk.get("cachingType"), CACHING_TYPES, unknown);
    let managed = disk.get("managedDisk");
    storage_account(check, &managed);
    let storage = managed.get("storageAccountType");
    if storage.holds("UltraSSD_LRS") {
        check.refuse(&storage, &Disk::UltraOs).hint("use `Premium_LRS` for the OS disk");
    }
    ephemeral(check, disk);
}

fn unknown(field: String, value: String) -> Disk {
    Disk::UnknownValue { field, value }
}

fn ephemeral(check: &mut Check<'_>, disk: &Field<'_>) {
    let settings = disk.get("diffDiskSettings");
    if !settings.is_set() {
        return;
    }
    let option = settings.get("option");
    if option.is_blank() {
        check.refuse(&option, &Disk::EphemeralWithoutOption).hint("set `option: Local`");
    }
    if !option.is_blank() {
        check.listed(&option, &["Local"], unknown);
    }
    check.listed(&settings.get("placement"), &["CacheDisk", "NvmeDisk", "ResourceDisk"], unknown);
    let encryption = disk.get("managedDisk.diskEncryptionSet");
    if encryption.is_set() {
        check.refuse(&encryption, &Disk::EncryptedEphemeral).hint("remove `diskEncryptionSet` or `diffDiskSettings`");
    }
}

fn storage_account(check: &mut Check<'_>, managed: &Field<'_>) {
    let storage = managed.get("storageAccountType");
    if !managed.is_set() {
        return;
    }
    if storage.is_blank() {
        check
            .refuse(&storage, &Disk::MissingStorageAccountType)
            .hint("set `storageAccountType: Premium_LRS`, or remove `managedDisk`");
    } else {
        check.one_of(&storage, STORAGE_ACCOUNT_TYPES, unknown);
    }
}

/// Machine pools do not check their data disks at all.
pub(crate) fn data_disks(check: &mut Check<'_>, disks: &Field<'_>) {
    let mut luns = BTreeSet::new();
    let mut suffixes = BTreeSet::new();
    for disk in disks.items() {
        let size = disk.get("diskSizeGB");
        if size.is_set() {
            check.range(&size, 4..=32767, |size| Disk::DataSize { size });
        } else {
            check.refuse(&size, &Disk::DataWithoutSize).hint("set a size from 4 to 32767");
        }
        let suffix = disk.get("nameSuffix");
        if suffix.is_blank() {
            check
                .refuse(&suffix, &Disk::DataWithoutName)
                .hint("set a name that no other data disk of the machine has, such as `etcddisk`");
        } else if !suffixes.insert(suffix.text_or_empty()) {
            check
                .refuse(&suffix, &Disk::DuplicateName { name: suffix.shown() })
                .hint("give each data disk its own `nameSuffix`");
        }
        let lun = disk.get("lun");
        check.range(&lun, 0..=63, |lun| Disk::Lun { lun });
        if let Some(number) = lun.int()
            && !luns.insert(number)
        {
            check
                .refuse(&lun, &Disk::DuplicateLun { lun: number })
                .hint("give each data disk its own `lun`, or leave all of them out to have them numbered");
        }
        let managed = disk.get("managedDisk");
        storage_account(check, &managed);
        let caching = disk.get("cachingType");
        check.listed(&caching, CACHING_TYPES, unknown);
        if managed.get("storageAccountType").holds("UltraSSD_LRS") && !caching.is_blank() && !caching.holds("None") {
            check
                .refuse(&caching, &Disk::CachedUltra { caching: caching.shown() })
                .hint("set `cachingType: None` or remove it");
        }
    }
}
