//! `AzureClusterIdentity` (CAPZ `internal/webhooks/azureclusteridentity_validation.go`).

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::rules::{limits, limits_table};

/// What CAPZ refuses of an identity.
#[derive(Debug, Rule)]
#[rule(group = "admission-cluster-identity")]
pub(crate) enum Identity {
    /// A field of another type of identity.
    #[rule("identity-field-of-other-type", "`{field}` belongs to identities of type `{owner}`")]
    OtherType { field: &'static str, owner: &'static str },
}

/// What an identity keeps.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInIdentity {
    /// Its type.
    #[rule("immutable-identity-type", "the type of an identity cannot change from `{from}` to `{to}`")]
    Type { from: String, to: String },
}

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
                .refuse(&field, &Identity::OtherType { field: key, owner })
                .hint(format!("remove it, or set `type: {owner}`"));
        }
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let (before, after) = (old.get("spec.type"), new.get("spec.type"));
    if before.value() != after.value() {
        check
            .refuse(&after, &FixedInIdentity::Type { from: before.shown(), to: after.shown() })
            .hint("make a new identity and refer to that one");
    }
}
