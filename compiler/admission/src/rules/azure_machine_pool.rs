//! `AzureMachinePool` (CAPZ `internal/exp/webhooks/azuremachinepool_webhook.go`).

use crate::check::Check;
use crate::code::{IMMUTABLE_FIELD, MACHINE_IDENTITY, MACHINE_SETTINGS, ROLLOUT_SETTINGS};
use crate::field::Field;
use crate::rules::{azure_machine as machine, azure_machine_security as security, disks, image};
use crate::syntax::{is_guid, is_placeholder};

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    let template = spec.get("template");
    image::check(check, &template.get("image"));
    machine::ssh_public_key(check, &template.get("sshPublicKey"));
    disks::os_disk(check, &template.get("osDisk"));
    machine::identities(check, &spec.get("identity"), &spec.get("userAssignedIdentities"));
    machine::role(check, &spec.get("identity"), &spec.get("systemAssignedIdentityRole"));
    assignment_name(check, &spec);
    machine::beside_interfaces(check, &template, &[("subnetName", "a subnet")]);
    machine::diagnostics(check, &template.get("diagnostics"));
    machine::spot(check, &template.get("spotVMOptions"));
    security::security_type(check, &template);
    security::disk_encryption_set(check, &template);
    check.coded_range(MACHINE_SETTINGS, &template.get("terminateNotificationTimeout"), 5, 15);
    check.coded_listed(MACHINE_SETTINGS, &spec.get("orchestrationMode"), &["Uniform", "Flexible"]);
    strategy(check, &spec.get("strategy"));
}

/// The name of a role assignment is a GUID; a pool makes one up where none is written.
fn assignment_name(check: &mut Check<'_>, spec: &Field<'_>) {
    let names = ["roleAssignmentName", "systemAssignedIdentityRole.name"].map(|path| spec.get(path));
    if names.iter().all(|name| !name.is_blank()) {
        check.coded_excludes(MACHINE_IDENTITY, &names[0], &names[1]);
    }
    for name in names.iter().filter(|name| spec.get("identity").holds("SystemAssigned") && !name.is_blank()) {
        let text = name.text_or_empty();
        if !is_placeholder(text) && !is_guid(text) {
            check
                .error(MACHINE_IDENTITY, name, format!("`{}` is not a GUID", name.shown()))
                .hint("remove it to get one, or write one, as `uuidgen` prints it");
        }
    }
}

fn strategy(check: &mut Check<'_>, strategy: &Field<'_>) {
    check.coded_listed(ROLLOUT_SETTINGS, &strategy.get("type"), &["RollingUpdate"]);
    let rolling = strategy.get("rollingUpdate");
    check.coded_listed(ROLLOUT_SETTINGS, &rolling.get("deletePolicy"), &["Random", "Newest", "Oldest"]);
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    // Unset `maxUnavailable` is 0, unset `maxSurge` is 1. A percentage is never taken for 0.
    if surge.int() == Some(0) && (unavailable.int() == Some(0) || !unavailable.is_set()) {
        check
            .error(
                ROLLOUT_SETTINGS,
                &unavailable,
                "`maxUnavailable` and `maxSurge` are both 0: nothing could ever be replaced",
            )
            .hint("set one of them to 1 or more");
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let path = "spec.systemAssignedIdentityRole.name";
    let (before, after) = (old.get(path), new.get(path));
    if !before.is_blank() && after.is_set() && before.value() != after.value() {
        check
            .error(IMMUTABLE_FIELD, &after, "the name of a role assignment cannot change")
            .hint(format!("keep `{}`", before.shown()));
    }
    let path = "spec.template.disableVMBootstrapExtension";
    let (before, after) = (old.get(path), new.get(path));
    if before.is_set() && before.value() != after.value() {
        check
            .error(IMMUTABLE_FIELD, &after, "`disableVMBootstrapExtension` cannot change once it is set")
            .hint("make a new pool under a new name");
    }
}
