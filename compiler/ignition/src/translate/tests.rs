//! What the node makes of 2.x configs, on configs of our own.

use super::*;
use serde_json::json;

fn config(mut value: Value) -> Config {
    value["ignition"]["version"] = "2.3.0".into();
    serde_json::from_value(value).expect("invariant: written here")
}

fn refusal(value: Value) -> String {
    to_3_1(&config(value)).expect_err("invariant: written to fail").to_string()
}

#[test]
fn files_overwrite_and_named_filesystems_get_a_path() {
    let result = to_3_1(&config(json!({
        "storage": {
            "filesystems": [{"name": "data", "mount": {"device": "/dev/sdc", "format": "ext4", "create": {"force": true, "options": ["-F"]}}}],
            "files": [
                {"filesystem": "data", "path": "/x/../y", "contents": {"source": "data:,"}, "mode": 420},
                {"filesystem": "root", "path": "/z", "append": true, "contents": {"source": "data:,a"}, "user": {"id": 0}},
            ],
        }
    })));
    assert_eq!(
        result,
        Ok(json!({
            "ignition": {"version": "3.1.0"},
            "storage": {
                "files": [
                    {"overwrite": true, "path": "/tmp/data-ign1/y", "contents": {"source": "data:,"}, "mode": 420},
                    {"overwrite": false, "path": "/z", "user": {"id": 0}, "append": [{"source": "data:,a"}]},
                ],
                "filesystems": [{"device": "/dev/sdc", "format": "ext4", "options": ["-F"], "path": "/tmp/data-ign1", "wipeFilesystem": true}],
            }
        }))
    );
}

#[test]
fn units_of_one_name_become_one() {
    let result = to_3_1(&config(json!({"systemd": {"units": [
        {"name": "a.service", "enable": true, "contents": "[Unit]", "dropins": [{"name": "1.conf", "contents": "[Service]"}]},
        {"name": "b.service", "enable": true, "enabled": false},
        {"name": "a.service", "mask": true, "dropins": [{"name": "2.conf"}, {"name": "1.conf", "contents": "[Install]"}]},
    ]}})));
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
fn what_the_machine_would_say_is_said() {
    let file = |path: &str| json!({"filesystem": "root", "path": path, "mode": 420});
    let twice = refusal(json!({"storage": {"files": [file("/a/b"), file("/a/./b")]}}));
    assert!(twice.starts_with("Config has conflicting inodes: \"File: /a/b\" and \"File: /a/b\"."), "{twice}");
    let link = json!([{"filesystem": "root", "path": "/opt", "target": "/mnt"}]);
    let below = refusal(json!({"storage": {"links": link, "files": [file("/optional")]}}));
    assert!(below.starts_with("File: /optional uses link defined in config \"/opt\"."), "{below}");
    let dropin = json!({"name": "d.conf"});
    let dropins = refusal(json!({"systemd": {"units": [{"name": "a.service", "dropins": [dropin, dropin]}]}}));
    assert!(dropins.starts_with("Config has duplicate dropin name \"d.conf\" in unit \"a.service\"."), "{dropins}");
    let users = refusal(json!({"passwd": {"users": [{"name": "a"}, {"name": "a"}]}}));
    assert_eq!(users, "error at $.passwd.users.1: duplicate entry defined\n");
    let partitions = refusal(json!({"storage": {"disks": [{"device": "/dev/a", "partitions": [{}]}]}}));
    assert_eq!(partitions, "error at $.storage.disks.0.partitions.0: a partition number >= 1 or a label must be specified\n");
    let create = json!([{"name": "x", "mount": {"device": "/dev/a", "format": "ext4", "create": {}}}]);
    assert!(refusal(json!({"storage": {"filesystems": create}})).starts_with("Config must force"));
    let networkd = refusal(json!({"networkd": {"units": [{"name": "a.network", "contents": "[Match]"}]}}));
    assert!(networkd.starts_with("config includes deprecated networkd section"), "{networkd}");
    let conflict = refusal(json!({
        "storage": {"files": [file("/etc/systemd/system/a.service")]},
        "systemd": {"units": [{"name": "a.service", "contents": "[Unit]"}]}
    }));
    assert_eq!(conflict, "error at $.storage.files.0.path: path conflicts with systemd unit or dropin\n");
}

#[test]
fn the_deprecated_user_object_replaces_its_neighbours() {
    let result = to_3_1(&config(json!({"passwd": {"users": [{"name": "u", "create": {"uid": 7, "groups": ["g"]}}]}})));
    assert_eq!(result.map(|config| config["passwd"]["users"][0].clone()), Ok(json!({"groups": ["g"], "name": "u", "uid": 7})));
}
