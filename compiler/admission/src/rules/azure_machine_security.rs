//! Confidential and trusted virtual machines (CAPZ `internal/webhooks/azuremachine_validation.go`). Pools skip most of it.

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_machine::unknown;

/// What CAPZ refuses of confidential and trusted machines.
#[derive(Debug, Rule)]
#[rule(group = "admission-machine-settings")]
pub(crate) enum Security {
    /// A key for a disk that is not encrypted with it.
    #[rule("unused-disk-encryption-set", "`securityProfile.diskEncryptionSet` needs `DiskWithVMGuestState`")]
    UnusedEncryptionSet,
    /// An encrypted disk without what it builds on.
    #[rule("confidential-disk-without-profile", "disk encryption `{encryption}` has no `securityProfile`")]
    WithoutProfile { encryption: String },
    /// An encrypted disk on a machine that is not confidential.
    #[rule(
        "confidential-disk-without-confidential-vm",
        "disk encryption `{encryption}` needs `securityType: ConfidentialVM`"
    )]
    WithoutConfidentialVm { encryption: String },
    /// An encrypted disk without the chip that keeps its key.
    #[rule("confidential-disk-without-vtpm", "disk encryption `{encryption}` needs `uefiSettings.vTpmEnabled: true`")]
    WithoutVtpm { encryption: String },
    /// An encrypted disk on a machine that starts anything.
    #[rule("confidential-disk-without-secure-boot", "disk encryption `{encryption}` needs `secureBootEnabled: true`")]
    WithoutSecureBoot { encryption: String },
    /// An encrypted disk that the host encrypts again.
    #[rule(
        "confidential-disk-with-host-encryption",
        "disk encryption `{encryption}` needs `encryptionAtHost` to be false"
    )]
    WithHostEncryption { encryption: String },
}

const ENCRYPTION: &str = "osDisk.managedDisk.securityProfile.securityEncryptionType";

pub(crate) fn security_type(check: &mut Check<'_>, machine: &Field<'_>) {
    check.listed(&machine.get("securityProfile.securityType"), &["ConfidentialVM", "TrustedLaunch"], unknown);
    check.listed(&machine.get(ENCRYPTION), &["DiskWithVMGuestState", "VMGuestStateOnly"], unknown);
}

pub(crate) fn disk_encryption_set(check: &mut Check<'_>, machine: &Field<'_>) {
    let set = machine.get("osDisk.managedDisk.securityProfile.diskEncryptionSet");
    if set.is_set() && !machine.get(ENCRYPTION).holds("DiskWithVMGuestState") {
        check
            .refuse(&set, &Security::UnusedEncryptionSet)
            .hint("set `securityEncryptionType: DiskWithVMGuestState` beside it");
    }
}

pub(crate) fn confidential(check: &mut Check<'_>, machine: &Field<'_>) {
    let encryption = machine.get(ENCRYPTION);
    if encryption.is_blank() {
        return;
    }
    let profile = machine.get("securityProfile");
    if !profile.is_set() {
        check
            .warn(&profile, &Security::WithoutProfile { encryption: encryption.shown() })
            .note("the webhook looks at the profile only where it is there; Azure refuses the machine")
            .hint("set `securityProfile: {securityType: ConfidentialVM, uefiSettings: {vTpmEnabled: true, secureBootEnabled: true}}`");
        return;
    }
    let uefi = profile.get("uefiSettings");
    let mut needs = |field: &Field<'_>, is: bool, rule: fn(String) -> Security| {
        if !is {
            check.refuse(field, &rule(encryption.shown())).hint(format!("set `{}`", field.path()));
        }
    };
    let kind = profile.get("securityType");
    needs(&kind, kind.holds("ConfidentialVM"), |encryption| Security::WithoutConfidentialVm { encryption });
    // The webhook stops at the settings where they are missing, and names them.
    let tpm = if uefi.is_set() { uefi.get("vTpmEnabled") } else { uefi.clone() };
    needs(&tpm, tpm.is_true(), |encryption| Security::WithoutVtpm { encryption });
    if encryption.holds("DiskWithVMGuestState") {
        let boot = uefi.get("secureBootEnabled");
        needs(&boot, boot.is_true() || !uefi.is_set(), |encryption| Security::WithoutSecureBoot { encryption });
        let host = profile.get("encryptionAtHost");
        needs(&host, !host.is_true(), |encryption| Security::WithHostEncryption { encryption });
    }
}
