//! `AzureClusterIdentity` (CAPZ `internal/webhooks/azureclusteridentity_validation.go`).

use crate::check::Check;
use crate::code::{CLUSTER_IDENTITY, IMMUTABLE_FIELD};
use crate::field::Field;
use crate::rules::{limits, limits_table};

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    limits::check(check, object, limits_table::AZURE_CLUSTER_IDENTITY);
    let kind = object.get("spec.type");
    for (key, owner) in [
        ("resourceID", "UserAssignedMSI"),
        ("userAssignedIdentityCredentialsPath", "UserAssignedIdentityCredential"),
        ("userAssignedIdentityCredentialsCloudType", "UserAssignedIdentityCredential"),
    ] {
        let field = object.get("spec").get(key);
        if !field.is_blank() && !kind.holds(owner) {
            check
                .error(CLUSTER_IDENTITY, &field, format!("`{key}` belongs to identities of type `{owner}`"))
                .hint(format!("remove it, or set `type: {owner}`"));
        }
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let (before, after) = (old.get("spec.type"), new.get("spec.type"));
    if before.value() != after.value() {
        check
            .error(
                IMMUTABLE_FIELD,
                &after,
                format!("the type of an identity cannot change from `{}` to `{}`", before.shown(), after.shown()),
            )
            .hint("make a new identity and refer to that one");
    }
}
