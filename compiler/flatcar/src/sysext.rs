//! System extensions: their names on the node and in the bakery.
//!
//! Owns: file names, the place of the image, the link that activates it, and the directory of its update component. Must not: know URLs (see
//! [`crate::bakery`]).

use crate::arch::Architecture;

/// One system extension of one version for one architecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sysext {
    /// The name: `kubernetes`, `wasmtime`. Also the name of its update component.
    pub name: String,
    /// The version exactly as in the image's file name: `v1.34.2` for Kubernetes (with `v`), `24.0.0` for wasmtime.
    pub version: String,
    /// The architecture.
    pub architecture: Architecture,
}

impl Sysext {
    /// The image's file name: `kubernetes-v1.34.2-x86-64.raw`.
    pub fn image_file(&self) -> String {
        format!("{}-{}-{}.raw", self.name, self.version, self.architecture.bakery_name())
    }

    /// The directory of the images, which sysupdate fills: `/opt/extensions/kubernetes`.
    pub fn image_directory(&self) -> String {
        image_directory(&self.name)
    }

    /// Where the image lies on the node: `/opt/extensions/kubernetes/kubernetes-v1.34.2-x86-64.raw`.
    pub fn image_path(&self) -> String {
        format!("{}/{}", self.image_directory(), self.image_file())
    }

    /// The link to the image: systemd-sysext merges what it finds under `/etc/extensions`.
    pub fn link_path(&self) -> String {
        link_path(&self.name)
    }

    /// The directory of the transfer files: `-C kubernetes` reads `/etc/sysupdate.kubernetes.d`.
    pub fn component_directory(&self) -> String {
        component_directory(&self.name)
    }
}

/// `/opt/extensions/<name>`.
pub fn image_directory(name: &str) -> String {
    format!("/opt/extensions/{name}")
}

/// `/etc/extensions/<name>.raw`.
pub fn link_path(name: &str) -> String {
    format!("/etc/extensions/{name}.raw")
}

/// `/etc/sysupdate.<name>.d`.
pub fn component_directory(name: &str) -> String {
    format!("/etc/sysupdate.{name}.d")
}

/// Whether the text can be the name of an extension: letters, digits, `-`, `_`, `.`, starting with a letter or digit, at most 64 bytes. It becomes part of
/// paths, unit texts and URLs, so nothing else is let in.
pub fn is_valid_name(name: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(is_allowed)
}

/// Whether the text can be the version of an extension: as a name, and also `+`, `~` and `^`, which systemd's version order knows.
pub fn is_valid_version(version: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'~' | b'^');
    version.len() <= 64 && version.starts_with(|c: char| c.is_ascii_alphanumeric()) && version.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_node_follow_the_extension() {
        let wasmtime = Sysext { name: "wasmtime".into(), version: "24.0.0".into(), architecture: Architecture::Arm64 };
        assert_eq!(wasmtime.image_path(), "/opt/extensions/wasmtime/wasmtime-24.0.0-arm64.raw");
        assert_eq!(wasmtime.link_path(), "/etc/extensions/wasmtime.raw");
        assert_eq!(wasmtime.component_directory(), "/etc/sysupdate.wasmtime.d");
    }

    #[test]
    fn names_cannot_leave_their_directory() {
        for name in ["", "..", "../x", "a/b", "a b", "a%b", "é", "-a"] {
            assert!(!is_valid_name(name), "{name}");
        }
        assert!(is_valid_name("docker_compose-2.x"));
        assert!(is_valid_version("v1.34.2+k3s1"));
        assert!(!is_valid_version("1/2"));
    }
}
