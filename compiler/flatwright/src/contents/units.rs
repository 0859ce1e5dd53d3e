//! Units and transfer files that stand in a machine config as texts.

use flatwright_diagnostic::{Anchor, Path, Report};
use flatwright_flatcar::release::Release;
use flatwright_flatcar::settings::Position as UnitPosition;
use flatwright_flatcar::unit::{self, UnitFile};
use flatwright_flatcar::{node_file, node_path};
use flatwright_ignition::texts::{Device, File, Link, Texts, Unit};

use super::documents;
use super::written::{Position, Written};

/// Turns a place in a machine config into a place of a file; without one, the place of the config as a whole.
pub(crate) type Locate<'a> = &'a dyn Fn(Option<Position>) -> Anchor;

/// Checks the units and transfers of a machine config for a node with the release, if it is known. The languages name them alike.
pub(crate) fn check(
    texts: &Texts<'_>,
    written: &Written<'_>,
    release: Option<Release>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let mut checker = Checker { written, release, locate, report };
    for (index, unit) in texts.units.iter().enumerate() {
        checker.unit(&Path::root().key("systemd").key("units").index(index), unit);
    }
    for (index, file) in texts.files.iter().enumerate() {
        checker.file(index, file);
    }
    for (index, link) in texts.links.iter().enumerate() {
        checker.link(index, link);
    }
    for device in texts.devices.iter().filter(|device| unit::is_unstable_device(device.path)) {
        checker.device(device);
    }
}

struct Checker<'a> {
    written: &'a Written<'a>,
    release: Option<Release>,
    locate: Locate<'a>,
    report: &'a mut Report,
}

impl Checker<'_> {
    fn unit(&mut self, path: &Path, unit: &Unit<'_>) {
        let is_enabled = unit.is_enabled && !unit.is_masked;
        let name = Some(unit.name).filter(|name| !name.is_empty());
        let file = UnitFile { name, release: self.release, ..UnitFile::default() };
        if let Some(text) = unit.contents.filter(|text| !text.is_empty()) {
            // All three languages report an enabled unit without the section themselves.
            let file = UnitFile { is_enabled: is_enabled && text.contains("[Install]"), ..file };
            self.text(&path.key("contents"), |place, report| drop(unit::check(text, &file, place, report)));
        }
        for (index, drop_in) in unit.drop_ins.iter().enumerate() {
            if let Some(text) = drop_in.filter(|text| !text.is_empty()) {
                let file = UnitFile { is_drop_in: true, ..file };
                let path = path.key("dropins").index(index).key("contents");
                self.text(&path, |place, report| drop(unit::check(text, &file, place, report)));
            }
        }
    }

    fn file(&mut self, index: usize, file: &File<'_>) {
        let path = Path::root().key("storage").key("files").index(index);
        let place = self.place(&path.key("path"));
        node_path::check_file(file.path, file.source, place, self.report);
        let Some(text) = file.text.filter(|text| !text.is_empty()) else { return };
        let release = self.release;
        self.text(&path.key("contents").key("inline"), |place, report| {
            node_file::check(file.path, text, release, place, report);
            documents::check(file.path, text, place, report);
        });
    }

    fn link(&mut self, index: usize, link: &Link<'_>) {
        let place = self.place(&Path::root().key("storage").key("links").index(index).key("path"));
        node_path::check_link(link.path, link.target, place, self.report);
    }

    fn device(&mut self, device: &Device<'_>) {
        let item = Path::root().key("storage").key(device.list).index(device.index);
        let path = item.join(&Path::parse(device.field));
        let path = device.item.map_or_else(|| path.clone(), |item| path.index(item));
        let mut finding = unit::unstable_device(device.path, &format!("storage.{}", device.list));
        finding.at(self.place(&path));
        self.report.push(finding);
    }

    /// The place of a value of the config.
    fn place(&self, path: &Path) -> Anchor {
        (self.locate)(self.written.find(path).map(|node| self.written.start(node)))
    }

    /// Checks the text at a path of the config.
    fn text(&mut self, path: &Path, check: impl FnOnce(&dyn Fn(UnitPosition) -> Anchor, &mut Report)) {
        let Self { written, locate, report, .. } = self;
        let place =
            |at: UnitPosition| locate(written.find(path).map(|node| written.position(node, (at.line, at.column))));
        check(&place, report);
    }
}
