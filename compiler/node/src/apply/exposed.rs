//! Secrets that are none any more: passwords in plain text, keys and logins in files that everybody may read.
//!
//! Owns: who may read a file of the config. Must not: know the forms of secrets; `exposed` has them.

use std::path::Path as NodePath;

use super::{Fault, Run};
use crate::contents::Contents;
use crate::exposed::{is_plain_password, secret_in};
use crate::item::Item;
use crate::rule::FirstBoot;

/// Files with keys and logins are small.
const LARGEST: usize = 1 << 20;
const OTHERS_READ: u32 = 0o004;
const OTHERS_ENTER: u32 = 0o001;

impl Run<'_, '_> {
    pub(super) fn exposed(&mut self) {
        let passwd = &self.config.passwd;
        let plain = |hash: &Option<String>| hash.as_deref().is_some_and(is_plain_password);
        let users = passwd.users.iter().enumerate().filter(|(_, user)| plain(&user.password_hash));
        let users = users.map(|(index, user)| (Item::User(index), "user", user.name.clone()));
        let groups = passwd.groups.iter().enumerate().filter(|(_, group)| plain(&group.password_hash));
        let groups = groups.map(|(index, group)| (Item::Group(index), "group", group.name.clone()));
        for (item, kind, name) in users.chain(groups).collect::<Vec<_>>() {
            let fault = Fault::new(FirstBoot::PlainPassword { kind, name })
                .at("passwordHash")
                .hint("write its hash, as `mkpasswd --method=sha-512` prints it; `*` is no password at all");
            self.fail(item, fault);
        }
        let mut decompressed = std::mem::take(&mut self.decompressed);
        for index in 0..self.config.storage.files.len() {
            let source = self.config.storage.files[index].contents.source.as_ref();
            let known = source.and_then(|source| decompressed.remove(&source.as_ptr().addr()));
            if let Some(fault) = self.readable_secret(index, known) {
                self.fail(Item::File(index), fault);
            }
        }
    }

    fn readable_secret(&self, index: usize, known: Option<Vec<u8>>) -> Option<Fault> {
        let file = &self.config.storage.files[index];
        let mode = match file.mode {
            Some(mode) => u32::try_from(mode).ok()?,
            None => 0o644,
        };
        if mode & OTHERS_READ == 0 || file.contents.source.as_ref().is_none_or(|source| source.len() > LARGEST) {
            return None;
        }
        let content = known.or_else(|| Contents::of(&file.contents).bytes())?;
        let what = secret_in(&file.path, &content)?;
        if self.is_in_closed_directory(&file.path) {
            return None;
        }
        let fault = Fault::new(FirstBoot::WorldReadable { path: file.path.clone(), mode: format!("{mode:04o}"), what });
        Some(fault.at("mode").likely(true).hint("let its owner read it only: mode 0600"))
    }

    /// Whether a directory on the way is closed to everybody but its owner.
    fn is_in_closed_directory(&self, path: &str) -> bool {
        NodePath::new(path).ancestors().skip(1).filter_map(NodePath::to_str).any(|directory| {
            let inode = self.tree.lstat(directory).ok().flatten().map(|ino| self.tree.inode(ino));
            inode.is_some_and(|inode| inode.is_directory() && inode.mode & OTHERS_ENTER == 0)
        })
    }
}
