//! The identity: keys that its type needs or excludes.

use flatwright_diagnostic::Report;

use super::{place, refuse};
use crate::rules::{Conflict, MissingField};
use crate::types::{FlatcarCluster, IdentityType};

/// Where objects go unless the spec says otherwise.
const DEFAULT_NAMESPACE: &str = "default";

pub(super) fn check(document: &FlatcarCluster, report: &mut Report) {
    let identity = &document.spec.azure.identity;
    let Some(identity_type) = identity.identity_type else {
        let extra = [
            ("clientID", identity.client_id.as_ref().map(|id| id.origin)),
            ("tenantID", identity.tenant_id.as_ref().map(|id| id.origin)),
            ("allowedNamespaces", identity.allowed_namespaces.first().map(|namespace| namespace.origin)),
        ];
        for (key, origin) in extra {
            if let Some(origin) = origin {
                refuse(report, origin, &Conflict::IdentityIds { key })
                    .hint("add `type: WorkloadIdentity`, or remove the key");
            }
        }
        return;
    };
    let word = identity_type.value.word();
    for (key, is_set) in [("clientID", identity.client_id.is_some()), ("tenantID", identity.tenant_id.is_some())] {
        if !is_set {
            refuse(report, identity.origin, &MissingField::IdentityIds { identity_type: word, key })
                .hint(format!("add `{key}: …`"));
        }
    }
    let needs_secret =
        matches!(identity_type.value, IdentityType::ServicePrincipal | IdentityType::ServicePrincipalCertificate);
    match &identity.client_secret {
        None if needs_secret => {
            refuse(report, identity.origin, &MissingField::IdentitySecret { identity_type: word })
                .hint("add `clientSecret: {name: …}` with the name of a Secret");
        }
        Some(secret) if !needs_secret => {
            refuse(report, secret.origin, &Conflict::ClientSecret { identity_type: word })
                .hint("remove `clientSecret`");
        }
        _ => {}
    }
    match &identity.resource_id {
        None if identity_type.value == IdentityType::UserAssignedMsi => {
            refuse(report, identity.origin, &MissingField::IdentityResource)
                .hint("add the resource id of the managed identity");
        }
        Some(id) if identity_type.value != IdentityType::UserAssignedMsi => {
            refuse(report, id.origin, &Conflict::ResourceId { identity_type: word }).hint("remove it");
        }
        _ => {}
    }
    if let Some(first) = identity.allowed_namespaces.first() {
        let own = document.metadata.namespace.as_ref();
        let namespace = own.map_or(DEFAULT_NAMESPACE, |namespace| namespace.as_str());
        if !identity.allowed_namespaces.iter().any(|allowed| allowed.as_str() == namespace) {
            let finding = refuse(report, first.origin, &Conflict::ClosedIdentity { namespace: namespace.to_owned() });
            if let Some(own) = own {
                finding.label(place(own.origin), "the cluster's namespace");
            }
            finding.hint(format!("add `{namespace}` to `allowedNamespaces`"));
        }
    }
    if let Some(namespace) = identity.namespace.as_ref() {
        refuse(report, namespace.origin, &Conflict::IdentityNamespace)
            .hint("remove `namespace`, or remove `type` and what belongs to it");
    }
}
