//! Directories, files and links. Owns: the order, what of the tree is in the way, and whom the result belongs to. Must not: look into contents.

use std::borrow::Cow;
use std::collections::BTreeMap;

use flatwright_go::path::clean;
use flatwright_ignition::ignition3::{Link, NodeGroup, NodeUser, Version};

use super::{Fault, Run};
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Body, Errno, Ino, Inode, View, parent_of};

/// The bits that a mode has in every version of the specification.
const PLAIN_MODE: i64 = 0o777;

/// Those that it has from 3.6 on.
const FULL_MODE: i64 = 0o7777;

/// A step's outcome: the error is `None` where nobody can tell whether it fails.
pub(super) type Outcome<T = ()> = Result<T, Option<Fault>>;

impl<'c> Run<'c, '_> {
    pub(super) fn nodes(&mut self) {
        let storage = &self.config.storage;
        let directories = storage.directories.iter().enumerate().map(|(i, node)| (Item::Directory(i), &*node.path));
        let files = storage.files.iter().enumerate().map(|(i, node)| (Item::File(i), &*node.path));
        let links = storage.links.iter().enumerate().map(|(i, node)| (Item::Link(i), &*node.path));
        let (mut plain, mut hard) = (Vec::new(), Vec::new());
        let mut taken: BTreeMap<Cow<'c, str>, &str> = BTreeMap::new();
        for (item, path) in directories.chain(files).chain(links) {
            if self.is_over(item) {
                return;
            }
            let place = match self.tree.join(path) {
                Ok(place) => place,
                Err(errno) => {
                    self.fail_with(item, path, errno);
                    continue;
                }
            };
            if let Some(other) = taken.insert(place.clone(), path) {
                let (path, other) = (path.to_owned(), other.to_owned());
                let rule = FirstBoot::SamePlace { path, other, place: place.into_owned() };
                self.fail(item, Fault::new(rule).at("path").hint("keep one of the two"));
                continue;
            }
            let is_hard = matches!(item, Item::Link(index) if storage.links[index].hard == Some(true));
            if is_hard { &mut hard } else { &mut plain }.push((item, place));
        }
        // Hard links come last, so that they can lead to what is deeper than themselves.
        plain.sort_by_cached_key(|(_, place)| depth(place));
        for (item, place) in plain.into_iter().chain(hard) {
            if self.is_over(item) {
                break;
            }
            let result = self.node(item, &place);
            if result.is_ok() {
                self.places.push((item, place.to_string()));
            }
            if let Err(Some(fault)) = result {
                self.fail(item, fault.in_place(&place));
            }
        }
    }

    /// A failure of looking a path up.
    fn fail_with(&mut self, item: Item, path: &str, errno: Errno) {
        if let Some(fault) = self.errno(path, errno) {
            self.fail(item, fault);
        }
    }

    fn errno(&self, path: &str, errno: Errno) -> Option<Fault> {
        // What the initramfs has where the path leads is not known.
        let fault = |rule| Fault::new(rule).at("path").likely(errno == Errno::Outside);
        self.of_errno(path, errno).map(fault)
    }

    fn node(&mut self, item: Item, place: &str) -> Outcome {
        let storage = &self.config.storage;
        let overwrite = match item {
            Item::Directory(index) => storage.directories[index].overwrite,
            Item::File(index) => storage.files[index].overwrite,
            Item::Link(index) => storage.links[index].overwrite,
            _ => None,
        };
        if overwrite == Some(true) {
            self.tree.remove(place).map_err(|errno| self.errno(place, errno))?;
        }
        match item {
            Item::Directory(index) => self.make_directory(index, place),
            Item::File(index) => self.make_file(index, place),
            Item::Link(index) => self.make_link(index, place),
            _ => Ok(()),
        }
    }

    /// What is at the path now.
    pub(super) fn there(&self, place: &str) -> Outcome<Option<Ino>> {
        self.tree.lstat(place).map_err(|errno| self.errno(place, errno))
    }

    fn make_directory(&mut self, index: usize, place: &str) -> Outcome {
        let item = Item::Directory(index);
        let directory = &self.config.storage.directories[index];
        match self.there(place)? {
            Some(ino) if self.tree.inode(ino).is_directory() => {}
            Some(ino) => return Err(Some(self.exists(place, ino))),
            None => {
                let made = self.tree.make_directories(place, View::Initramfs, Some(item));
                made.map_err(|errno| self.errno(place, errno))?;
            }
        }
        self.set_permissions(place, item, directory.mode, &directory.user, &directory.group)
    }

    /// The failure that something is where a node should be.
    pub(super) fn exists(&self, place: &str, ino: Ino) -> Fault {
        let inode = self.tree.inode(ino);
        let what = match &inode.body {
            Body::Directory(_) => "a directory".to_owned(),
            Body::File(_) => "a file".to_owned(),
            Body::Link(target) => format!("a link to `{target}`"),
            Body::Unknown => "something".to_owned(),
        };
        let rule = FirstBoot::Exists { path: place.to_owned(), what };
        let by = inode.from.and_then(|from| Some((from.kind(), from.name(self.config)?)));
        let fault = Fault::new(rule).at("path").likely(inode.from.is_none() && self.base.is_guess());
        match by {
            Some((kind, name)) => fault.hint(format!("set `overwrite: true`, or drop {kind} `{name}`, which makes it")),
            None => fault.hint("set `overwrite: true`, or choose another path"),
        }
    }

    /// Mode, owner and group, as Ignition sets them once the node is there.
    pub(super) fn set_permissions(
        &mut self,
        place: &str,
        item: Item,
        mode: Option<i64>,
        user: &'c NodeUser,
        group: &'c NodeGroup,
    ) -> Outcome {
        let Some(ino) = self.there(place)? else { return Err(None) };
        if self.tree.directory(ino).is_some_and(|directory| directory.is_read_only) {
            return Err(self.errno(place, Errno::ReadOnly));
        }
        // A link keeps its own bits; what it leads to gives the owner that is not set.
        let end = match self.tree.inode(ino).body {
            Body::Link(_) => self.tree.stat(place, View::Initramfs),
            _ => Ok(Some(ino)),
        };
        let target = match end {
            Ok(Some(target)) => (self.tree.inode(target).user, self.tree.inode(target).group),
            Err(Errno::Unknown) => (None, None),
            _ => (Some(0), Some(0)),
        };
        let bits = if self.version >= Version::V3_6 { FULL_MODE } else { PLAIN_MODE };
        let inode = self.tree.inode_mut(ino);
        inode.from = Some(item);
        if let Some(mode) = mode.filter(|_| !matches!(inode.body, Body::Link(_))) {
            inode.mode = u32::try_from(mode & bits).unwrap_or_default();
        }
        // Until Ignition says otherwise, nobody knows.
        (inode.user, inode.group) = (None, None);
        let uid = self.owner(place, user)?.unwrap_or(target.0);
        let gid = self.owning_group(place, group)?.unwrap_or(target.1);
        let inode = self.tree.inode_mut(ino);
        (inode.user, inode.group) = (uid, gid);
        Ok(())
    }

    /// The number of the owner; none if the config gives none.
    #[expect(clippy::option_option, reason = "given, but of unknown number")]
    fn owner(&self, place: &str, user: &NodeUser) -> Outcome<Option<Option<u32>>> {
        if let Some(id) = user.id {
            return Ok(given(id));
        }
        let Some(name) = user.name.as_deref().filter(|name| !name.is_empty()) else { return Ok(None) };
        if self.accounts.users.is_open(name) {
            return Ok(Some(None));
        }
        if let Some(known) = self.accounts.users.named(name) {
            return Ok(Some(known.uid));
        }
        let rule = FirstBoot::OwnerUnknown { path: place.to_owned(), user: name.to_owned() };
        let fault = Fault::new(rule).at("user.name").likely(self.base.may_have_more()).names(name, self.user_names());
        Err(Some(
            fault.hint(format!(
                "make the user: `passwd.users: [{{name: {name}}}]`, or give a number: `user: {{id: …}}`"
            )),
        ))
    }

    #[expect(clippy::option_option, reason = "given, but of unknown number")]
    fn owning_group(&self, place: &str, group: &NodeGroup) -> Outcome<Option<Option<u32>>> {
        if let Some(id) = group.id {
            return Ok(given(id));
        }
        let Some(name) = group.name.as_deref().filter(|name| !name.is_empty()) else { return Ok(None) };
        if self.accounts.groups.is_open(name) {
            return Ok(Some(None));
        }
        if let Some(known) = self.accounts.groups.named(name) {
            return Ok(Some(known.gid));
        }
        let rule = FirstBoot::OwningGroupUnknown { path: place.to_owned(), group: name.to_owned() };
        let fault = Fault::new(rule).at("group.name").likely(self.base.may_have_more()).names(name, self.group_names());
        Err(Some(fault.hint(format!(
            "make the group: `passwd.groups: [{{name: {name}}}]`, or give a number: `group: {{id: …}}`"
        ))))
    }

    fn make_link(&mut self, index: usize, place: &str) -> Outcome {
        let link = &self.config.storage.links[index];
        let target = link.target.as_deref().unwrap_or_default();
        let is_hard = link.hard == Some(true);
        match (self.there(place)?, is_hard) {
            (None, false) => self.make_symbolic_link(index, place, link, target),
            (None, true) => self.make_hard_link(index, place, target),
            (Some(ino), false) => match &self.tree.inode(ino).body {
                Body::Link(old) if clean(old) == clean(target) => Ok(()),
                _ => Err(Some(self.exists(place, ino))),
            },
            (Some(ino), true) => {
                let joined = self.tree.join(target).map_err(|errno| self.errno(target, errno))?.into_owned();
                match self.tree.lstat(&joined) {
                    Ok(Some(there)) if there == ino => Ok(()),
                    Ok(None) if self.may_be_more(&joined) => Err(None),
                    Ok(None) => Err(Some(Self::no_target(place, target))),
                    Ok(Some(_)) => Err(Some(self.exists(place, ino))),
                    Err(errno) => Err(self.errno(target, errno)),
                }
            }
        }
    }

    fn make_symbolic_link(&mut self, index: usize, place: &str, link: &'c Link, target: &'c str) -> Outcome {
        let item = Item::Link(index);
        let inode = Inode { from: Some(item), ..Inode::new(Body::Link(Cow::Borrowed(target)), 0o777) };
        self.enter(place, inode)?;
        self.set_permissions(place, item, None, &link.user, &link.group)
    }

    /// Puts something where nothing is.
    pub(super) fn enter(&mut self, place: &str, inode: Inode<'c>) -> Outcome {
        let from = inode.from;
        let made = self.tree.place(place, View::Initramfs, from).and_then(|(parent, name)| {
            let name = name.to_owned();
            self.tree.put(parent, &name, inode)
        });
        made.map(|_| ()).map_err(|errno| self.errno(place, errno))
    }

    fn make_hard_link(&mut self, index: usize, place: &str, target: &str) -> Outcome {
        let made = self.tree.make_directories(parent_of(place), View::Initramfs, Some(Item::Link(index)));
        let parent = made.map_err(|errno| self.errno(place, errno))?;
        let name = place.rsplit('/').next().unwrap_or_default().to_owned();
        let joined = self.tree.join(target).map_err(|errno| self.errno(target, errno))?.into_owned();
        let found = self.tree.lstat(&joined);
        // The kernel looks at what the link leads to first.
        if !matches!(found, Ok(None)) {
            self.tree.child(parent, &name).map_err(|errno| self.errno(place, errno))?;
        }
        if self.tree.mount_of(&joined) != self.tree.mount_of(place) && !matches!(found, Ok(None)) {
            let rule = FirstBoot::HardLinkAcross { path: place.to_owned(), target: target.to_owned() };
            return Err(Some(Fault::new(rule).at("target").hint("use a symbolic link: leave `hard` out")));
        }
        let directory = |target: &str| {
            let rule = FirstBoot::HardLinkOfDirectory { path: place.to_owned(), target: target.to_owned() };
            Err(Some(Fault::new(rule).at("target").hint("use a symbolic link: leave `hard` out")))
        };
        match found {
            Ok(Some(ino)) if self.tree.inode(ino).is_directory() => directory(target),
            Ok(Some(ino)) => self.tree.enter(parent, &name, ino).map_err(|errno| self.errno(place, errno)),
            Ok(None) if self.may_be_more(&joined) => Err(None),
            Ok(None) => {
                // What would be there is not known, so nothing that needs it fails.
                let unknown = Inode { from: Some(Item::Link(index)), ..Inode::new(Body::Unknown, 0) };
                let _ = self.enter(place, unknown);
                Err(Some(Self::no_target(place, target)))
            }
            Err(errno) => Err(self.of_errno(&joined, errno).map(|rule| Fault::new(rule).at("target"))),
        }
    }

    fn no_target(place: &str, target: &str) -> Fault {
        let rule = FirstBoot::HardLinkTarget { path: place.to_owned(), target: target.to_owned() };
        Fault::new(rule).at("target").hint("use a symbolic link (leave `hard` out), or make the target before")
    }

    /// Whether something of the image may be at a path of which nothing is known.
    fn may_be_more(&self, path: &str) -> bool {
        let ends = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).skip(1);
        let mut above = ends.filter_map(|end| path.get(..end));
        above.any(|prefix| {
            let found = self.tree.stat(prefix, View::Initramfs);
            matches!(found, Ok(Some(ino)) if self.tree.directory(ino).is_some_and(|directory| directory.is_open))
        })
    }
}

/// A number of the config as the kernel takes it; the highest one means that nothing changes.
#[expect(clippy::option_option, reason = "given, but of unknown number")]
fn given(id: i64) -> Option<Option<u32>> {
    let low = u32::try_from(id & i64::from(u32::MAX)).unwrap_or_default();
    (low != u32::MAX).then_some(Some(low))
}

fn depth(place: &str) -> usize {
    place.split('/').filter(|part| !part.is_empty()).count()
}
