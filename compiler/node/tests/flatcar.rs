//! What the table of Flatcar decides, and what it leaves open.
#![expect(clippy::unwrap_used, reason = "tests")]

use flatwright_diagnostic::Severity;
use flatwright_ignition::ignition3::{self, Version};
use flatwright_node::{Base, FirstBoot, Kind, Node, apply};
use serde_json::{Value, json};

/// A release line that the table covers, and one that is newer.
const KNOWN: Option<u32> = Some(4593);
const NEWER: Option<u32> = Some(9999);

fn flatcar(line: Option<u32>) -> Base {
    Base::flatcar(line, Some((2, 24)))
}

/// Applies a config and hands the node over.
fn applied<T>(config: &Value, base: &Base, look: impl FnOnce(&Node<'_>) -> T) -> T {
    let mut config = config.clone();
    config["ignition"] = json!({ "version": "3.3.0" });
    let parsed = ignition3::validate(config.to_string().as_bytes());
    assert!(parsed.entries.is_empty(), "{:?}", parsed.entries);
    let (config, _) = parsed.config.unwrap();
    look(&apply(&config, Version::V3_3, base))
}

/// The rules and severities of what fails.
fn failures(config: &Value, base: &Base) -> Vec<(FirstBoot, Severity)> {
    applied(config, base, |node| {
        node.failures().iter().map(|failure| (failure.rule.clone(), failure.diagnostic().severity)).collect()
    })
}

#[test]
fn users_of_the_image_own_files_and_are_primary_groups_but_cannot_be_changed() {
    let file = json!({"storage": {"files": [{"path": "/opt/f", "user": {"name": "etcd"}, "group": {"name": "utmp"}}]}});
    applied(&file, &flatcar(KNOWN), |node| {
        assert_eq!(node.failures(), []);
        let entry = node.tree.entries().find(|entry| entry.path == "/opt/f").unwrap();
        assert_eq!((entry.user, entry.group), (Some(232), Some(406)));
    });
    let user = json!({"passwd": {"users": [{"name": "a", "primaryGroup": "video"}, {"name": "b", "groups": ["video"]}, {"name": "etcd", "shell": "/bin/bash"}]}});
    let (name, group) = ("b".to_owned(), "video".to_owned());
    let expected = [FirstBoot::ImageGroupJoined { name, group }, FirstBoot::ImageUser { name: "etcd".to_owned() }];
    assert_eq!(failures(&user, &flatcar(KNOWN)).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>(), expected);
}

#[test]
fn what_a_newer_image_may_know_better_is_a_warning() {
    let config = json!({"storage": {"files": [{"path": "/opt/f", "user": {"name": "ghost"}}]}});
    assert_eq!(failures(&config, &flatcar(KNOWN))[0].1, Severity::Error);
    assert_eq!(failures(&config, &flatcar(NEWER))[0].1, Severity::Warning);
    let config =
        json!({"storage": {"files": [{"path": "/opt/f/g"}, {"path": "/opt/f", "contents": {"source": "data:,x"}}]}});
    assert_eq!(failures(&config, &flatcar(NEWER))[0].1, Severity::Error, "no image changes that");
}

#[test]
fn one_config_has_another_verdict_on_another_system() {
    let config = json!({"passwd": {"groups": [{"name": "video"}]}});
    assert_eq!(failures(&config, &flatcar(KNOWN)).len(), 1);
    let bare = Base::read("setting GID_MIN 1000").unwrap().with_ignition(Some((2, 24)));
    assert_eq!(failures(&config, &bare), []);
}

#[test]
fn a_group_that_exists_is_changed_from_ignition_2_25_on() {
    let config = json!({"passwd": {"groups": [{"name": "docker", "gid": 1233}]}});
    let severity = |ignition| failures(&config, &Base::flatcar(KNOWN, ignition)).first().map(|(_, severity)| *severity);
    assert_eq!(severity(Some((2, 24))), Some(Severity::Error));
    assert_eq!(severity(Some((2, 25))), None);
    assert_eq!(severity(None), Some(Severity::Warning));
    let image = json!({"passwd": {"groups": [{"name": "video"}]}});
    let rule = FirstBoot::ImageGroup { name: "video".to_owned() };
    assert_eq!(failures(&image, &Base::flatcar(KNOWN, Some((2, 25)))), [(rule, Severity::Error)]);
}

#[test]
fn what_the_image_may_have_below_etc_is_no_failure() {
    let config = json!({"storage": {"links": [
        {"path": "/etc/issue2", "target": "/etc/issue", "hard": true},
        {"path": "/opt/none", "target": "/srv/none", "hard": true},
        {"path": "/opt/passwd", "target": "/etc/passwd", "hard": true}
    ]}});
    let found = failures(&config, &flatcar(KNOWN));
    assert_eq!(found.len(), 2);
    assert!(matches!(&found[0].0, FirstBoot::HardLinkTarget { target, .. } if target == "/srv/none"));
    assert!(matches!(&found[1].0, FirstBoot::HardLinkAcross { target, .. } if target == "/etc/passwd"));
}

#[test]
fn directories_of_which_not_all_is_known_take_new_files() {
    let config =
        json!({"storage": {"files": [{"path": "/etc/systemd/journald.conf.d/a.conf"}, {"path": "/var/lib/app/f"}]}});
    applied(&config, &flatcar(KNOWN), |node| {
        assert_eq!(node.failures(), []);
        let made: Vec<String> =
            node.tree.entries().filter(|entry| entry.from.is_some()).map(|entry| entry.path).collect();
        assert_eq!(
            made,
            [
                "/etc/systemd",
                "/etc/systemd/journald.conf.d",
                "/etc/systemd/journald.conf.d/a.conf",
                "/var/lib/app",
                "/var/lib/app/f"
            ]
        );
    });
}

#[test]
fn what_is_mounted_is_neither_written_nor_removed() {
    let config = json!({"storage": {
        "files": [{"path": "/usr/local/bin/tool", "contents": {"source": "data:,x"}}, {"path": "/oem/f"}],
        "directories": [{"path": "/etc", "overwrite": true}, {"path": "/usr/share", "mode": 493}]
    }});
    let found: Vec<FirstBoot> = failures(&config, &flatcar(KNOWN)).into_iter().map(|(rule, _)| rule).collect();
    let read_only = |path: &str| FirstBoot::ReadOnly { path: path.to_owned() };
    let etc = FirstBoot::Mounted { path: "/etc".to_owned() };
    assert_eq!(found, [etc, read_only("/usr/share"), read_only("/usr/local/bin/tool")]);
}

#[test]
fn what_depends_on_a_failure_is_not_told() {
    let config = json!({
        "passwd": {
            "groups": [{"name": "g", "gid": 500}],
            "users": [{"name": "u", "primaryGroup": "g"}, {"name": "v", "uid": 0, "groups": ["g"]}]
        },
        "storage": {"files": [
            {"path": "/opt/a", "user": {"name": "u"}, "group": {"name": "g"}},
            {"path": "/opt/b", "user": {"name": "v"}},
            {"path": "/opt/c", "user": {"name": "w"}}
        ]}
    });
    let found: Vec<FirstBoot> = failures(&config, &flatcar(KNOWN)).into_iter().map(|(rule, _)| rule).collect();
    assert!(matches!(
        &found[..],
        [FirstBoot::GroupIdTaken { .. }, FirstBoot::UserIdTaken { .. }, FirstBoot::OwnerUnknown { .. }]
    ));
}

#[test]
fn keys_of_core_are_written_below_its_home() {
    let config = json!({"passwd": {"users": [{"name": "core", "sshAuthorizedKeys": ["ssh-ed25519 A"]}]}});
    applied(&config, &flatcar(KNOWN), |node| {
        let entry = node.tree.entries().find(|entry| entry.path == "/home/core/.ssh/authorized_keys.d/ignition");
        let entry = entry.unwrap();
        assert_eq!((entry.mode, entry.user), (0o600, Some(500)));
        let Kind::File(contents) = entry.kind else { panic!("{entry:?}") };
        assert_eq!(contents.bytes().as_deref(), Some(&b"ssh-ed25519 A\n"[..]));
    });
}
