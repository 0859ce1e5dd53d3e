//! `useradd`, `usermod` and `userdel`, without what they do to files. Owns: when they fail. Must not: know what a home is.

use super::{Accounts, User, groups, ids, is_good_user_name};
use crate::settings::Settings;

/// Why a user is not made, changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserRefused {
    Name,
    /// A value that an option does not take.
    Field {
        /// The option's field of the config.
        field: &'static str,
        /// What it must be.
        must: &'static str,
    },
    Id,
    IdTaken {
        /// Who has it.
        by: String,
        /// Whether the number was chosen.
        is_allocated: bool,
        /// Whether only the image has it.
        is_of_image: bool,
    },
    NoFreeId,
    PrimaryGroup,
    FurtherGroup {
        /// Which of the listed ones.
        index: usize,
        /// Whether the image has it.
        is_in_image: bool,
    },
    OwnGroup {
        /// Whether only the image has it.
        is_of_image: bool,
    },
    OnlyInImage,
}

/// What a config asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'c> {
    pub(crate) name: &'c str,
    pub(crate) uid: Option<i64>,
    pub(crate) comment: Option<&'c str>,
    pub(crate) home: Option<&'c str>,
    pub(crate) shell: Option<&'c str>,
    pub(crate) password: Option<&'c str>,
    pub(crate) primary_group: Option<&'c str>,
    pub(crate) groups: &'c [String],
    pub(crate) is_system: bool,
    pub(crate) has_no_group: bool,
}

impl Accounts {
    /// `useradd`.
    pub(crate) fn user_add(&mut self, settings: &Settings, change: &Change<'_>) -> Result<(), UserRefused> {
        let name = change.name;
        let (uid, primary, further) = self.options(change, true)?;
        let makes_group = primary.is_none() && !change.has_no_group && settings.is_yes("USERGROUPS_ENAB");
        if !is_good_user_name(name, settings.text("NAMES") == Some("relaxed")) {
            return Err(UserRefused::Name);
        }
        if let Some(group) = self.groups.named(name).filter(|_| makes_group) {
            return Err(UserRefused::OwnGroup { is_of_image: !group.is_local });
        }
        let chosen = match uid {
            Some(uid) => self.free_user_id(uid)?,
            None => ids::free(&self.users, settings, "UID", change.is_system, None).ok_or(UserRefused::NoFreeId)?,
        };
        let gid = match primary {
            Some(gid) => gid,
            None if makes_group => {
                let gid = ids::free(&self.groups, settings, "GID", change.is_system, Some(chosen));
                let gid = gid.ok_or(UserRefused::NoFreeId)?;
                self.add_new_group(name, Some(gid), uid.is_none() || Some(gid) != uid);
                Some(gid)
            }
            None => Some(self.default_group(settings)),
        };
        self.add_user(User {
            name: name.to_owned(),
            uid: Some(chosen),
            gid,
            comment: change.comment.unwrap_or_default().to_owned(),
            home: change
                .home
                .map_or_else(|| format!("{}/{name}", settings.text("HOME").unwrap_or("/home")), str::to_owned),
            shell: change.shell.or(settings.text("SHELL")).unwrap_or("/bin/bash").to_owned(),
            is_local: true,
            is_allocated: uid.is_none(),
        });
        for group in further {
            self.groups.update(&group, |group| {
                if !group.members.iter().any(|member| member == name) {
                    group.members.push(name.to_owned());
                }
            });
        }
        Ok(())
    }

    /// `usermod`, for a user that exists.
    pub(crate) fn user_modify(&mut self, change: &Change<'_>) -> Result<(), UserRefused> {
        let name = change.name;
        let Some(old) = self.users.named(name).cloned() else { return Ok(()) };
        let (uid, primary, further) = self.options(change, false)?;
        let uid = uid.filter(|uid| Some(*uid) != old.uid);
        let gid = primary.filter(|gid| *gid != old.gid);
        let shell = change.shell.filter(|shell| *shell != old.shell);
        let home = change.home.filter(|home| *home != old.home);
        let comment = change.comment.filter(|comment| *comment != old.comment);
        if let Some(uid) = uid {
            self.free_user_id(uid)?;
        }
        let has_changes = uid.is_some()
            || gid.is_some()
            || shell.is_some()
            || home.is_some()
            || comment.is_some()
            || change.password.is_some();
        if has_changes && !old.is_local {
            return Err(UserRefused::OnlyInImage);
        }
        check_plain("passwordHash", change.password)?;
        self.users.update(name, |user| {
            if let Some(uid) = uid {
                (user.uid, user.is_allocated) = (Some(uid), false);
            }
            user.gid = gid.unwrap_or(user.gid);
            let set = |old: &mut String, new: Option<&str>| new.map(|new| new.clone_into(old));
            set(&mut user.shell, shell);
            set(
                &mut user.home,
                home.map(|home| home.strip_suffix('/').filter(|short| !short.is_empty()).unwrap_or(home)),
            );
            set(&mut user.comment, comment);
        });
        if !change.groups.is_empty() {
            self.set_groups(name, &further);
        }
        Ok(())
    }

    /// The user is in these groups and no others.
    fn set_groups(&mut self, name: &str, groups: &[String]) {
        let concerns = |group: &&super::Group| {
            group.is_local && (groups.contains(&group.name) || group.members.iter().any(|member| member == name))
        };
        let concerned: Vec<String> = self.groups.iter().filter(concerns).map(|group| group.name.clone()).collect();
        for group in concerned {
            let is_member = groups.contains(&group);
            self.groups.update(&group, |group| {
                let was_member = group.members.iter().any(|member| member == name);
                match (was_member, is_member) {
                    (true, false) => group.members.retain(|member| member != name),
                    (false, true) => group.members.push(name.to_owned()),
                    _ => {}
                }
            });
        }
    }

    /// `userdel`, for a user that exists: the user as it was.
    pub(crate) fn user_delete(&mut self, settings: &Settings, name: &str) -> Result<User, UserRefused> {
        let user = self.users.local(name).cloned().ok_or(UserRefused::OnlyInImage)?;
        self.set_groups(name, &[]);
        if settings.is_yes("USERGROUPS_ENAB")
            && let Some(group) = self.groups.local(name)
            && group.gid == user.gid
            && group.members.is_empty()
            && !self.users.iter().any(|other| other.name != name && other.gid == group.gid)
        {
            self.groups.remove(name);
        }
        self.users.remove(name);
        Ok(user)
    }

    /// Reads the options in the order in which Ignition writes them.
    fn options(&self, change: &Change<'_>, is_new: bool) -> Result<Options, UserRefused> {
        check_plain("homeDir", change.home)?;
        check_absolute("homeDir", change.home, &['/'])?;
        // `usermod` looks at it only when it writes it.
        check_plain("passwordHash", change.password.filter(|_| is_new))?;
        let uid = change.uid.map(groups::id).transpose().map_err(|()| UserRefused::Id)?;
        check_plain("gecos", change.comment)?;
        let primary = self.primary_group(change)?;
        let further = self.further_groups(change, is_new)?;
        check_plain("shell", change.shell)?;
        check_absolute("shell", change.shell, &['/', '*'])?;
        Ok((uid, primary, further))
    }

    fn free_user_id(&self, uid: u32) -> Result<u32, UserRefused> {
        match self.users.numbered(uid) {
            None => Ok(uid),
            Some(by) => Err(UserRefused::IdTaken {
                by: by.name.clone(),
                is_allocated: by.is_allocated,
                is_of_image: !by.is_local,
            }),
        }
    }

    /// The number of the primary group, if one is asked for; every group counts, the image's too.
    #[expect(clippy::option_option, reason = "asked for, but of unknown number")]
    fn primary_group(&self, change: &Change<'_>) -> Result<Option<Option<u32>>, UserRefused> {
        let Some(name) = change.primary_group else { return Ok(None) };
        if self.groups.is_open(name) {
            return Ok(Some(None));
        }
        self.group_of(name, false).map(|group| Some(group.gid)).ok_or(UserRefused::PrimaryGroup)
    }

    /// The names of the further groups. `useradd` looks only into `/etc/group`; `usermod` finds the image's too, and changes nothing there.
    fn further_groups(&self, change: &Change<'_>, is_local: bool) -> Result<Vec<String>, UserRefused> {
        let mut names = Vec::new();
        for (index, name) in change.groups.iter().enumerate() {
            for name in name.split(',') {
                if self.groups.is_open(name) {
                    continue;
                }
                let Some(group) = self.group_of(name, is_local) else {
                    return Err(UserRefused::FurtherGroup { index, is_in_image: self.group_of(name, false).is_some() });
                };
                names.push(group.name.clone());
            }
        }
        Ok(names)
    }

    /// The primary group of a user without own group.
    fn default_group(&self, settings: &Settings) -> u32 {
        let named = settings.text("GROUP").and_then(|group| self.group_of(group, false)).and_then(|group| group.gid);
        named.unwrap_or_else(|| settings.number("GROUP", 1000))
    }
}

/// The number, the number of the primary group, the names of further groups.
type Options = (Option<u32>, Option<Option<u32>>, Vec<String>);

fn check_plain(field: &'static str, text: Option<&str>) -> Result<(), UserRefused> {
    let is_plain = text.is_none_or(|text| !text.contains([':', '\n']));
    if is_plain { Ok(()) } else { Err(UserRefused::Field { field, must: "without `:` and line breaks" }) }
}

fn check_absolute(field: &'static str, text: Option<&str>, first: &[char]) -> Result<(), UserRefused> {
    let is_absolute = text.is_none_or(|text| text.starts_with(first));
    if is_absolute { Ok(()) } else { Err(UserRefused::Field { field, must: "an absolute path" }) }
}
