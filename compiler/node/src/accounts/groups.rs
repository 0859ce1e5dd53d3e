//! `groupadd`, `groupmod` and `groupdel`. Owns: when they fail. Must not: know which of them Ignition runs.

use super::{Accounts, Group, ids, is_good_group_name};
use crate::settings::Settings;

/// Why a group is not made, changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupRefused {
    Name,
    Exists,
    Id,
    IdTaken {
        /// Who has it.
        by: String,
        /// Whether the number was chosen, so that it is only likely to be this one.
        is_allocated: bool,
        /// Whether only the image has it.
        is_of_image: bool,
    },
    NoFreeId,
    /// The group is not in `/etc/group`.
    OnlyInImage,
    /// A user has it as primary group.
    Primary(String),
}

impl Accounts {
    /// `groupadd`.
    pub(crate) fn group_add(
        &mut self,
        settings: &Settings,
        name: &str,
        gid: Option<i64>,
        is_system: bool,
    ) -> Result<(), GroupRefused> {
        let gid = gid.map(id).transpose().map_err(|()| GroupRefused::Id)?;
        if !is_good_group_name(name, settings.text("NAMES") == Some("relaxed")) {
            return Err(GroupRefused::Name);
        }
        if self.groups.named(name).is_some() {
            return Err(GroupRefused::Exists);
        }
        let chosen = match gid {
            Some(gid) => self.free_group_id(gid)?,
            None => ids::free(&self.groups, settings, "GID", is_system, None).ok_or(GroupRefused::NoFreeId)?,
        };
        self.add_new_group(name, Some(chosen), gid.is_none());
        Ok(())
    }

    pub(super) fn add_new_group(&mut self, name: &str, gid: Option<u32>, is_allocated: bool) {
        let name = name.to_owned();
        self.add_group(Group { name, gid, members: Vec::new(), is_local: true, is_allocated });
    }

    /// `groupmod`, with or without a number.
    pub(crate) fn group_modify(&mut self, name: &str, gid: Option<i64>) -> Result<(), GroupRefused> {
        let gid = gid.map(id).transpose().map_err(|()| GroupRefused::Id)?;
        let old = self.groups.named(name).and_then(|group| group.gid);
        if let Some(gid) = gid.filter(|gid| Some(*gid) != old) {
            self.free_group_id(gid)?;
        }
        if self.groups.local(name).is_none() {
            return Err(GroupRefused::OnlyInImage);
        }
        let Some(gid) = gid else { return Ok(()) };
        self.groups.update(name, |group| group.gid = Some(gid));
        // Users of the old number keep it as their primary group under its new one.
        let users = self.users.iter().filter(|user| user.is_local && user.gid == old && old.is_some());
        let names: Vec<String> = users.map(|user| user.name.clone()).collect();
        for name in names {
            self.users.update(&name, |user| user.gid = Some(gid));
        }
        Ok(())
    }

    /// `groupdel`, for a group that exists.
    pub(crate) fn group_delete(&mut self, name: &str) -> Result<(), GroupRefused> {
        let gid = self.groups.named(name).and_then(|group| group.gid);
        if let Some(user) = self.users.iter().find(|user| gid.is_some() && user.gid == gid) {
            return Err(GroupRefused::Primary(user.name.clone()));
        }
        if self.groups.local(name).is_none() {
            return Err(GroupRefused::OnlyInImage);
        }
        self.groups.remove(name);
        Ok(())
    }

    fn free_group_id(&self, gid: u32) -> Result<u32, GroupRefused> {
        match self.groups.numbered(gid) {
            None => Ok(gid),
            Some(by) => Err(GroupRefused::IdTaken {
                by: by.name.clone(),
                is_allocated: by.is_allocated,
                is_of_image: !by.is_local,
            }),
        }
    }

    /// The group that an option names, by number or name; with `is_local`, of `/etc/group` only.
    pub(crate) fn group_of(&self, text: &str, is_local: bool) -> Option<&Group> {
        let group = match number(text) {
            Some(gid) => self.groups.numbered(gid),
            None => self.groups.named(text),
        };
        group.filter(|group| group.is_local || !is_local)
    }
}

/// A number as `strtoll` reads it, if a program takes it for one.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    digits.parse::<i64>().ok().and_then(|number| u32::try_from(number).ok())
}

/// A number that a program can give. The highest one means none.
pub(super) fn id(id: i64) -> Result<u32, ()> {
    u32::try_from(id).ok().filter(|id| *id != u32::MAX).ok_or(())
}
