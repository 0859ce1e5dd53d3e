//! The scripts of `flatwright upgrade --in-place` on a fake cluster: the order of what they call, interruptions anywhere, and that no kubelet is newer than an API server.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the scripts on a disk")]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use flatwright_tests::{documents, files_below, run};

const FAKES: &str = include_str!("in_place/fakes.sh");
const OLD: &str = "1.35.4";
const NEW: &str = "1.36.4";
const PROGRAMS: [&str; 8] =
    ["systemctl", "systemd-sysext", "systemd-run", "mountpoint", "mount", "umount", "kubelet", "kubectl"];
const TIMER: &str = "flatwright-sysupdate-kubernetes.timer";

/// The starter and its scripts, written once.
fn written() -> &'static [(String, String)] {
    static WRITTEN: OnceLock<Vec<(String, String)>> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        std::fs::write(at.join("cluster.yaml"), run(at, &["init"], b"").stdout).unwrap();
        let made = run(at, &["upgrade", "cluster.yaml", "--kubernetes", NEW, "--in-place", "-o", "scripts"], b"");
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        let files = files_below(at).into_iter();
        let named = |path: &Path| path.strip_prefix(at).unwrap().display().to_string();
        files.map(|path| (named(&path), std::fs::read_to_string(&path).unwrap())).collect()
    })
}

/// A cluster on a disk: two control planes, and two workers of which one is cordoned by its user.
struct Cluster {
    directory: tempfile::TempDir,
}

impl Cluster {
    fn new() -> Self {
        let cluster = Self { directory: tempfile::tempdir().unwrap() };
        let at = cluster.at();
        std::fs::create_dir(at.join("scripts")).unwrap();
        for (name, text) in written() {
            std::fs::write(at.join(name), text).unwrap();
        }
        std::fs::write(at.join("fakes.sh"), FAKES).unwrap();
        std::fs::create_dir(at.join("bin")).unwrap();
        for name in PROGRAMS.into_iter().chain(["sysupdate"]) {
            let path = at.join("bin").join(name);
            std::fs::write(&path, format!("#!/bin/sh\nexec sh \"$FAKES\" {name} \"$@\"\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        for (name, text) in [("count", "0"), ("dies", "never"), ("log", ""), ("config", OLD)] {
            std::fs::write(at.join(name), text).unwrap();
        }
        for node in ["cp1", "cp2", "w1", "w2"] {
            cluster.node(node);
        }
        std::fs::write(at.join("state/w2/cordoned"), "true").unwrap();
        cluster
    }

    fn node(&self, name: &str) {
        let (root, state) = (self.at().join("nodes").join(name), self.at().join("state").join(name));
        for directory in ["etc/extensions", "etc/sysupdate.kubernetes.d", "etc/kubernetes/manifests", "opt/extensions"]
        {
            std::fs::create_dir_all(root.join(directory)).unwrap();
        }
        std::fs::create_dir_all(state.join("active")).unwrap();
        for unit in ["kubelet.service", TIMER] {
            std::fs::write(state.join("active").join(unit), "").unwrap();
        }
        for file in ["merged", "running"] {
            std::fs::write(state.join(file), OLD).unwrap();
        }
        let image = format!("/opt/extensions/kubernetes/kubernetes-v{OLD}-x86-64.raw");
        symlink(image, root.join("etc/extensions/kubernetes.raw")).unwrap();
        std::fs::write(root.join("etc/sysupdate.kubernetes.d/kubernetes-v1.35.transfer"), "old\n").unwrap();
        if name.starts_with("cp") {
            let manifest = format!("    image: registry.k8s.io/kube-apiserver:v{OLD}\n");
            std::fs::write(root.join("etc/kubernetes/manifests/kube-apiserver.yaml"), manifest).unwrap();
        }
    }

    fn at(&self) -> &Path {
        self.directory.path()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at().join(name)).unwrap_or_default()
    }

    /// Runs a script in a process group of its own, as a node or as the operator.
    fn script(&self, script: &str, arguments: &[&str], node: Option<&str>) -> Output {
        let at = self.at();
        let path = format!("{}:{}", at.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(at.join("scripts").join(script)).args(arguments).process_group(0).stdin(Stdio::null());
        command.env("PATH", path).env("SIM", at).env("FAKES", at.join("fakes.sh")).env("SCRIPTS", at.join("scripts"));
        command.env("FLATWRIGHT_PAUSE", "0").env("FLATWRIGHT_TRIES", "5").env("FLATWRIGHT_MACHINE", "x86_64");
        command.env("FLATWRIGHT_SYSUPDATE", at.join("bin/sysupdate"));
        if let Some(node) = node {
            command.env("FLATWRIGHT_NODE", node).env("FLATWRIGHT_ROOT", at.join("nodes").join(node));
        }
        command.output().unwrap()
    }

    #[track_caller]
    fn succeeds(&self, script: &str, arguments: &[&str], node: Option<&str>) -> String {
        let output = self.script(script, arguments, node);
        let shown = || {
            let log = self.log();
            let last = &log[log.len().saturating_sub(8)..];
            format!("{}\n{}\n{last:#?}", String::from_utf8_lossy(&output.stderr), self.read("detached"))
        };
        assert!(output.status.success(), "{script} {arguments:?} {node:?}: {}", shown());
        String::from_utf8(output.stdout).unwrap()
    }

    fn log(&self) -> Vec<String> {
        self.read("log").lines().map(str::to_owned).collect()
    }

    /// What holds at every time.
    #[track_caller]
    fn assert_sound(&self) {
        let violations: Vec<String> = self.log().into_iter().filter(|line| line.contains("VIOLATION")).collect();
        assert!(violations.is_empty(), "{violations:?}");
    }

    /// Everything is new, and what was held is given back.
    #[track_caller]
    fn assert_done(&self) {
        self.assert_sound();
        for node in ["cp1", "cp2", "w1", "w2"] {
            self.assert_switched(node);
            let state = |file: &str| self.at().join("state").join(node).join(file);
            assert_eq!(state("cordoned").exists(), node == "w2", "{node} is as it was before");
            assert!(!state("annotation").exists() && !state("mounted").exists());
            assert!(state("active").join(TIMER).exists(), "{node}: updates go on");
        }
        assert!(!self.at().join("lock").exists(), "reboots go on");
    }

    #[track_caller]
    fn assert_switched(&self, node: &str) {
        assert_eq!(self.read(&format!("state/{node}/running")), NEW, "{node}");
        let root = self.at().join("nodes").join(node);
        let target = std::fs::read_link(root.join("etc/extensions/kubernetes.raw")).unwrap();
        assert_eq!(target, Path::new(&format!("/opt/extensions/kubernetes/kubernetes-v{NEW}-x86-64.raw")));
        let transfers: Vec<_> =
            std::fs::read_dir(root.join("etc/sysupdate.kubernetes.d")).unwrap().map(|entry| entry.unwrap()).collect();
        let [transfer] = transfers.as_slice() else { panic!("{transfers:?}") };
        assert_eq!(transfer.file_name(), "kubernetes-v1.36.transfer");
        let text = std::fs::read_to_string(transfer.path()).unwrap();
        assert!(text.contains("CurrentSymlink=") && text.contains("kubernetes-v1.36.@v-%a.raw"), "{text}");
    }
}

/// Where the first line that has this stands.
#[track_caller]
fn first(log: &[String], text: &str) -> usize {
    log.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no `{text}` in {log:#?}"))
}

#[test]
fn a_cluster_is_brought_to_the_next_minor_in_a_safe_order() {
    let cluster = Cluster::new();
    // Kured is rebooting a node: that is waited for.
    std::fs::write(cluster.at().join("lock"), r#"{"nodeID":"w1"}"#).unwrap();
    let said = cluster.succeeds("upgrade-cluster.sh", &[], None);
    cluster.assert_done();
    assert!(said.contains(&format!("kubernetes.version v{NEW} (cluster.yaml:13)")), "{said}");
    let log = cluster.log();
    let last = |text: &str| log.iter().rposition(|line| line.contains(text)).unwrap();
    assert!(
        last("operator kubectl -n kube-system annotate daemonset kured weave.works/kured-node-lock={")
            < first(&log, "kubeadm")
    );
    assert!(first(&log, "cp1 systemctl stop flatwright-sysupdate") < first(&log, "cp1 sysupdate"));
    assert!(first(&log, "cp1 sysupdate") < first(&log, "cp1 mount "));
    assert!(first(&log, "cp1 mount ") < first(&log, "upgrade apply --yes v1.36.4"));
    assert!(first(&log, "upgrade apply") < first(&log, "cp2 kubeadm 1.36.4 upgrade node"));
    assert_eq!(log.iter().filter(|line| line.contains("upgrade apply")).count(), 1);
    assert!(first(&log, "cp2 kubeadm 1.36.4 upgrade node") < first(&log, "operator kubectl drain"));
    for (node, next) in [("cp1", "cp2"), ("cp2", "w1"), ("w1", "w2")] {
        let drained = first(&log, &format!("kubectl drain {node}"));
        let stopped = first(&log, &format!("{node} systemctl stop kubelet"));
        let refreshed = first(&log, &format!("{node} systemd-sysext refresh"));
        let started = first(&log, &format!("{node} systemctl restart kubelet"));
        assert!(drained < stopped && stopped < refreshed && refreshed < started, "{node}");
        assert!(first(&log, &format!("kubectl uncordon {node}")) < first(&log, &format!("kubectl drain {next}")));
    }
    assert!(first(&log, "w1 kubeadm 1.36.4 upgrade node") < first(&log, "kubectl drain w1"));
    assert!(
        last("restart kubelet") < first(&log, &format!("systemctl start {TIMER}")),
        "updates wait for the last node"
    );
    // Once more changes nothing.
    let before = cluster.log().len();
    cluster.succeeds("upgrade-cluster.sh", &[], None);
    cluster.assert_done();
    let again = &cluster.log()[before..];
    for effect in ["drain", "upgrade apply", "upgrade node", "sysupdate --def", "kubelet.service", "sysext"] {
        assert!(!again.iter().any(|line| line.contains(effect)), "{effect}: {again:#?}");
    }
}

#[test]
fn a_node_goes_on_after_an_interruption_at_any_step() {
    let steps = |cluster: &Cluster| {
        let prepare: &[&str] = &["prepare", "--first"];
        let prepared = cluster.script("upgrade-node.sh", prepare, Some("cp1")).status.success();
        // The other control plane, and whoever drains, are not what is looked at.
        let manifest = format!("    image: registry.k8s.io/kube-apiserver:v{NEW}\n");
        std::fs::write(cluster.at().join("nodes/cp2/etc/kubernetes/manifests/kube-apiserver.yaml"), manifest).unwrap();
        std::fs::write(cluster.at().join("state/cp1/cordoned"), "true").unwrap();
        prepared
            && ["switch", "release"]
                .iter()
                .all(|step| cluster.script("upgrade-node.sh", &[step], Some("cp1")).status.success())
    };
    let whole = Cluster::new();
    assert!(steps(&whole));
    whole.assert_switched("cp1");
    let calls: usize = whole.read("count").parse().unwrap();
    assert!(calls > 20, "{calls}");
    for call in 1..=calls {
        for when in ["before", "after"] {
            let cluster = Cluster::new();
            std::fs::write(cluster.at().join("dies"), format!("{call} {when}")).unwrap();
            assert!(!steps(&cluster), "call {call} {when}");
            assert!(steps(&cluster), "call {call} {when}: {:#?}", cluster.log());
            cluster.assert_sound();
            cluster.assert_switched("cp1");
            assert!(cluster.at().join("state/cp1/active").join(TIMER).exists(), "call {call} {when}: updates go on");
        }
    }
}

#[test]
fn a_cluster_goes_on_after_interruptions() {
    let whole = Cluster::new();
    whole.succeeds("upgrade-cluster.sh", &[], None);
    let calls: usize = whole.read("count").parse().unwrap();
    for call in (3..calls).step_by(calls / 12) {
        let cluster = Cluster::new();
        std::fs::write(cluster.at().join("dies"), format!("{call} after")).unwrap();
        assert!(!cluster.script("upgrade-cluster.sh", &[], None).status.success(), "call {call}");
        cluster.assert_sound();
        // A kubelet that was stopped is what the node's own script starts again; it goes on by itself on a real node.
        for node in ["cp1", "cp2", "w1", "w2"] {
            if !cluster.at().join(format!("state/{node}/active/kubelet.service")).exists() {
                cluster.succeeds("upgrade-node.sh", &["switch"], Some(node));
            }
        }
        cluster.succeeds("upgrade-cluster.sh", &[], None);
        cluster.assert_done();
    }
}

#[test]
fn a_kubelet_is_not_switched_too_early() {
    let cluster = Cluster::new();
    let refused = |arguments: &[&str], node: &str| {
        let output = cluster.script("upgrade-node.sh", arguments, Some(node));
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["switch"], "w1").contains("run `prepare` first"));
    assert!(refused(&["prepare", "--first"], "w1").contains("is no control plane"));
    assert!(!cluster.script("upgrade-node.sh", &["prepare"], Some("w1")).status.success(), "kubeadm refuses");
    cluster.succeeds("upgrade-node.sh", &["prepare", "--first"], Some("cp1"));
    // The load balancer may lead to the other control plane.
    assert!(refused(&["switch"], "cp1").contains("no kubelet may be newer"));
    cluster.succeeds("upgrade-node.sh", &["prepare"], Some("cp2"));
    assert!(refused(&["switch"], "cp1").contains("drain it first"));
    assert!(refused(&["release"], "cp1").contains("does not run yet"));
    std::fs::write(cluster.at().join("state/cp1/cordoned"), "true").unwrap();
    cluster.succeeds("upgrade-node.sh", &["switch"], Some("cp1"));
    cluster.assert_sound();
    let status = cluster.succeeds("upgrade-node.sh", &["status"], Some("cp1"));
    assert!(status.contains("start: done") && status.contains("release: to do"), "{status}");
}

#[test]
fn shellcheck_has_nothing_to_say() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        println!("skipped: there is no shellcheck");
        return;
    }
    let cluster = Cluster::new();
    let check = |name: &str, text: &str| {
        let path = cluster.at().join(name);
        std::fs::write(&path, text).unwrap();
        let output = Command::new("shellcheck").args(["--shell", "sh"]).arg(&path).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    };
    let bundle = documents(&cluster.read("scripts/upgrade-bundle.yaml"));
    let of = |kind: &str| bundle.iter().find(|object| object["kind"] == kind).unwrap();
    for script in ["upgrade-node.sh", "upgrade-cluster.sh"] {
        let carried = of("ConfigMap")["data"][script].as_str().unwrap();
        assert_eq!(carried, cluster.read(&format!("scripts/{script}")), "the bundle carries the same script");
        check(script, carried);
    }
    for kind in ["DaemonSet", "Job"] {
        let command = of(kind)["spec"]["template"]["spec"]["containers"][0]["command"][2].as_str().unwrap();
        check(&format!("{kind}.sh"), command);
    }
    assert!(bundle.iter().all(|object| object["apiVersion"].is_string() && object["metadata"]["name"].is_string()));
}

#[test]
fn the_spec_stays_and_files_of_others_too() {
    let cluster = Cluster::new();
    let at = cluster.at();
    let spec = cluster.read("cluster.yaml");
    assert!(spec.contains(OLD) && !spec.contains(NEW), "the spec is not edited");
    let in_place = |more: &[&str]| {
        let arguments = ["upgrade", "cluster.yaml", "--in-place", "-o", "scripts"];
        run(at, &[&arguments[..], more].concat(), b"")
    };
    assert_eq!(in_place(&["--kubernetes", NEW]).code, Some(0), "its own files are replaced");
    std::fs::write(at.join("scripts/upgrade-node.sh"), "mine\n").unwrap();
    let foreign = in_place(&["--kubernetes", NEW]);
    assert!(foreign.code == Some(2) && foreign.stderr.contains("did not write it"), "{}", foreign.stderr);
    assert_eq!(cluster.read("scripts/upgrade-node.sh"), "mine\n");
    let skips = in_place(&["--kubernetes", "1.37.0"]);
    assert!(skips.code == Some(1) && skips.stderr.contains("upgrade-skips-minors"), "{}", skips.stderr);
    assert_eq!(in_place(&["--all"]).code, Some(2));
    assert_eq!(in_place(&["--kubernetes", OLD]).code, Some(2));
    let baked = run(at, &["init", "--flavor", "flatcar"], b"").stdout;
    std::fs::write(at.join("cluster.yaml"), baked).unwrap();
    let baked = in_place(&["--kubernetes", NEW]);
    assert!(baked.code == Some(1) && baked.stderr.contains("in-place-of-baked-image"), "{}", baked.stderr);
}
