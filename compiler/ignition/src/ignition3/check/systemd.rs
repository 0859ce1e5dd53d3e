//! The walk through units and drop-ins.

use std::collections::{BTreeMap, BTreeSet};

use super::{At, Walk};
use crate::ignition3::duplicates::check as unique;
use crate::ignition3::types::{Config, Dropin, Systemd, Unit};
use crate::problem::{Node, Unit as UnitRule, UnitText};
use crate::{unit_name, unit_text};
use flatwright_go::quote::quote;

impl Walk<'_, '_> {
    pub(super) fn systemd_conflicts(&mut self, config: &Config, at: &At<'_>) {
        let is_set = |contents: &Option<String>| contents.as_deref().is_some_and(|contents| !contents.is_empty());
        let mut taken = BTreeSet::new();
        for unit in &config.systemd.units {
            if is_set(&unit.contents) {
                taken.insert(unit.name.clone());
            }
            for dropin in unit.dropins.iter().filter(|dropin| is_set(&dropin.contents)) {
                taken.insert(format!("{}.d/{}", unit.name, dropin.name));
            }
        }
        if taken.is_empty() {
            return;
        }
        let storage = &config.storage;
        let path = at.path.key("storage");
        let lists: [(&str, &mut dyn Iterator<Item = &String>); 3] = [
            ("files", &mut storage.files.iter().map(|file| &file.path)),
            ("directories", &mut storage.directories.iter().map(|directory| &directory.path)),
            ("links", &mut storage.links.iter().map(|link| &link.path)),
        ];
        for (list, paths) in lists {
            for (i, node) in paths.enumerate() {
                if node.strip_prefix("/etc/systemd/system/").is_some_and(|name| taken.contains(name)) {
                    self.found.error(&path.key(list).index(i).key("path"), Node::AtUnitPath);
                }
            }
        }
    }

    pub(super) fn systemd(&mut self, systemd: &Systemd, at: &At<'_>) {
        if self.rules() {
            self.template_units(systemd, at);
        }
        let units = self.key(at, "units");
        if self.check.has_duplicates {
            unique(self.found, &units.path, &systemd.units, |unit| &unit.name);
        }
        self.unused::<Systemd>(at);
        for (i, unit) in systemd.units.iter().enumerate() {
            self.unit(unit, &self.item(&units, i));
        }
    }

    pub(super) fn template_units(&mut self, systemd: &Systemd, at: &At<'_>) {
        let mut by_name: Option<BTreeMap<&str, &Unit>> = None;
        for (i, unit) in systemd.units.iter().enumerate() {
            let Some(template) = template_of(&unit.name).filter(|_| unit.enabled == Some(true)) else { continue };
            let by_name = by_name.get_or_insert_with(|| systemd.units.iter().map(|unit| (&*unit.name, unit)).collect());
            let Some(contents) = by_name.get(&*template).and_then(|unit| unit.contents.as_deref()) else { continue };
            if !contents.is_empty() && sections(contents).is_ok_and(|sections| !sections.contains("Install")) {
                let problem = UnitRule::TemplateNoInstall { template, name: unit.name.clone() };
                self.found.warning(&at.path.key("units").index(i).key("contents"), problem);
            }
        }
    }

    pub(super) fn unit(&mut self, unit: &Unit, at: &At<'_>) {
        if self.rules() {
            self.error(
                &at.path.key("name"),
                (!unit_name::is_unit(&unit.name)).then_some(UnitRule::Extension { program: "systemd" }),
            );
            let contents = unit.contents.as_deref().unwrap_or_default();
            match sections(contents) {
                Err(problem) => self.found.error(&at.path.key("contents"), UnitRule::Contents(problem)),
                Ok(sections) if unit.enabled == Some(true) && !sections.is_empty() && !sections.contains("Install") => {
                    self.found.warning(&at.path.key("contents"), UnitRule::NoInstall { name: unit.name.clone() });
                }
                Ok(_) => {}
            }
        }
        let dropins = self.key(at, "dropins");
        if self.check.has_duplicates {
            unique(self.found, &dropins.path, &unit.dropins, |dropin| &dropin.name);
        }
        self.unused::<Unit>(at);
        for (i, dropin) in unit.dropins.iter().enumerate() {
            let item = self.item(&dropins, i);
            if self.rules() {
                if let Err(problem) = sections(dropin.contents.as_deref().unwrap_or_default()) {
                    self.found.error(&item.path.key("contents"), UnitRule::Contents(problem));
                }
                let is_bad = unit_name::extension(&dropin.name) != ".conf";
                self.error(&item.path.key("name"), is_bad.then_some(UnitRule::DropInExtension { program: "systemd" }));
            }
            self.unused::<Dropin>(&item);
        }
    }
}

/// The sections of a unit that hold an option.
fn sections(contents: &str) -> Result<BTreeSet<String>, UnitText> {
    unit_text::sections(contents, quote)
}

/// `a@b.service` → `a@.service`
fn template_of(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".service")?;
    let at = stem.char_indices().skip(1).find(|(_, character)| *character == '@')?.0;
    (at + 1 < stem.len()).then(|| format!("{}@.service", &stem[..at]))
}
