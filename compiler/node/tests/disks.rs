//! What of disks and mounts the config alone decides.
#![expect(clippy::unwrap_used, reason = "tests")]

use flatwright_ignition::ignition3::{self, Version};
use flatwright_node::{Base, Disk, apply};
use serde_json::{Value, json};

/// The codes of what fails, and whether each is certain.
fn codes(storage: &Value, base: &Base) -> Vec<(&'static str, bool)> {
    let config = json!({"ignition": {"version": "3.3.0"}, "storage": storage});
    let parsed = ignition3::validate(config.to_string().as_bytes());
    let (config, _) = parsed.config.unwrap();
    let node = apply(&config, Version::V3_3, base);
    let code = |failure: &flatwright_node::Failure| (failure.diagnostic().code.name(), !failure.is_likely);
    node.failures().iter().map(code).collect()
}

fn flatcar() -> Base {
    Base::flatcar(Some(4593), Some((2, 24)))
}

#[test]
fn nothing_is_assumed_of_a_disk_that_nobody_declares() {
    let storage = json!({
        "disks": [{"device": "/dev/sdb", "partitions": [{"number": 1, "label": "a", "sizeMiB": 1_000_000}, {"number": 2, "label": "b"}, {"number": 3, "label": "c", "sizeMiB": 1}]}],
        "filesystems": [{"device": "/dev/sdb7", "format": "ext4", "path": "/srv"}]
    });
    assert_eq!(codes(&storage, &flatcar()), []);
}

#[test]
fn a_declared_size_decides_what_fits() {
    let storage =
        json!({"disks": [{"device": "/dev/sdb", "partitions": [{"number": 1, "label": "a", "sizeMiB": 3000}]}]});
    let with = |size_mib| {
        flatcar().with_disk("/dev/sdb", Disk { size_mib: Some(size_mib), is_blank: true, ..Disk::default() })
    };
    assert_eq!(codes(&storage, &with(4096)), []);
    assert_eq!(codes(&storage, &with(2048)), [("partition-without-room", true)]);
}

#[test]
fn a_device_that_may_have_been_there_before_is_a_warning() {
    let by = |device: &str| json!({"filesystems": [{"device": device, "format": "ext4"}]});
    for (device, expected) in [
        ("/dev/disk/by-partlabel/nowhere", Some(false)),
        ("/dev/disk/by-partlabel/ROOT", None),
        ("/dev/md/nowhere", Some(false)),
        ("/dev/disk/by-id/dm-name-nowhere", Some(false)),
        ("/dev/sdq", None),
    ] {
        let found = codes(&by(device), &flatcar());
        assert_eq!(found.first().map(|(_, is_certain)| *is_certain), expected, "{device}");
    }
    let deleted = json!({
        "disks": [{"device": "/dev/nvme0n1", "partitions": [{"number": 3, "shouldExist": false}]}],
        "filesystems": [{"device": "/dev/nvme0n1p3", "format": "xfs"}]
    });
    assert_eq!(codes(&deleted, &flatcar()), [("device-never-appears", true)]);
}

#[test]
fn arrays_and_volumes_make_devices() {
    let storage = json!({
        "raid": [{"name": "data", "level": "raid1", "devices": ["/dev/sdb", "/dev/sdc"]}],
        "luks": [{"name": "secret", "device": "/dev/md/data", "keyFile": {"source": "data:,k"}}],
        "filesystems": [{"device": "/dev/mapper/secret", "format": "ext4", "path": "/srv/secret"}]
    });
    assert_eq!(codes(&storage, &flatcar()), []);
}

#[test]
fn a_device_is_known_by_both_of_its_names() {
    let storage = json!({
        "disks": [{"device": "/dev/disk/azure/scsi1/lun0", "wipeTable": true, "partitions": [{"number": 1, "label": "data"}]}],
        "luks": [{"name": "secret", "device": "/dev/disk/by-partlabel/data", "keyFile": {"source": "data:,k"}}],
        "filesystems": [{"device": "/dev/disk/azure/scsi1/lun0-part1", "format": "ext4"}]
    });
    assert_eq!(codes(&storage, &flatcar()), [("device-used-twice", true)]);
}

#[test]
fn files_are_written_to_what_is_mounted() {
    let storage = json!({
        "filesystems": [{"device": "/dev/sdb", "format": "ext4", "wipeFilesystem": true, "path": "/srv/data"}],
        "files": [{"path": "/srv/data/f"}],
        "links": [{"path": "/srv/l", "target": "/srv/data/f", "hard": true}],
        "directories": [{"path": "/srv", "overwrite": true}]
    });
    assert_eq!(
        codes(&storage, &flatcar()),
        [("mount-point-overwritten", true), ("hard-link-across-file-systems", true)]
    );
}

#[test]
fn mount_points_in_a_home_belong_to_its_user() {
    let config = json!({
        "ignition": {"version": "3.3.0"},
        "passwd": {"users": [{"name": "app", "uid": 1500}]},
        "storage": {"filesystems": [{"device": "/dev/sdb", "format": "ext4", "path": "/home/app/data"}]}
    });
    let (config, _) = ignition3::validate(config.to_string().as_bytes()).config.unwrap();
    let base = flatcar();
    let node = apply(&config, Version::V3_3, &base);
    assert_eq!(node.failures(), []);
    let entry = node.tree.entries().find(|entry| entry.path == "/home/app").unwrap();
    assert_eq!((entry.user, entry.mode), (Some(1500), 0o700));
}

#[test]
fn a_later_mount_hides_what_ignition_writes() {
    let unit = "[Unit]\n[Mount]\nWhat=/dev/sdb\nWhere=/srv/data\n[Install]\nWantedBy=local-fs.target\n";
    let with = |storage: Value| {
        let config = json!({
            "ignition": {"version": "3.3.0"}, "storage": storage,
            "systemd": {"units": [{"name": "srv-data.mount", "enabled": true, "contents": unit}]}
        });
        let (config, _) = ignition3::validate(config.to_string().as_bytes()).config.unwrap();
        let base = flatcar();
        let node = apply(&config, Version::V3_3, &base);
        node.failures().iter().map(|failure| failure.diagnostic().code.name()).collect::<Vec<_>>()
    };
    let file = json!([{"path": "/srv/data/f"}]);
    assert_eq!(with(json!({"files": file})), ["hidden-below-mount"]);
    let early = json!([{"device": "/dev/sdb", "format": "ext4", "path": "/srv/data"}]);
    assert_eq!(with(json!({"files": file, "filesystems": early})), Vec::<&str>::new());
}
