//! Texts with a form.

use crate::decode::{Int, texts};

/// Seconds, at most a year.
pub type Seconds = Int<0, 31_536_000>;
/// A count of machines.
pub type Count = Int<0, 1_000>;
/// A disk size in GiB.
pub type DiskSize = Int<1, 32_767>;

texts! {
    /// A cluster's name: also the name of the AzureCluster, so CAPZ's stricter rule holds (2 to 44 characters, no dot).
    pub struct ClusterName, "a cluster name", pattern "^[a-z0-9][a-z0-9-]{0,42}[a-z0-9]$", |text| {
        dns_characters(text)?;
        if !(2..=44).contains(&text.len()) {
            return Err(format!("a cluster name has 2 to 44 characters, this has {}", text.len()));
        }
        Ok(())
    };
    /// A DNS label: what Kubernetes calls an RFC 1123 label.
    pub struct Label, "a DNS label", pattern "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", |text| {
        dns_characters(text)?;
        if text.len() > 63 { Err(format!("a label has at most 63 characters, this has {}", text.len())) } else { Ok(()) }
    };
    /// A DNS subdomain: labels separated by dots.
    pub struct Subdomain, "a DNS subdomain", pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", |text| {
        if text.len() > 253 {
            return Err(format!("a subdomain has at most 253 characters, this has {}", text.len()));
        }
        text.split('.').try_for_each(dns_characters)
    };
    /// A Kubernetes version: `v` and three numbers, such as `v1.34.2`.
    pub struct KubernetesVersion, "a Kubernetes version such as `v1.34.2`", pattern "^v?(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$", |text| {
        let version: flatwright_flatcar::kubernetes::KubernetesVersion = text.parse().map_err(|problem| format!("{problem}"))?;
        if version.minor_line() >= (1, 22) { Ok(()) } else { Err("Cluster API's kubeadm provider makes machines of v1.22 and later only".to_owned()) }
    };
    /// A Flatcar release: three numbers such as `4593.2.5`, or `latest`.
    pub struct FlatcarVersion, "a Flatcar release such as `4593.2.5`", pattern "^(latest|[0-9]+\\.[0-9]+\\.[0-9]+)$", |text| {
        let is_release = text.split('.').count() == 3 && text.split('.').all(|n| !n.is_empty() && n.len() < 8 && n.bytes().all(|b| b.is_ascii_digit()));
        if text == "latest" || is_release { Ok(()) } else { Err("a release has three numbers; `latest` also works".to_owned()) }
    };
    /// A CIDR block of IPv4 or IPv6, such as `10.0.0.0/16`.
    pub struct Cidr, "a CIDR block such as `10.0.0.0/16`", pattern "^[0-9a-fA-F:.]+/[0-9]{1,3}$", |text| {
        let (address, prefix) = text.split_once('/').ok_or("it has no `/` with a prefix length")?;
        let address: std::net::IpAddr = address.parse().map_err(|_| format!("`{address}` is no IP address"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        match prefix.parse::<u8>() {
            Ok(length) if length <= longest && !prefix.starts_with('+') => Ok(()),
            _ => Err(format!("the prefix length goes from 0 to {longest}")),
        }
    };
    /// A GUID, as Azure writes subscriptions, tenants and clients.
    pub struct Guid, "a GUID", pattern "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", |text| {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let is_guid = groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
        if is_guid { Ok(()) } else { Err("a GUID has 8-4-4-4-12 hexadecimal digits".to_owned()) }
    };
    /// An Azure region in its short spelling, such as `westeurope`.
    pub struct Location, "an Azure region such as `westeurope`", pattern "^[a-z][a-z0-9]*$", |text| {
        if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            Ok(())
        } else {
            Err(format!("the short spelling has lower-case letters and digits only: `{}`", text.to_lowercase().replace([' ', '-', '_'], "")))
        }
    };
    /// An Azure resource group: 1 to 90 letters, digits, `-`, `_`, `.`, `(` or `)`, not ending in a dot.
    pub struct ResourceGroup, "an Azure resource group", pattern "^[-\\w._()]{0,89}[-\\w_()]$", |text| {
        if text.is_empty() || text.chars().count() > 90 {
            return Err("a resource group has 1 to 90 characters".to_owned());
        }
        if text.ends_with('.') {
            return Err("a resource group cannot end in a dot".to_owned());
        }
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.()".contains(c)) { Ok(()) } else { Err("it may have letters, digits, `-`, `_`, `.`, `(` and `)`".to_owned()) }
    };
    /// The name of an Azure network resource: letters, digits, `-`, `_` and `.`.
    pub struct ResourceName, "an Azure resource name", pattern "^[-\\w._]{1,80}$", |text| {
        let is_name = !text.is_empty() && text.len() <= 80 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if is_name { Ok(()) } else { Err("it has 1 to 80 letters, digits, `-`, `_` and `.`".to_owned()) }
    };
    /// An Azure VM size, such as `Standard_D4s_v5`.
    pub struct VmSize, "an Azure VM size such as `Standard_D4s_v5`", pattern "^(Standard|Basic)_[A-Za-z0-9_-]+$", |text| {
        let rest = text.strip_prefix("Standard_").or_else(|| text.strip_prefix("Basic_"));
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')) {
            Ok(())
        } else {
            Err("a size begins with `Standard_` or `Basic_`".to_owned())
        }
    };
    /// An absolute path on the machine, without `..`, `//` or a trailing slash.
    pub struct MachinePath, "a path on the machine", pattern "^/", |text| {
        if !text.starts_with('/') {
            return Err("it does not begin with `/`".to_owned());
        }
        if text.chars().any(char::is_control) {
            return Err("it has a control character".to_owned());
        }
        let is_simple = text == "/" || text.split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..");
        if is_simple { super::strict_text::unquoted(text) } else { Err("it has an empty, `.` or `..` part, or a trailing slash".to_owned()) }
    };
    /// A file on this computer, relative to the spec.
    pub struct LocalPath, "a path relative to the spec", pattern "^[^/]", |text| {
        if text.is_empty() || text.starts_with('/') {
            return Err("it must be relative, so that the spec compiles the same everywhere".to_owned());
        }
        Ok(())
    };
    /// A file mode in octal: three or four digits, such as `0644`.
    pub struct FileMode from number, "a file mode such as `\"0644\"`", pattern "^0?[0-7]{3,4}$", |text| {
        let digits = text.strip_prefix("0o").unwrap_or(text);
        let is_octal = (3..=5).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
        if is_octal && u32::from_str_radix(digits, 8).is_ok_and(|mode| mode <= 0o7777) { Ok(()) } else { Err("three or four octal digits: read, write, execute for owner, group and others".to_owned()) }
    };
    /// A file owner: `user` or `user:group`, by name. Numbers would be taken as names by the bootstrap provider.
    pub struct Owner, "an owner such as `root:root`", pattern "^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$", |text| {
        let parts: Vec<&str> = text.split(':').collect();
        if parts.len() > 2 || parts.iter().any(|part| part.is_empty()) {
            return Err("write `user` or `user:group`".to_owned());
        }
        if parts.iter().any(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
            return Err("the bootstrap provider takes a number as a name; write the user's name".to_owned());
        }
        let is_name = |part: &&str| {
            part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        };
        if parts.iter().all(is_name) { Ok(()) } else { Err("a name has lower-case letters, digits, `_` and `-`".to_owned()) }
    };
    /// A file-system label: at most 16 letters, digits, `-`, `_` and `.`.
    pub struct FilesystemLabel, "a file-system label", pattern "^[A-Za-z0-9._-]{1,16}$", |text| {
        let is_label = (1..=16).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if is_label { Ok(()) } else { Err("it has 1 to 16 letters, digits, `-`, `_` and `.`".to_owned()) }
    };
    /// A mount point whose name needs no escaping in a systemd unit name.
    pub struct MountPath, "a mount point", pattern "^(/[A-Za-z0-9_.]+)+$", |text| {
        if !text.starts_with('/') || text.len() < 2 {
            return Err("it is an absolute path below `/`".to_owned());
        }
        if text.contains('-') {
            return Err("`-` is not allowed: the bootstrap provider does not escape it in the mount unit's name, and systemd refuses such a unit".to_owned());
        }
        let is_simple = text.split('/').skip(1).all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        if is_simple { Ok(()) } else { Err("letters, digits, `_` and `.` are allowed, with single slashes between".to_owned()) }
    };
    /// The name of a Linux user.
    pub struct UserName, "a user name", pattern "^[a-z_][a-z0-9_-]{0,31}$", |text| {
        let first = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        if first && text.len() <= 32 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-') {
            Ok(())
        } else {
            Err("it has at most 32 lower-case letters, digits, `_` and `-`, and begins with a letter or `_`".to_owned())
        }
    };
    /// An `https://` URL, or another scheme that Ignition fetches on Azure.
    pub struct FetchUrl, "a URL such as `https://…`", pattern "^[a-z]+://", |text| {
        let (scheme, rest) = text.split_once("://").ok_or("it has no scheme")?;
        if !["https", "http", "s3", "tftp"].contains(&scheme) {
            return Err(format!("`{scheme}` is not fetched by Ignition; use `https`"));
        }
        if rest.is_empty() || rest.starts_with('/') || text.contains(char::is_whitespace) { Err("it has no host, or a blank in it".to_owned()) } else { Ok(()) }
    };
    /// A chart repository: absolute `https://` or `oci://` in lower case (the add-on provider refuses anything else).
    pub struct ChartRepository, "a chart repository URL", pattern "^(https|oci)://", |text| {
        match text.split_once("://") {
            Some(("https" | "oci", rest)) if !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace) => Ok(()),
            _ => Err("it is an absolute `https://` or `oci://` URL with a host".to_owned()),
        }
    };
    /// A SHA-512 in hexadecimal (bootstrap data are Ignition 2.3, which knows no other hash).
    pub struct Sha512, "a SHA-512 in 128 hexadecimal digits", pattern "^[0-9a-f]{128}$", |text| hexadecimal(text, 128);
    /// A SHA-256 in hexadecimal.
    pub struct Sha256, "a SHA-256 in 64 hexadecimal digits", pattern "^[0-9a-f]{64}$", |text| hexadecimal(text, 64);
    /// An SSH public key as it stands in `authorized_keys`. The compiler encodes it.
    pub struct SshPublicKey, "an SSH public key", pattern "^(ssh|ecdsa|sk)-", ssh_key;
    /// A label key of Kubernetes: an optional DNS prefix and `/`, then a name of at most 63 characters.
    pub struct LabelKey, "a Kubernetes label key", pattern "^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$", label_key;
    /// A label value of Kubernetes: at most 63 letters, digits, `-`, `_` and `.`.
    pub struct LabelValue, "a Kubernetes label value", pattern "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", |text| label_text(text, true);
    /// A whole number or a percentage, such as `1` or `40%`.
    pub struct IntOrPercent from number, "a whole number or a percentage", pattern "^[0-9]+%?$", |text| {
        let digits = text.strip_suffix('%').unwrap_or(text);
        if !digits.is_empty() && digits.len() < 7 && digits.bytes().all(|b| b.is_ascii_digit()) { Ok(()) } else { Err("write `1` or `\"40%\"`".to_owned()) }
    };
    /// The id of an Azure resource: `/subscriptions/…/resourceGroups/…/providers/…`.
    pub struct ResourceId, "an Azure resource id", pattern "^/subscriptions/", |text| {
        if text.starts_with("/subscriptions/") && text.split('/').count() >= 5 && !text.contains(char::is_whitespace) { Ok(()) } else { Err("it begins with `/subscriptions/<id>/resourceGroups/<name>/`".to_owned()) }
    };
    /// The provider id of an identity: `azure:///subscriptions/…`, or the resource id alone.
    pub struct IdentityId, "an identity's provider id", pattern "^(azure://)?/subscriptions/", |text| {
        let id = text.strip_prefix("azure://").unwrap_or(text);
        if id.starts_with("/subscriptions/") && id.contains("/userAssignedIdentities/") { Ok(()) } else { Err("it is `azure:///subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>`".to_owned()) }
    };
    /// A release line of a provider, such as `v1.14`.
    pub struct ProviderVersion, "a provider release such as `v1.14`", pattern "^v[0-9]+\\.[0-9]+(\\.[0-9]+)?$", |text| {
        let numbers: Vec<&str> = text.strip_prefix('v').ok_or("it begins with `v`")?.split('.').collect();
        if (2..=3).contains(&numbers.len()) && numbers.iter().all(|n| !n.is_empty() && n.len() < 5 && n.bytes().all(|b| b.is_ascii_digit())) { Ok(()) } else { Err("write `v<major>.<minor>`".to_owned()) }
    };
    /// The name of a command-line argument, without leading dashes.
    pub struct ArgumentName, "the name of an argument", pattern "^[^-\\s=][^\\s=]*$", |text| {
        if text.starts_with('-') {
            return Err("it is written without leading dashes".to_owned());
        }
        let is_name = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '=');
        if is_name { Ok(()) } else { Err("it has no blanks, control characters or `=`".to_owned()) }
    };
    /// The name of a feature gate, such as `NodeLocalCRISocket`.
    pub struct FeatureGateName, "the name of a feature gate", pattern "^[A-Z][A-Za-z0-9]*$", |text| {
        let is_name = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_name { Ok(()) } else { Err("it begins with a capital letter and has letters and digits only".to_owned()) }
    };
    /// Text that a machine config can carry: the bootstrap provider's YAML has no way to write other control characters than line breaks and tabs.
    pub struct PlainText, "text that a machine config can carry", pattern "", |text| {
        match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Some(bad) => Err(format!("it has the control character `{}`", bad.escape_default())),
            None => Ok(()),
        }
    };
    /// A name, tag or version: no blanks, no control characters.
    pub struct Word, "one word", pattern "^\\S+$", |text| {
        let is_word = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        if is_word { Ok(()) } else { Err("it is empty, or has a blank or a control character".to_owned()) }
    };
}

pub(super) fn label_key(text: &str) -> Result<(), String> {
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

/// A hash as `sha256sum` and its sisters print it.
fn hexadecimal(text: &str, length: usize) -> Result<(), String> {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    match text.chars().find(|c| !is_digit(*c)) {
        None if text.len() == length => Ok(()),
        _ if text.starts_with("sha256:") || text.starts_with("sha512:") => {
            Err("it is written without the hash's name: what stands behind the `:`".to_owned())
        }
        Some(c) if text.chars().count() == length => {
            Err(format!("`{}` is not allowed: digits and `a` to `f` are", c.escape_debug()))
        }
        _ => Err(format!("it has {} characters", text.chars().count())),
    }
}

/// `type base64 [comment]`, where the base64 repeats the type: what the webhook's parser wants once it is encoded.
fn ssh_key(text: &str) -> Result<(), String> {
    let mut words = text.split_whitespace();
    let (Some(kind), Some(body)) = (words.next(), words.next()) else {
        return Err("a key has a type and a base64 body: `ssh-ed25519 AAAA…`".to_owned());
    };
    const KINDS: &[&str] = &[
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    ];
    if !KINDS.contains(&kind) {
        return Err(format!("`{kind}` is no key type that the API server reads: {}", KINDS.join(", ")));
    }
    let is_base64 = body.len() > 16
        && body.len() % 4 == 0
        && body.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
    if is_base64 { Ok(()) } else { Err("the second word is not the base64 body of a key".to_owned()) }
}
