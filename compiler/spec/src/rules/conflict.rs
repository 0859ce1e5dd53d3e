//! Keys that exclude each other, or have no effect without another.

use flatwright_diagnostic::Rule;

/// Keys that do not go together.
#[derive(Debug, Rule)]
#[rule(group = "conflicting-fields")]
pub enum Conflict {
    /// Ids of an identity that is only referred to.
    #[rule("identity-ids-without-type", "`{key}` has no effect without `type`: the identity is only referred to")]
    IdentityIds {
        /// The key.
        key: &'static str,
    },
    /// An identity that the cluster itself may not use.
    #[rule("closed-identity", "clusters of namespace `{namespace}` may not use the identity, and this is one")]
    ClosedIdentity {
        /// The cluster's namespace.
        namespace: String,
    },
    /// A Secret for an identity that has none.
    #[rule("unused-client-secret", "type `{identity_type}` has no client secret")]
    ClientSecret {
        /// The type of the identity.
        identity_type: &'static str,
    },
    /// A resource id for an identity that is not managed.
    #[rule("unused-resource-id", "type `{identity_type}` has no `resourceID`")]
    ResourceId {
        /// The type of the identity.
        identity_type: &'static str,
    },
    /// A namespace for an identity that is made.
    #[rule(
        "unused-identity-namespace",
        "`namespace` is for an identity that exists; one that is made goes to the cluster's namespace"
    )]
    IdentityNamespace,
    /// A machine config in two places.
    #[rule("two-machine-configs", "`inline` and `local` exclude each other")]
    MachineConfigs,
    /// A disk type that an OS disk cannot have.
    #[rule("data-disk-type", "`{disk_type}` is for data disks only")]
    DataDiskType {
        /// The type.
        disk_type: &'static str,
    },
    /// An encryption set for a disk on the host.
    #[rule("ephemeral-disk-encryption", "an ephemeral OS disk has no disk encryption set")]
    EphemeralEncryption,
    /// Host caching of an ultra disk.
    #[rule("ultra-disk-caching", "an ultra disk has no host caching")]
    UltraCaching,
    /// A premium disk at a size that takes none.
    #[rule("premium-disk-of-plain-size", "VM size `{size}` takes no `{disk_type}` disks")]
    PremiumDisk {
        /// The size.
        size: String,
        /// The type of the disk.
        disk_type: &'static str,
    },
    /// A label in `nodeLabels` and in the kubelet's argument.
    #[rule("node-label-twice", "`{label}` has another value in the kubelet's argument `node-labels`")]
    NodeLabel {
        /// The label's key.
        label: String,
    },
    /// The extension that the flavor brings.
    #[rule("kubernetes-extension", "extension `kubernetes` is the flavor's own")]
    KubernetesExtension,
    /// A fixed number beside the autoscaler.
    #[rule(
        "replicas-with-autoscaling",
        "`replicas` and `autoscaling` exclude each other: each apply would undo the autoscaler's work"
    )]
    ReplicasWithAutoscaling,
    /// A rollout that may neither add nor remove a machine.
    #[rule("stuck-rollout", "`maxSurge` and `maxUnavailable` are both 0, so nothing could ever roll out")]
    StuckRollout,
    /// An identity type without identities.
    #[rule("vm-identity-without-identities", "`identity: UserAssigned` needs `userAssignedIdentities`")]
    WithoutIdentities,
    /// Identities without their type.
    #[rule("identities-without-vm-identity", "`userAssignedIdentities` need `identity: UserAssigned`")]
    WithoutVmIdentity,
    /// An image in none or several of its forms.
    #[rule("image-forms", "an image has exactly one form")]
    ImageForms,
    /// A file with several contents.
    #[rule("two-file-contents", "file `{path}` has more than one content")]
    FileContents {
        /// The file.
        path: String,
    },
    /// A user with two passwords.
    #[rule("two-passwords", "`passwd` and `passwdFrom` exclude each other")]
    Passwords,
    /// Updates of what stands in the image.
    #[rule(
        "sysupdate-on-image-builder",
        "flavor `flatcar` has Kubernetes in the image, which systemd-sysupdate cannot update"
    )]
    Sysupdate,
    /// A patch in both of its forms.
    #[rule("two-patch-forms", "`merge` and `json6902` exclude each other")]
    PatchForms,
    /// A plugin whose conditions no group can meet.
    #[rule("plugin-without-group", "no node group is the pool `{pool}` and has the role `control-plane`")]
    PluginMatch {
        /// The first of its pools.
        pool: String,
    },
    /// A contract that the management cluster does not serve.
    #[rule("unserved-contract", "Cluster API {release} does not serve contract {contract}")]
    Contract {
        /// The release of Cluster API.
        release: String,
        /// The contract.
        contract: &'static str,
    },
}
