//! Programs that units start and files of variables that they read, which neither the config nor the image brings.
//!
//! Owns: where the image has nothing of its own, and what else of a config may bring a file when the node runs. Must not: judge a unit's settings.

use std::path::Path as NodePath;

use flatwright_ignition::ignition3::Unit as Config;

use super::mounts::EXTENSIONS;
use super::{Fault, Run};
use crate::contents::Contents;
use crate::item::Item;
use crate::rule::FirstBoot;

/// Directories in which the image has no programs.
const WITHOUT_PROGRAMS: [&str; 5] = ["/opt/", "/srv/", "/home/", "/root/", "/mnt/"];
/// What the image, its first boot or kubeadm puts below `/etc`.
const KNOWN: [&str; 8] = [
    "/etc/environment",
    "/etc/flatcar/",
    "/etc/hostname",
    "/etc/kubernetes/",
    "/etc/lsb-release",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/profile.env",
];
/// An extension of this name has nothing below `/opt`.
const KUBERNETES: &str = "kubernetes";
/// Larger texts are not searched for what they may bring.
const LARGEST: usize = 1 << 20;

impl Run<'_, '_> {
    pub(super) fn brought(&mut self) {
        if self.is_partial {
            return;
        }
        let mut faults = Vec::new();
        for (index, unit) in self.config.systemd.units.iter().enumerate().filter(|(_, unit)| unit.mask != Some(true)) {
            let own = unit.contents.iter().map(|text| (Item::Unit(index), text));
            let dropins = unit.dropins.iter().enumerate();
            let dropins = dropins.filter_map(|(at, dropin)| Some((Item::Dropin(index, at), dropin.contents.as_ref()?)));
            for (item, text) in own.chain(dropins) {
                let missing = text.lines().filter_map(Asked::of).filter(|asked| self.is_missing(asked, unit));
                let fault = |asked: Asked<'_>| (item, asked.fault(&unit.name));
                faults.extend(missing.map(fault));
            }
        }
        faults.into_iter().for_each(|(item, fault)| self.fail(item, fault));
    }

    fn is_missing(&self, asked: &Asked<'_>, unit: &Config) -> bool {
        let path = asked.path;
        let is_known = KNOWN.iter().any(|known| path == *known || known.ends_with('/') && path.starts_with(known));
        let is_there = || self.tree.stat(path, crate::tree::View::Node).map_or(true, |found| found.is_some());
        !is_known && !is_there() && !self.is_mounted(path) && !self.has_own_opt(path) && !self.may_be_made(path, unit)
    }

    /// Whether a file system is mounted on a directory above, in which nobody knows what there is.
    fn is_mounted(&self, path: &str) -> bool {
        let filesystems = self.config.storage.filesystems.iter().filter_map(|filesystem| filesystem.path.as_deref());
        let texts = self.config.systemd.units.iter().flat_map(texts);
        let mounts = texts.flat_map(str::lines).filter_map(|line| line.trim().strip_prefix("Where=")).map(str::trim);
        filesystems.chain(mounts).any(|place| place != "/" && NodePath::new(path).starts_with(place))
    }

    /// Whether a system extension may have it.
    fn has_own_opt(&self, path: &str) -> bool {
        let storage = &self.config.storage;
        let paths = storage.files.iter().map(|file| &file.path).chain(storage.links.iter().map(|link| &link.path));
        let mut names = paths.filter_map(|path| EXTENSIONS.iter().find_map(|directory| path.strip_prefix(directory)));
        path.starts_with("/opt/") && names.any(|name| !name.starts_with(KUBERNETES))
    }

    /// Whether a command, a script or another text of the config has to do with the directory of the path; or the unit itself waits for it.
    fn may_be_made(&self, path: &str, unit: &Config) -> bool {
        let parent = path.rsplit_once('/').map_or(path, |(parent, _)| parent);
        let place = if parent.matches('/').count() < 2 { path } else { parent };
        let is_condition = |line: &str| {
            let is_key = |key: &str| line.trim_start().starts_with(key);
            (is_key("Condition") || is_key("Assert") || is_key("Requires") || is_key("RequiresMountsFor"))
                && line.contains(place)
        };
        let names = |line: &str| match Asked::of(line) {
            Some(asked) => line.replacen(asked.path, "", 1).contains(place),
            None => line.trim_start().starts_with("Exec") && line.contains(place),
        };
        let mut lines = self.config.systemd.units.iter().flat_map(texts).flat_map(str::lines);
        let is_named_in = |source: &str| {
            let size = source.len();
            size <= LARGEST && source.contains(place)
        };
        lines.any(names)
            || texts(unit).flat_map(str::lines).any(is_condition)
            || self.config.storage.files.iter().any(|file| {
                let parts = std::iter::once(&file.contents).chain(&file.append);
                parts
                    .filter_map(|part| Contents::of(part).bytes())
                    .any(|bytes| std::str::from_utf8(&bytes).is_ok_and(is_named_in))
            })
    }
}

fn texts(unit: &Config) -> impl Iterator<Item = &str> {
    let dropins = unit.dropins.iter().filter_map(|dropin| dropin.contents.as_deref());
    unit.contents.as_deref().into_iter().chain(dropins)
}

/// What a line of a unit asks for.
struct Asked<'t> {
    path: &'t str,
    is_program: bool,
}

impl<'t> Asked<'t> {
    /// The program of a command, or a file of variables that must be there.
    fn of(line: &'t str) -> Option<Self> {
        let (key, value) = line.trim_start().split_once('=')?;
        let (key, value) = (key.trim_end(), value.trim());
        let is_program = matches!(key, "ExecStart" | "ExecStartPre" | "ExecStartPost" | "ExecCondition");
        let path = if is_program {
            // A dash means that it may fail.
            let command = value.trim_start_matches(['@', ':', '+', '!', '|']);
            command.split_ascii_whitespace().next()?
        } else if key == "EnvironmentFile" {
            value
        } else {
            return None;
        };
        let is_below = |directories: &[&str]| directories.iter().any(|directory| path.starts_with(directory));
        let is_certain = !path.contains(['%', '$', '*', '?', '[', '"', '\'', '\\', ' ']);
        let is_concerned = is_below(&WITHOUT_PROGRAMS) || !is_program && is_below(&["/etc/"]);
        (is_certain && is_concerned).then_some(Self { path, is_program })
    }

    fn fault(&self, unit: &str) -> Fault {
        let (unit, path) = (unit.to_owned(), self.path.to_owned());
        let fault = if self.is_program {
            Fault::new(FirstBoot::NoProgram { unit, path }).hint(
                "add it to `storage.files`, or name the program that there is; a dash before it lets the command fail",
            )
        } else {
            Fault::new(FirstBoot::NoVariables { unit, path })
                .hint("add it to `storage.files`, or write `EnvironmentFile=-…` if it may be missing")
        };
        fault.at("contents").likely(true)
    }
}
