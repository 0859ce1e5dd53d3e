//! What an output directory should hold after a compile: the compiled clusters each in its place, every other cluster as it is, and one kustomization above all.

use std::collections::{BTreeMap, BTreeSet};

use super::hash::Hash;
use super::home::{IGNITION, KUSTOMIZATION, MANIFESTS, below, place, resources};
use super::inventory::{ClusterName, Inventory, Section};
use crate::compilation::Cluster;
use crate::layout::{self, Format, OutputFile};

/// What is asked of a compile into a directory.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// How objects are written.
    pub format: Format,
    /// Whether clusters that are not compiled are removed.
    pub prunes: bool,
}

/// What a directory should hold.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The files by path, with their hashes.
    pub files: BTreeMap<String, (String, Hash)>,
    /// What is flatwright's afterwards.
    pub inventory: Inventory,
    /// What was flatwright's before and is no more.
    pub dropped: BTreeMap<String, Hash>,
    /// Clusters of the directory that are not compiled: with `prunes` they go, otherwise they stay.
    pub absent: Vec<ClusterName>,
    /// The directories that flatwright fills alone: whatever else is in one is in the way of those who apply it.
    pub folders: BTreeSet<String>,
}

/// What the directory should hold, if it held `old`. `is_gone` says whether nothing is at a path; a cluster that somebody removed by hand is forgotten.
pub fn wanted(clusters: &[Cluster], asked: Asked, old: &Inventory, is_gone: &dyn Fn(&str) -> bool) -> Wanted {
    let compiled: Vec<(ClusterName, &Cluster)> = clusters.iter().map(|cluster| (name(cluster), cluster)).collect();
    let mut inventory = Inventory::default();
    let (mut files, mut absent, mut folders) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for (cluster, section) in &old.clusters {
        if compiled.iter().any(|(name, _)| name == cluster) {
            continue;
        }
        let home = if section.place.is_empty() { MANIFESTS } else { &section.place };
        if is_gone(home) {
            continue;
        }
        absent.push(cluster.clone());
        if asked.prunes {
            folders.extend(own_folders(&section.place));
        } else {
            inventory.clusters.insert(cluster.clone(), section.clone());
        }
    }
    // The layout stays as it was chosen: a cluster takes the top only where it is the first, or comes in the place of one that goes.
    let was_at_top = old.clusters.is_empty() || old.clusters.values().any(|section| section.place.is_empty());
    let takes_top = compiled.len() == 1 && inventory.clusters.is_empty() && was_at_top;
    for (cluster, compiled) in compiled {
        let place = match old.clusters.get(&cluster) {
            Some(section) => section.place.clone(),
            None if takes_top => String::new(),
            None => place(&cluster),
        };
        folders.extend(own_folders(&place));
        let mut section = Section { place, files: BTreeMap::new() };
        let mut laid = layout::files(compiled, asked.format);
        if !section.place.is_empty() {
            let names = laid.keys().filter(|path| path.starts_with(MANIFESTS)).cloned();
            let text = layout::kustomization(names);
            laid.insert(KUSTOMIZATION.to_owned(), text);
        }
        for (path, text) in laid {
            let (path, hash) = (below(&section.place, &path), Hash::of(text.as_bytes()));
            section.files.insert(path.clone(), hash);
            files.insert(path, (text, hash));
        }
        inventory.clusters.insert(cluster, section);
    }
    let text = layout::kustomization(resources(&inventory.clusters));
    let hash = Hash::of(text.as_bytes());
    inventory.shared.insert(KUSTOMIZATION.to_owned(), hash);
    files.insert(KUSTOMIZATION.to_owned(), (text, hash));
    let listed: BTreeSet<&String> = inventory.files().map(|(path, _)| path).collect();
    let dropped = old.files().filter(|(path, _)| !listed.contains(path));
    let dropped = dropped.map(|(path, hash)| (path.clone(), *hash)).collect();
    Wanted { files, inventory, dropped, absent, folders }
}

/// Every file of a directory that is made anew.
pub fn files(clusters: &[Cluster], format: Format) -> Vec<OutputFile> {
    let wanted = wanted(clusters, Asked { format, prunes: false }, &Inventory::default(), &|_| true);
    wanted.files.into_iter().map(|(path, (text, _))| OutputFile { path, text }).collect()
}

/// What a directory without an inventory holds of flatwright's: the files that are to the byte what was written before there were inventories. `hash` is that of a file.
pub fn adopted(clusters: &[Cluster], format: Format, hash: &dyn Fn(&str) -> Option<Hash>) -> Inventory {
    let mut inventory = Inventory::default();
    for cluster in clusters {
        let name = name(cluster);
        let own = place(&name);
        let numbered = layout::numbered_files(cluster, format);
        let places = if clusters.len() == 1 { vec![String::new(), own] } else { vec![own] };
        for place in places {
            let paths = numbered.iter().map(|(path, text)| (below(&place, path), Hash::of(text.as_bytes())));
            let mut files: BTreeMap<String, Hash> = paths.filter(|(path, known)| hash(path) == Some(*known)).collect();
            inventory.shared.extend(files.remove_entry(KUSTOMIZATION));
            if !files.is_empty() {
                inventory.clusters.insert(name, Section { place, files });
                break;
            }
        }
    }
    inventory
}

fn name(cluster: &Cluster) -> ClusterName {
    ClusterName { namespace: cluster.plan.namespace.value.clone(), name: cluster.plan.name.value.clone() }
}

fn own_folders(place: &str) -> [String; 2] {
    [below(place, MANIFESTS), below(place, IGNITION)]
}
