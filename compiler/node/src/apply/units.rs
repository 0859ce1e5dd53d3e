//! Units, drop-ins, masks and presets. Owns: which files they become. Must not: read a unit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::nodes::Outcome;
use super::{Fault, Run};
use crate::contents::Contents;
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Body, Errno, Inode, View};

const UNITS: &str = "etc/systemd/system";
const PRESETS: &str = "/etc/systemd/system-preset/20-ignition.preset";

/// A link here means that a unit is masked.
const MASK: &str = "/dev/null";

/// What a config makes of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Whether systemd enables or disables it when it first starts.
    pub enabled: Option<bool>,
    /// Whether it is masked, or unmasked.
    pub masked: Option<bool>,
    /// Whether the config has its text.
    pub has_text: bool,
    /// The names of its drop-ins.
    pub dropins: Vec<String>,
}

impl<'c> Run<'c, '_> {
    pub(super) fn systemd(&mut self) {
        // What is enabled, and with which instances: systemd reads one line for each template.
        let mut presets: BTreeMap<(String, bool), Option<Vec<String>>> = BTreeMap::new();
        for index in 0..self.config.systemd.units.len() {
            if self.is_over(Item::Unit(index)) {
                return;
            }
            let unit = &self.config.systemd.units[index];
            if let Err(Some((item, fault))) = self.unit(index) {
                self.fail(item, fault);
            }
            if let Some(is_enabled) = unit.enabled {
                match instance(&unit.name) {
                    Some((template, instance)) => {
                        let instances = presets.entry((template, is_enabled)).or_default();
                        instances.get_or_insert_default().push(instance);
                    }
                    None => {
                        presets.entry((unit.name.clone(), is_enabled)).or_default();
                    }
                }
            }
            let known = self.units.entry(unit.name.clone()).or_default();
            known.enabled = unit.enabled.or(known.enabled);
            known.masked = unit.mask.or(known.masked);
            known.has_text |= unit.contents.as_ref().is_some_and(|text| !text.is_empty());
            known.dropins.extend(unit.dropins.iter().map(|dropin| dropin.name.clone()));
        }
        let mut lines = String::new();
        for ((name, is_enabled), instances) in &presets {
            if !is_enabled {
                self.remove_links(name);
            }
            lines.push_str(if *is_enabled { "enable " } else { "disable " });
            lines.push_str(name);
            if let Some(instances) = instances {
                lines.push(' ');
                lines.push_str(&instances.join(" "));
            }
            lines.push('\n');
        }
        if let Some(index) = self.config.systemd.units.iter().position(|unit| unit.enabled.is_some())
            && let Err(Some(fault)) = self.write_presets(&lines, Item::Unit(index))
        {
            self.fail(Item::Unit(index), fault);
        }
    }

    fn unit(&mut self, index: usize) -> Result<(), Option<(Item, Fault)>> {
        let unit = &self.config.systemd.units[index];
        let about = |item: Item| move |fault: Option<Fault>| fault.map(|fault| (item, fault));
        for (at, dropin) in unit.dropins.iter().enumerate() {
            let Some(text) = &dropin.contents else { continue };
            let item = Item::Dropin(index, at);
            let path = format!("{UNITS}/{}.d/{}", unit.name, dropin.name);
            self.write_unit(&path, text, item).map_err(about(item))?;
        }
        let item = Item::Unit(index);
        let path = format!("{UNITS}/{}", unit.name);
        if let Some(text) = unit.contents.as_ref().filter(|text| !text.is_empty()) {
            self.write_unit(&path, text, item).map_err(about(item))?;
        }
        match unit.mask {
            Some(true) => self.mask(&path, item).map_err(about(item)),
            Some(false) => self.unmask(&path).map_err(about(item)),
            None => Ok(()),
        }
    }

    fn unit_fault(&self, path: &str, errno: Errno) -> Option<Fault> {
        let rule = match errno {
            Errno::Exists if self.tree.lstat(path).is_ok_and(|found| found.is_some()) => {
                FirstBoot::UnitExists { path: path.to_owned() }
            }
            errno => self.of_errno(path, errno)?,
        };
        Some(Fault::new(rule).at("name"))
    }

    fn place_of_unit(&self, path: &str) -> Outcome<String> {
        self.tree.join(path).map(Cow::into_owned).map_err(|errno| self.unit_fault(&format!("/{path}"), errno))
    }

    fn write_unit(&mut self, path: &str, text: &'c str, item: Item) -> Outcome {
        let place = self.place_of_unit(path)?;
        let body = Body::File(Contents::text(text));
        let file = Inode { from: Some(item), ..Inode::new(body, 0o644) };
        let written = self.tree.replace(&place, file, View::Initramfs);
        written.map(|_| ()).map_err(|errno| self.unit_fault(&place, errno))
    }

    fn mask(&mut self, path: &str, item: Item) -> Outcome {
        let place = self.place_of_unit(path)?;
        let link = Inode { from: Some(item), ..Inode::new(Body::Link(MASK.into()), 0o777) };
        let mask = || {
            let (directory, name) = self.tree.place(&place, View::Initramfs, Some(item))?;
            self.tree.remove(&place)?;
            self.tree.put(directory, name, link)
        };
        mask().map(|_| ()).map_err(|errno| self.unit_fault(&place, errno))
    }

    fn unmask(&mut self, path: &str) -> Outcome {
        let place = self.place_of_unit(path)?;
        let found = self.tree.lstat(&place).map_err(|errno| self.unit_fault(&place, errno))?;
        if matches!(found.map(|ino| &self.tree.inode(ino).body), Some(Body::Link(target)) if target == MASK) {
            self.tree.remove(&place).map_err(|errno| self.unit_fault(&place, errno))?;
        }
        Ok(())
    }

    /// The links that enable a unit go before it is disabled.
    fn remove_links(&mut self, unit: &str) {
        let Ok(Some(system)) = self.tree.stat("/etc/systemd/system", View::Node) else { return };
        let mut gone = Vec::new();
        let Some(directory) = self.tree.directory(system) else { return };
        let places = directory.entries.iter().map(|(name, ino)| (format!("/etc/systemd/system/{name}"), *ino));
        for (place, ino) in places {
            match &self.tree.inode(ino).body {
                Body::Directory(inner) => {
                    let inner = inner.entries.iter().filter(|(name, ino)| self.enables(name, **ino, unit));
                    gone.extend(inner.map(|(name, _)| format!("{place}/{name}")));
                }
                Body::Link(_) if self.enables("", ino, unit) => gone.push(place),
                _ => {}
            }
        }
        for place in gone {
            let _ = self.tree.remove(&place);
        }
    }

    /// Whether a link of that name enables the unit: it has its name, or leads to its file.
    fn enables(&self, name: &str, ino: usize, unit: &str) -> bool {
        let Body::Link(target) = &self.tree.inode(ino).body else { return false };
        target != MASK && (name == unit || target.rsplit('/').next() == Some(unit))
    }

    fn write_presets(&mut self, lines: &str, item: Item) -> Outcome {
        let place = self.place_of_unit(PRESETS)?;
        let found = self.tree.stat(&place, View::Initramfs).map_err(|errno| self.unit_fault(&place, errno))?;
        if let Some(ino) = found {
            if self.tree.inode(ino).is_directory() {
                return Err(self.unit_fault(&place, Errno::Exists));
            }
            if let Body::File(contents) = &mut self.tree.inode_mut(ino).body {
                contents.append_text(lines);
            }
            return Ok(());
        }
        let file = Inode { from: Some(item), ..Inode::new(Body::File(Contents::text(lines.to_owned())), 0o644) };
        let written = self.tree.replace(&place, file, View::Initramfs);
        written.map(|_| ()).map_err(|errno| self.unit_fault(&place, errno))
    }
}

/// The template and the instance of a name with `@`.
fn instance(name: &str) -> Option<(String, String)> {
    let (prefix, rest) = name.split_once('@')?;
    let (instance, suffix) = rest.rsplit_once('.')?;
    Some((format!("{prefix}@.{suffix}"), instance.to_owned()))
}
