//! The identity: keys that its type needs or excludes.

use flatwright_diagnostic::Report;

use super::error;
use crate::code;
use crate::types::{IdentityType, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let identity = &spec.azure.identity;
    let Some(identity_type) = identity.identity_type else {
        let extra = [
            ("clientID", identity.client_id.as_ref().map(|id| id.origin)),
            ("tenantID", identity.tenant_id.as_ref().map(|id| id.origin)),
        ];
        for (key, origin) in extra {
            if let Some(origin) = origin {
                error(
                    report,
                    code::CONFLICTING_FIELDS,
                    origin,
                    format!("`{key}` has no effect without `type`: the identity is only referred to"),
                )
                .hint("add `type: WorkloadIdentity`, or remove the key");
            }
        }
        return;
    };
    let word = identity_type.value.word();
    for (key, is_set) in [("clientID", identity.client_id.is_some()), ("tenantID", identity.tenant_id.is_some())] {
        if !is_set {
            error(report, code::MISSING_FIELD, identity.origin, format!("type `{word}` needs `{key}`"))
                .hint(format!("add `{key}: …`"));
        }
    }
    let needs_secret =
        matches!(identity_type.value, IdentityType::ServicePrincipal | IdentityType::ServicePrincipalCertificate);
    match &identity.client_secret {
        None if needs_secret => {
            error(report, code::MISSING_FIELD, identity.origin, format!("type `{word}` needs `clientSecret`"))
                .hint("add `clientSecret: {name: …}` with the name of a Secret");
        }
        Some(secret) if !needs_secret => {
            error(report, code::CONFLICTING_FIELDS, secret.origin, format!("type `{word}` has no client secret"))
                .hint("remove `clientSecret`");
        }
        _ => {}
    }
    match &identity.resource_id {
        None if identity_type.value == IdentityType::UserAssignedMsi => {
            error(report, code::MISSING_FIELD, identity.origin, "type `UserAssignedMSI` needs `resourceID`")
                .hint("add the resource id of the managed identity");
        }
        Some(id) if identity_type.value != IdentityType::UserAssignedMsi => {
            error(report, code::CONFLICTING_FIELDS, id.origin, format!("type `{word}` has no `resourceID`"))
                .hint("remove it");
        }
        _ => {}
    }
    if let Some(namespace) = identity.namespace.as_ref() {
        error(
            report,
            code::CONFLICTING_FIELDS,
            namespace.origin,
            "`namespace` is for an identity that exists; one that is made goes to the cluster's namespace",
        )
        .hint("remove `namespace`, or remove `type` and what belongs to it");
    }
}
