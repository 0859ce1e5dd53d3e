//! Which paths of an output directory can be flatwright's. What an inventory or a journal says beyond these is refused, whoever wrote it.

use super::home::{IGNITION, KUSTOMIZATION, MANIFESTS};
use super::inventory::INVENTORY;

/// File systems take no longer names.
const LONGEST_NAME: usize = 255;

/// Whether a path can be a file that flatwright wrote: `[PLACE/]kustomization.yaml`, `[PLACE/]manifests/NAME`, `[PLACE/]ignition/NAME`, or the inventory.
pub fn is_file(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let within = |parts: &[&str]| match parts {
        [name] => *name == KUSTOMIZATION,
        [MANIFESTS | IGNITION, name] => is_name(name),
        _ => false,
    };
    match parts.as_slice() {
        [INVENTORY] => true,
        [place, rest @ ..] if !rest.is_empty() && is_place(place) => within(rest),
        parts => within(parts),
    }
}

/// Whether a path can be a directory that flatwright made: `PLACE`, `[PLACE/]manifests`, `[PLACE/]ignition`.
pub fn is_directory(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>()[..] {
        [name] => [MANIFESTS, IGNITION].contains(&name) || is_place(name),
        [place, name] => is_place(place) && [MANIFESTS, IGNITION].contains(&name),
        _ => false,
    }
}

/// Whether a name can be the directory of a cluster: it has a dot, so it is none of the names that have none.
pub(super) fn is_place(name: &str) -> bool {
    is_name(name) && name.contains('.') && name != KUSTOMIZATION
}

/// Names of Kubernetes objects and what is put before and behind them. Nothing hidden, nothing that leads elsewhere.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.starts_with('.') && name.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_flatwright_writes_is_its_own() {
        for path in [
            "kustomization.yaml",
            "flatwright-inventory",
            "manifests/60-cluster-demo.yaml",
            "ignition/md-0.ign",
            "default.demo/kustomization.yaml",
            "default.demo/manifests/60-cluster-demo.json",
        ] {
            assert!(is_file(path), "{path}");
        }
        for path in [
            "",
            "/",
            "/etc/passwd",
            "../manifests/a",
            "manifests/../a",
            "manifests/..",
            "manifests/.git",
            "manifests//a",
            "manifests/a/b",
            "manifests",
            "README.md",
            "src/main.rs",
            ".git/config",
            "default.demo/manifests",
            "default.demo/src/a",
            "default.demo/default.demo/kustomization.yaml",
            "default.demo/flatwright-inventory",
            "..//manifests/a",
            "./manifests/a",
            "manifests/a\\b",
            "manifests/a b",
            "manifests/a\n",
        ] {
            assert!(!is_file(path), "{path}");
        }
        assert!(is_directory("manifests") && is_directory("default.demo") && is_directory("default.demo/ignition"));
        assert!(!is_directory("src") && !is_directory("..") && !is_directory("manifests/a") && !is_directory(""));
    }
}
