//! What the node makes of 2.x configs, on configs of our own.

use super::*;
use crate::ignition2::{
    Create, Disk, File, FileContents, Filesystem, Link, Mount, NetworkdDropin, NetworkdUnit, NodeOwner, Partition,
    PasswdUser, SystemdDropin, Unit, UserCreate, VERSION,
};
use serde_json::json;

fn config(fill: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    config.ignition.version = VERSION.into();
    fill(&mut config);
    config
}

fn json(config: &Config) -> Result<serde_json::Value, Refusal> {
    to_3_1(config).map(|config| serde_json::to_value(config).expect("invariant: JSON"))
}

fn refusal(fill: impl FnOnce(&mut Config)) -> String {
    to_3_1(&config(fill)).expect_err("invariant: written to fail").to_string()
}

fn file(filesystem: &str, path: &str, source: &str) -> File {
    let contents = FileContents { source: source.into(), ..FileContents::default() };
    File { filesystem: filesystem.into(), path: path.into(), contents, mode: Some(420), ..File::default() }
}

fn unit(name: &str) -> Unit {
    Unit { name: name.into(), ..Unit::default() }
}

fn dropin(name: &str, contents: &str) -> SystemdDropin {
    SystemdDropin { name: name.into(), contents: contents.into() }
}

fn filesystem(create: Create) -> Filesystem {
    let mount = Mount { device: "/dev/sdc".into(), format: "ext4".into(), create: Some(create), ..Mount::default() };
    Filesystem { name: "data".into(), mount: Some(mount), ..Filesystem::default() }
}

#[test]
fn files_overwrite_and_named_filesystems_get_a_path() {
    let result = json(&config(|config| {
        config.storage.filesystems = vec![filesystem(Create { force: true, options: vec!["-F".into()] })];
        let user = Some(NodeOwner { id: Some(0), ..NodeOwner::default() });
        config.storage.files =
            vec![file("data", "/x/../y", "data:,"), File { append: true, user, ..file("root", "/z", "data:,a") }];
    }));
    assert_eq!(
        result,
        Ok(json!({
            "ignition": {"version": "3.1.0"},
            "storage": {
                "files": [
                    {"overwrite": true, "path": "/tmp/data-ign1/y", "contents": {"source": "data:,"}, "mode": 420},
                    {"overwrite": false, "path": "/z", "user": {"id": 0}, "append": [{"source": "data:,a"}], "mode": 420},
                ],
                "filesystems": [{"device": "/dev/sdc", "format": "ext4", "options": ["-F"], "path": "/tmp/data-ign1", "wipeFilesystem": true}],
            }
        }))
    );
}

#[test]
fn networkd_units_become_files() {
    let result = json(&config(|config| {
        let dropins = vec![NetworkdDropin { name: "d.conf".into(), contents: "[Link]\nA=!+b".into() }];
        config.storage.files = vec![file("root", "/a", "data:,")];
        config.networkd.units = vec![
            NetworkdUnit { name: "a.network".into(), contents: "[Match]".into(), ..NetworkdUnit::default() },
            NetworkdUnit { name: "b.link".into(), dropins, ..NetworkdUnit::default() },
        ];
    }));
    assert_eq!(
        result.map(|config| config["storage"]["files"].clone()),
        Ok(json!([
            {"overwrite": true, "path": "/a", "contents": {"source": "data:,"}, "mode": 420},
            {
                "overwrite": true,
                "path": "/etc/systemd/network/a.network",
                "contents": {"source": "data:,%5BMatch%5D"},
                "mode": 420
            },
            {
                "overwrite": true,
                "path": "/etc/systemd/network/b.link.d/d.conf",
                "contents": {"source": "data:,%5BLink%5D%0AA=%21+b"},
                "mode": 420
            },
        ]))
    );
}

#[test]
fn filesystems_without_a_name_and_the_oem_one_are_special() {
    let result = json(&config(|config| {
        let named = |name: &str, device: &str, create| {
            let mount = Mount { device: device.into(), format: "ext4".into(), create, ..Mount::default() };
            Filesystem { name: name.into(), mount: Some(mount), ..Filesystem::default() }
        };
        let forced = || Some(Create { force: true, ..Create::default() });
        config.storage.filesystems = vec![
            named("", "/dev/a", None),
            named("oem", "/dev/b", None),
            named("OEM", "/dev/c", None),
            named("Oem", "/dev/d", forced()),
        ];
    }));
    assert_eq!(
        result.map(|config| config["storage"]["filesystems"].clone()),
        Ok(json!([
            {"device": "/dev/a", "format": "ext4"},
            {"device": "/dev/b", "format": "btrfs", "path": "/usr/share/oem"},
            {"device": "/dev/c", "format": "btrfs", "path": "/tmp/OEM-ign3"},
            {"device": "/dev/d", "format": "ext4", "path": "/tmp/Oem-ign4", "wipeFilesystem": true},
        ]))
    );
}

#[test]
fn units_of_one_name_become_one() {
    let result = json(&config(|config| {
        config.systemd.units = vec![
            Unit {
                enable: true,
                contents: "[Unit]".into(),
                dropins: vec![dropin("1.conf", "[Service]")],
                ..unit("a.service")
            },
            Unit { enable: true, enabled: Some(false), ..unit("b.service") },
            Unit {
                mask: true,
                dropins: vec![dropin("2.conf", ""), dropin("1.conf", "[Install]")],
                ..unit("a.service")
            },
        ];
    }));
    assert_eq!(
        result.map(|config| config["systemd"]["units"].clone()),
        Ok(json!([
            {
                "contents": "[Unit]",
                "dropins": [{"contents": "[Install]", "name": "1.conf"}, {"name": "2.conf"}],
                "enabled": true,
                "mask": true,
                "name": "a.service"
            },
            {"enabled": false, "name": "b.service"},
        ]))
    );
}

#[test]
fn paths_are_refused_as_the_machine_would() {
    let twice =
        refusal(|config| config.storage.files = ["/a/b", "/a/./b"].map(|path| file("root", path, "data:,")).to_vec());
    assert!(twice.starts_with("Config has conflicting inodes: \"File: /a/b\" and \"File: /a/b\"."), "{twice}");
    let below = refusal(|config| {
        config.storage.links =
            vec![Link { filesystem: "root".into(), path: "/opt".into(), target: "/mnt".into(), ..Link::default() }];
        config.storage.files = ["/optional", "/opt/a"].map(|path| file("root", path, "data:,")).to_vec();
    });
    assert!(below.starts_with("File: /opt/a uses link defined in config \"/opt\"."), "{below}");
    let conflict = refusal(|config| {
        config.storage.files = vec![file("root", "/etc/systemd/system/a.service", "data:,")];
        config.systemd.units = vec![Unit { contents: "[Unit]".into(), ..unit("a.service") }];
    });
    assert_eq!(conflict, "error at $.storage.files.0.path: path conflicts with systemd unit or dropin\n");
}

#[test]
fn other_constructs_are_refused_as_the_machine_would() {
    let dropins = refusal(|config| {
        config.systemd.units =
            vec![Unit { dropins: vec![dropin("d.conf", ""), dropin("d.conf", "")], ..unit("a.service") }];
    });
    assert!(dropins.starts_with("Config has duplicate dropin name \"d.conf\" in unit \"a.service\"."), "{dropins}");
    let user = PasswdUser { name: "a".into(), ..PasswdUser::default() };
    let users = refusal(|config| config.passwd.users = vec![user.clone(), user]);
    assert_eq!(users, "error at $.passwd.users.1: duplicate entry defined\n");
    let partitions = refusal(|config| {
        config.storage.disks =
            vec![Disk { device: "/dev/a".into(), partitions: vec![Partition::default()], ..Disk::default() }];
    });
    assert_eq!(
        partitions,
        "error at $.storage.disks.0.partitions.0: a partition number >= 1 or a label must be specified\n"
    );
    let create = refusal(|config| config.storage.filesystems = vec![filesystem(Create::default())]);
    assert!(create.starts_with("Config must force filesystem creation"), "{create}");
    let unmounted = Filesystem { name: "root".into(), path: Some("/sysroot".into()), ..Filesystem::default() };
    let unmounted = refusal(|config| config.storage.filesystems = vec![unmounted]);
    assert!(unmounted.starts_with("panic: runtime error: invalid memory address"), "{unmounted}");
}

#[test]
fn the_deprecated_user_object_replaces_its_neighbours() {
    let result = json(&config(|config| {
        let create = UserCreate { uid: Some(7), groups: vec!["g".into()], ..UserCreate::default() };
        config.passwd.users = vec![PasswdUser { name: "u".into(), create: Some(create), ..PasswdUser::default() }];
    }));
    assert_eq!(
        result.map(|config| config["passwd"]["users"][0].clone()),
        Ok(json!({"groups": ["g"], "name": "u", "uid": 7}))
    );
}

#[test]
fn the_oem_scheme_still_works_on_flatcar() {
    let result = json(&config(|config| config.storage.files = vec![file("root", "/a", "oem:///x")]));
    assert_eq!(
        result.map(|config| config["storage"]["files"][0]["contents"].clone()),
        Ok(json!({"source": "oem:///x"}))
    );
}
