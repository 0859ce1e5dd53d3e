//! Home directories and SSH keys. Owns: what `useradd`, `usermod` and `userdel` do to files, and how Ignition writes keys. Must not: decide about accounts.

use std::borrow::Cow;

use super::{Fault, Run, words};
use crate::accounts::User;
use crate::contents::Contents;
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Body, Errno, Found, Inode, View, Who};

/// Where Ignition puts keys below a home.
const KEYS: &str = ".ssh/authorized_keys.d/ignition";

/// A home is made as somebody's only where it is new.
const SKELETON: &str = "/etc/skel";

impl Run<'_, '_> {
    fn user_now(&self, index: usize) -> Option<User> {
        self.accounts.users.named(&self.config.passwd.users[index].name).cloned()
    }

    /// `useradd --create-home`.
    pub(super) fn make_home(&mut self, index: usize) -> Result<(), Option<Fault>> {
        let Some(user) = self.user_now(index) else { return Ok(()) };
        match self.tree.stat(&user.home, View::Node) {
            Ok(Some(_)) => return Ok(()),
            Err(Errno::Unknown) => return Err(None),
            // Whatever else is wrong, the program tries to make the directories.
            Ok(None) | Err(_) => {}
        }
        let made = self.tree.make_directories(&user.home, View::Node, Some(Item::User(index)));
        let home = made.map_err(|errno| {
            let home = user.home.clone();
            let rule = FirstBoot::HomeNotMade { name: user.name.clone(), home, why: words(errno).to_owned() };
            (errno != Errno::Unknown).then(|| {
                let field = if self.config.passwd.users[index].home_dir.is_some() { "homeDir" } else { "name" };
                Fault::new(rule).at(field).hint("choose another `homeDir`, or set `noCreateHome`")
            })
        })?;
        let settings = &self.base.root().settings;
        let mode = settings.number("HOME_MODE", 0o777 & !settings.number("UMASK", 0o22));
        let inode = self.tree.inode_mut(home);
        (inode.user, inode.group, inode.mode) = (user.uid, user.gid, mode);
        self.copy_skeleton(home, &user, Item::User(index));
        Ok(())
    }

    /// The files that every new home gets.
    fn copy_skeleton(&mut self, home: usize, user: &User, from: Item) {
        let Ok(Some(skeleton)) = self.tree.stat(SKELETON, View::Node) else { return };
        let mut rest = vec![(skeleton, home)];
        while let Some((source, target)) = rest.pop() {
            let Some(directory) = self.tree.directory(source) else { continue };
            let entries: Vec<(Cow<'_, str>, usize)> =
                directory.entries.iter().map(|(name, ino)| (name.clone(), *ino)).collect();
            for (name, ino) in entries {
                let inode = self.tree.inode(ino);
                let body = match &inode.body {
                    Body::Directory(_) => Inode::directory(0).body,
                    other => other.clone(),
                };
                let copy = Inode { body, mode: inode.mode, user: user.uid, group: user.gid, from: Some(from) };
                if let Ok(made) = self.tree.put(target, &name, copy) {
                    rest.push((ino, made));
                }
            }
        }
    }

    /// `usermod --home … --move-home`, and the new owner of what is in a home.
    pub(super) fn move_home(&mut self, index: usize, old: &User) -> Result<(), Option<Fault>> {
        let Some(user) = self.user_now(index) else { return Ok(()) };
        let ids = ((old.uid, user.uid), (old.gid, user.gid));
        if user.home == old.home {
            if user.uid == old.uid && user.gid == old.gid {
                return Ok(());
            }
            if let Ok(Some(home)) = self.tree.stat(&user.home, View::Node)
                && self.tree.inode(home).user == old.uid
            {
                self.tree.hand_over(home, ids.0, ids.1);
            }
            return Ok(());
        }
        let fault = |why: &str| {
            let rule = FirstBoot::HomeNotMoved {
                name: user.name.clone(),
                from: old.home.clone(),
                to: user.home.clone(),
                why: why.to_owned(),
            };
            Some(Fault::new(rule).at("homeDir").hint("leave `homeDir` out, or choose a path whose directory exists"))
        };
        match self.tree.stat(&user.home, View::Node) {
            Ok(Some(_)) => return Err(fault("the new home exists already")),
            Err(Errno::Unknown) => return Err(None),
            _ => {}
        }
        match self.tree.stat(&old.home, View::Node) {
            Ok(Some(home)) if self.tree.inode(home).is_directory() => {}
            Ok(Some(_)) => return Err(fault("the old home is not a directory")),
            Err(Errno::Unknown) => return Err(None),
            // There is nothing to move.
            _ => return Ok(()),
        }
        match self.tree.rename(&old.home, &user.home) {
            Ok(home) => {
                self.tree.hand_over(home, ids.0, ids.1);
                self.tree.inode_mut(home).from = Some(Item::User(index));
                Ok(())
            }
            Err(Errno::Unknown) => Err(None),
            Err(errno) => Err(fault(words(errno))),
        }
    }

    /// `userdel --remove`.
    pub(super) fn remove_home(&mut self, user: &User) -> Result<(), Option<Fault>> {
        let fault = |why: &str| {
            let rule =
                FirstBoot::HomeNotRemoved { name: user.name.clone(), home: user.home.clone(), why: why.to_owned() };
            Some(Fault::new(rule).at("shouldExist").hint("leave `shouldExist` out"))
        };
        let home = match self.tree.stat(&user.home, View::Node) {
            Ok(None) | Err(Errno::NotADirectory) => return Ok(()),
            Ok(Some(home)) => home,
            Err(Errno::Unknown) => return Err(None),
            Err(errno) => return Err(fault(words(errno))),
        };
        if self.tree.inode(home).user != user.uid {
            return Err(fault("it belongs to another user"));
        }
        // A link, or a file, is not removed as a directory is.
        if !matches!(self.tree.walk(&user.home, false, View::Node), Ok(Found::Inode(ino)) if ino == home)
            || !self.tree.inode(home).is_directory()
        {
            return Err(fault("it is not a directory"));
        }
        self.tree.remove(&user.home).map_err(|errno| fault(words(errno)))
    }

    /// Keys are written by the user, who must be allowed to.
    pub(super) fn write_keys(&mut self, index: usize) -> Result<(), Option<Fault>> {
        let Some(user) = self.user_now(index) else { return Ok(()) };
        let written = format!("{}/{KEYS}", if user.home == "/" { "" } else { &user.home });
        let result = self.try_keys(index, &user, &written);
        result.map_err(|errno| {
            if matches!(errno, Errno::Unknown | Errno::Outside) {
                return None;
            }
            let rule = FirstBoot::SshKeys { name: user.name, path: written, why: words(errno).to_owned() };
            let fault = Fault::new(rule).at("sshAuthorizedKeys");
            Some(if self.config.passwd.users[index].no_create_home == Some(true) {
                fault.hint("leave `noCreateHome` out: keys need the home directory")
            } else {
                fault.hint("choose a `homeDir` that the user may write to")
            })
        })
    }

    fn try_keys(&mut self, index: usize, user: &User, written: &str) -> Result<(), Errno> {
        let path = self.tree.join(written)?.into_owned();
        let (Some(uid), Some(gid)) = (user.uid, user.gid) else { return Err(Errno::Unknown) };
        let who = Who { user: uid, group: gid };
        let item = Some(Item::User(index));
        self.tree.make_directories_as(crate::tree::parent_of(&path), who, item)?;
        let mut keys = self.config.passwd.users[index].ssh_authorized_keys.join("\n");
        if !keys.ends_with('\n') {
            keys.push('\n');
        }
        let body = Body::File(Contents::text(keys));
        match self.tree.walk(&path, true, View::Initramfs)? {
            Found::Inode(ino) if self.tree.inode(ino).is_directory() => Err(Errno::Exists),
            Found::Inode(ino) => {
                self.tree.check(ino, who, 2)?;
                let inode = self.tree.inode_mut(ino);
                (inode.body, inode.from) = (body, item);
                Ok(())
            }
            Found::Missing(directory) => {
                self.tree.check(directory, who, 3)?;
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                let file = Inode { body, mode: 0o600, user: Some(uid), group: Some(gid), from: item };
                self.tree.put(directory, &name, file).map(|_| ())
            }
        }
    }
}
