//! Names of systemd units as Ignition judges them, in 2.x and 3.x alike: by their extension only.

const EXTENSIONS: [&str; 12] = [
    ".service",
    ".socket",
    ".device",
    ".mount",
    ".automount",
    ".swap",
    ".target",
    ".path",
    ".timer",
    ".snapshot",
    ".slice",
    ".scope",
];

/// Whether the extension is that of a unit.
pub(crate) fn is_unit(name: &str) -> bool {
    EXTENSIONS.contains(&extension(name))
}

/// From the last dot of the last path element on, as Go's `path.Ext` gives it.
pub(crate) fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or_default();
    base.rfind('.').map_or("", |dot| &base[dot..])
}
