//! Keys that must be there, always or because of another.

use flatwright_diagnostic::Rule;

/// A key that is needed is absent.
#[derive(Debug, Rule)]
#[rule(group = "missing-field")]
pub enum MissingField {
    /// A required key.
    #[rule("missing-key", "required key `{key}` is missing")]
    Key {
        /// The key.
        key: String,
    },
    /// A machine config without a file or a text.
    #[rule("empty-machine-config", "this machine config is empty")]
    MachineConfig,
    /// An identity that is made needs its client and tenant.
    #[rule("identity-without-ids", "type `{identity_type}` needs `{key}`")]
    IdentityIds {
        /// The type of the identity.
        identity_type: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A service principal needs a Secret.
    #[rule("identity-without-secret", "type `{identity_type}` needs `clientSecret`")]
    IdentitySecret {
        /// The type of the identity.
        identity_type: &'static str,
    },
    /// A managed identity is told by its resource id.
    #[rule("identity-without-resource-id", "type `UserAssignedMSI` needs `resourceID`")]
    IdentityResource,
    /// A file that says nothing of its content.
    #[rule("file-without-content", "file `{path}` has no content")]
    FileContent {
        /// The file.
        path: String,
    },
    /// Flavor `flatcar` without an image.
    #[rule(
        "flavor-without-image",
        "flavor `flatcar` needs an `image`: it has Kubernetes baked in, and nobody publishes such images any more"
    )]
    FlavorImage,
    /// A patch that changes nothing.
    #[rule("patch-without-change", "this patch has no change")]
    PatchChange,
    /// An operation of a JSON Patch without its value.
    #[rule("operation-without-value", "operation `{operation}` needs `value`")]
    OperationValue {
        /// The operation.
        operation: &'static str,
    },
    /// An operation of a JSON Patch without its source.
    #[rule("operation-without-from", "operation `{operation}` needs `from`")]
    OperationFrom {
        /// The operation.
        operation: &'static str,
    },
}
