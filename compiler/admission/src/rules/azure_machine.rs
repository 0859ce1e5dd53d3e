//! What virtual machines of templates and of pools have in common (CAPZ `internal/webhooks/azuremachine_validation.go`).

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::syntax::resource_type;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of the managed identities of a machine.
#[derive(Debug, Rule)]
#[rule(group = "admission-machine-identity")]
pub(crate) enum Identity {
    /// A word that `identity` does not take.
    #[rule("unknown-machine-identity", "`{value}` is not a value of `{field}`")]
    Unknown { field: String, value: String },
    /// Identities that are announced and not there.
    #[rule("missing-user-assigned-identities", "identity `UserAssigned` has no `userAssignedIdentities`")]
    MissingAssigned,
    /// Identities that are there and not announced.
    #[rule("unused-user-assigned-identities", "`userAssignedIdentities` needs `identity: UserAssigned`")]
    UnusedAssigned,
    /// A role for an identity that the machine does not have.
    #[rule("role-without-system-identity", "`systemAssignedIdentityRole` needs `identity: SystemAssigned`")]
    UnusedRole,
    /// A role by half.
    #[rule("incomplete-identity-role", "`{field}` is missing")]
    IncompleteRole { field: String },
    /// The role assignment's name in the old and in the new place.
    #[rule("two-role-assignment-names", "`{second}` cannot be set together with `{first}`")]
    TwoAssignmentNames { first: String, second: String },
    /// A role assignment whose name is not a GUID.
    #[rule("role-assignment-name", "`{name}` is not a GUID")]
    AssignmentName { name: String },
}

/// What CAPZ refuses of a machine's other settings.
#[derive(Debug, Rule)]
#[rule(group = "admission-machine-settings")]
pub(crate) enum Machine {
    /// A word that a field does not take.
    #[rule("unknown-machine-value", "`{value}` is not a value of `{field}`")]
    UnknownValue { field: String, value: String },
    /// A setting that stands outside of the interfaces that it is about.
    #[rule("setting-beside-network-interfaces", "`{field}` cannot be set together with `networkInterfaces`")]
    BesideInterfaces { field: &'static str },
    /// An interface with fewer than no addresses.
    #[rule("private-ip-config-count", "`privateIPConfigs` `{count}` is less than 1")]
    PrivateIpConfigs { count: i64 },
    /// Extensions on a machine that runs none.
    #[rule("disabled-vm-extensions", "`vmExtensions` cannot be set while extension operations are disabled")]
    DisabledExtensions,
    /// An extension by half.
    #[rule("incomplete-vm-extension", "`{field}` is missing")]
    IncompleteExtension { field: String },
    /// Boot diagnostics into an account that is not named.
    #[rule("missing-diagnostics-account", "boot diagnostics `UserManaged` have no `userManaged`")]
    MissingDiagnosticsAccount,
    /// An account that nothing is written to.
    #[rule("unused-diagnostics-account", "`storageAccountURI` cannot be set for boot diagnostics `{kind}`")]
    UnusedDiagnosticsAccount { kind: String },
    /// An account's address that is not one.
    #[rule("diagnostics-account-uri", "`storageAccountURI` `{uri}` does not start with `https://`")]
    DiagnosticsAccountUri { uri: String },
    /// An address that is too long.
    #[rule("long-diagnostics-account-uri", "`storageAccountURI` is longer than 1024 characters")]
    LongDiagnosticsAccountUri,
    /// A text that is not a resource id.
    #[rule("azure-resource-id", "`{id}` is not an Azure resource id")]
    ResourceId { id: String },
    /// The id of something else than a scale set.
    #[rule("not-a-scale-set", "`{kind}` is not the type of a scale set")]
    NotAScaleSet { kind: String },
    /// A time for shutting down that Azure does not give.
    #[rule("terminate-notification-timeout", "`terminateNotificationTimeout` `{minutes}` is outside 5 to 15")]
    TerminateNotification { minutes: i64 },
}

pub(super) fn unknown(field: String, value: String) -> Machine {
    Machine::UnknownValue { field, value }
}

pub(crate) fn identities(check: &mut Check<'_>, identity: &Field<'_>, assigned: &Field<'_>) {
    check.listed(identity, &["None", "SystemAssigned", "UserAssigned", ""], |field, value| Identity::Unknown {
        field,
        value,
    });
    if identity.holds("UserAssigned") && assigned.len() == 0 {
        check
            .refuse(assigned, &Identity::MissingAssigned)
            .hint("list the identities: `userAssignedIdentities: [{providerID: /subscriptions/…}]`");
    }
    if assigned.len() > 0 && !identity.holds("UserAssigned") {
        check.refuse(assigned, &Identity::UnusedAssigned).hint("set `identity: UserAssigned` beside it");
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
        check.refuse(role, &Identity::UnusedRole).hint("set `identity: SystemAssigned` or remove the role");
    }
}

/// A template's role must be whole; a pool's is filled in.
pub(crate) fn whole_role(check: &mut Check<'_>, identity: &Field<'_>, role: &Field<'_>) {
    if role.is_set() && identity.holds("SystemAssigned") {
        for key in ["definitionID", "scope"] {
            check.needs_text(&role.get(key), |field| Identity::IncompleteRole { field });
        }
    }
}

/// What stands beside `networkInterfaces` and belongs into one of them.
pub(crate) fn beside_interfaces(check: &mut Check<'_>, machine: &Field<'_>, keys: &[(&'static str, &str)]) {
    if machine.get("networkInterfaces").len() == 0 {
        return;
    }
    for (key, value) in keys {
        let field = machine.get(key);
        if field.is_set() && !field.holds("") {
            check
                .refuse(&field, &Machine::BesideInterfaces { field: key })
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
                .refuse(&count, &Machine::PrivateIpConfigs { count: number })
                .hint("set it to 1 or more, or remove it to get 1");
        }
    }
}

pub(crate) fn extensions(check: &mut Check<'_>, machine: &Field<'_>) {
    let list = machine.get("vmExtensions");
    if machine.get("disableExtensionOperations").is_true() && list.len() > 0 {
        check.refuse(&list, &Machine::DisabledExtensions).hint("remove `vmExtensions` or `disableExtensionOperations`");
    }
    for extension in list.items() {
        for key in ["name", "publisher", "version"] {
            if !extension.get(key).is_set() {
                check.needs_text(&extension.get(key), |field| Machine::IncompleteExtension { field });
            }
        }
    }
}

pub(crate) fn diagnostics(check: &mut Check<'_>, diagnostics: &Field<'_>) {
    let boot = diagnostics.get("boot");
    let kind = boot.get("storageAccountType");
    check.listed(&kind, &["Managed", "UserManaged", "Disabled"], unknown);
    let user = boot.get("userManaged");
    let uri = user.get("storageAccountURI");
    if kind.holds("UserManaged") && !user.is_set() {
        check
            .refuse(&user, &Machine::MissingDiagnosticsAccount)
            .hint("set `userManaged: {storageAccountURI: https://ACCOUNT.blob.core.windows.net}`");
    }
    if user.is_set() && (kind.holds("Managed") || kind.holds("Disabled")) && !uri.is_blank() {
        check
            .refuse(&uri, &Machine::UnusedDiagnosticsAccount { kind: kind.shown() })
            .hint("remove `userManaged` or set `storageAccountType: UserManaged`");
    } else if user.is_set() && !uri.text_or_empty().starts_with("https://") && !is_placeholder(uri.text_or_empty()) {
        check
            .refuse(&uri, &Machine::DiagnosticsAccountUri { uri: uri.shown() })
            .hint("write `https://ACCOUNT.blob.core.windows.net`");
    }
    if uri.text_or_empty().chars().count() > 1024 {
        check.refuse(&uri, &Machine::LongDiagnosticsAccountUri).hint("write the account's blob endpoint only");
    }
}

pub(crate) fn spot(check: &mut Check<'_>, spot: &Field<'_>) {
    check.listed(&spot.get("evictionPolicy"), &["Deallocate", "Delete"], unknown);
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
                check.refuse(&scale_set, &Machine::NotAScaleSet { kind }).hint(format!("write `{example}`"));
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
    check.refuse(field, &Machine::ResourceId { id: field.shown() }).hint(format!("write the full id, `{example}`"));
}
