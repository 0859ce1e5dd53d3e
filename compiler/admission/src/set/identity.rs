//! Whether the cluster's identity may be used from the cluster's namespace.

use flatwright_diagnostic::Rule;

use crate::set::manifests::{Findings, Set, name, namespace};

/// What keeps a cluster from its identity.
#[derive(Debug, Rule)]
#[rule(group = "manifest-unresolved-reference")]
pub(crate) enum IdentityAccess {
    /// The cluster's namespace is not among those that may use the identity.
    #[rule(
        "identity-closed-to-namespace",
        "the identity `{identity}` does not allow the namespace `{namespace}` of the cluster"
    )]
    Closed { identity: String, namespace: String },
}

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (_, cluster) in set.of_kind("AzureCluster") {
        let Some(index) = set.resolve(cluster, &cluster.get("spec.identityRef")) else { continue };
        let identity = set.get(index);
        let allowed = identity.get("spec.allowedNamespaces");
        let space = namespace(cluster);
        let list = allowed.get("list");
        // An empty object allows every namespace; a selector is about namespace labels, which a manifest does not show.
        let is_open = allowed.is_set() && allowed.len() == 0;
        let is_listed = list.items().any(|item| item.holds(space));
        if is_open || is_listed || allowed.get("selector").is_set() {
            continue;
        }
        let (identity, namespace) = (name(identity).to_owned(), space.to_owned());
        findings
            .on(index)
            .refuse(&allowed, &IdentityAccess::Closed { identity, namespace })
            .note("without `allowedNamespaces` no namespace is allowed, not even its own")
            .hint(format!("set `allowedNamespaces: {{list: [{space}]}}`, or `{{}}` for all"));
    }
}
