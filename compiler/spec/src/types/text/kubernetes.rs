//! Names, labels and versions as Kubernetes and its providers have them.

use std::fmt::Display;

use flatwright_flatcar::kubernetes::kubelet_may_set;
use flatwright_kubernetes::range::{self, NotARange, Range};
use flatwright_kubernetes::{Version, name};

use crate::decode::{Flaw, Meant, Text, shortened};

/// A cluster's name: also the name of the AzureCluster, so CAPZ's stricter rule holds (2 to 44 characters, no dot).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a cluster name", pattern = "^[a-z0-9][a-z0-9-]{0,42}[a-z0-9]$", check = cluster_name)]
pub struct ClusterName(String);

/// A DNS label: what Kubernetes calls an RFC 1123 label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a DNS label", pattern = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", check = label)]
pub struct Label(String);

/// A DNS subdomain: labels separated by dots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a DNS subdomain", pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", check = subdomain)]
pub struct Subdomain(String);

/// A Kubernetes version: `v` and three numbers, such as `v1.35.4`; or a range of them such as `v1.35` or `>=v1.34.8 <v1.36`, for `flatwright lock`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a Kubernetes version such as `v1.35.4`", pattern = version_pattern(), check = kubernetes_version, takes_numbers)]
pub struct KubernetesVersion(String);

impl KubernetesVersion {
    /// The range, where this is no single version.
    pub fn range(&self) -> Option<Range> {
        if Version::parse(&self.0).is_ok() { None } else { self.0.parse().ok() }
    }

    /// This version.
    pub fn exactly(version: &Version) -> Self {
        Self(format!("v{version}"))
    }
}

/// One version with all that may follow its numbers, or a range.
fn version_pattern() -> String {
    const ONE: &str = "^v?(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$";
    format!("{ONE}|{}", range::PATTERN)
}

/// A label key of Kubernetes: an optional DNS prefix and `/`, then a name of at most 63 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a Kubernetes label key", pattern = "^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$", check = label_key)]
pub struct LabelKey(String);

/// A label value of Kubernetes: at most 63 letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a Kubernetes label value", pattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", check = label_value)]
pub struct LabelValue(String);

/// A whole number or a percentage, such as `1` or `40%`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a whole number or a percentage", pattern = "^[0-9]+%?$", check = int_or_percent, takes_numbers)]
pub struct IntOrPercent(String);

/// A release line of a provider, such as `v1.14`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a provider release such as `v1.14`", pattern = "^v[0-9]+\\.[0-9]+(\\.[0-9]+)?$", check = provider_version)]
pub struct ProviderVersion(String);

/// The name of a command-line argument, without leading dashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "the name of an argument", pattern = "^[^-\\s=][^\\s=]*$", check = argument_name)]
pub struct ArgumentName(String);

/// The name of a feature gate, such as `NodeLocalCRISocket`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "the name of a feature gate", pattern = "^[A-Z][A-Za-z0-9]*$", check = feature_gate_name)]
pub struct FeatureGateName(String);

/// The key of a label that the kubelet gives its node when it registers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a label that a kubelet may set", pattern = "", check = node_label_key)]
pub struct NodeLabelKey(String);

fn cluster_name(text: &str) -> Result<(), Flaw> {
    if !(2..=44).contains(&text.len()) {
        return Err(format!("a cluster name has 2 to 44 characters, this has {}", text.len()).into());
    }
    label(text)
}

fn label(text: &str) -> Result<(), Flaw> {
    name::dns_label(text).map_err(|flaw| renamed(text, words(flaw)))
}

fn subdomain(text: &str) -> Result<(), Flaw> {
    name::dns_subdomain(text).map_err(|flaw| renamed(text, words(flaw)))
}

/// What is wrong with a name, and the nearest one that is right: a person decides whether it is taken.
fn renamed(text: &str, fact: String) -> Flaw {
    let plain = text.to_lowercase().replace(['_', ' '], "-");
    let name = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let hint = format!("write `{}`", shortened(name));
    Flaw { fact, meant: Some(Meant { text: name.to_owned(), hint, is_certain: false }) }
}

fn kubernetes_version(text: &str) -> Result<(), String> {
    let version = match Version::parse(text) {
        Ok(version) => version,
        Err(problem) => {
            return text.parse::<Range>().map(|_| ()).map_err(|range| match range {
                NotARange::Malformed => problem.to_string(),
                NotARange::Empty => range.to_string(),
            });
        }
    };
    if version.line() >= (1, 22) {
        Ok(())
    } else {
        Err("Cluster API's kubeadm provider makes machines of v1.22 and later only".to_owned())
    }
}

fn label_key(text: &str) -> Result<(), String> {
    name::qualified(text).map_err(words)
}

fn label_value(text: &str) -> Result<(), String> {
    name::label_value(text).map_err(words)
}

fn int_or_percent(text: &str) -> Result<(), String> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    if !digits.is_empty() && digits.len() < 7 && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err("write `1` or `\"40%\"`".to_owned())
    }
}

fn provider_version(text: &str) -> Result<(), String> {
    if !text.starts_with('v') {
        return Err("it begins with `v`".to_owned());
    }
    let is_release = text.contains('.') && !text.contains(['-', '+']) && Version::parse_normalized(text).is_some();
    if is_release { Ok(()) } else { Err("write `v<major>.<minor>`".to_owned()) }
}

fn argument_name(text: &str) -> Result<(), Flaw> {
    if text.starts_with('-') {
        return Err(Flaw::meaning("it is written without leading dashes", text.trim_start_matches('-')));
    }
    let is_name = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '=');
    if is_name { Ok(()) } else { Err("it has no blanks, control characters or `=`".into()) }
}

fn feature_gate_name(text: &str) -> Result<(), String> {
    let is_name = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_name { Ok(()) } else { Err("it begins with a capital letter and has letters and digits only".to_owned()) }
}

/// What a reader says of a text, as a sentence of its own.
pub(super) fn words(flaw: impl Display) -> String {
    format!("it {flaw}")
}

impl ProviderVersion {
    /// Its major and minor number.
    pub fn line(&self) -> (u64, u64) {
        Version::parse_normalized(&self.0).map_or((0, 0), |version| version.line())
    }

    /// Its patch, if it names one.
    pub fn patch(&self) -> Option<u64> {
        let has_patch = self.0.split(['-', '+']).next().is_some_and(|numbers| numbers.split('.').count() == 3);
        Version::parse_normalized(&self.0).filter(|_| has_patch).map(|version| version.release().patch)
    }
}

fn node_label_key(text: &str) -> Result<(), String> {
    label_key(text)?;
    if kubelet_may_set(text) {
        Ok(())
    } else {
        Err("the kubelet stops at names of Kubernetes other than `node.kubernetes.io/…` and a few more".to_owned())
    }
}
