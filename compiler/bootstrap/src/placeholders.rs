//! Stand-ins for what only the management cluster has: keys, certificates, tokens, the cloud provider's configuration.
//!
//! They are no secrets and fit nothing; they have the size and the alphabet of the real things, so that sizes computed with them hold.

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
        let pair = KeyPair { cert: pem("CERTIFICATE", CERTIFICATE_DER), key: pem("RSA PRIVATE KEY", PRIVATE_KEY_DER) };
        let service_account = KeyPair { cert: pem("PUBLIC KEY", PUBLIC_KEY_DER), key: pair.key.clone() };
        Self {
            cluster: pair.clone(),
            etcd: pair.clone(),
            front_proxy: pair.clone(),
            service_account,
            etcd_client: pair,
        }
    }
}

impl Pki {
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
    let length = der_length.div_ceil(3) * 4;
    let body: String = CYCLE.chars().cycle().take(length).collect();
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in body.as_bytes().chunks(64) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
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
        return "$6$placeholder$".to_owned() + &".".repeat(SHA512_CRYPT);
    }
    let mut text = format!("{{\"placeholder\": \"{name}/{key}\"}}\n");
    while text.len() < AZURE_JSON {
        text.insert_str(text.len() - 1, "\n    \"field\": \"00000000-0000-0000-0000\",");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_sizes_are_those_of_real_keys() {
        let pki = Pki::default();
        assert!((1_100..1_250).contains(&pki.cluster.cert.len()), "{}", pki.cluster.cert.len());
        assert!((1_650..1_720).contains(&pki.cluster.key.len()), "{}", pki.cluster.key.len());
        assert!((440..460).contains(&pki.service_account.cert.len()));
        assert!((1_130..1_200).contains(&secret(SecretUse::File, "a", "azure.json").len()));
    }

    #[test]
    fn an_external_etcd_has_its_own_paths() {
        let external = json!({"etcd": {"external": {"caFile": "/ca", "certFile": "/cert", "keyFile": "/key"}}, "certificatesDir": "/pki/"});
        let files = Pki::default().files(&external);
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
