//! Two nodes are compared by what they have, not by how they came to it.
#![expect(clippy::unwrap_used, reason = "tests")]

use flatwright_ignition::ignition3::{self, Config, Version};
use flatwright_node::{Base, apply, before, compare};
use serde_json::{Value, json};

fn config(mut value: Value) -> Config {
    value["ignition"] = json!({"version": "3.3.0"});
    ignition3::validate(value.to_string().as_bytes()).config.unwrap().0
}

/// What differs between the nodes of two configs, one line for each: `+` new, `-` gone, `~` otherwise.
fn differences(old: Value, new: Value) -> Vec<String> {
    let base = Base::flatcar(Some(4593), Some((2, 24)));
    let (old, new) = (config(old), config(new));
    let (old, new) = (apply(&old, Version::V3_3, &base), apply(&new, Version::V3_3, &base));
    assert!(old.failures().is_empty() && new.failures().is_empty());
    let changes = compare(&old, &new);
    assert_eq!(changes.is_empty(), compare(&new, &old).is_empty());
    let line = |name: &str, is_before: bool, is_after: bool| match (is_before, is_after) {
        (false, _) => format!("+{name}"),
        (_, false) => format!("-{name}"),
        _ => format!("~{name}"),
    };
    let entries =
        changes.entries.iter().map(|change| line(&change.name, change.before.is_some(), change.after.is_some()));
    let users = changes.users.iter().map(|change| line(&change.name, change.before.is_some(), change.after.is_some()));
    let groups =
        changes.groups.iter().map(|change| line(&change.name, change.before.is_some(), change.after.is_some()));
    let units = changes.units.iter().map(|change| line(&change.name, change.before.is_some(), change.after.is_some()));
    entries.chain(users).chain(groups).chain(units).collect()
}

#[test]
fn ways_of_writing_make_no_difference() {
    let old = json!({"storage": {"files": [{"path": "/opt/a", "mode": 420, "contents": {"source": "data:,a%20b"}}]}});
    let new = json!({"storage": {
        "directories": [{"path": "/opt"}],
        "files": [{"path": "/opt/a", "contents": {"source": "data:;base64,YSBi"}}]
    }});
    assert_eq!(differences(old, new), Vec::<String>::new());
    let remote = json!({"storage": {"files": [{"path": "/opt/a", "contents": {"source": "https://h/a"}}]}});
    assert_eq!(differences(remote.clone(), remote), Vec::<String>::new());
}

#[test]
fn every_kind_of_change_is_found() {
    let old = json!({
        "passwd": {"users": [{"name": "a", "shell": "/bin/sh"}]},
        "storage": {
            "files": [{"path": "/opt/f", "contents": {"source": "data:,1"}}, {"path": "/opt/m", "mode": 420}],
            "links": [{"path": "/opt/l", "target": "/a"}]
        },
        "systemd": {"units": [{"name": "a.service", "enabled": true, "contents": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"}]}
    });
    let new = json!({
        "passwd": {"users": [{"name": "a", "shell": "/bin/bash"}], "groups": [{"name": "g", "gid": 5000}]},
        "storage": {
            "files": [{"path": "/opt/f", "contents": {"source": "data:,2"}}, {"path": "/opt/m", "mode": 384}],
            "directories": [{"path": "/opt/d"}],
            "links": [{"path": "/opt/l", "target": "/b"}]
        }
    });
    assert_eq!(
        differences(old, new),
        [
            "-/etc/systemd",
            "-/etc/systemd/system",
            "-/etc/systemd/system-preset",
            "-/etc/systemd/system-preset/20-ignition.preset",
            "-/etc/systemd/system/a.service",
            "+/opt/d",
            "~/opt/f",
            "~/opt/l",
            "~/opt/m",
            "~a",
            "+g",
            "-a.service"
        ]
    );
}

#[test]
fn a_node_has_what_it_had_before_where_the_config_says_nothing() {
    let base = Base::flatcar(None, None);
    let empty = config(json!({}));
    assert!(compare(&before(&base), &apply(&empty, Version::V3_3, &base)).is_empty());
}
