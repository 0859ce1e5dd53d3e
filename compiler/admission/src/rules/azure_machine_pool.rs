//! `AzureMachinePool` (CAPZ `internal/exp/webhooks/azuremachinepool_webhook.go`).

use crate::check::Check;
use crate::code::{IMMUTABLE_FIELD, MACHINE_SETTINGS, ROLLOUT_SETTINGS};
use crate::field::Field;
use crate::rules::{azure_machine as machine, azure_machine_security as security, disks, image};

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    let template = spec.get("template");
    image::check(check, &template.get("image"));
    machine::ssh_public_key(check, &template.get("sshPublicKey"));
    disks::os_disk(check, &template.get("osDisk"));
    machine::identities(check, &spec.get("identity"), &spec.get("userAssignedIdentities"));
    machine::role(check, &spec.get("identity"), &spec.get("systemAssignedIdentityRole"));
    machine::interfaces(check, &template);
    machine::diagnostics(check, &template.get("diagnostics"));
    machine::spot(check, &template.get("spotVMOptions"));
    security::security_type(check, &template);
    security::disk_encryption_set(check, &template);
    check.range(MACHINE_SETTINGS, &template.get("terminateNotificationTimeout"), 5, 15);
    check.listed(MACHINE_SETTINGS, &spec.get("orchestrationMode"), &["Uniform", "Flexible"]);
    strategy(check, &spec.get("strategy"));
}

fn strategy(check: &mut Check<'_>, strategy: &Field<'_>) {
    check.listed(ROLLOUT_SETTINGS, &strategy.get("type"), &["RollingUpdate"]);
    let rolling = strategy.get("rollingUpdate");
    check.listed(ROLLOUT_SETTINGS, &rolling.get("deletePolicy"), &["Random", "Newest", "Oldest"]);
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    if crate::rules::machine_deployment::is_zero(&surge) && crate::rules::machine_deployment::is_zero(&unavailable) {
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
    let path = "spec.template.disableVMBootstrapExtension";
    let (before, after) = (old.get(path), new.get(path));
    if before.is_set() && before.value() != after.value() {
        check
            .error(IMMUTABLE_FIELD, &after, "`disableVMBootstrapExtension` cannot change once it is set")
            .hint("make a new pool under a new name");
    }
}
