//! The inventory of an output directory: what flatwright wrote, by cluster, with hashes. A text that people and tools can read (`sha256sum -c` checks it), and that is
//! read as if a stranger had written it.

use std::collections::BTreeMap;
use std::fmt;

use super::hash::Hash;
use super::home::{KUSTOMIZATION, below};
use super::path;

/// The inventory's name in an output directory: no manifest to anybody.
pub const INVENTORY: &str = "flatwright-inventory";

const HEAD: &str = "# flatwright inventory ";
const VERSION: &str = "1";
const ABOUT: &str = "# Written by flatwright, which replaces and removes only what is listed here. Keep it with the files; `sha256sum -c` reads it.";
const DIRECTORY: &str = "# directory";
const CLUSTER: &str = "# cluster ";
const IN: &str = " in ";
/// How the top is written as a place.
const TOP: &str = ".";

/// A cluster's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClusterName {
    /// Its namespace.
    pub namespace: String,
    /// Its name there.
    pub name: String,
}

impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// What is listed of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its directory below the output directory; empty for the output directory itself.
    pub place: String,
    /// Its files by their path below the output directory.
    pub files: BTreeMap<String, Hash>,
}

/// What flatwright wrote into a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What belongs to no cluster: the topmost kustomization.
    pub shared: BTreeMap<String, Hash>,
    /// What belongs to each cluster.
    pub clusters: BTreeMap<ClusterName, Section>,
}

/// Why an inventory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The 1-based line.
    pub line: usize,
    /// The fact, in words.
    pub reason: &'static str,
}

impl Inventory {
    /// The hash of a file that is listed.
    pub fn get(&self, path: &str) -> Option<&Hash> {
        self.shared.get(path).or_else(|| self.clusters.values().find_map(|section| section.files.get(path)))
    }

    /// Every file that is listed.
    pub fn files(&self) -> impl Iterator<Item = (&String, &Hash)> {
        self.shared.iter().chain(self.clusters.values().flat_map(|section| &section.files))
    }

    /// The inventory as it is written.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}{VERSION}\n{ABOUT}\n{DIRECTORY}\n");
        list(&self.shared, &mut text);
        for (cluster, section) in &self.clusters {
            let place = if section.place.is_empty() { TOP } else { &section.place };
            text.push_str(&format!("{CLUSTER}{cluster}{IN}{place}\n"));
            list(&section.files, &mut text);
        }
        text
    }

    /// Reads an inventory.
    ///
    /// # Errors
    /// The first line that cannot be one of an inventory.
    pub fn parse(bytes: &[u8]) -> Result<Self, Flaw> {
        let text = std::str::from_utf8(bytes).map_err(|_| flaw(0, "it is not text"))?;
        let mut reader = Reader::default();
        let mut lines = text.lines().enumerate();
        match lines.next().and_then(|(_, line)| line.strip_prefix(HEAD)) {
            Some(VERSION) => {}
            Some(_) => return Err(flaw(0, "it has another version, of a newer flatwright")),
            None if text.contains("\n>>>>>>> ") || text.starts_with("<<<<<<< ") => {
                return Err(flaw(0, "it has a merge conflict"));
            }
            None => return Err(flaw(0, "it does not begin as an inventory does")),
        }
        for (index, line) in lines {
            reader.line(line).map_err(|reason| flaw(index, reason))?;
        }
        if !text.ends_with('\n') {
            return Err(flaw(text.lines().count().saturating_sub(1), "its last line is not complete"));
        }
        Ok(reader.inventory)
    }
}

const fn flaw(index: usize, reason: &'static str) -> Flaw {
    Flaw { line: index + 1, reason }
}

fn list(files: &BTreeMap<String, Hash>, text: &mut String) {
    for (path, hash) in files {
        text.push_str(&format!("{hash}  {path}\n"));
    }
}

#[derive(Default)]
struct Reader {
    inventory: Inventory,
    /// The cluster whose files are listed; the directory's own before the first.
    cluster: Option<ClusterName>,
    has_directory: bool,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if line == ABOUT {
            return Ok(());
        }
        if line == DIRECTORY {
            if std::mem::replace(&mut self.has_directory, true) || self.cluster.is_some() {
                return Err("the section of the directory stands twice");
            }
            return Ok(());
        }
        if let Some(cluster) = line.strip_prefix(CLUSTER) {
            return self.cluster(cluster);
        }
        if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
            return Err("it has a merge conflict");
        }
        let (hash, path) = line.split_once("  ").ok_or("the line is none of an inventory")?;
        let hash = Hash::parse(hash).ok_or("the hash is no SHA-256")?;
        self.file(path, hash)
    }

    fn cluster(&mut self, text: &str) -> Result<(), &'static str> {
        const FORM: &str = "a cluster is written `# cluster NAMESPACE/NAME in PLACE`";
        let (cluster, place) = text.split_once(IN).ok_or(FORM)?;
        let (namespace, name) = cluster.split_once('/').ok_or(FORM)?;
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
        if !is_word(namespace) || !is_word(name) {
            return Err(FORM);
        }
        let place = if place == TOP { "" } else { place };
        if !place.is_empty() && !path::is_place(place) {
            return Err("the place of the cluster is no directory of a cluster");
        }
        let cluster = ClusterName { namespace: namespace.to_owned(), name: name.to_owned() };
        if self.cluster.as_ref().is_some_and(|last| *last >= cluster) {
            return Err("the clusters are not sorted, or one stands twice");
        }
        if self.inventory.clusters.values().any(|section| section.place == place) {
            return Err("two clusters have one place");
        }
        let section = Section { place: place.to_owned(), files: BTreeMap::new() };
        self.inventory.clusters.insert(cluster.clone(), section);
        self.cluster = Some(cluster);
        Ok(())
    }

    fn file(&mut self, path: &str, hash: Hash) -> Result<(), &'static str> {
        const ELSEWHERE: &str = "the path is none that flatwright writes";
        let files = match &self.cluster {
            None if self.has_directory && path == KUSTOMIZATION => &mut self.inventory.shared,
            None => return Err(ELSEWHERE),
            Some(cluster) => {
                let section = self.inventory.clusters.entry(cluster.clone()).or_default();
                let inner = if section.place.is_empty() {
                    Some(path).filter(|path| *path != KUSTOMIZATION)
                } else {
                    path.strip_prefix(&section.place).and_then(|rest| rest.strip_prefix('/'))
                };
                // The rule for paths at the top: no place within a place.
                let is_ours = inner.is_some_and(|inner| {
                    inner.split('/').count() <= 2 && path::is_file(&below("a.b", inner)) && path::is_file(path)
                });
                if !is_ours {
                    return Err(ELSEWHERE);
                }
                &mut section.files
            }
        };
        if files.last_key_value().is_some_and(|(last, _)| last.as_str() >= path) {
            return Err("the paths are not sorted, or one stands twice");
        }
        files.insert(path.to_owned(), hash);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Inventory {
        let files = |paths: &[&str]| paths.iter().map(|path| ((*path).to_owned(), Hash::of(path.as_bytes()))).collect();
        let name = |name: &str| ClusterName { namespace: "default".to_owned(), name: name.to_owned() };
        let section = |place: &str, paths: &[&str]| Section { place: place.to_owned(), files: files(paths) };
        Inventory {
            shared: files(&["kustomization.yaml"]),
            clusters: [
                (name("a"), section("", &["ignition/md-0.ign", "manifests/60-cluster-a.yaml"])),
                (name("b"), section("default.b", &["default.b/kustomization.yaml", "default.b/manifests/x.json"])),
            ]
            .into_iter()
            .collect(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let inventory = sample();
        assert_eq!(Inventory::parse(inventory.text().as_bytes()), Ok(inventory));
    }

    #[test]
    fn a_hostile_inventory_is_refused() {
        let text = sample().text();
        let hash = Hash::of(b"");
        let replaced = |from: &str, to: &str| Inventory::parse(text.replacen(from, to, 1).as_bytes());
        for (from, to) in [
            ("manifests/60-cluster-a.yaml", "../outside"),
            ("manifests/60-cluster-a.yaml", "/etc/passwd"),
            ("manifests/60-cluster-a.yaml", "manifests/../../x"),
            ("manifests/60-cluster-a.yaml", "src/main.rs"),
            ("manifests/60-cluster-a.yaml", "ignition/md-0.ign"),
            ("manifests/60-cluster-a.yaml", "default.b/manifests/y.yaml"),
            ("default.b/manifests/x.json", "manifests/x.json"),
            ("default.b/manifests/x.json", "default.b/default.c/manifests/x.json"),
            ("in default.b", "in .."),
            ("in default.b", "in ."),
            ("in default.b", "in default.b/x"),
            ("inventory 1", "inventory 2"),
            ("# directory\n", ""),
            ("# directory\n", "<<<<<<< ours\n# directory\n"),
            ("# cluster default/b", "# cluster default/a"),
            ("# cluster default/b", "# cluster b"),
        ] {
            assert_ne!(text.replacen(from, to, 1), text, "{from}");
            assert!(replaced(from, to).is_err(), "{from} -> {to}");
        }
        for whole in
            [String::new(), "\n".to_owned(), format!("{hash}  kustomization.yaml\n"), text.trim_end().to_owned()]
        {
            assert!(Inventory::parse(whole.as_bytes()).is_err(), "{whole}");
        }
        assert!(Inventory::parse(b"\xff\xfe").is_err());
    }
}
