//! What machine configs carry as texts of systemd's: one form for every language.
//!
//! The texts are those that the author wrote: before files are read, contents are encoded, or units are joined. Items are in the order of their lists, so an
//! item's position is also its index in the config. Owns: that form. Must not: judge a text.

/// The texts of a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts<'c> {
    /// `systemd.units`.
    pub units: Vec<Unit<'c>>,
    /// `storage.files`.
    pub files: Vec<File<'c>>,
    /// `storage.links`.
    pub links: Vec<Link<'c>>,
    /// Devices of `storage`, which differ in where they stand.
    pub devices: Vec<Device<'c>>,
}

/// A device by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device<'c> {
    /// The list of `storage` that names it: `disks`.
    pub list: &'static str,
    /// Which item of the list.
    pub index: usize,
    /// The fields that lead to it from there: `mount.device`.
    pub field: &'static str,
    /// Which item of the field, if that is a list.
    pub item: Option<usize>,
    /// Its path; may be empty.
    pub path: &'c str,
}

impl<'c> Device<'c> {
    /// The device of an item of a list, in its field `device`.
    pub(crate) const fn of(list: &'static str, index: usize, path: &'c str) -> Self {
        Self { list, index, field: "device", item: None, path }
    }

    /// The devices of an array.
    pub(crate) fn of_raid(index: usize, devices: &'c [String]) -> impl Iterator<Item = Self> {
        let item = move |(item, path): (usize, &'c String)| Self {
            list: "raid",
            index,
            field: "devices",
            item: Some(item),
            path,
        };
        devices.iter().enumerate().map(item)
    }
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'c> {
    /// Its path; may be empty.
    pub path: &'c str,
    /// Where it leads; may be empty.
    pub target: &'c str,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit<'c> {
    /// Its name; may be empty.
    pub name: &'c str,
    /// Whether the config enables it.
    pub is_enabled: bool,
    /// Whether the config masks it.
    pub is_masked: bool,
    /// Its text.
    pub contents: Option<&'c str>,
    /// The texts of its drop-ins.
    pub drop_ins: Vec<Option<&'c str>>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'c> {
    /// Its path; may be empty.
    pub path: &'c str,
    /// Its text, where it stands in the config as such.
    pub text: Option<&'c str>,
    /// The URL that its content is fetched from.
    pub source: Option<&'c str>,
}
