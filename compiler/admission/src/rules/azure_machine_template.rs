//! `AzureMachineTemplate` (CAPZ `internal/webhooks/azuremachinetemplate_webhook.go`).

use flatwright_diagnostic::Rule;

use crate::check::{Check, name};
use crate::defaults::defaulted;
use crate::field::{Field, deeply_equal, same};
use crate::rules::{azure_machine as machine, azure_machine_security as security, disks, image};
use crate::ssh;

/// What a template cannot say, because it is said of each machine.
#[derive(Debug, Rule)]
#[rule(group = "admission-refused-field")]
pub(crate) enum RefusedInTemplate {
    /// The name of a role assignment, which differs from machine to machine.
    #[rule("role-assignment-name-in-template", "`{field}` cannot be set in a template")]
    AssignmentName { field: &'static str },
}

/// What a template keeps.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInTemplate {
    /// Any field of its spec.
    #[rule("immutable-template", "`{field}` of a template cannot change")]
    Spec { field: String },
    /// A field that the webhook itself changes each time.
    #[rule("reapplied-empty-ssh-key", "an empty `sshPublicKey` makes every second apply a change")]
    EmptyKey,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec.template.spec");
    image::check(check, &spec.get("image"));
    ssh::public_key(check, &spec.get("sshPublicKey"));
    disks::os_disk(check, &spec.get("osDisk"));
    disks::data_disks(check, &spec.get("dataDisks"));
    machine::identities(check, &spec.get("identity"), &spec.get("userAssignedIdentities"));
    machine::role(check, &spec.get("identity"), &spec.get("systemAssignedIdentityRole"));
    machine::whole_role(check, &spec.get("identity"), &spec.get("systemAssignedIdentityRole"));
    machine::interfaces(check, &spec);
    machine::extensions(check, &spec);
    machine::diagnostics(check, &spec.get("diagnostics"));
    machine::spot(check, &spec.get("spotVMOptions"));
    machine::linked_ids(check, &spec);
    security::security_type(check, &spec);
    security::disk_encryption_set(check, &spec);
    security::confidential(check, &spec);
    for path in ["roleAssignmentName", "systemAssignedIdentityRole.name"] {
        let field = spec.get(path);
        if !field.is_blank() {
            check
                .refuse(&field, &RefusedInTemplate::AssignmentName { field: path })
                .hint("remove it: the name is made for each machine");
        }
    }
}

/// On update nothing but the immutability is looked at.
pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let (before, after) = (defaulted(old.value()), defaulted(new.value()));
    let (before, after) =
        (Field::root(&before).get("spec.template.spec"), Field::root(&after).get("spec.template.spec"));
    immutable_template(check, &before, &after);
    let key = new.get("spec.template.spec.sshPublicKey");
    if key.holds("") && same(before.value(), after.value()) {
        check
            .refuse(&key, &FixedInTemplate::EmptyKey)
            .note("the webhook writes a new random key for an empty one each time, and then refuses the change")
            .hint("remove `sshPublicKey`, or set it");
    }
}

/// Reports the first changed field of an immutable template spec.
pub(crate) fn immutable_template(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    if deeply_equal(old.value(), new.value()) {
        return;
    }
    let place = first_change(old, new);
    check
        .refuse(&place, &FixedInTemplate::Spec { field: name(&place) })
        .note("the whole `spec.template.spec` is immutable; labels and annotations are not")
        .hint("make a new object under a new name and refer to that one");
}

fn first_change<'a>(old: &Field<'a>, new: &Field<'a>) -> Field<'a> {
    let (mut old, mut new) = (old.clone(), new.clone());
    while let Some(key) = old
        .entries()
        .chain(new.entries())
        .map(|(key, _)| key)
        .find(|key| !deeply_equal(old.key(key).value(), new.key(key).value()))
    {
        (old, new) = (old.key(key), new.key(key));
    }
    new
}
