//! Both routes lead to the same machine: what the bootstrap provider and Flatcar's Ignition make of a group's objects has the files, modes, owners, units,
//! disks and users of the stand-alone config, whatever the bytes.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use flatwright::{NoWorld, Options, SpecFile, Stage, compile};
use flatwright_bootstrap::CapiVersion;
use flatwright_ignition::ignition2::decode_data_url;
use flatwright_ignition::ignition3::{Config, Resource};
use flatwright_ignition::translate;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Line ends, indentation, template marks, and what YAML takes for something else.
const TRAPS: &[&str] = &[
    "",
    "\n",
    "\n\n",
    "a",
    "a\r\nb\r\n",
    "  a\n b\n",
    "\ta\n",
    "%d %s {{ .Name }} {HOSTNAME}\n",
    "a\u{85}b\u{2028}",
    "#\n",
    "- a: b\n",
    "a \n\n\n",
    "\u{feff}a",
    "null",
    "~",
    "0644",
];

/// Contents that something on the way might change, bytes that are no text among them, and much of it.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => prop::collection::vec(any::<u8>(), 0..200),
        3 => select(TRAPS).prop_map(|text| text.as_bytes().to_vec()),
        2 => "[ -~\\n\\t]{0,200}".prop_map(String::into_bytes),
        1 => (any::<u8>(), 100_usize..3_000).prop_map(|(byte, count)| vec![byte; count]),
    ]
}

/// Text of a unit or drop-in: what systemd's own syntax allows, with things that YAML could change.
fn unit_text() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec("[A-Z][a-z]{1,8}=[ -Z^-~]{0,20}", 0..4);
    (lines, any::<bool>(), select(&["", "\n", "  \n", "# end"][..])).prop_map(|(lines, is_crlf, end)| {
        let end_of_line = if is_crlf { "\r\n" } else { "\n" };
        format!(
            "[Service]{end_of_line}{}{end}",
            lines.iter().map(|line| format!("{line}{end_of_line}")).collect::<String>()
        )
    })
}

fn data_url(bytes: &[u8]) -> String {
    bytes.iter().fold("data:,".to_owned(), |url, byte| url + &format!("%{byte:02X}"))
}

fn owner() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        (0_u32..70_000).prop_map(|id| Some(json!({"id": id}))),
        select(&["core", "root", "etcd"][..]).prop_map(|name| Some(json!({"name": name}))),
    ]
}

#[expect(clippy::needless_pass_by_value, reason = "the strategies give owned texts")]
fn node(path: String, mode: Option<i64>, user: Option<Value>, group: Option<Value>) -> Value {
    let mut node = json!({"path": path});
    for (key, value) in [("mode", mode.map(Value::from)), ("user", user), ("group", group)] {
        if let Some(value) = value {
            node[key] = value;
        }
    }
    node
}

fn mode() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(0_i64..=0o777)
}

prop_compose! {
    fn files()(parts in prop::collection::vec((mode(), owner(), owner(), contents()), 0..4)) -> Vec<Value> {
        parts.into_iter().enumerate().map(|(i, (mode, user, group, contents))| {
            let mut file = node(format!("/etc/generated/file {i}"), mode, user, group);
            file["overwrite"] = true.into();
            file["contents"] = json!({"source": data_url(&contents)});
            file
        }).collect()
    }
}

prop_compose! {
    fn directories()(parts in prop::collection::vec((mode(), owner(), owner()), 0..3)) -> Vec<Value> {
        parts.into_iter().enumerate()
            .map(|(i, (mode, user, group))| node(format!("/opt/directory-{i}"), mode, user, group)).collect()
    }
}

prop_compose! {
    fn links()(parts in prop::collection::vec((owner(), "/[a-z: #%]{1,12}", any::<bool>()), 0..3)) -> Vec<Value> {
        parts.into_iter().enumerate().map(|(i, (user, target, is_hard))| {
            // A hard link needs something to be a name of, on the same file system.
            let path = format!("/{}/link-{i}", if is_hard { "etc" } else { "opt" });
            let mut link = node(path, None, user, None);
            link["target"] = if is_hard { "/etc/generated/file 0".into() } else { target.into() };
            link["hard"] = is_hard.into();
            link
        }).collect()
    }
}

prop_compose! {
    fn units()(parts in prop::collection::vec((prop::option::of(any::<bool>()), any::<bool>(), prop::option::of(unit_text()), prop::collection::vec(unit_text(), 0..3)), 0..3)) -> Vec<Value> {
        parts.into_iter().enumerate().map(|(i, (enabled, is_masked, contents, drop_ins))| {
            let mut unit = json!({"name": format!("generated-{i}.service")});
            if let Some(enabled) = enabled { unit["enabled"] = enabled.into(); }
            if is_masked { unit["mask"] = true.into(); }
            // Enabled without an [Install] section, a unit is a warning of the transpiler, and the provider is told to refuse those.
            let install = if enabled == Some(true) { "[Install]\nWantedBy=multi-user.target\n" } else { "" };
            if let Some(contents) = contents { unit["contents"] = format!("{install}[Service]\nExecStart=/bin/true\n{contents}").into(); }
            unit["dropins"] = drop_ins.iter().enumerate()
                .map(|(i, contents)| json!({"name": format!("{i}.conf"), "contents": contents})).collect();
            unit
        }).collect()
    }
}

prop_compose! {
    fn disks()(parts in prop::collection::vec((any::<bool>(), prop::collection::vec(("[a-z#% -]{0,10}", 1_i64..9_000), 1..4)), 0..2)) -> Vec<Value> {
        parts.into_iter().enumerate().map(|(i, (is_wiped, partitions))| json!({
            "device": format!("/dev/disk/azure/scsi1/lun{}", i + 10),
            "wipeTable": is_wiped,
            "partitions": partitions.iter().enumerate()
                .map(|(i, (label, size))| json!({"number": i + 1, "label": format!("p{i}{label}"), "sizeMiB": size})).collect::<Vec<_>>(),
        })).collect()
    }
}

prop_compose! {
    fn users()(parts in prop::collection::vec((prop::option::of(2_000_i64..4_000), prop::collection::vec("[!-~]{1,20}", 0..3), "[ -9;-~]{0,12}", any::<bool>()), 0..3)) -> Vec<Value> {
        parts.into_iter().enumerate().map(|(i, (uid, keys, gecos, is_system))| {
            let keys: std::collections::BTreeSet<String> = keys.into_iter().collect();
            let mut user = json!({"name": format!("user{i}"), "gecos": gecos, "groups": ["docker"], "sshAuthorizedKeys": keys, "system": is_system});
            // Numbers that neither the image has nor another user.
            if let Some(uid) = uid { user["uid"] = (uid + 2_000 * i as i64).into(); }
            user
        }).collect()
    }
}

prop_compose! {
    fn machine_config()(files in files(), directories in directories(), links in links(), units in units(), disks in disks(), users in users()) -> Value {
        let links: Vec<Value> = links.into_iter().filter(|link| !files.is_empty() || link["hard"] == false).collect();
        json!({
            "ignition": {"version": "3.1.0"},
            "passwd": {"users": users},
            "storage": {"files": files, "directories": directories, "links": links, "disks": disks},
            "systemd": {"units": units},
        })
    }
}

fn bytes(resource: &Resource) -> Vec<u8> {
    let source = resource.source.as_deref().unwrap_or("data:,");
    let Ok(data) = decode_data_url(source) else { return source.as_bytes().to_vec() };
    if resource.compression.as_deref() != Some("gzip") {
        return data;
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(&*data).read_to_end(&mut unpacked).expect("the compiler's own gzip");
    unpacked
}

/// What the machine would have of each thing, with Ignition's defaults filled in.
fn effect(config: &Config) -> BTreeMap<String, String> {
    let mut effect = BTreeMap::new();
    for file in &config.storage.files {
        let mode = file.mode.unwrap_or(0o644);
        let what = format!("{mode:o} {:?} {:?} {:?}", file.user, file.group, bytes(&file.contents));
        effect.insert(format!("path {}", file.path), what);
    }
    for directory in &config.storage.directories {
        let mode = directory.mode.unwrap_or(0o755);
        effect
            .insert(format!("path {}", directory.path), format!("{mode:o} {:?} {:?}", directory.user, directory.group));
    }
    for link in &config.storage.links {
        let is_hard = link.hard == Some(true);
        effect.insert(
            format!("path {}", link.path),
            format!("{is_hard} {:?} {:?} {:?}", link.target, link.user, link.group),
        );
    }
    for unit in &config.systemd.units {
        let drop_ins: BTreeMap<&str, &str> = unit
            .dropins
            .iter()
            .map(|drop_in| (drop_in.name.as_str(), drop_in.contents.as_deref().unwrap_or_default()))
            .collect();
        let is_masked = unit.mask == Some(true);
        let contents = unit.contents.as_deref().unwrap_or_default();
        effect
            .insert(format!("unit {}", unit.name), format!("{:?} {is_masked} {contents:?} {drop_ins:?}", unit.enabled));
    }
    for disk in &config.storage.disks {
        let is_wiped = disk.wipe_table == Some(true);
        let partitions: Vec<_> = disk
            .partitions
            .iter()
            .map(|part| (part.number, part.label.clone().unwrap_or_default(), part.size_mib))
            .collect();
        effect.insert(format!("disk {}", disk.device), format!("{is_wiped} {partitions:?}"));
    }
    for user in &config.passwd.users {
        let gecos = user.gecos.as_deref().unwrap_or_default();
        let is_system = user.system == Some(true);
        let what = format!("{:?} {gecos:?} {:?} {:?} {is_system}", user.uid, user.groups, user.ssh_authorized_keys);
        effect.insert(format!("user {}", user.name), what);
    }
    effect
}

fn routes(config: &Value) -> Result<(Config, Config), String> {
    let starter = flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, "demo");
    let known = "    osDisk: {diskSizeGB: 128}\n";
    let spec = starter.replace(known, &format!("{known}    ignition:\n      inline: {config}\n"));
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: spec.into_bytes() }];
    let compilation = compile(&files, &NoWorld, &Options::default());
    let Some(cluster) = compilation.clusters.first() else {
        return Err(format!("{:#?}", compilation.report.diagnostics()));
    };
    let boot =
        flatwright::boot(cluster, 1, Stage::Join, CapiVersion::default()).map_err(|failure| failure.to_string())?;
    let node = translate::to_3_1(&boot.config).map_err(|refusal| refusal.to_string())?;
    Ok((Config::clone(&cluster.composed[1].config), node))
}

/// The files of kubeadm's part of a spec, with these texts.
fn with_spec_files(texts: &[&str]) -> (Config, Value) {
    let starter = flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, "demo");
    let files: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"path": format!("/etc/generated/{index}"), "content": text, "owner": "core:core", "permissions": "0640"}))
        .collect();
    let known = "    osDisk: {diskSizeGB: 128}\n";
    let spec = starter.replace(known, &format!("{known}    files: {}\n", json!(files)));
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: spec.into_bytes() }];
    let compilation = compile(&files, &NoWorld, &Options::default());
    let cluster = compilation.clusters.first().unwrap_or_else(|| panic!("{:#?}", compilation.report.diagnostics()));
    let boot = flatwright::boot(cluster, 1, Stage::Join, CapiVersion::default()).expect("it renders");
    let node = translate::to_3_1(&boot.config).expect("a machine takes it");
    let template = cluster.objects.iter().find(|object| object.kind() == "KubeadmConfigTemplate").expect("a pool");
    (node, serde_json::to_value(&template.value).expect("keys are texts"))
}

fn content_of(config: &Config, path: &str) -> Vec<u8> {
    bytes(&config.storage.files.iter().find(|file| file.path == path).expect("the file is there").contents)
}

#[test]
fn texts_of_a_spec_reach_the_machine_byte_by_byte_and_stay_readable() {
    // Binary data, which a control is to YAML, goes as base64.
    let traps = TRAPS.iter().copied().filter(|text| !text.contains('\u{85}'));
    let texts: Vec<&str> = traps.chain(["a {{ b }}\n", "a\n\tb  \n", "one\n   \n", "no end"]).collect();
    let (node, template) = with_spec_files(&texts);
    for (index, text) in texts.iter().enumerate() {
        assert_eq!(content_of(&node, &format!("/etc/generated/{index}")), text.as_bytes(), "{text:?}");
    }
    let spec = &template["spec"]["template"]["spec"];
    let written = spec.to_string();
    assert!(written.contains("no end") && written.contains("a {{ b }}"), "{written}");
    for file in spec["files"].as_array().expect("a list") {
        let text = file["content"].as_str().unwrap_or_default();
        assert!(file["encoding"].is_null(), "{text} is not readable");
    }
    let moved =
        node.storage.files.iter().find(|file| file.path == "/etc/generated/3").expect("it has no final newline");
    assert_eq!(
        (moved.mode, moved.user.name.as_deref(), moved.group.name.as_deref()),
        (Some(0o640), Some("core"), Some("core"))
    );
}

#[test]
fn files_that_there_is_no_room_for_stay_where_they_are() {
    let long: Vec<String> = (0..6).map(|index| format!("{index}{}", "x".repeat(7_000))).collect();
    let texts: Vec<&str> = long.iter().map(String::as_str).collect();
    let (node, template) = with_spec_files(&texts);
    for (index, text) in texts.iter().enumerate() {
        assert_eq!(content_of(&node, &format!("/etc/generated/{index}")), text.as_bytes());
    }
    let files = template["spec"]["template"]["spec"]["files"].as_array().expect("a list");
    let encoded = files.iter().filter(|file| file["encoding"] == "base64").count();
    assert!((1..6).contains(&encoded), "{encoded} in base64");
}

#[test]
fn contents_are_compressed_where_the_bootstrap_data_would_be_too_large() {
    let line = "setting = value of a long line that gzip makes much shorter\n";
    let config = |lines: usize| {
        let source = data_url(line.repeat(lines).as_bytes());
        json!({"ignition": {"version": "3.1.0"}, "storage": {"files": [
            {"path": "/etc/first", "mode": 420, "overwrite": true, "contents": {"source": source}},
            {"path": "/etc/second", "mode": 420, "overwrite": true, "contents": {"source": data_url(b"short\n")}},
        ]}})
    };
    for (lines, is_compressed) in [(100, false), (1_200, true)] {
        let starter = flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, "demo");
        let known = "    osDisk: {diskSizeGB: 128}\n";
        let spec = starter.replace(known, &format!("{known}    ignition:\n      inline: {}\n", config(lines)));
        let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: spec.into_bytes() }];
        let compilation = compile(&files, &NoWorld, &Options::default());
        let cluster = compilation.clusters.first().unwrap_or_else(|| panic!("{:#?}", compilation.report.diagnostics()));
        let text = &cluster.composed[1].texts.additional_config.value;
        assert_eq!(text.contains("compression: gzip"), is_compressed, "{lines} lines");
        assert_eq!(text.contains("bytes of text, compressed"), is_compressed);
        assert!(text.contains("short"), "what is small stays readable");
        let boot = flatwright::boot(cluster, 1, Stage::Join, CapiVersion::default()).expect("it renders");
        let node = translate::to_3_1(&boot.config).expect("a machine takes it");
        assert_eq!(content_of(&node, "/etc/first"), line.repeat(lines).into_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_bootstrap_route_gives_the_machine_of_the_stand_alone_config(config in machine_config()) {
        let (alone, node) = routes(&config).map_err(TestCaseError::fail)?;
        let (alone, node) = (effect(&alone), effect(&node));
        for (key, wanted) in &alone {
            // The provider has an entry of this unit too; the rest of it is ours.
            if key != "unit kubeadm.service" {
                prop_assert_eq!(node.get(key), Some(wanted), "{}", key);
            }
        }
        let own = ["path /etc/kubeadm.sh", "path /etc/kubeadm.yml", "path /etc/kubernetes/azure.json", "unit kubeadm.service"];
        for key in node.keys() {
            prop_assert!(alone.contains_key(key) || own.contains(&key.as_str()), "{} is only on the bootstrap route", key);
        }
    }
}
