//! What `explain` and `preview` say of one spec: places in the spec, drop-ins of one name, extensions, sizes, files and the first boot.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use flatwright_tests::run;
use serde_json::Value;

const SPEC: &str = "apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata: {name: demo}
spec:
  flavor: flatcar-sysext
  kubernetes: {version: v1.35.4}
  flatcar: {channel: stable, version: 4593.2.5}
  sysupdate: {kubernetes: {updates: enabled}}
  reboots: {manager: kured}
  extensions:
  - name: wasmtime
    version: 24.0.0
  azure:
    subscriptionID: 00000000-0000-0000-0000-000000000000
    location: westeurope
    identity: {name: cluster-identity, type: WorkloadIdentity, clientID: 00000000-0000-0000-0000-000000000000, tenantID: 00000000-0000-0000-0000-000000000000}
  machines:
    osDisk: {diskSizeGB: 128}
    butane:
      inline:
        variant: flatcar
        version: 1.1.0
        storage:
          disks:
          - device: /dev/disk/azure/scsi1/lun7
            partitions: [{number: 1, label: cache, size_mib: 1024}]
          filesystems:
          - {device: /dev/disk/by-partlabel/cache, format: xfs, label: cache, path: /var/cache, with_mount_unit: true}
          files:
          - {path: /etc/hello, contents: {inline: \"hello\\n\"}}
          - {path: /opt/tool, contents: {source: \"https://files.example:8443/tool\", verification: {hash: sha512-cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e}}}
          links:
          - {path: /etc/greeting, target: hello}
          - {path: /etc/circle, target: circle}
        systemd:
          units:
          - name: first.service
            enabled: true
            contents: \"[Unit]\\nBefore=second.service\\n[Service]\\nType=oneshot\\nExecStart=/usr/bin/curl http://status.example/up\\n[Install]\\nWantedBy=multi-user.target\\n\"
            dropins:
            - {name: 10-x.conf, contents: \"[Service]\\nNice=1\\n\"}
          - name: second.service
            enabled: true
            contents: \"[Unit]\\nAfter=network-online.target\\n[Service]\\nExecStart=/usr/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n\"
            dropins:
            - {name: 10-x.conf, contents: \"[Service]\\nNice=2\\n\"}
  controlPlane: {replicas: 3, vmSize: Standard_D4s_v5, etcdDisk: {sizeGB: 256}}
  pools:
  - name: md-0
    replicas: 2
    vmSize: Standard_D8s_v5
    extensions:
    - name: tailscale
      version: v1.88.3
";

fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("cluster.yaml"), SPEC).unwrap();
    directory
}

/// The line of a text in the spec, from 1.
fn line(text: &str) -> usize {
    SPEC.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[track_caller]
fn output(arguments: &[&str]) -> String {
    let run = run(workspace().path(), arguments, b"");
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
    String::from_utf8(run.stdout).unwrap()
}

#[track_caller]
fn reason(arguments: &[&str]) -> String {
    let run = run(workspace().path(), arguments, b"");
    assert!(run.code != Some(0), "{arguments:?}");
    run.stderr
}

#[test]
fn every_line_that_a_place_becomes_has_its_value() {
    let directory = workspace();
    let at = directory.path();
    assert_eq!(run(at, &["compile", "cluster.yaml", "-o", "out"], b"").code, Some(0));
    for (place, needed, value) in [
        ("spec.pools[0].vmSize", "AzureMachineTemplate/", "Standard_D8s_v5"),
        ("spec.kubernetes.version", "KubeadmControlPlane/demo-control-plane:spec.version", "1.35.4"),
        ("spec.machines.osDisk.diskSizeGB", "osDisk.diskSizeGB = 128", "128"),
        ("spec.pools[0].extensions[0].version", "ignition/md-0.ign:", "tailscale"),
        ("spec.extensions", "ignition/control-plane.ign:", "wasmtime"),
        ("metadata.name", "Cluster/demo:metadata.name", "demo"),
    ] {
        let text = String::from_utf8(run(at, &["explain", "cluster.yaml", place], b"").stdout).unwrap();
        assert!(text.starts_with(&format!("{place}, cluster.yaml:")) && text.contains(needed), "{text}");
        let mut lines = 0;
        for hit in text.lines().skip(1) {
            let (file, rest) = hit.trim().split_once(':').unwrap();
            let number: usize = rest.split(' ').next().unwrap().parse().unwrap();
            let written = std::fs::read_to_string(at.join("out").join(file)).unwrap();
            let written = written.lines().nth(number - 1).unwrap();
            // A part of a machine config is named there.
            let value = hit.split_once("at /").map_or(value, |(_, path)| path);
            assert!(written.contains(value), "{hit}: {written}");
            lines += 1;
        }
        assert!(lines > 0, "{text}");
    }
}

#[test]
fn a_place_that_becomes_no_value_is_told_and_one_that_is_not_there_is_refused() {
    let text = output(&["explain", "cluster.yaml", "spec.flavor"]);
    assert!(text.contains("it decides what else is made"), "{text}");
    let unknown = reason(&["explain", "cluster.yaml", "spec.pools[0].vmsize"]);
    assert!(unknown.contains("did you mean `vmSize`?"), "{unknown}");
    assert!(reason(&["explain", "cluster.yaml", "spec.pools[3]"]).contains("has 1 items"));
}

#[test]
fn drop_ins_of_one_name_have_the_lines_of_their_units() {
    for (unit, nice) in [("first.service", "Nice=1"), ("second.service", "Nice=2")] {
        let place = format!("cluster.yaml:{}", line(nice));
        let explained = output(&["explain", "cluster.yaml", &format!("ignition/md-0:{unit}/10-x.conf")]);
        assert!(explained.contains(&format!("spec: {place}:")), "{explained}");
        let tree: Value = serde_json::from_str(&output(&["preview", "cluster.yaml", "--as", "json"])).unwrap();
        let file = format!("/etc/systemd/system/{unit}.d/10-x.conf");
        let node = tree["nodes"].as_array().unwrap().iter().find(|node| node["path"] == file.as_str()).unwrap();
        assert_eq!(node["from"], place.as_str());
        let of_unit = tree["units"].as_array().unwrap().iter().find(|one| one["name"] == unit).unwrap();
        assert_eq!(of_unit["dropins"][0]["from"], place.as_str());
    }
}

#[test]
fn a_preview_names_extensions_and_shows_how_full_every_group_is() {
    let text = output(&["preview", "cluster.yaml", "--group", "md-0"]);
    for (name, version) in [("wasmtime", "24.0.0"), ("tailscale", "v1.88.3")] {
        let from = format!("cluster.yaml:{} (extension {name})", line(&format!("- name: {name}")));
        let rows = text.lines().filter(|line| line.ends_with(&from)).count();
        assert!(rows >= 2, "{name} {version}: {text}");
    }
    let of_kubernetes = text.lines().find(|line| line.contains("/opt/extensions/kubernetes/kubernetes-v1.35.4"));
    assert!(of_kubernetes.unwrap().ends_with("flavor"));
    let (_, sizes) = text.split_once("\nsizes\n").unwrap();
    let groups: Vec<&str> = sizes.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(groups, ["md-0", "md-0", "control-plane", "control-plane"]);
    assert!(sizes.lines().all(|line| line.contains('[') && line.contains('#') && line.contains(" %")), "{sizes}");
}

#[test]
fn json_has_disks_and_sizes() {
    let tree: Value = serde_json::from_str(&output(&["preview", "cluster.yaml", "--as", "json"])).unwrap();
    let tables = tree["disks"]["tables"].as_array().unwrap();
    let own = tables.iter().find(|table| table["device"] == "/dev/disk/azure/scsi1/lun7").unwrap();
    assert_eq!((&own["partitions"][0]["label"], &own["partitions"][0]["sizeMiB"]), (&"cache".into(), &1024.into()));
    assert_eq!(own["from"], format!("cluster.yaml:{}", line("lun7")).as_str());
    let filesystems = tree["disks"]["filesystems"].as_array().unwrap();
    assert!(filesystems.iter().any(|one| one["format"] == "xfs" && one["label"] == "cache"), "{filesystems:?}");
    let sizes = tree["sizes"].as_array().unwrap();
    assert!(sizes.iter().any(|size| size["group"] == "md-0" && size["of"] == "custom data" && size["limit"] == 65535));
}

#[test]
fn one_file_is_printed_as_the_node_has_it() {
    assert_eq!(output(&["preview", "cluster.yaml", "--file", "/etc/hello"]), "hello\n");
    assert_eq!(output(&["preview", "cluster.yaml", "--file", "/etc/greeting"]), "hello\n", "links are followed");
    assert_eq!(output(&["preview", "cluster.yaml", "--file", "//etc/../etc/./greeting"]), "hello\n");
    assert!(output(&["preview", "cluster.yaml", "--file", "/etc/kubeadm.sh"]).contains("kubeadm init"));
    assert!(
        output(&["preview", "cluster.yaml", "--group", "md-0", "--file", "/etc/kubeadm.sh"]).contains("kubeadm join")
    );
    for (path, why) in [
        ("/opt/tool", "is fetched from https://files.example:8443/tool"),
        ("/etc", "is a directory"),
        ("/etc/nothing", "no machine config makes `/etc/nothing`"),
        ("/etc/circle", "in a circle"),
        ("etc/hello", "is not an absolute path"),
    ] {
        let reason = reason(&["preview", "cluster.yaml", "--file", path]);
        assert!(reason.contains(why), "{path}: {reason}");
    }
}

#[test]
fn the_first_boot_is_listed_with_its_hosts() {
    let order: Value =
        serde_json::from_str(&output(&["preview", "cluster.yaml", "--boot-order", "--as", "json"])).unwrap();
    let stages = order["stages"].as_array().unwrap();
    let names: Vec<&str> = stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
    assert!(names[0].starts_with("Ignition") && names[1..] == ["systemd", "kubeadm.service", "later"], "{names:?}");
    let steps = |index: usize, what: &str| -> Vec<&str> {
        let steps = stages[index]["steps"].as_array().unwrap().iter().filter(|step| step["what"] == what);
        steps.map(|step| step["name"].as_str().unwrap()).collect()
    };
    assert!(steps(0, "fetch").contains(&"/opt/tool") && steps(0, "disk").contains(&"/dev/disk/azure/scsi1/lun7"));
    let started = steps(1, "start");
    let at =
        |name: &str| started.iter().position(|unit| *unit == name).unwrap_or_else(|| panic!("{name}: {started:?}"));
    assert!(at("first.service") < at("second.service") && at("var-cache.mount") < at("first.service"));
    assert!(steps(1, "never").contains(&"update-engine.service"));
    assert!(steps(2, "run").iter().any(|command| command.starts_with("kubeadm init")));
    assert_eq!(steps(3, "timer"), ["flatwright-sysupdate-kubernetes.timer"]);
    let hosts = order["hosts"].as_object().unwrap();
    for host in ["files.example:8443", "extensions.flatcar.org:443", "status.example:80", "registry.k8s.io:443"] {
        assert!(hosts.contains_key(host), "{hosts:?}");
    }
    assert!(hosts.keys().any(|host| host.ends_with(":6443")), "{hosts:?}");
    let text = output(&["preview", "cluster.yaml", "--boot-order", "--group", "md-0"]);
    assert!(text.starts_with("md-0 (join), first boot\n") && text.contains("\nhosts\n"), "{text}");
    reason(&["preview", "cluster.yaml", "--boot-order", "--as", "3.1"]);
}
