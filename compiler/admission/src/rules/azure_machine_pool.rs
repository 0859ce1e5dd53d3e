//! `AzureMachinePool` (CAPZ `internal/exp/webhooks/azuremachinepool_webhook.go`).

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_machine::{self as machine, Identity, Machine};
use crate::rules::{azure_machine_security as security, disks, image};
use crate::ssh;
use crate::syntax::is_guid;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of the way in which a pool replaces its machines.
#[derive(Debug, Rule)]
#[rule(group = "admission-rollout-settings")]
pub(crate) enum PoolRollout {
    /// A word that a field does not take.
    #[rule("unknown-pool-rollout-value", "`{value}` is not a value of `{field}`")]
    UnknownValue { field: String, value: String },
    /// Neither one machine more nor one less.
    #[rule("stuck-pool-rollout", "`maxUnavailable` and `maxSurge` are both 0: nothing could ever be replaced")]
    Stuck,
}

/// What a pool keeps.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInPool {
    /// The name of the role assignment.
    #[rule("immutable-role-assignment-name", "the name of a role assignment cannot change")]
    AssignmentName { from: String },
    /// Whether machines report how they were bootstrapped.
    #[rule("immutable-bootstrap-extension", "`disableVMBootstrapExtension` cannot change once it is set")]
    BootstrapExtension,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    let template = spec.get("template");
    image::check(check, &template.get("image"));
    ssh::public_key(check, &template.get("sshPublicKey"));
    disks::os_disk(check, &template.get("osDisk"));
    machine::identities(check, &spec.get("identity"), &spec.get("userAssignedIdentities"));
    machine::role(check, &spec.get("identity"), &spec.get("systemAssignedIdentityRole"));
    assignment_name(check, &spec);
    machine::beside_interfaces(check, &template, &[("subnetName", "a subnet")]);
    machine::diagnostics(check, &template.get("diagnostics"));
    machine::spot(check, &template.get("spotVMOptions"));
    security::security_type(check, &template);
    security::disk_encryption_set(check, &template);
    check.range(&template.get("terminateNotificationTimeout"), 5..=15, |minutes| Machine::TerminateNotification {
        minutes,
    });
    check.listed(&spec.get("orchestrationMode"), &["Uniform", "Flexible"], machine::unknown);
    strategy(check, &spec.get("strategy"));
}

/// The name of a role assignment is a GUID; a pool makes one up where none is written.
fn assignment_name(check: &mut Check<'_>, spec: &Field<'_>) {
    let names = ["roleAssignmentName", "systemAssignedIdentityRole.name"].map(|path| spec.get(path));
    if names.iter().all(|name| !name.is_blank()) {
        check.excludes(&names[0], &names[1], |first, second| Identity::TwoAssignmentNames { first, second });
    }
    for name in names.iter().filter(|name| spec.get("identity").holds("SystemAssigned") && !name.is_blank()) {
        let text = name.text_or_empty();
        if !is_placeholder(text) && !is_guid(text) {
            check
                .refuse(name, &Identity::AssignmentName { name: name.shown() })
                .hint("remove it to get one, or write one, as `uuidgen` prints it");
        }
    }
}

fn strategy(check: &mut Check<'_>, strategy: &Field<'_>) {
    let unknown = |field, value| PoolRollout::UnknownValue { field, value };
    check.listed(&strategy.get("type"), &["RollingUpdate"], unknown);
    let rolling = strategy.get("rollingUpdate");
    check.listed(&rolling.get("deletePolicy"), &["Random", "Newest", "Oldest"], unknown);
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    // Unset `maxUnavailable` is 0, unset `maxSurge` is 1. A percentage is never taken for 0.
    if surge.int() == Some(0) && (unavailable.int() == Some(0) || !unavailable.is_set()) {
        check.refuse(&unavailable, &PoolRollout::Stuck).hint("set one of them to 1 or more");
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let path = "spec.systemAssignedIdentityRole.name";
    let (before, after) = (old.get(path), new.get(path));
    if !before.is_blank() && after.is_set() && before.value() != after.value() {
        check
            .refuse(&after, &FixedInPool::AssignmentName { from: before.shown() })
            .hint(format!("keep `{}`", before.shown()));
    }
    let path = "spec.template.disableVMBootstrapExtension";
    let (before, after) = (old.get(path), new.get(path));
    if before.is_set() && before.value() != after.value() {
        check.refuse(&after, &FixedInPool::BootstrapExtension).hint("make a new pool under a new name");
    }
}
