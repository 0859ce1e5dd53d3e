//! The codes of this crate.

flatwright_diagnostic::codes! {
    /// A field that the schema of this kind does not have.
    SCHEMA_UNKNOWN_FIELD = "schema-unknown-field";
    /// A value of another type than the schema asks for.
    SCHEMA_TYPE = "schema-type";
    /// A field that must be there is not.
    SCHEMA_REQUIRED = "schema-required";
    /// A value outside the bounds, the pattern, the format or the list of the schema.
    SCHEMA_VALUE = "schema-value";
    /// Two entries of a list with the same key, or two equal entries of a set.
    SCHEMA_LIST_MAP = "schema-list-map";
    /// A validation rule (CEL) of the schema that the object breaks.
    SCHEMA_RULE = "schema-rule";
    /// A name, label, annotation or owner reference that Kubernetes refuses.
    SCHEMA_METADATA = "schema-metadata";
    /// A CustomResourceDefinition that cannot be used.
    SCHEMA_CRD = "schema-crd";
}
