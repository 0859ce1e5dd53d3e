//! What is wrong with a CRD itself.

use flatwright_diagnostic::{Path, Rule};

/// A CustomResourceDefinition that cannot be used, or not in full.
#[derive(Debug, Rule)]
#[rule(group = "schema-crd")]
pub(crate) enum Definition {
    /// More containers in containers than any CRD has.
    #[rule("crd-nesting", "document is nested too deeply to hold a CRD")]
    Nesting,
    /// No group.
    #[rule("crd-without-group", "CRD has no `group`")]
    WithoutGroup,
    /// No kind.
    #[rule("crd-without-kind", "CRD of group `{group}` has no kind")]
    WithoutKind { group: String },
    /// No versions.
    #[rule("crd-without-versions", "CRD of `{kind}` has no list of versions")]
    WithoutVersions { kind: String },
    /// A version that is not called anything.
    #[rule("crd-version-without-name", "CRD of `{kind}` has a version without a name")]
    VersionWithoutName { kind: String },
    /// A version without a schema.
    #[rule("crd-without-schema", "CRD of `{kind}` has no schema for version `{version}`")]
    WithoutSchema { kind: String, version: String },
    /// A keyword of a shape that the server would not have stored.
    #[rule("crd-keyword", "the schema at `{path}` {fact}")]
    Keyword { path: Path, fact: String },
    /// A validation rule with something that is not known here.
    #[rule("crd-unchecked-rule", "a validation rule of the CRD is not checked: {reason}")]
    UncheckedRule { rule: String, reason: String },
    /// A pattern that is not a regular expression.
    #[rule("crd-unchecked-pattern", "the pattern `{pattern}` of the CRD cannot be read, so it is not checked")]
    UncheckedPattern { pattern: String },
}
