//! What makes two parts of machine configs the same thing.

use flatwright_ignition::ignition3::Config;

/// Kind and name of a part: `file /etc/motd`, `unit a.service`.
pub(crate) type Kinded = (&'static str, String);

/// Whether a part is something at a path.
pub(super) fn is_node(kind: &str) -> bool {
    matches!(kind, "file" | "directory" | "link")
}

/// Every part with a key.
pub(crate) fn parts(config: &Config) -> Vec<Kinded> {
    let storage = &config.storage;
    let mut keys: Vec<Kinded> = Vec::new();
    keys.extend(storage.files.iter().map(|node| ("file", node.path.clone())));
    keys.extend(storage.directories.iter().map(|node| ("directory", node.path.clone())));
    keys.extend(storage.links.iter().map(|node| ("link", node.path.clone())));
    keys.extend(storage.disks.iter().map(|disk| ("disk", disk.device.clone())));
    keys.extend(storage.filesystems.iter().map(|filesystem| ("filesystem", filesystem.device.clone())));
    keys.extend(config.systemd.units.iter().map(|unit| ("unit", unit.name.clone())));
    keys.extend(
        config
            .systemd
            .units
            .iter()
            .flat_map(|unit| unit.dropins.iter().map(|drop_in| ("drop-in", drop_in.name.clone()))),
    );
    keys.extend(config.passwd.users.iter().map(|user| ("user", user.name.clone())));
    keys.extend(config.passwd.groups.iter().map(|group| ("group", group.name.clone())));
    keys
}
