//! References inside one object that must be there and complete. What they refer to is `set`'s.

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::contract::Contract;
use crate::field::Field;

/// A reference that an object needs and does not have.
#[derive(Debug, Rule)]
#[rule(group = "admission-missing-reference")]
pub(crate) enum MissingReference {
    /// A cluster of nothing.
    #[rule("cluster-without-references", "the cluster has neither references nor a topology")]
    Cluster,
    /// A control plane without machines.
    #[rule("control-plane-without-machines", "the control plane has no `infrastructureRef`")]
    ControlPlane,
    /// A pool whose machines have nothing to start with.
    #[rule("pool-without-bootstrap", "`bootstrap` has neither `configRef` nor `dataSecretName`")]
    Bootstrap,
    /// A reference without its kind, name or group.
    #[rule("incomplete-reference", "`{field}` is missing")]
    Incomplete { field: String },
}

/// A reference must say all of what it refers to.
pub(crate) fn complete(check: &mut Check<'_>, reference: &Field<'_>, contract: Contract) {
    for key in [contract.pick("apiVersion", "apiGroup"), "kind", "name"] {
        check.needs_text(&reference.get(key), |field| MissingReference::Incomplete { field });
    }
}
