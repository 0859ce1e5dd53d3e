//! Groups and users. Owns: which program Ignition runs for an entry, and its failure. Must not: touch homes and keys, but for asking `homes`.

use flatwright_ignition::ignition3::PasswdUser;

use super::{Fault, Run};
use crate::accounts::{Change, Group, GroupRefused, UserRefused};
use crate::item::Item;
use crate::rule::FirstBoot;

/// From this version of Ignition on, a group that exists is changed instead of made.
const FIRST_GROUPMOD: (u32, u32) = (2, 25);

impl Run<'_, '_> {
    pub(super) fn groups(&mut self) {
        for index in 0..self.config.passwd.groups.len() {
            if let Err(fault) = self.group(index) {
                let name = &self.config.passwd.groups[index].name;
                self.accounts_mut().groups.leave_open(name);
                self.fail(Item::Group(index), fault);
            }
            if self.is_over(Item::Group(index)) {
                return;
            }
        }
    }

    fn group(&mut self, index: usize) -> Result<(), Fault> {
        let settings = &self.base.root().settings;
        let group = &self.config.passwd.groups[index];
        let exists = self.accounts.groups.named(&group.name).is_some();
        if group.should_exist == Some(false) {
            let result = if exists { self.accounts_mut().group_delete(&group.name) } else { Ok(()) };
            return result.map_err(|refused| self.group_fault(index, refused, false));
        }
        let is_system = group.system == Some(true);
        let ignition = self.base.ignition();
        let result = if exists && ignition.is_none_or(|version| version >= FIRST_GROUPMOD) {
            self.accounts_mut().group_modify(&group.name, group.gid)
        } else {
            self.accounts_mut().group_add(settings, &group.name, group.gid, is_system)
        };
        match result {
            // Where the version is not known, an older one would fail.
            Ok(()) if exists && ignition.is_none() => Err(self.group_fault(index, GroupRefused::Exists, true)),
            Ok(()) => Ok(()),
            Err(refused) => Err(self.group_fault(index, refused, false)),
        }
    }

    fn group_fault(&self, index: usize, refused: GroupRefused, is_likely: bool) -> Fault {
        let group = &self.config.passwd.groups[index];
        let name = group.name.clone();
        let gid = group.gid.unwrap_or_default();
        let is_image = self.accounts.groups.local(&name).is_none() && self.base.is_guess();
        match refused {
            GroupRefused::Name => Fault::new(FirstBoot::GroupName { name })
                .at("name")
                .hint("use letters, digits, `_`, `.` and `-`, at most 32, beginning with none of `-`"),
            GroupRefused::Exists => Fault::new(FirstBoot::GroupExists { name })
                .at("name")
                .likely(is_likely || is_image)
                .hint("leave the group out: what exists can be used as it is"),
            GroupRefused::Id => {
                Fault::new(FirstBoot::GroupId { name, gid }).at("gid").hint("use a number from 0 to 4294967294")
            }
            GroupRefused::IdTaken { by, is_allocated, is_of_image } => {
                let is_likely = is_allocated && group.system == Some(true) || is_of_image && self.base.is_guess();
                Fault::new(FirstBoot::GroupIdTaken { name, gid, by })
                    .at("gid")
                    .likely(is_likely)
                    .hint("choose another number, or leave `gid` out")
            }
            GroupRefused::NoFreeId => {
                Fault::new(FirstBoot::NoFreeId { name }).at("name").hint("give it a number with `gid`")
            }
            GroupRefused::OnlyInImage => Fault::new(FirstBoot::ImageGroup { name })
                .at("name")
                .likely(self.base.is_guess())
                .hint("leave the group out: it can own files as it is"),
            GroupRefused::Primary(user) => Fault::new(FirstBoot::PrimaryGroupDeleted { name, user })
                .at("shouldExist")
                .hint("leave `shouldExist` out"),
        }
    }

    pub(super) fn users(&mut self) {
        for index in 0..self.config.passwd.users.len() {
            if let Err(fault) = self.user(index) {
                let name = &self.config.passwd.users[index].name;
                self.accounts_mut().users.leave_open(name);
                self.accounts_mut().groups.leave_open(name);
                if let Some(fault) = fault {
                    self.fail(Item::User(index), fault);
                }
            }
            if self.is_over(Item::User(index)) {
                return;
            }
        }
    }

    /// One user with home and keys; the error is `None` where nobody can tell whether it fails.
    fn user(&mut self, index: usize) -> Result<(), Option<Fault>> {
        let user = &self.config.passwd.users[index];
        let old = self.accounts.users.named(&user.name).cloned();
        if user.should_exist == Some(false) {
            let Some(old) = old else { return Ok(()) };
            let base = self.base;
            let deleted = self.accounts_mut().user_delete(&base.root().settings, &old.name);
            deleted.map_err(|refused| self.user_fault(index, &refused))?;
            return self.remove_home(&old);
        }
        let set = |text: &'_ Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
        let (home, comment, shell) = (set(&user.home_dir), set(&user.gecos), set(&user.shell));
        let primary_group = set(&user.primary_group);
        let change = Change {
            name: &user.name,
            uid: user.uid,
            comment: comment.as_deref(),
            home: home.as_deref(),
            shell: shell.as_deref(),
            password: user.password_hash.as_deref(),
            primary_group: primary_group.as_deref(),
            groups: &user.groups,
            is_system: user.system == Some(true),
            has_no_group: user.no_user_group == Some(true),
        };
        if let Some(old) = old {
            let left = self.groups_left(user);
            self.accounts_mut().user_modify(&change).map_err(|refused| self.user_fault(index, &refused))?;
            if let Some(left) = left {
                self.fail(Item::User(index), left);
            }
            self.move_home(index, &old)?;
        } else {
            let base = self.base;
            let added = self.accounts_mut().user_add(&base.root().settings, &change);
            added.map_err(|refused| self.user_fault(index, &refused))?;
            if user.no_create_home != Some(true) {
                self.make_home(index)?;
            }
        }
        if user.no_create_home != Some(true)
            && let Some(user) = self.accounts.users.named(&user.name).cloned()
        {
            self.hand_over_mount_points(&user);
        }
        if user.ssh_authorized_keys.is_empty() { Ok(()) } else { self.write_keys(index) }
    }

    /// The groups of the image that a user is in and that the config does not list, where it lists any.
    fn groups_left(&self, user: &PasswdUser) -> Option<Fault> {
        let is_listed = |name: &str| user.groups.iter().flat_map(|list| list.split(',')).any(|listed| listed == name);
        let is_left = |group: &&Group| group.is_local && group.members.contains(&user.name) && !is_listed(&group.name);
        let left: Vec<&str> = self.accounts.groups.iter().filter(is_left).map(|group| &*group.name).collect();
        let listed = left.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let rule = FirstBoot::GroupsLeft { name: user.name.clone(), left: listed };
        (!user.groups.is_empty() && !left.is_empty()).then(|| {
            Fault::new(rule)
                .at("groups")
                .likely(true)
                .hint(format!("add them to `groups` if they are to stay: {}", left.join(", ")))
        })
    }

    fn user_fault(&self, index: usize, refused: &UserRefused) -> Option<Fault> {
        let user = &self.config.passwd.users[index];
        let name = user.name.clone();
        let is_guess = self.base.is_guess();
        Some(match refused {
            UserRefused::Name => Fault::new(FirstBoot::UserName { name })
                .at("name")
                .hint("use letters, digits, `_`, `.` and `-`, not only digits, and none of `-` at the beginning"),
            UserRefused::Field { field, must } => {
                Fault::new(FirstBoot::UserField { name, field: (*field).to_owned(), must: (*must).to_owned() })
                    .at(field)
            }
            UserRefused::Id => {
                let uid = user.uid.unwrap_or_default();
                Fault::new(FirstBoot::UserId { name, uid }).at("uid").hint("use a number from 0 to 4294967294")
            }
            UserRefused::IdTaken { by, is_allocated, is_of_image } => {
                let uid = user.uid.unwrap_or_default();
                Fault::new(FirstBoot::UserIdTaken { name, uid, by: by.clone() })
                    .at("uid")
                    .likely(*is_allocated && user.system == Some(true) || *is_of_image && is_guess)
                    .hint("choose another number, or leave `uid` out")
            }
            UserRefused::NoFreeId => {
                Fault::new(FirstBoot::NoFreeId { name }).at("name").hint("give it a number with `uid`")
            }
            UserRefused::PrimaryGroup => {
                let group = user.primary_group.clone().unwrap_or_default();
                Fault::new(FirstBoot::PrimaryGroupMissing { name, group: group.clone() })
                    .at("primaryGroup")
                    .likely(is_guess)
                    .names(&group, self.group_names())
                    .hint(format!("make the group: `passwd.groups: [{{name: {group}}}]`"))
            }
            UserRefused::FurtherGroup { index: at, is_in_image } => {
                let field = format!("groups[{at}]");
                let group = user.groups[*at].clone();
                if *is_in_image {
                    Fault::new(FirstBoot::ImageGroupJoined { name, group })
                        .at(&field)
                        .likely(is_guess)
                        .hint("only groups of `/etc/group` can be joined by a new user: make a group of your own")
                } else {
                    let names = self.accounts.groups.iter().filter(|group| group.is_local);
                    Fault::new(FirstBoot::FurtherGroupMissing { name, group: group.clone() })
                        .at(&field)
                        .likely(is_guess && !self.accounts.users.named(&user.name).is_none_or(|user| user.is_local))
                        .names(&group, names.map(|group| group.name.clone()).collect())
                        .hint(format!("make the group: `passwd.groups: [{{name: {group}}}]`"))
                }
            }
            UserRefused::OwnGroup { is_of_image } => {
                if self.accounts.groups.is_open(&user.name) {
                    return None;
                }
                Fault::new(FirstBoot::UserGroupExists { name: name.clone() })
                    .at("name")
                    .likely(*is_of_image && is_guess)
                    .hint(format!("use the group: `primaryGroup: {name}`"))
            }
            UserRefused::OnlyInImage => Fault::new(FirstBoot::ImageUser { name })
                .at("name")
                .likely(is_guess)
                .hint("make a user of your own; the image's can only own files"),
        })
    }

    pub(super) fn group_names(&self) -> Vec<String> {
        self.accounts.groups.iter().map(|group| group.name.clone()).collect()
    }

    pub(super) fn user_names(&self) -> Vec<String> {
        self.accounts.users.iter().map(|user| user.name.clone()).collect()
    }
}
