//! Flatcar's feed of releases (`https://www.flatcar.org/releases-json/releases-stable.json`, and its neighbours).
//!
//! Keys are in the order of texts, so the last one is not the newest; `current` and `current-2024` say no version and are left out.

use std::collections::BTreeMap;

use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::release::{self, Channel, Release};
use serde_json::{Map, Value};

use super::Malformed;

/// What is said of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its channel.
    pub channel: Channel,
    /// The architectures that it has images for; empty where nothing is said.
    pub architectures: Vec<Architecture>,
    /// The major version of systemd.
    pub systemd: Option<String>,
    /// The version of Ignition.
    pub ignition: Option<String>,
    /// The version of containerd.
    pub containerd: Option<String>,
    /// Where it was read.
    pub read: String,
}

pub(super) fn read(map: &Map<String, Value>, name: &str, out: &mut BTreeMap<Release, Facts>) -> Result<(), Malformed> {
    let mut found = BTreeMap::new();
    for (key, value) in map {
        let Ok(release) = key.parse::<Release>() else {
            if key == "current" || key.starts_with("current-") {
                continue;
            }
            return Err(Malformed::line(0, format!("`{}` is no release of Flatcar", shortened(key))));
        };
        let channel = value["channel"].as_str().and_then(Channel::from_name).or_else(|| release.channel());
        let channel = channel.ok_or_else(|| Malformed::line(0, format!("release `{release}` has no channel")))?;
        let software = |name: &str| {
            let value = value["major_software"][name][0].as_str()?;
            is_word(value).then(|| value.to_owned())
        };
        let named = value["architectures"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let facts = Facts {
            channel,
            architectures: named.filter_map(Architecture::from_name).collect(),
            systemd: software("systemd"),
            ignition: software("ignition"),
            containerd: software("containerd"),
            read: name.to_owned(),
        };
        found.insert(release, facts);
    }
    if found.is_empty() {
        return Err(Malformed::line(0, "it has no release of Flatcar"));
    }
    out.extend(found);
    Ok(())
}

/// What this program knows itself.
pub(super) fn built_in() -> BTreeMap<Release, Facts> {
    let day = release::LINES.day();
    let facts = |release: Release| {
        let pair = |(major, minor): (u32, u32)| format!("{major}.{minor}");
        Some(Facts {
            channel: release.channel()?,
            architectures: match release.is_amd64_only() {
                Some(true) => vec![Architecture::Amd64],
                Some(false) => Architecture::ALL.to_vec(),
                None => Vec::new(),
            },
            systemd: release.systemd_major().map(|major| major.to_string()),
            ignition: release.ignition_version().map(pair),
            containerd: release.containerd().map(pair),
            read: format!("the table of this program, of {day}"),
        })
    };
    release::all().filter_map(|release| Some((release, facts(release)?))).collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() < 64 && text.chars().all(|c| c.is_ascii_graphic())
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
