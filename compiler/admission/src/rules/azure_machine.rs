//! What virtual machines of templates and of pools have in common (CAPZ `internal/webhooks/azuremachine_validation.go`).

use crate::check::Check;
use crate::code::{MACHINE_IDENTITY, MACHINE_SETTINGS, SSH_PUBLIC_KEY};
use crate::field::Field;
use crate::ssh::{self, KeyProblem};
use crate::syntax::{is_placeholder, resource_type};

pub(crate) fn ssh_public_key(check: &mut Check<'_>, key: &Field<'_>) {
    let Some(text) = key.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    match ssh::check(text) {
        Ok(()) => {}
        Err(KeyProblem::NotAKey { is_plain_line: true }) => {
            check
                .error(SSH_PUBLIC_KEY, key, "`sshPublicKey` is written in plain text")
                .hint("encode the line: `base64 -w0 ~/.ssh/id_ed25519.pub`");
        }
        Err(KeyProblem::NotBase64) => {
            check
                .error(SSH_PUBLIC_KEY, key, "`sshPublicKey` is not base64")
                .hint("encode the public key's line: `base64 -w0 ~/.ssh/id_ed25519.pub`");
        }
        Err(KeyProblem::NotAKey { .. }) => {
            check
                .error(SSH_PUBLIC_KEY, key, "`sshPublicKey` is base64, but not of a public key line")
                .hint("encode a line such as `ssh-ed25519 AAAA… name`, not the private key and not a fingerprint");
        }
    }
}

pub(crate) fn identities(check: &mut Check<'_>, identity: &Field<'_>, assigned: &Field<'_>) {
    check.coded_listed(MACHINE_IDENTITY, identity, &["None", "SystemAssigned", "UserAssigned", ""]);
    if identity.holds("UserAssigned") && assigned.len() == 0 {
        check
            .error(MACHINE_IDENTITY, assigned, "identity `UserAssigned` has no `userAssignedIdentities`")
            .hint("list the identities: `userAssignedIdentities: [{providerID: /subscriptions/…}]`");
    }
    if assigned.len() > 0 && !identity.holds("UserAssigned") {
        check
            .error(MACHINE_IDENTITY, assigned, "`userAssignedIdentities` needs `identity: UserAssigned`")
            .hint("set `identity: UserAssigned` beside it");
    }
    for item in assigned.items() {
        let id = item.get("providerID");
        let Some(text) = id.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { continue };
        if linked_type(text).is_none() {
            not_an_id(check, &id, "/subscriptions/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME");
        }
    }
}

pub(crate) fn role(check: &mut Check<'_>, identity: &Field<'_>, role: &Field<'_>) {
    if !role.is_set() {
        return;
    }
    if !identity.holds("SystemAssigned") {
        check
            .error(MACHINE_IDENTITY, role, "`systemAssignedIdentityRole` needs `identity: SystemAssigned`")
            .hint("set `identity: SystemAssigned` or remove the role");
    }
}

/// A template's role must be whole; a pool's is filled in.
pub(crate) fn whole_role(check: &mut Check<'_>, identity: &Field<'_>, role: &Field<'_>) {
    if role.is_set() && identity.holds("SystemAssigned") {
        for key in ["definitionID", "scope"] {
            check.coded_needs_text(MACHINE_IDENTITY, &role.get(key));
        }
    }
}

/// What stands beside `networkInterfaces` and belongs into one of them.
pub(crate) fn beside_interfaces(check: &mut Check<'_>, machine: &Field<'_>, keys: &[(&str, &str)]) {
    if machine.get("networkInterfaces").len() == 0 {
        return;
    }
    for (key, value) in keys {
        let field = machine.get(key);
        if field.is_set() && !field.holds("") {
            check
                .error(MACHINE_SETTINGS, &field, format!("`{key}` cannot be set together with `networkInterfaces`"))
                .hint(format!("move it into the interface that {value} is for: `networkInterfaces: [{{{key}: …}}]`"));
        }
    }
}

pub(crate) fn interfaces(check: &mut Check<'_>, machine: &Field<'_>) {
    beside_interfaces(check, machine, &[("subnetName", "a subnet"), ("acceleratedNetworking", "a setting")]);
    for interface in machine.get("networkInterfaces").items() {
        let count = interface.get("privateIPConfigs");
        if let Some(number) = count.int()
            && number < 0
        {
            check
                .error(MACHINE_SETTINGS, &count, format!("`privateIPConfigs` `{number}` is less than 1"))
                .hint("set it to 1 or more, or remove it to get 1");
        }
    }
}

pub(crate) fn extensions(check: &mut Check<'_>, machine: &Field<'_>) {
    let list = machine.get("vmExtensions");
    if machine.get("disableExtensionOperations").is_true() && list.len() > 0 {
        check
            .error(MACHINE_SETTINGS, &list, "`vmExtensions` cannot be set while extension operations are disabled")
            .hint("remove `vmExtensions` or `disableExtensionOperations`");
    }
    for extension in list.items() {
        for key in ["name", "publisher", "version"] {
            if !extension.get(key).is_set() {
                check.coded_needs_text(MACHINE_SETTINGS, &extension.get(key));
            }
        }
    }
}

pub(crate) fn diagnostics(check: &mut Check<'_>, diagnostics: &Field<'_>) {
    let boot = diagnostics.get("boot");
    let kind = boot.get("storageAccountType");
    check.coded_listed(MACHINE_SETTINGS, &kind, &["Managed", "UserManaged", "Disabled"]);
    let user = boot.get("userManaged");
    let uri = user.get("storageAccountURI");
    if kind.holds("UserManaged") && !user.is_set() {
        check
            .error(MACHINE_SETTINGS, &user, "boot diagnostics `UserManaged` have no `userManaged`")
            .hint("set `userManaged: {storageAccountURI: https://ACCOUNT.blob.core.windows.net}`");
    }
    if user.is_set() && (kind.holds("Managed") || kind.holds("Disabled")) && !uri.is_blank() {
        check
            .error(
                MACHINE_SETTINGS,
                &uri,
                format!("`storageAccountURI` cannot be set for boot diagnostics `{}`", kind.shown()),
            )
            .hint("remove `userManaged` or set `storageAccountType: UserManaged`");
    } else if user.is_set() && !uri.text_or_empty().starts_with("https://") && !is_placeholder(uri.text_or_empty()) {
        check
            .error(
                MACHINE_SETTINGS,
                &uri,
                format!("`storageAccountURI` `{}` does not start with `https://`", uri.shown()),
            )
            .hint("write `https://ACCOUNT.blob.core.windows.net`");
    }
    if uri.text_or_empty().chars().count() > 1024 {
        check
            .error(MACHINE_SETTINGS, &uri, "`storageAccountURI` is longer than 1024 characters")
            .hint("write the account's blob endpoint only");
    }
}

pub(crate) fn spot(check: &mut Check<'_>, spot: &Field<'_>) {
    check.coded_listed(MACHINE_SETTINGS, &spot.get("evictionPolicy"), &["Deallocate", "Delete"]);
}

pub(crate) fn linked_ids(check: &mut Check<'_>, machine: &Field<'_>) {
    let reservation = machine.get("capacityReservationGroupID");
    let scale_set = machine.get("virtualMachineScaleSetID");
    if let Some(text) = judged(&reservation)
        && linked_type(text).is_none()
    {
        not_an_id(check, &reservation, "/subscriptions/…/providers/Microsoft.Compute/capacityReservationGroups/NAME");
    }
    if let Some(text) = judged(&scale_set) {
        let example = "/subscriptions/…/providers/Microsoft.Compute/virtualMachineScaleSets/NAME";
        match linked_type(text) {
            None => not_an_id(check, &scale_set, example),
            Some(kind) if !kind.eq_ignore_ascii_case("Microsoft.Compute/virtualMachineScaleSets") => {
                check
                    .error(MACHINE_SETTINGS, &scale_set, format!("`{kind}` is not the type of a scale set"))
                    .hint(format!("write `{example}`"));
            }
            Some(_) => {}
        }
    }
}

/// The type of what an id names; CAPZ takes its own prefix off first.
fn linked_type(id: &str) -> Option<String> {
    resource_type(id.strip_prefix("azure://").unwrap_or(id))
}

fn judged<'a>(field: &Field<'a>) -> Option<&'a str> {
    field.text().filter(|text| !is_placeholder(text))
}

fn not_an_id(check: &mut Check<'_>, field: &Field<'_>, example: &str) {
    check
        .error(MACHINE_SETTINGS, field, format!("`{}` is not an Azure resource id", field.shown()))
        .hint(format!("write the full id, `{example}`"));
}
