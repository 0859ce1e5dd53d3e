//! The rules of arguments, as types. Must not: decide.

use flatwright_diagnostic::{Code, Rule};

/// What a version no longer has.
#[derive(Debug, PartialEq, Rule)]
#[rule(group = "manifest-removed-flag")]
pub(crate) enum Removed {
    /// A command-line flag.
    #[rule("removed-argument", "there is no flag `--{flag}` in {release}")]
    Flag { flag: String, release: String },
    /// A cloud provider inside the components.
    #[rule("removed-cloud-provider", "there is no built-in cloud provider `{provider}` in {release}")]
    CloudProvider { provider: String, release: String },
    /// An admission plugin.
    #[rule("removed-admission-plugin", "there is no admission plugin `{plugin}` in {release}")]
    AdmissionPlugin { plugin: String, release: String },
    /// A feature gate.
    #[rule("removed-feature-gate", "there is no feature gate `{gate}` in {release}")]
    FeatureGate { gate: String, release: String },
}

/// Arguments that a component does not take.
#[derive(Debug, PartialEq, Rule)]
#[rule(group = "component-argument")]
pub(crate) enum Misused {
    /// A flag that no version has.
    #[rule("unknown-argument", "{target} has no flag `--{flag}`")]
    Unknown { flag: String, target: String },
    /// A flag of a newer version.
    #[rule("argument-of-newer-version", "{target} has no flag `--{flag}`: it came with {since}")]
    Newer { flag: String, target: String, since: String },
    /// Dashes before the name.
    #[rule("argument-with-dashes", "the name of the argument `{name}` begins with `-`")]
    Dashes { name: String },
    /// A value of another type.
    #[rule("argument-value-type", "`--{flag}` takes {expected}, not `{value}`")]
    Type { flag: String, expected: &'static str, value: String },
    /// A value that is none of those that there are.
    #[rule("unknown-argument-value", "`--{flag}` of {target} does not know `{value}`")]
    Value { flag: String, target: String, value: String },
}

/// Feature gates that a component does not take as they are set.
#[derive(Debug, PartialEq, Rule)]
#[rule(group = "component-feature-gate")]
pub(crate) enum Gate {
    /// A gate that no version has.
    #[rule("unknown-feature-gate", "{target} has no feature gate `{gate}`")]
    Unknown { gate: String, target: String },
    /// A gate of a newer version.
    #[rule("feature-gate-of-newer-version", "{target} has no feature gate `{gate}`: it came with {since}")]
    Newer { gate: String, target: String, since: String },
    /// A gate that has only one value.
    #[rule("locked-feature-gate", "the feature gate `{gate}` of {target} is always `{value}`")]
    Locked { gate: String, target: String, value: bool },
    /// Something else than a gate and its value.
    #[rule("feature-gate-syntax", "`{entry}` is not a feature gate with `=true` or `=false`")]
    Syntax { entry: String },
}

/// Paths that a component does not find.
#[derive(Debug, PartialEq, Rule)]
#[rule(group = "component-file")]
pub(crate) enum Path {
    /// A path that is not mounted into the container.
    #[rule("unmounted-file", "no volume mounts `{path}` of `--{flag}` into the container of {target}")]
    Unmounted { flag: String, path: String, target: &'static str },
    /// A file that nothing makes.
    #[rule("file-not-made", "nothing makes the file `{path}` of `--{flag}` on the machine")]
    Missing { flag: String, path: String },
    /// A directory or file of the host that nothing makes.
    #[rule("host-path-not-made", "nothing makes `{path}` on the machine, and the volume `{volume}` needs it")]
    Volume { path: String, volume: String },
    /// A file that is written on a volume that is read only.
    #[rule("output-on-read-only-volume", "`--{flag}` writes to `{path}`, which the volume `{volume}` mounts read-only")]
    ReadOnly { flag: String, path: String, volume: String },
}

/// What a kubelet refuses to call its node.
#[derive(Debug, Rule)]
pub(crate) enum NodeLabel {
    /// A label in the name of Kubernetes.
    #[rule("manifest-node-label", "a kubelet may not set the label `{key}`")]
    Reserved { key: String },
}

pub(crate) fn codes() -> Vec<Code> {
    [Removed::codes(), Misused::codes(), Gate::codes(), Path::codes(), NodeLabel::codes()].concat()
}
