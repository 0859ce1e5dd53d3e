//! Directory trees that are copied into the config, walked as Go's `filepath.Walk` does.

use crate::codec::Path;
use crate::ignition3::{self, Directory, Findings, Link};
use crate::problem::{LocalFile, Source};
use flatwright_go::path::clean;

use super::files::{FileKind, FilesDir, join};
use super::nodes::Nodes;
use super::origins::{Origin, steps};
use super::resource::Encoder;
use super::types::Tree;

/// Adds all trees.
pub(super) fn add(
    trees: &[Tree],
    files: Option<&dyn FilesDir>,
    encoder: &mut Encoder,
    nodes: &mut Nodes<'_>,
    found: &mut Findings,
) {
    let storage = Path::ROOT.key("storage");
    let list = storage.key("trees");
    for (i, tree) in trees.iter().enumerate() {
        let at = list.index(i);
        let Some(directory) = files else {
            found.error(&at, LocalFile::NoDirectory);
            return;
        };
        let root = match join(directory, &tree.local).and_then(|root| Ok((directory.stat(&root)?, root))) {
            Ok((FileKind::Directory, root)) => root,
            Ok(_) => {
                found.error(&at, Source::TreeNotDirectory);
                continue;
            }
            Err(problem) => {
                found.error(&at, problem);
                continue;
            }
        };
        let origin = nodes.origins.place(steps(&at.segments()));
        let target = tree.path.as_deref().filter(|path| !path.is_empty()).unwrap_or("/");
        Walk { tree, directory, target, root: &root, at: &at, origin, encoder, nodes, found }.run();
    }
}

struct Walk<'w, 'n> {
    tree: &'w Tree,
    directory: &'w dyn FilesDir,
    target: &'w str,
    root: &'w str,
    at: &'w Path<'w>,
    origin: Origin,
    encoder: &'w mut Encoder,
    nodes: &'w mut Nodes<'n>,
    found: &'w mut Findings,
}

impl Walk<'_, '_> {
    /// Without recursion: the stack holds what is still to be visited, the next one last.
    fn run(mut self) {
        let mut open = vec![self.root.to_owned()];
        while let Some(path) = open.pop() {
            let kind = match self.directory.lstat(&path) {
                Ok(kind) => kind,
                Err(words) => {
                    self.found.error(self.at, LocalFile::from(words));
                    continue;
                }
            };
            self.visit(&path, kind);
            if kind != FileKind::Directory {
                continue;
            }
            match self.directory.list(&path) {
                Ok(mut names) => {
                    names.sort_unstable_by(|a, b| b.as_bytes().cmp(a.as_bytes()));
                    open.extend(names.into_iter().map(|name| format!("{path}/{name}")));
                }
                Err(words) => self.found.error(self.at, LocalFile::from(words)),
            }
        }
    }

    fn visit(&mut self, path: &str, kind: FileKind) {
        let below = path.strip_prefix(self.root).unwrap_or_default();
        let target = clean(&format!("{}/{below}", self.target)).into_owned();
        match kind {
            FileKind::Directory => self.visit_directory(target),
            FileKind::Regular { is_executable } => self.visit_file(path, target, is_executable),
            FileKind::Symlink => self.visit_link(path, target),
            FileKind::Other => self.found.error(self.at, Source::SpecialFile),
        }
    }

    fn owners(&self) -> (ignition3::NodeGroup, ignition3::NodeUser) {
        let (group, user) = (&self.tree.group, &self.tree.user);
        (
            ignition3::NodeGroup { id: group.id, name: group.name.clone() },
            ignition3::NodeUser { id: user.id, name: user.name.clone() },
        )
    }

    fn visit_directory(&mut self, path: String) {
        let (group, user) = self.owners();
        let is_plain = group == ignition3::NodeGroup::default() && user == ignition3::NodeUser::default();
        if self.tree.dir_mode.is_none() && is_plain {
            return;
        }
        if self.nodes.exists(&path) {
            self.found.error(self.at, Source::Occupied);
            return;
        }
        let mode = Some(self.tree.dir_mode.unwrap_or(0o755));
        self.nodes.add_directory(Directory { group, path, user, mode, ..Directory::default() }, self.origin);
    }

    fn visit_file(&mut self, path: &str, target: String, is_executable: bool) {
        let known = self.nodes.file(&target);
        let is_taken = match known {
            Some(index) => {
                self.nodes.storage.files[index].contents.source.as_deref().is_some_and(|source| !source.is_empty())
            }
            None => self.nodes.exists(&target),
        };
        if is_taken {
            self.found.error(self.at, Source::Occupied);
            return;
        }
        let index = known.unwrap_or_else(|| {
            let (group, user) = self.owners();
            let index = self.nodes.add_file(target, self.origin);
            let file = &mut self.nodes.storage.files[index];
            file.group = group;
            file.user = user;
            index
        });
        let bytes = match self.directory.read(path) {
            Ok(bytes) => bytes,
            Err(words) => {
                self.found.error(self.at, LocalFile::from(words));
                return;
            }
        };
        let file = &mut self.nodes.storage.files[index];
        let made = self.encoder.data_url(&bytes, file.contents.compression.as_deref());
        file.contents.source = Some(made.url);
        let mut filled = vec!["contents", "contents.source"];
        if made.compression.is_some() {
            file.contents.compression = made.compression;
            filled.push("contents.compression");
        }
        if file.mode.is_none() {
            let mode = if is_executable { 0o755 } else { 0o644 };
            file.mode = Some(self.tree.file_mode.unwrap_or(mode));
            filled.push("mode");
        }
        if known.is_some() {
            let source = steps(&self.at.segments());
            for key in filled {
                self.nodes.origins.exact(&format!("storage.files.{index}.{key}"), source.clone());
            }
        }
    }

    fn visit_link(&mut self, path: &str, target: String) {
        let known = self.nodes.link(&target);
        let is_taken = match known {
            Some(index) => self.nodes.storage.links[index].target.as_deref().is_some_and(|target| !target.is_empty()),
            None => self.nodes.exists(&target),
        };
        if is_taken {
            self.found.error(self.at, Source::Occupied);
            return;
        }
        let index = known.unwrap_or_else(|| {
            let (group, user) = self.owners();
            self.nodes.add_link(Link { group, path: target, user, ..Link::default() }, self.origin)
        });
        match self.directory.read_link(path) {
            Ok(leads_to) => self.nodes.storage.links[index].target = Some(leads_to),
            Err(words) => {
                self.found.error(self.at, LocalFile::from(words));
                return;
            }
        }
        if known.is_some() {
            let source = steps(&self.at.segments());
            self.nodes.origins.exact(&format!("storage.links.{index}.target"), source);
        }
    }
}
