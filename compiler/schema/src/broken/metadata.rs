//! What `apiVersion`, `kind` and `metadata` must be like.

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::name::Flaw;

use crate::json::quoted;

/// The names, labels and references of an object.
#[derive(Debug, Rule)]
#[rule(group = "schema-metadata")]
pub(crate) enum Metadata {
    /// A name that is not a DNS subdomain.
    #[rule("schema-object-name", "name {} {flaw}", quoted(name))]
    Name { name: String, flaw: Flaw },
    /// A beginning of a name that makes no DNS subdomain.
    #[rule("schema-name-prefix", "name prefix {} {flaw}", quoted(prefix))]
    NamePrefix { prefix: String, flaw: Flaw },
    /// A name in an embedded resource that no path can hold.
    #[rule("schema-embedded-name", "name {} may not be `.` or `..`, nor hold `/` or `%`", quoted(name))]
    EmbeddedName { name: String },
    /// A namespace that is not a DNS label.
    #[rule("schema-namespace", "namespace {} {flaw}", quoted(namespace))]
    Namespace { namespace: String, flaw: Flaw },
    /// A generation below zero.
    #[rule("schema-negative-generation", "generation is negative")]
    NegativeGeneration,
    /// A label whose key is not a qualified name.
    #[rule("schema-label-key", "label {} {flaw}", quoted(key))]
    LabelKey { key: String, flaw: Flaw },
    /// The value of a label.
    #[rule("schema-label-value", "label value {} {flaw}", quoted(value))]
    LabelValue { value: String, flaw: Flaw },
    /// An annotation whose key is not a qualified name.
    #[rule("schema-annotation-key", "annotation {} {flaw}", quoted(key))]
    AnnotationKey { key: String, flaw: Flaw },
    /// More annotations than the server stores.
    #[rule("schema-annotations-size", "annotations have {bytes} bytes together, at most {most} are allowed")]
    AnnotationsTooLarge { bytes: usize, most: usize },
    /// A reference to an owner that does not say which.
    #[rule("schema-owner-reference", "owner reference has no `{field}`")]
    OwnerReference { field: &'static str },
    /// Owners of which several are the controller.
    #[rule("schema-two-controllers", "{count} owner references have `controller: true`, at most one may")]
    SeveralControllers { count: usize },
    /// A finalizer that is not a qualified name.
    #[rule("schema-finalizer", "finalizer {} {flaw}", quoted(finalizer))]
    Finalizer { finalizer: String, flaw: Flaw },
    /// Finalizers of the garbage collector that exclude each other.
    #[rule("schema-conflicting-finalizers", "finalizers `orphan` and `foregroundDeletion` exclude each other")]
    ConflictingFinalizers,
    /// The kind of an embedded resource.
    #[rule("schema-embedded-kind", "kind {} {flaw}", quoted(kind))]
    EmbeddedKind { kind: String, flaw: Flaw },
    /// The version of an embedded resource.
    #[rule("schema-embedded-api-version", "apiVersion {} {flaw}", quoted(version))]
    EmbeddedApiVersion { version: String, flaw: Flaw },
}
