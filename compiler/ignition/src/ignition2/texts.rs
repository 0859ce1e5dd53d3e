//! The texts of systemd's in an Ignition 2 config. Its files are URLs.

use super::Config;
use crate::texts::{Link, Texts, Unit};

impl Config {
    /// The texts of systemd's in it.
    pub fn texts(&self) -> Texts<'_> {
        let units = self.systemd.units.iter().map(|unit| Unit {
            name: &unit.name,
            is_enabled: unit.enable || unit.enabled == Some(true),
            is_masked: unit.mask,
            contents: Some(&unit.contents),
            drop_ins: unit.dropins.iter().map(|drop_in| Some(drop_in.contents.as_str())).collect(),
        });
        let links = self.storage.links.iter().map(|link| Link { path: &link.path, target: &link.target });
        Texts { units: units.collect(), files: Vec::new(), links: links.collect() }
    }
}
