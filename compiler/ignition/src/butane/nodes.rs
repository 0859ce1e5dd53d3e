//! The files, directories and links of the config by path, while trees and quadlets add theirs.

use std::collections::BTreeMap;

use crate::ignition3::{Directory, File, Link, Storage};

use super::origins::{List, Origin, Origins};

/// What is at a path, and where in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeAt {
    Directory,
    File(usize),
    Link(usize),
}

/// The storage section with an index of its paths.
pub(super) struct Nodes<'a> {
    pub(super) storage: &'a mut Storage,
    pub(super) origins: &'a mut Origins,
    files: BTreeMap<String, usize>,
    links: BTreeMap<String, usize>,
    directories: BTreeMap<String, usize>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(storage: &'a mut Storage, origins: &'a mut Origins) -> Self {
        // Of equal paths the last one counts.
        let files = storage.files.iter().enumerate().map(|(i, file)| (file.path.clone(), i)).collect();
        let links = storage.links.iter().enumerate().map(|(i, link)| (link.path.clone(), i)).collect();
        let directories =
            storage.directories.iter().enumerate().map(|(i, directory)| (directory.path.clone(), i)).collect();
        Self { storage, origins, files, links, directories }
    }

    /// The file at a path, or else the link, or else the directory.
    pub(super) fn get(&self, path: &str) -> Option<NodeAt> {
        let file = self.files.get(path).map(|i| NodeAt::File(*i));
        file.or_else(|| self.links.get(path).map(|i| NodeAt::Link(*i)))
            .or_else(|| self.directories.contains_key(path).then_some(NodeAt::Directory))
    }

    pub(super) fn file(&self, path: &str) -> Option<usize> {
        self.files.get(path).copied()
    }

    pub(super) fn link(&self, path: &str) -> Option<usize> {
        self.links.get(path).copied()
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.get(path).is_some()
    }

    pub(super) fn add_file(&mut self, path: String, origin: Origin) -> usize {
        let index = self.storage.files.len();
        self.origins.append(List::Files, index, origin);
        self.files.insert(path.clone(), index);
        self.storage.files.push(File { path, ..File::default() });
        index
    }

    pub(super) fn add_link(&mut self, link: Link, origin: Origin) -> usize {
        let index = self.storage.links.len();
        self.origins.append(List::Links, index, origin);
        self.links.insert(link.path.clone(), index);
        self.storage.links.push(link);
        index
    }

    pub(super) fn add_directory(&mut self, directory: Directory, origin: Origin) {
        let index = self.storage.directories.len();
        self.origins.append(List::Directories, index, origin);
        self.directories.insert(directory.path.clone(), index);
        self.storage.directories.push(directory);
    }
}
