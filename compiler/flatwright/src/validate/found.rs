//! Files below a directory: which of them are ours.
//!
//! Nobody named them, so a doubtful one is left alone and counted. Owns: what a file must have to be taken for one of ours. Must not: judge it.

use flatwright_flatcar::unit::UnitKind;
use flatwright_yaml::{Kind as Node, Tree};

use super::kind::{self, Kind};

/// Why a file is left out: its kind is not known.
pub(super) const UNKNOWN: &str = "its kind is not known here";
/// Why a file is left out: it is for kustomize to read.
pub(super) const KUSTOMIZATION: &str =
    "it is a kustomization (`kubectl kustomize DIRECTORY | flatwright validate -` checks what it makes)";
/// Why a file is left out: a patch need not be whole.
pub(super) const PATCH: &str = "it is a patch";
/// Why a file is left out: a chart reads it.
pub(super) const VALUES: &str = "it holds values of a Helm chart";
/// Why a file is left out: it is not YAML yet.
pub(super) const TEMPLATE: &str = "it is a template, and no YAML before it is filled in";
/// Why a file is left out: it is data in a form that cannot be read, and nothing in it says that it is ours.
pub(super) const NOT_DATA: &str = "it is neither valid YAML nor one of ours";

/// The names under which kustomize looks for its file.
pub(super) const KUSTOMIZATION_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What each section of a Container Linux Config has that a file of another kind hardly has below the same name.
const CLC_SECTIONS: [(&str, &[&str]); 4] = [
    ("storage", &["disks", "raid", "filesystems", "files", "directories", "links"]),
    ("systemd", &["units"]),
    ("passwd", &["users", "groups"]),
    ("networkd", &["units"]),
];
/// Every section that a Container Linux Config may have.
const CLC_KEYS: [&str; 10] =
    ["ignition", "storage", "systemd", "passwd", "networkd", "update", "locksmith", "etcd", "docker", "flannel"];
/// Sections of units. Other programs have sections in square brackets too.
const UNIT_SECTIONS: [&str; 12] =
    ["Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope", "Target"];

/// The kind, where the name or the first lines tell it for certain.
pub(super) fn of_name_or_start(name: &str, bytes: &[u8]) -> Option<Kind> {
    let file = base_name(name);
    let found = kind::of_name_or_start(name, bytes)?;
    let is_named = matches!(found, Kind::Unit) && UnitKind::of(file).is_some()
        || matches!(found, Kind::Sysupdate) && file.ends_with(".transfer");
    if !matches!(found, Kind::Unit | Kind::Sysupdate) || is_named {
        return Some(found);
    }
    let is_settings = !file.contains('.') || file.ends_with(".conf");
    let is_certain = kind::first_section(bytes)
        .is_some_and(|section| found == Kind::Sysupdate || UNIT_SECTIONS.contains(&section.as_str()));
    (is_settings && is_certain).then_some(found)
}

/// The kind, where the content tells it for certain; else why the file is left out.
pub(super) fn of_content(name: &str, tree: &Tree) -> Result<Kind, &'static str> {
    let mappings = || tree.roots().iter().copied().filter(|root| matches!(tree.kind(*root), Node::Mapping(_)));
    let Some(root) = mappings().next() else { return Err(UNKNOWN) };
    let api_version = tree.get(root, "apiVersion").and_then(|node| tree.scalar(node)).unwrap_or_default();
    if KUSTOMIZATION_NAMES.contains(&base_name(name)) || api_version.starts_with("kustomize.config.k8s.io/") {
        return Err(KUSTOMIZATION);
    }
    let has = |root, key: &str| tree.get(root, key).is_some();
    if is_patch(name) || has(root, "$patch") {
        return Err(PATCH);
    }
    if is_values(name) && !(has(root, "apiVersion") && has(root, "kind")) {
        return Err(VALUES);
    }
    // A values file may have one of the two as well.
    let has_object = mappings().any(|root| has(root, "apiVersion") && has(root, "kind"));
    let kind = kind::of_content(tree).or_else(|| has_object.then_some(Kind::Manifests)).ok_or(UNKNOWN)?;
    let is_certain = match kind {
        Kind::Manifests => has_object,
        Kind::Butane => has(root, "version"),
        Kind::Clc => {
            let Node::Mapping(entries) = tree.kind(root) else { return Err(UNKNOWN) };
            let mut keys = entries.iter().filter_map(|entry| tree.scalar(entry.key));
            let has_section = |(section, parts): &(&str, &[&str])| {
                tree.get(root, section).is_some_and(|node| parts.iter().any(|part| has(node, part)))
            };
            keys.all(|key| CLC_KEYS.contains(&key)) && CLC_SECTIONS.iter().any(has_section)
        }
        _ => true,
    };
    if is_certain { Ok(kind) } else { Err(UNKNOWN) }
}

/// Whether a file is called as patches are: `replicas-patch.yaml`, `patches/replicas.yaml`.
fn is_patch(name: &str) -> bool {
    let mut parts = name.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let is_word = |word: &str| matches!(word, "patch" | "patches");
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    stem.split(['-', '_']).any(is_word) || parts.next().is_some_and(is_word)
}

/// Whether a file is called as values of charts are: `values.yaml`, `values-prod.yaml`, `prod.values.yaml`.
fn is_values(name: &str) -> bool {
    base_name(name).split(['.', '-', '_']).any(|word| word == "values")
}

/// Whether a text that is no YAML is one that a template engine makes YAML of.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{")
}

/// Whether a document beside objects is something else: a mapping that says neither what it is nor in which version.
pub(super) fn is_foreign(tree: &Tree, document: usize) -> bool {
    let root = tree.roots().get(document).copied();
    root.is_some_and(|root| {
        matches!(tree.kind(root), Node::Mapping(_))
            && ["apiVersion", "kind"].iter().all(|key| tree.get(root, key).is_none())
    })
}

/// Whether a text that cannot be parsed is meant to be one of ours, so that why it cannot be has to be said.
pub(super) fn is_broken(name: &str, text: &str) -> bool {
    const MARKS: [&str; 4] = ["apiVersion", "kind", "variant", "ignition"];
    let is_mark = |line: &str| {
        let key = line.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        line.contains(':') && MARKS.contains(&key)
    };
    let is_top = |line: &&str| !line.starts_with([' ', '\t']) || name.ends_with(".json");
    is_data(name) && text.lines().filter(is_top).any(is_mark)
}

/// Whether a file's name says that it is data of the kind that ours are.
pub(super) fn is_data(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| name.ends_with(extension))
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, text: &str) -> Result<Kind, &'static str> {
        of_name_or_start(name, text.as_bytes())
            .map_or_else(|| of_content(name, &flatwright_yaml::parse(text, &flatwright_yaml::Limits::default()).0), Ok)
    }

    #[test]
    fn only_what_is_certain_is_taken_for_ours() {
        for (name, text, expected) in [
            ("a.yaml", "# values\nstorage: {size: 10Gi}\n", Err(UNKNOWN)),
            ("a.yaml", "storage: {files: []}\nreplicas: 3\n", Err(UNKNOWN)),
            ("a.yaml", "storage: {files: []}\n", Ok(Kind::Clc)),
            ("a.yaml", "variant: small\n", Err(UNKNOWN)),
            ("a.yaml", "variant: flatcar\nversion: 1.0.0\n", Ok(Kind::Butane)),
            ("Chart.yaml", "apiVersion: v2\nname: x\n", Err(UNKNOWN)),
            ("a.yaml", "- op: replace\n", Err(UNKNOWN)),
            ("a.yaml", "a: 1\n---\napiVersion: v1\nkind: Secret\n", Ok(Kind::Manifests)),
            ("a.yaml", "# c\n---\napiVersion: v1\nkind: Secret\n", Ok(Kind::Manifests)),
            ("a/kustomization.yaml", "resources: []\n", Err(KUSTOMIZATION)),
            ("a/values.yaml", "storage: {files: []}\n", Err(VALUES)),
            ("a/values-prod.yaml", "kind: Deployment\nreplicas: 3\n", Err(VALUES)),
            ("a/values.yaml", "apiVersion: v1\nkind: Secret\n", Ok(Kind::Manifests)),
            ("a/replicas-patch.yaml", "apiVersion: v1\nkind: Secret\n", Err(PATCH)),
            ("patches/a.yaml", "apiVersion: v1\nkind: Secret\n", Err(PATCH)),
            ("a/dispatch.yaml", "apiVersion: v1\nkind: Secret\n", Ok(Kind::Manifests)),
            ("a.yaml", "apiVersion: v1\nkind: Secret\n$patch: delete\n", Err(PATCH)),
            ("a/x.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", Err(KUSTOMIZATION)),
            ("a.desktop", "[Desktop Entry]\n", Err(UNKNOWN)),
            ("a.conf", "[Section]\nx=1\n", Err(UNKNOWN)),
            ("a.conf", "# c\n[Service]\nRestart=no\n", Ok(Kind::Unit)),
            ("a.service", "", Ok(Kind::Unit)),
            ("a.conf", "[Transfer]\n", Ok(Kind::Sysupdate)),
            ("a.ini", "[Transfer]\n", Err(UNKNOWN)),
            ("a.bu", "", Ok(Kind::Butane)),
            ("notes.txt", "hello", Err(UNKNOWN)),
        ] {
            assert_eq!(kind(name, text), expected, "{name} {text}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_parsed_is_ours_where_it_says_so() {
        assert!(is_broken("a.yaml", "x: [\nkind: Cluster\n"));
        assert!(is_broken("a.json", "{\n  \"kind\": \"Cluster\"\n"));
        assert!(!is_broken("a.yaml", "x: [\nsteps:\n  kind: x\n"));
        assert!(!is_broken("a.txt", "kind: x"));
    }
}
