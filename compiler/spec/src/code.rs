//! The codes of findings about a spec.

flatwright_diagnostic::codes! {
    /// The bytes are not UTF-8 or UTF-16 text.
    NOT_TEXT = "not-text";
    /// The file is larger than a spec may be.
    SOURCE_TOO_LARGE = "source-too-large";
    /// The text is not YAML, or passes a limit on nesting or aliases.
    YAML_SYNTAX = "yaml-syntax";
    /// The file has no document.
    EMPTY_SOURCE = "empty-source";
    /// `apiVersion` or `kind` is not one that this release reads.
    UNKNOWN_KIND = "unknown-kind";
    /// A key that the format does not have.
    UNKNOWN_FIELD = "unknown-field";
    /// A required key is absent.
    MISSING_FIELD = "missing-field";
    /// One key stands twice in a mapping.
    DUPLICATE_KEY = "duplicate-key";
    /// A mapping, list or scalar stands where something else is expected.
    WRONG_TYPE = "wrong-type";
    /// The text does not have the form that the field needs.
    INVALID_VALUE = "invalid-value";
    /// A number is outside its range.
    OUT_OF_RANGE = "out-of-range";
    /// The value is not one of the known ones.
    UNKNOWN_VALUE = "unknown-value";
    /// `${env:…}` names a variable that is not set, or is not closed.
    ENVIRONMENT_VARIABLE = "environment-variable";
    /// Keys that exclude each other, or need each other.
    CONFLICTING_FIELDS = "conflicting-fields";
    /// One name is used for two things of a kind.
    DUPLICATE_NAME = "duplicate-name";
    /// A file that the spec names cannot be used.
    UNREADABLE_FILE = "unreadable-file";
    /// A name, once composed with others, is too long for Kubernetes or Azure.
    NAME_TOO_LONG = "name-too-long";
    /// Two networks overlap, or one does not contain what it must.
    NETWORK_RANGE = "network-range";
    /// The VM size, the image and the architecture of a node group do not fit together.
    ARCHITECTURE_MISMATCH = "architecture-mismatch";
    /// The image is not one that Azure can start for this cluster.
    IMAGE_REFERENCE = "image-reference";
    /// Reboots are coordinated by two managers, or by none although something asks for reboots.
    REBOOT_MANAGER = "reboot-manager";
    /// The etcd disk's parts contradict each other.
    ETCD_DISK = "etcd-disk";
    /// The control plane cannot have this number of replicas.
    CONTROL_PLANE_REPLICAS = "control-plane-replicas";
}
