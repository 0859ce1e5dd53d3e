//! The three size limits a machine config meets on its way, and what uses them up.
//!
//! Counting is the limit's own: the API server counts code points, Azure counts bytes.

use std::fmt;

use flatwright_go::json::length_of;
use serde::Serialize;

use flatwright_ignition::ignition2::Config;

use crate::input::File;

/// Code points of `additionalConfig` (the API's `maxLength`).
pub const ADDITIONAL_CONFIG: usize = 32_768;
/// Code points of one file's `content` (the API's `maxLength`).
pub const FILE_CONTENT: usize = 10_240;
/// Bytes of custom data before base64 (87,380 characters after it, the limit Azure tells).
pub const CUSTOM_DATA: usize = 65_535;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    CodePoints,
    /// Bytes.
    Bytes,
}

/// A part of what is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What kind of entry it is: `file`, `unit`, …; `structure` has no name.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its size in the limit's unit.
    pub size: usize,
}

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// What is limited.
    pub of: Limited,
    /// The limit.
    pub limit: usize,
    /// What is counted.
    pub unit: Unit,
    /// How much there is.
    pub used: usize,
    /// What it consists of, largest first; equal sizes in source order.
    pub parts: Vec<Part>,
}

/// A text with a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limited {
    /// The user's config in the objects.
    AdditionalConfig,
    /// The content of a file in the objects.
    FileContent(String),
    /// The machine's own data.
    CustomData,
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdditionalConfig => f.write_str("additionalConfig"),
            Self::FileContent(path) => write!(f, "the content of {path}"),
            Self::CustomData => f.write_str("custom data"),
        }
    }
}

/// `file /etc/x`, `unit a.service`, …
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        f.write_str(if self.kind.is_empty() || self.name.is_empty() { "" } else { " " })?;
        f.write_str(&self.name)
    }
}

impl Usage {
    fn new(of: Limited, limit: usize, unit: Unit, used: usize, mut parts: Vec<Part>) -> Self {
        parts.sort_by_key(|part| std::cmp::Reverse(part.size));
        Self { of, limit, unit, used, parts }
    }

    /// Whether the limit is passed.
    pub const fn is_over(&self) -> bool {
        self.used > self.limit
    }

    /// Whether nine tenths of the limit are used.
    pub const fn is_near(&self) -> bool {
        self.used * 10 >= self.limit * 9
    }

    /// The used share in percent, rounded up, so that 100 is only said of what is full or over.
    pub const fn percent(&self) -> usize {
        (self.used * 100).div_ceil(self.limit)
    }
}

/// `additionalConfig`, made of the given texts in order; each one's name says where it comes from.
pub fn additional_config<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Usage {
    let part = |(name, text): (&str, &str)| Part { kind: "", name: name.to_owned(), size: text.chars().count() };
    let parts: Vec<Part> = texts.into_iter().map(part).collect();
    let used = parts.iter().map(|part| part.size).sum();
    Usage::new(Limited::AdditionalConfig, ADDITIONAL_CONFIG, Unit::CodePoints, used, parts)
}

/// The content of one file of a KubeadmConfig.
pub fn file_content(file: &File) -> Usage {
    let used = file.content.chars().count();
    let part = Part { kind: "file", name: file.path.clone(), size: used };
    Usage::new(Limited::FileContent(file.path.clone()), FILE_CONTENT, Unit::CodePoints, used, vec![part])
}

/// How much of the custom data a machine's config takes, in percent of the limit, as [`custom_data`] tells it.
pub fn custom_data_percent(config: &Config) -> usize {
    Usage::new(Limited::CustomData, CUSTOM_DATA, Unit::Bytes, config.json_length(), Vec::new()).percent()
}

/// The custom data of a machine: its Ignition 2.3 JSON. The parts add up to the whole; what belongs to no entry is `structure`.
pub fn custom_data(config: &Config) -> Usage {
    let mut parts = Vec::new();
    let storage = &config.storage;
    add(&mut parts, "file", &storage.files, |item| &item.path);
    add(&mut parts, "directory", &storage.directories, |item| &item.path);
    add(&mut parts, "link", &storage.links, |item| &item.path);
    add(&mut parts, "disk", &storage.disks, |item| &item.device);
    add(&mut parts, "filesystem", &storage.filesystems, |item| &item.name);
    add(&mut parts, "raid", &storage.raid, |item| &item.name);
    add(&mut parts, "unit", &config.systemd.units, |item| &item.name);
    add(&mut parts, "networkd unit", &config.networkd.units, |item| &item.name);
    add(&mut parts, "user", &config.passwd.users, |item| &item.name);
    add(&mut parts, "group", &config.passwd.groups, |item| &item.name);
    let used = config.json_length();
    let counted: usize = parts.iter().map(|part| part.size).sum();
    parts.push(Part { kind: "structure", name: String::new(), size: used.saturating_sub(counted) });
    Usage::new(Limited::CustomData, CUSTOM_DATA, Unit::Bytes, used, parts)
}

fn add<T: Serialize>(parts: &mut Vec<Part>, kind: &'static str, items: &[T], name: impl Fn(&T) -> &String) {
    for item in items {
        parts.push(Part { kind, name: name(item).clone(), size: length_of(item) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CapiVersion, Input, render};

    #[test]
    fn the_parts_of_custom_data_add_up() {
        let file =
            File { path: "/etc/a".into(), permissions: "0644".into(), content: "<&>é".repeat(400), ..File::default() };
        let input = Input { write_files: vec![file], kubeadm_config: "a: b\n".into(), ..Input::default() };
        let config = render(&input, CapiVersion::Main).ignition.expect("invariant: valid");
        let usage = custom_data(&config);
        assert_eq!(usage.used, config.to_json().len());
        assert_eq!(usage.parts.iter().map(|part| part.size).sum::<usize>(), usage.used);
        assert_eq!(usage.parts[0].to_string(), "file /etc/a");
        assert!(!usage.is_over() && !usage.is_near());
    }

    #[test]
    fn code_points_are_counted_not_bytes() {
        let text = "é".repeat(ADDITIONAL_CONFIG);
        let usage = additional_config([("node.bu", text.as_str()), ("flavor", "x")]);
        assert_eq!((usage.used, usage.is_over(), usage.percent()), (ADDITIONAL_CONFIG + 1, true, 101));
        assert_eq!(usage.parts[0].name, "node.bu");
        let file = File { content: "é".repeat(FILE_CONTENT), ..File::default() };
        assert!(!file_content(&file).is_over() && file_content(&file).is_near());
    }
}
