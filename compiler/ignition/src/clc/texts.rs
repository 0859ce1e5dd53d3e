//! The texts of systemd's in a Container Linux Config.

use super::types::Config;
use crate::texts::{File, Link, Texts, Unit};

impl Config {
    pub(super) fn texts(&self) -> Texts<'_> {
        let units = self.systemd.units.iter().map(|unit| Unit {
            name: &unit.name,
            is_enabled: unit.enable || unit.enabled == Some(true),
            is_masked: unit.mask,
            contents: Some(&unit.contents),
            drop_ins: unit.dropins.iter().map(|drop_in| Some(drop_in.contents.as_str())).collect(),
        });
        let files = self.storage.files.iter().map(|file| File {
            path: &file.path,
            text: std::str::from_utf8(&file.contents.inline.0).ok(),
            source: None,
        });
        let links = self.storage.links.iter().map(|link| Link { path: &link.path, target: &link.target });
        Texts { units: units.collect(), files: files.collect(), links: links.collect() }
    }
}
