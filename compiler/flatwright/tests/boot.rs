//! What a machine would refuse is told when the spec is compiled, at the user's line.

use flatwright::{Compilation, NoWorld, Options, Profile, SpecFile, Stage, compile};
use flatwright_bootstrap::CapiVersion;
use flatwright_diagnostic::Severity;

/// The starter with lines added to `machines`.
fn starter(machines: &str) -> String {
    let starter = flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, "demo");
    let known = "    osDisk: {diskSizeGB: 128}\n";
    assert!(starter.contains(known), "the starter has changed");
    starter.replace(known, &format!("{known}{machines}"))
}

/// The same with a Butane config, whose sections have eight spaces before them.
fn with_butane(body: &str) -> String {
    with_butane_version("1.1.0", body)
}

fn with_butane_version(version: &str, body: &str) -> String {
    starter(&format!("    butane:\n      inline:\n        variant: flatcar\n        version: {version}\n{body}"))
}

fn compiled(spec: &str, options: &Options) -> Compilation {
    compile(&[SpecFile { name: "cluster.yaml".to_owned(), bytes: spec.as_bytes().to_vec() }], &NoWorld, options)
}

/// Severity, code and line text of every finding.
fn findings(spec: &str, options: &Options) -> Vec<(Severity, &'static str, String)> {
    let compilation = compiled(spec, options);
    let diagnostics = compilation.report.diagnostics().iter();
    diagnostics
        .map(|found| {
            let anchor = found.anchor.as_ref().expect("every finding has a place");
            let line = compilation.sources.resolve(anchor).map_or(0, |span| span.start.line);
            let text = spec.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim().to_owned();
            (found.severity, found.code.name(), text)
        })
        .collect()
}

#[test]
fn a_file_that_the_provider_writes_is_told_at_its_line() {
    let line = "- {path: /etc/kubernetes/pki/ca.crt, mode: 0644, contents: {inline: x}}";
    let spec = with_butane(&format!("        storage:\n          files:\n          {line}\n"));
    assert_eq!(findings(&spec, &Options::default()), [(Severity::Error, "conflicting-inodes", line.to_owned())]);
}

#[test]
fn a_machine_config_that_is_too_large_is_told_at_its_largest_file() {
    let mut state = 1_u64;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + u8::try_from((state >> 33) % 26).unwrap_or_default())
    };
    let noise: String = (0..50_000).map(|_| letter()).collect();
    let line = "- path: /etc/big";
    let body = format!(
        "        storage:\n          files:\n          - {{path: /etc/small, mode: 0644, contents: {{inline: x}}}}\n          {line}\n            mode: 0644\n            contents: {{inline: {noise}}}\n"
    );
    let found = findings(&with_butane(&body), &Options::default());
    assert!(found.iter().all(|(_, code, text)| *code == "config-size" && text == line), "{found:?}");
    assert!(found.iter().filter(|(severity, ..)| *severity == Severity::Error).count() >= 2, "{found:?}");
}

#[test]
fn experimental_versions_are_taken_by_request_only() {
    let spec = with_butane_version("1.2.0-experimental", "");
    let codes = |options: &Options| findings(&spec, options).iter().map(|(_, code, _)| *code).collect::<Vec<_>>();
    assert_eq!(codes(&Options::default()), ["experimental-config"], "the groups share the config");
    let lenient = codes(&Options { allows_experimental: true, ..Options::default() });
    assert!(!lenient.contains(&"experimental-config"), "{lenient:?}");
}

#[test]
fn the_stand_alone_config_is_one_that_the_release_reads() {
    let ignition = "    ignition:\n      inline: {\"ignition\": {\"version\": \"3.6.0\"}}\n";
    let found = findings(&starter(ignition), &Options::default());
    assert!(!found.is_empty() && found.iter().all(|(_, code, _)| *code == "ignition-version"), "{found:?}");
    let found = findings(&starter(&ignition.replace("3.6.0", "3.4.0")), &Options::default());
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_the_provider_refuses_is_told() {
    let patch = "  patches:\n  - target: {kind: KubeadmControlPlane}\n    merge: {spec: {kubeadmConfigSpec: {files: [{path: /etc/x, content: hi}]}}}\n";
    let found = findings(&(starter("") + patch), &Options::default());
    assert!(found.iter().any(|(_, code, _)| *code == "refused-bootstrap-template"), "{found:?}");
}

#[test]
fn upstreams_own_output_has_no_such_findings() {
    let found = findings(&starter(""), &Options { profile: Profile::Capz, ..Options::default() });
    assert!(found.iter().all(|(severity, ..)| *severity != Severity::Error), "{found:?}");
}

#[test]
fn the_tree_names_the_line_of_each_part() {
    let spec = with_butane(
        "        storage:\n          files:\n          - {path: /etc/motd, overwrite: true, mode: 0640, user: {name: core}, contents: {inline: hello}}\n",
    );
    let compilation = compiled(&spec, &Options::default());
    let cluster = compilation.clusters.first().expect("it compiles");
    let boot = flatwright::boot(cluster, 1, Stage::Join, CapiVersion::default()).expect("it renders");
    let tree =
        flatwright::tree(&compilation, cluster, 1, Stage::Join, &boot, flatwright::Shown::Text).expect("it boots");
    let line = spec.lines().position(|line| line.contains("/etc/motd")).expect("it is there") + 1;
    let row = tree.lines().find(|line| line.contains("/etc/motd")).expect("it is listed");
    let cells: Vec<&str> = row.split_whitespace().collect();
    let place = format!("cluster.yaml:{line}");
    assert_eq!(cells[..6], ["0640", "core:root", "500:0", "5", "/etc/motd", &place]);
    assert_eq!(cells[6..].join(" "), "replaces a link to ../run/flatcar/motd");
    let json = flatwright::tree(&compilation, cluster, 1, Stage::Join, &boot, flatwright::Shown::Json);
    let json: serde_json::Value = serde_json::from_str(&json.expect("it boots")).expect("it is JSON");
    let nodes = json["nodes"].as_array().expect("it has nodes");
    let node = nodes.iter().find(|node| node["path"] == "/etc/motd").expect("it is listed");
    let root = serde_json::json!({"id": 0, "name": "root"});
    let expected = serde_json::json!({
        "path": "/etc/motd", "type": "file", "mode": "0640", "size": 5, "from": place,
        "user": {"id": 500, "name": "core"}, "group": root,
        "before": {"type": "link", "target": "../run/flatcar/motd", "user": root, "group": root},
    });
    assert_eq!(*node, expected);
}

#[test]
fn the_tree_names_the_line_that_asks_for_a_mount_unit() {
    let line = "- {device: /dev/disk/by-label/data, path: /var/data, format: ext4, with_mount_unit: true}";
    let spec = with_butane(&format!("        storage:\n          filesystems:\n          {line}\n"));
    let compilation = compiled(&spec, &Options::default());
    let cluster = compilation.clusters.first().expect("it compiles");
    let boot = flatwright::boot(cluster, 1, Stage::Join, CapiVersion::default()).expect("it renders");
    let tree =
        flatwright::tree(&compilation, cluster, 1, Stage::Join, &boot, flatwright::Shown::Text).expect("it boots");
    let line = spec.lines().position(|text| text.contains(line)).expect("it is there") + 1;
    let row = tree.lines().find(|row| row.contains("var-data.mount")).expect("it is listed");
    assert!(row.ends_with(&format!("cluster.yaml:{line}")), "{row}");
    let own = tree.lines().find(|row| row.contains("kubeadm.service")).expect("it is listed");
    assert!(own.ends_with("bootstrap provider"), "{own}");
}
