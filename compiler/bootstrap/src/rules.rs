//! What the bootstrap provider refuses, as types: `Display` gives its words.
//!
//! Owns: the words and codes. Must not: read an object.

use std::fmt;

use flatwright_diagnostic::{Code, Datum, Rule};
use flatwright_ignition::problem::Problems;

/// Why the provider makes no bootstrap data.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "bootstrap-rendering")]
pub enum Refused {
    /// An object that a machine of this role needs.
    #[rule("missing-bootstrap-object", "there is no {kind}")]
    NoObject {
        /// Its kind.
        kind: &'static str,
    },
    /// A version of the API that is not known.
    #[rule("unknown-bootstrap-api-version", "{kind} has apiVersion {version}, which is not known")]
    ApiVersion {
        /// The object's kind.
        kind: &'static str,
        /// The version, as JSON.
        version: String,
    },
    /// Manifests that are not YAML, in the reader's words.
    #[rule("bootstrap-yaml-syntax", "error converting YAML to JSON: {words}")]
    Yaml {
        /// Its words.
        words: String,
    },
    /// A field that the API does not have.
    #[rule("unknown-bootstrap-field", "{DECODING}json: unknown field {field:?}")]
    UnknownField {
        /// The field.
        field: String,
    },
    /// A value of another type.
    #[rule("bootstrap-field-type", "{DECODING}json: cannot unmarshal {found} into a field of type {wanted}")]
    FieldType {
        /// What it is.
        found: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// A text that is not a duration.
    #[rule("bootstrap-duration", "{DECODING}time: invalid duration {text:?}")]
    Duration {
        /// The text.
        text: String,
    },
    /// A text that is not a time.
    #[rule("bootstrap-time", "{DECODING}parsing time {text:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse")]
    Time {
        /// The text.
        text: String,
    },
    /// A text that is not a bootstrap token.
    #[rule("bootstrap-token", "{DECODING}the bootstrap token {text:?} was not of the form {pattern:?}")]
    Token {
        /// The text: most of a secret, where it is one with a mistake.
        #[rule(skip)]
        text: String,
        /// What tokens look like.
        #[rule(skip)]
        pattern: &'static str,
    },
    /// A part that the template cannot take, in the reader's words.
    #[rule("bootstrap-part-type", "{words}")]
    Part {
        /// Its words.
        words: String,
    },
    /// A Kubernetes version that is not one.
    #[rule("bootstrap-kubernetes-version", "failed to parse kubernetes version {version:?}")]
    Version {
        /// The version.
        version: String,
    },
    /// A Kubernetes version before 1.22.
    #[rule(
        "old-bootstrap-kubernetes-version",
        "the bootstrap provider for kubeadm doesn't support Kubernetes version lower than v1.22.0"
    )]
    OldVersion,
    /// A worker that would join as a control plane.
    #[rule(
        "control-plane-settings-of-worker",
        "Machine is a Worker, but JoinConfiguration.ControlPlane is set in the KubeadmConfig object"
    )]
    ControlPlaneOfWorker,
    /// A Secret that does not exist.
    #[rule("missing-bootstrap-secret", "failed to resolve {of} source: secret not found: {secret}, key {key:?}")]
    Secret {
        /// `file` or `passwd`.
        of: &'static str,
        /// The Secret's namespace and name.
        secret: String,
        /// The key.
        key: String,
    },
    /// A file whose contents are a template that cannot be filled in.
    #[rule("bootstrap-file-template", "failed to render templates: {_0}")]
    Template(#[rule(debug)] FileTemplate),
    /// A cluster without an address.
    #[rule("missing-cluster-endpoint", "the cluster has no control plane endpoint yet: the provider waits for it")]
    NoEndpoint,
    /// A mount with fewer than two elements, at the place of the provider's template.
    #[rule(
        "incomplete-bootstrap-mount",
        "rendering CLC configuration: failed to render template: template: template:{line}:{column}: executing \"template\" at <index . {index}>: error calling index: reflect: slice index out of range"
    )]
    Mount {
        /// The line of the template.
        #[rule(skip)]
        line: u32,
        /// Its column.
        #[rule(skip)]
        column: u32,
        /// The element that is not there.
        index: u32,
    },
    /// The provider's own config, which its template made of the objects.
    #[rule("refused-bootstrap-template", "{GENERATED}{stage}: {report}")]
    Generated {
        /// What failed.
        #[rule(skip)]
        stage: &'static str,
        /// The transpiler's report.
        #[rule(skip)]
        report: String,
        /// What is in the report.
        problems: Problems,
    },
    /// The user's config.
    #[rule("refused-additional-config", "{ADDITIONAL}{stage}: {report}")]
    Additional {
        /// What failed.
        #[rule(skip)]
        stage: &'static str,
        /// The transpiler's report.
        #[rule(skip)]
        report: String,
        /// What is in the report.
        problems: Problems,
    },
}

const DECODING: &str = "error unmarshaling JSON: while decoding JSON: ";
const GENERATED: &str = "building Ignition config: converting generated CLC to Ignition: ";
const ADDITIONAL: &str = "building Ignition config: converting additional CLC to Ignition: ";

/// What a template of a file cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileTemplate {
    /// `{{` without `}}`.
    Unclosed,
    /// The control plane's version is not known.
    NoVersion,
    /// Any other action than the control plane's version.
    Action(String),
}

/// What is not an input of a rendering.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
pub enum Unreadable {
    /// A text that is not JSON, or JSON of another form.
    #[rule("bootstrap-data-input", "not an input of a rendering: {_0}")]
    Input(#[rule(debug)] Input),
}

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// It cannot be read, in the reader's words.
    Words(String),
    /// It is not an object.
    NotAnObject,
    /// A field that is not text.
    NotText(String),
    /// A role that does not exist.
    Role,
    /// Hashes that are not a list of text.
    Hashes,
}

/// A refusal as a finding: its first line; the caller shows the others.
#[derive(Clone, Copy, Debug)]
pub struct Unrendered<'r>(pub &'r Refused);

impl Rule for Unrendered<'_> {
    fn code(&self) -> Code {
        self.0.code()
    }

    fn data(&self) -> Vec<Datum> {
        self.0.data()
    }

    fn codes() -> Vec<Code> {
        Refused::codes()
    }
}

impl fmt::Display for Unrendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.0.to_string();
        write!(f, "the bootstrap provider fails: {}", words.lines().next().unwrap_or_default().trim_end())
    }
}

impl fmt::Display for FileTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed => f.write_str("unclosed action"),
            Self::NoVersion => f.write_str("the control plane's version is not known"),
            Self::Action(action) => write!(f, "only `.controlPlane.version` is known here, not `{action}`"),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::NotAnObject => f.write_str("an object is expected"),
            Self::NotText(field) => write!(f, "`{field}` must be text"),
            Self::Role => f.write_str("`role` must be `init`, `join-control-plane` or `join-worker`"),
            Self::Hashes => f.write_str("`caCertHashes` must be a list of text"),
        }
    }
}
