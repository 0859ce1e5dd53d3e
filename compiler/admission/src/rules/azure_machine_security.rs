//! Confidential and trusted virtual machines (CAPZ `internal/webhooks/azuremachine_validation.go`). Pools skip most of it.

use crate::check::Check;
use crate::code::MACHINE_SETTINGS;
use crate::field::Field;

const ENCRYPTION: &str = "osDisk.managedDisk.securityProfile.securityEncryptionType";

pub(crate) fn security_type(check: &mut Check<'_>, machine: &Field<'_>) {
    check.coded_listed(
        MACHINE_SETTINGS,
        &machine.get("securityProfile.securityType"),
        &["ConfidentialVM", "TrustedLaunch"],
    );
    check.coded_listed(MACHINE_SETTINGS, &machine.get(ENCRYPTION), &["DiskWithVMGuestState", "VMGuestStateOnly"]);
}

pub(crate) fn disk_encryption_set(check: &mut Check<'_>, machine: &Field<'_>) {
    let set = machine.get("osDisk.managedDisk.securityProfile.diskEncryptionSet");
    if set.is_set() && !machine.get(ENCRYPTION).holds("DiskWithVMGuestState") {
        check
            .error(MACHINE_SETTINGS, &set, "`securityProfile.diskEncryptionSet` needs `DiskWithVMGuestState`")
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
            .warning(MACHINE_SETTINGS, &profile, format!("disk encryption `{}` has no `securityProfile`", encryption.shown()))
            .note("the webhook looks at the profile only where it is there; Azure refuses the machine")
            .hint("set `securityProfile: {securityType: ConfidentialVM, uefiSettings: {vTpmEnabled: true, secureBootEnabled: true}}`");
        return;
    }
    let uefi = profile.get("uefiSettings");
    let mut needs = |field: &Field<'_>, is: bool, wanted: &str| {
        if !is {
            check
                .error(MACHINE_SETTINGS, field, format!("disk encryption `{}` needs {wanted}", encryption.shown()))
                .hint(format!("set `{}`", field.path()));
        }
    };
    let kind = profile.get("securityType");
    needs(&kind, kind.holds("ConfidentialVM"), "`securityType: ConfidentialVM`");
    // The webhook stops at the first of these two.
    if uefi.is_set() {
        let tpm = uefi.get("vTpmEnabled");
        needs(&tpm, tpm.is_true(), "`vTpmEnabled: true`");
    } else {
        needs(&uefi, false, "`uefiSettings`");
    }
    if encryption.holds("DiskWithVMGuestState") {
        let boot = uefi.get("secureBootEnabled");
        needs(&boot, boot.is_true() || !uefi.is_set(), "`secureBootEnabled: true`");
        let host = profile.get("encryptionAtHost");
        needs(&host, !host.is_true(), "`encryptionAtHost` to be false");
    }
}
