//! Names, labels and versions as Kubernetes and its providers have them.

use flatwright_flatcar::kubernetes::kubelet_may_set;

use crate::decode::Text;

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

/// A Kubernetes version: `v` and three numbers, such as `v1.34.2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a Kubernetes version such as `v1.34.2`", pattern = "^v?(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$", check = kubernetes_version)]
pub struct KubernetesVersion(String);

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

fn cluster_name(text: &str) -> Result<(), String> {
    dns_characters(text)?;
    if !(2..=44).contains(&text.len()) {
        return Err(format!("a cluster name has 2 to 44 characters, this has {}", text.len()));
    }
    Ok(())
}

fn label(text: &str) -> Result<(), String> {
    dns_characters(text)?;
    if text.len() > 63 { Err(format!("a label has at most 63 characters, this has {}", text.len())) } else { Ok(()) }
}

fn subdomain(text: &str) -> Result<(), String> {
    if text.len() > 253 {
        return Err(format!("a subdomain has at most 253 characters, this has {}", text.len()));
    }
    text.split('.').try_for_each(dns_characters)
}

fn kubernetes_version(text: &str) -> Result<(), String> {
    let version: flatwright_flatcar::kubernetes::KubernetesVersion =
        text.parse().map_err(|problem| format!("{problem}"))?;
    if version.minor_line() >= (1, 22) {
        Ok(())
    } else {
        Err("Cluster API's kubeadm provider makes machines of v1.22 and later only".to_owned())
    }
}

fn label_value(text: &str) -> Result<(), String> {
    label_text(text, true)
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
    let numbers: Vec<&str> = text.strip_prefix('v').ok_or("it begins with `v`")?.split('.').collect();
    if (2..=3).contains(&numbers.len())
        && numbers.iter().all(|n| !n.is_empty() && n.len() < 5 && n.bytes().all(|b| b.is_ascii_digit()))
    {
        Ok(())
    } else {
        Err("write `v<major>.<minor>`".to_owned())
    }
}

fn argument_name(text: &str) -> Result<(), String> {
    if text.starts_with('-') {
        return Err("it is written without leading dashes".to_owned());
    }
    let is_name = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '=');
    if is_name { Ok(()) } else { Err("it has no blanks, control characters or `=`".to_owned()) }
}

fn feature_gate_name(text: &str) -> Result<(), String> {
    let is_name = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_name { Ok(()) } else { Err("it begins with a capital letter and has letters and digits only".to_owned()) }
}

fn label_key(text: &str) -> Result<(), String> {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    match prefix {
        Some(prefix) if prefix.split('.').any(|part| dns_characters(part).is_err()) => {
            Err("what stands before `/` is a DNS name".to_owned())
        }
        _ => label_text(name, false),
    }
}

pub(super) fn dns_characters(text: &str) -> Result<(), String> {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !c.is_ascii() || !is_inner(*c as u8)) {
        return Err(format!("`{}` is not allowed: lower-case letters, digits and `-` are", bad.escape_default()));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err("it must begin and end with a letter or a digit".to_owned());
    }
    Ok(())
}

fn label_text(text: &str, may_be_empty: bool) -> Result<(), String> {
    if text.is_empty() {
        return if may_be_empty { Ok(()) } else { Err("it is empty".to_owned()) };
    }
    if text.len() > 63 {
        return Err(format!("at most 63 characters are allowed, this has {}", text.len()));
    }
    let is_edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_inner = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_inner && is_edge(text.chars().next()) && is_edge(text.chars().next_back()) {
        Ok(())
    } else {
        Err("letters, digits, `-`, `_` and `.` are allowed, with a letter or digit at both ends".to_owned())
    }
}

impl ProviderVersion {
    /// Its major and minor number.
    pub fn line(&self) -> (u32, u32) {
        let mut numbers = self.0.trim_start_matches('v').split('.').map_while(|number| number.parse().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
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
