//! Stand-ins for what only the management cluster has: keys, certificates, tokens, the cloud provider's configuration.
//!
//! They are no secrets and fit nothing; they have the size and the alphabet of the real things, so that sizes computed with them hold. What stands for the content of a
//! Secret says so in its own bytes ([`mark`]), for policies and for people who read `preview`.

use crate::input::File;
use serde_json::Value;

/// A certificate and its key, as PEM. An empty half is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// The certificate, or a public key.
    pub cert: String,
    /// The private key.
    pub key: String,
}

/// What the provider writes below `/etc/kubernetes/pki` on control planes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pki {
    /// The cluster's CA.
    pub cluster: KeyPair,
    /// etcd's CA.
    pub etcd: KeyPair,
    /// The front proxy's CA.
    pub front_proxy: KeyPair,
    /// The keys of service accounts.
    pub service_account: KeyPair,
    /// The API server's client certificate, for an external etcd.
    pub etcd_client: KeyPair,
}

/// PEM lengths of what the provider generates with RSA 2048: a CA certificate has 800 bytes of DER, a key 1192, a public key 294.
const CERTIFICATE_DER: usize = 810;
const PRIVATE_KEY_DER: usize = 1192;
const PUBLIC_KEY_DER: usize = 294;

/// A bootstrap token of the right form.
pub const TOKEN: &str = "abcdef.0123456789abcdef";

/// A hash of the cluster's CA of the right form.
pub const CA_CERT_HASH: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

impl Default for Pki {
    fn default() -> Self {
        Self::of("cluster")
    }
}

/// What a text contains that stands for a key of a Secret: `flatwright-stand-in(secret NAME KEY)`. Documented in docs/plugins/guide.md, and read by the SDK: the form stays.
pub fn mark(secret: &str, key: &str) -> String {
    format!("flatwright-stand-in(secret {secret} {key})")
}

impl Pki {
    /// The stand-ins of a cluster, by the Secrets that Cluster API keeps the real ones in.
    pub fn of(cluster: &str) -> Self {
        let part = |purpose: &str, key: &str, label: &str, der_length: usize| {
            let mark = mark(&format!("{cluster}-{purpose}"), key) + "\n";
            // What is before the block counts for the size.
            let body = pem(label, der_length.saturating_sub(mark.len() * 3 / 4));
            mark + &body
        };
        let pair = |purpose: &str| KeyPair {
            cert: part(purpose, "tls.crt", "CERTIFICATE", CERTIFICATE_DER),
            key: part(purpose, "tls.key", "RSA PRIVATE KEY", PRIVATE_KEY_DER),
        };
        let service_account =
            KeyPair { cert: part("sa", "tls.crt", "PUBLIC KEY", PUBLIC_KEY_DER), key: pair("sa").key };
        Self {
            cluster: pair("ca"),
            etcd: pair("etcd"),
            front_proxy: pair("proxy"),
            service_account,
            etcd_client: pair("apiserver-etcd-client"),
        }
    }

    /// The files of a control plane, in the provider's order, for a decoded v1beta2 `clusterConfiguration`.
    pub fn files(&self, cluster_configuration: &Value) -> Vec<File> {
        let directory = match cluster_configuration["certificatesDir"].as_str() {
            Some(directory) if !directory.is_empty() => directory,
            _ => "/etc/kubernetes/pki",
        };
        // The directory is joined like a path, and the provider cleans it.
        let path = |name: &str| format!("{}/{name}", directory.trim_end_matches('/'));
        let external = &cluster_configuration["etcd"]["external"];
        let is_external = external.as_object().is_some_and(|external| !external.is_empty());
        let at = |field: &str| external[field].as_str().unwrap_or_default().to_owned();
        let mut files = Vec::new();
        let mut add = |pair: &KeyPair, cert: String, key: String| {
            for (path, content, permissions) in [(cert, &pair.cert, "0640"), (key, &pair.key, "0600")] {
                if !content.is_empty() && !path.is_empty() {
                    files.push(File {
                        path,
                        owner: "root:root".into(),
                        permissions: permissions.into(),
                        content: content.clone(),
                        ..File::default()
                    });
                }
            }
        };
        add(&self.cluster, path("ca.crt"), path("ca.key"));
        if is_external {
            add(&self.etcd, at("caFile"), String::new());
        } else {
            add(&self.etcd, path("etcd/ca.crt"), path("etcd/ca.key"));
        }
        add(&self.front_proxy, path("front-proxy-ca.crt"), path("front-proxy-ca.key"));
        add(&self.service_account, path("sa.pub"), path("sa.key"));
        if is_external {
            add(&self.etcd_client, at("certFile"), at("keyFile"));
        }
        files
    }
}

/// A PEM block of so many DER bytes, in lines of 64 characters.
fn pem(label: &str, der_length: usize) -> String {
    // `+` and `/` are percent-encoded in data URLs, so they must occur about as often as in real PEM (two in 64).
    const CYCLE: &str = "MIIPLACEHOLDERplaceholderQRSTUVWXYZ0123456789abcdefghijklmnopq+/";
    let mut left = der_length.div_ceil(3) * 4;
    let mut text = format!("-----BEGIN {label}-----\n");
    while left > 0 {
        let length = left.min(CYCLE.len());
        text.push_str(&CYCLE[..length]);
        text.push('\n');
        left -= length;
    }
    text + &format!("-----END {label}-----\n")
}

/// What the value of a Secret becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretUse {
    /// The content of a file.
    File,
    /// The hash of a user's password.
    PasswordHash,
}

/// The content of a Secret that the compiler does not have: for a file, as much as Azure's `azure.json`, and other secrets are assumed alike; for a password, a
/// hash of the longest form, SHA-512 crypt. What a real Secret holds may still break the template (a password in plain text with ` #` in it), which nobody can
/// know without it.
pub fn secret(purpose: SecretUse, name: &str, key: &str) -> String {
    const AZURE_JSON: usize = 1_130;
    const SHA512_CRYPT: usize = 86;
    if purpose == SecretUse::PasswordHash {
        const LONGEST: usize = "$6$placeholder$".len() + SHA512_CRYPT;
        let hash = format!("$6${}", mark(name, key));
        let padding = LONGEST.saturating_sub(hash.len());
        return hash + &".".repeat(padding);
    }
    let mut text = format!("{{\"stand-in\": \"{}\"", mark(name, key));
    while text.len() < AZURE_JSON {
        text.push_str(",\n    \"field\": \"00000000-0000-0000-0000\"");
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_sizes_are_those_of_real_keys() {
        let pki = Pki::of("demo");
        assert!((1_100..1_250).contains(&pki.cluster.cert.len()), "{}", pki.cluster.cert.len());
        assert!((1_650..1_720).contains(&pki.cluster.key.len()), "{}", pki.cluster.key.len());
        assert!((440..460).contains(&pki.service_account.cert.len()));
        assert!((1_130..1_200).contains(&secret(SecretUse::File, "a", "azure.json").len()));
        assert_eq!(secret(SecretUse::PasswordHash, "a", "b").len(), 101);
    }

    #[test]
    fn each_says_what_it_stands_for() {
        let file = secret(SecretUse::File, "azure", "azure.json");
        assert!(file.contains("flatwright-stand-in(secret azure azure.json)"), "{file}");
        assert!(serde_json::from_str::<Value>(&file).is_ok(), "{file}");
        assert!(secret(SecretUse::PasswordHash, "a", "b").starts_with("$6$flatwright-stand-in(secret a b)."));
        assert!(Pki::of("demo").cluster.key.starts_with("flatwright-stand-in(secret demo-ca tls.key)\n-----BEGIN "));
    }

    #[test]
    fn an_external_etcd_has_its_own_paths() {
        let external = json!({"etcd": {"external": {"caFile": "/ca", "certFile": "/cert", "keyFile": "/key"}}, "certificatesDir": "/pki/"});
        let files = Pki::of("demo").files(&external);
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/pki/ca.crt",
                "/pki/ca.key",
                "/ca",
                "/pki/front-proxy-ca.crt",
                "/pki/front-proxy-ca.key",
                "/pki/sa.pub",
                "/pki/sa.key",
                "/cert",
                "/key"
            ]
        );
    }
}
