//! Plugins through the program: the example plugins built as their authors do, on the real flavors, into objects and machine configs.
//!
//! Building Rust plugins needs a way to WebAssembly; where there is none the tests are skipped with a printed line.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the program, read what it wrote and say what they skip"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const EXAMPLES: [&str; 4] = ["pin-images", "maintenance-window", "kubeadm-hardening", "naming-policy"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("plugins").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// The program in a directory, with a cache of the tests' own.
fn program(directory: &Path, cache: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flatwright"))
        .args(arguments)
        .current_dir(directory)
        .env("XDG_CACHE_HOME", cache)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn cache() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    program(directory, &cache(), arguments)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Builds the examples once; `None` where this machine cannot.
fn examples() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let directory = scratch("examples");
            for example in EXAMPLES {
                let project = repository().join("plugins/examples").join(example);
                let file = directory.join(format!("{example}.wasm"));
                let output =
                    run(&directory, &["plugin", "build", &project.to_string_lossy(), "-o", &file.to_string_lossy()]);
                if output.status.code() == Some(2) && said(&output).contains("was not found") {
                    println!("skipped: {}", said(&output));
                    return None;
                }
                assert!(output.status.success(), "{example}: {}", said(&output));
            }
            Some(directory)
        })
        .as_deref()
}

/// A directory with a spec and the built examples in it.
fn project(name: &str, spec: &str) -> Option<PathBuf> {
    let built = examples()?;
    let directory = scratch(name);
    for example in EXAMPLES {
        fs::copy(built.join(format!("{example}.wasm")), directory.join(format!("{example}.wasm"))).unwrap();
    }
    fs::write(directory.join("cluster.yaml"), spec).unwrap();
    Some(directory)
}

fn spec(name: &str, plugins: &str) -> String {
    format!(
        "\
apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata: {{name: {name}}}
spec:
  flavor: flatcar-sysext
  kubernetes: {{version: v1.34.2}}
  flatcar: {{channel: stable, version: 4593.2.5}}
  sysupdate: {{kubernetes: {{updates: enabled}}}}
  azure:
    subscriptionID: 00000000-0000-0000-0000-000000000001
    location: westeurope
    identity:
      name: cluster-identity
      type: WorkloadIdentity
      clientID: 00000000-0000-0000-0000-000000000003
      tenantID: 00000000-0000-0000-0000-000000000002
  controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}
  pools:
  - {{name: md-0, replicas: 2, vmSize: Standard_D4s_v5}}
  plugins:
{plugins}"
    )
}

const THREE: &str = r#"  - {name: pin-images, source: pin-images.wasm, settings: {channels: {stable: 4230.2.3}}}
  - {name: maintenance-window, source: maintenance-window.wasm, settings: {day: Sun, start: "02:00", minutes: 120, timezone: Europe/Berlin}}
  - {name: kubeadm-hardening, source: kubeadm-hardening.wasm, settings: {profile: baseline}}
"#;

#[test]
fn the_three_hooks_change_objects_and_machine_configs() {
    let Some(directory) = project("hooks", &spec("demo", THREE)) else { return };
    let output = run(&directory, &["compile", "cluster.yaml", "-o", "out", "--trace-plugins"]);
    assert!(output.status.success(), "{}", said(&output));
    let trace = said(&output);
    for hook in ["hook images, md-0: ", "hook sysupdate, md-0: ", "hook kubeadm, cluster: "] {
        assert!(trace.contains(hook), "{hook} in {trace}");
    }
    let objects = stdout(&run(&directory, &["compile", "cluster.yaml"]));
    assert!(objects.contains("4230.2.3") && !objects.contains("version: 4593.2.5"), "the image is pinned");
    assert!(objects.contains("Europe/Berlin"), "the window is in the machine config of the objects");
    assert!(objects.contains("audit-policy-file"), "the control plane audits");
    let ignition = fs::read_to_string(directory.join("out/ignition/md-0.ign")).unwrap();
    assert!(ignition.contains("Europe/Berlin"), "the window is in the stand-alone config: {ignition}");
}

#[test]
fn a_value_of_a_plugin_is_explained() {
    let Some(directory) = project("explain", &spec("demo", THREE)) else { return };
    let place =
        "KubeadmControlPlane/demo-control-plane:spec.kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs";
    let output = run(&directory, &["explain", "cluster.yaml", place]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(stdout(&output).contains("plugin: kubeadm-hardening@"), "{}", stdout(&output));
    let output = run(&directory, &["explain", "cluster.yaml", "KubeadmControlPlane:spec.replicas"]);
    assert!(stdout(&output).contains("cluster.yaml:17:28"), "{}", stdout(&output));
}

#[test]
fn a_policy_speaks_at_the_line_of_the_spec() {
    let policy = "  - {name: naming-policy, source: naming-policy.wasm, settings: {clusterPrefixes: [prod-]}}\n";
    let Some(directory) = project("policy", &spec("demo", policy)) else { return };
    let output = run(&directory, &["compile", "cluster.yaml", "-o", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("cluster.yaml:3:18"), "{}", said(&output));
    assert!(!directory.join("out").exists(), "nothing is written");
}

#[test]
fn a_limit_is_told_with_the_way_to_raise_it() {
    let limited = "  - {name: hardening, source: kubeadm-hardening.wasm, limits: {fuel: 100}}\n";
    let Some(directory) = project("limit", &spec("demo", limited)) else { return };
    let output = run(&directory, &["compile", "cluster.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("plugin-fuel-limit"), "{}", said(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_fleet_and_a_warm_cache_give_the_same_bytes() {
    let fleet = format!("{}---\n{}", spec("one", THREE), spec("two", THREE));
    let Some(directory) = project("fleet", &fleet) else { return };
    let own = directory.join("cache");
    let cold = program(&directory, &own, &["compile", "cluster.yaml"]);
    assert!(cold.status.success(), "{}", said(&cold));
    let kept = fs::read_dir(own.join("flatwright/plugins")).unwrap().count();
    assert_eq!(kept, 3, "each plugin is kept once");
    let warm = program(&directory, &own, &["compile", "cluster.yaml"]);
    assert_eq!(stdout(&cold), stdout(&warm));
    // Without a cache that can be used, plugins are compiled each time.
    let none = program(&directory, Path::new("/dev/null"), &["compile", "cluster.yaml"]);
    assert_eq!(stdout(&cold), stdout(&none), "{}", said(&none));
    let cleaned = program(&directory, &own, &["cache", "clean"]);
    assert!(said(&cleaned).starts_with("removed 3 files"), "{}", said(&cleaned));
}

#[test]
fn hostile_files_are_findings_and_missing_ones_too() {
    let directory = scratch("hostile");
    let spec = spec("demo", "  - {name: bad, source: bad.wasm}\n");
    fs::write(directory.join("cluster.yaml"), spec).unwrap();
    let files: [(&[u8], &str); 4] = [
        (b"", "plugin-not-a-component"),
        (b"not a component", "plugin-not-a-component"),
        (b"\0asm\x01\0\0\0", "plugin-not-a-component"),
        (b"\0asm\x0d\0\x01\0\xff", "plugin-not-a-component"),
    ];
    for (bytes, code) in files {
        fs::write(directory.join("bad.wasm"), bytes).unwrap();
        let output = run(&directory, &["compile", "cluster.yaml"]);
        assert_eq!(output.status.code(), Some(1), "{bytes:?}: {}", said(&output));
        assert!(said(&output).contains(code) && output.stdout.is_empty(), "{bytes:?}: {}", said(&output));
    }
    fs::remove_file(directory.join("bad.wasm")).unwrap();
    let output = run(&directory, &["compile", "cluster.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("plugin-file"), "{}", said(&output));
}

#[test]
fn a_match_names_pools_that_exist() {
    let directory = scratch("match");
    let plugins = "  - {name: some, source: some.wasm, match: {pools: [md-1]}}\n";
    fs::write(directory.join("cluster.yaml"), spec("demo", plugins)).unwrap();
    let output = run(&directory, &["compile", "cluster.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("there is no pool `md-1`"), "{}", said(&output));
}

#[test]
fn a_new_plugin_builds_passes_its_test_and_runs_in_a_compile() {
    let Some(directory) = project("new", &spec("demo", "  - {name: max-pods, source: max-pods/dist/max-pods.wasm}\n"))
    else {
        return;
    };
    let sdk = repository().join("plugins/sdk");
    let step = |arguments: &[&str]| {
        let output = run(&directory, arguments);
        assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), said(&output));
        stdout(&output)
    };
    step(&["plugin", "new", "max-pods", "--lang", "rust", "--sdk", &sdk.to_string_lossy()]);
    // The standard library need not be built once more.
    let shared = repository().join("plugins/target");
    fs::create_dir_all(directory.join("max-pods/.cargo")).unwrap();
    fs::write(directory.join("max-pods/.cargo/config.toml"), format!("build.target-dir = {shared:?}\n")).unwrap();
    assert!(step(&["plugin", "build", "max-pods"]).starts_with("built max-pods"));
    assert!(step(&["plugin", "test", "max-pods"]).contains("ok"));
    assert!(step(&["plugin", "inspect", "max-pods/dist/max-pods.wasm"]).contains("hooks"));
    assert!(step(&["plugin", "check", "max-pods/dist/max-pods.wasm"]).contains("fit for use"));
    assert!(step(&["plugin", "bench", "max-pods/dist/max-pods.wasm", "--calls", "10"]).contains("10 calls"));
    let edits = step(&["plugin", "run", "max-pods/dist/max-pods.wasm", "--spec", "cluster.yaml"]);
    assert!(edits.contains("max-pods@"), "{edits}");
    assert!(step(&["schema", "--with-plugins", "cluster.yaml"]).contains("plugins/max-pods/settings.json"));
    step(&["compile", "cluster.yaml"]);
}
