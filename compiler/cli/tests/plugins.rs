//! Plugins through the program: the example plugins built as their authors do, on the real flavors, into objects and machine configs.
//!
//! Building Rust plugins needs a way to WebAssembly; where there is none the tests are skipped with a printed line.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the program, read what it wrote and say what they skip"
)]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flatwright_tests::{guest, hungry_module};

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
        .env("PATH", path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// The tools of other languages, where `.ci/run` puts them, before everything else.
fn path() -> OsString {
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../author-tools");
    let own = [tools.join("venv/bin"), tools.join("node_modules/.bin")];
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&others))).unwrap()
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

/// A directory with a spec and the built examples in it; `None` where this machine cannot build them.
fn project(name: &str, spec: &str) -> Option<PathBuf> {
    let directory = scratch(name);
    for example in EXAMPLES {
        fs::write(directory.join(format!("{example}.wasm")), guest(&format!("examples/{example}"))?).unwrap();
    }
    fs::write(directory.join("cluster.yaml"), spec).unwrap();
    Some(directory)
}

/// A directory with a spec whose only plugin is the one that does what its settings say.
fn puppet(name: &str, entry: &str) -> Option<PathBuf> {
    let directory = scratch(name);
    fs::write(directory.join("puppet.wasm"), guest("puppet")?).unwrap();
    let plugins = format!("  - {{name: puppet, source: puppet.wasm, {entry}}}\n");
    fs::write(directory.join("cluster.yaml"), spec("demo", &plugins)).unwrap();
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

/// Compiles, expects an end by a limit with nothing written, and gives what was said.
fn stopped(directory: &Path, cache: &Path, exit: i32, code: &str, key: &str) -> String {
    let output = program(directory, cache, &["compile", "cluster.yaml", "-o", "out"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(said.contains(&format!("error[{code}]: plugin `puppet`")), "{said}");
    assert!(said.contains(&format!("raise `spec.plugins[].limits.{key}`")), "{said}");
    assert!(output.stdout.is_empty() && !directory.join("out").exists(), "nothing is written");
    said
}

#[test]
fn a_limit_of_a_call_is_told_with_the_way_to_raise_it() {
    let limits = [
        ("loop", "fuel: 1000000", "plugin-fuel-limit", "fuel"),
        ("loop", "totalFuel: 1000000", "plugin-total-fuel-limit", "totalFuel"),
        ("allocate", "memoryMiB: 8", "plugin-memory-limit", "memoryMiB"),
        ("chatter", "logLines: 5", "plugin-log-limit", "logLines"),
    ];
    for (trouble, limit, code, key) in limits {
        let entry = format!("limits: {{{limit}}}, settings: {{kubeadm: [{{make: {trouble}}}]}}");
        let Some(directory) = puppet(&format!("limit-{key}"), &entry) else { return };
        stopped(&directory, &cache(), 1, code, key);
    }
    let swell = "limits: {answerMiB: 1}, settings: {kubeadm: [{for: md-0, set: /node/post_commands/-, to: xxxxxxxxxxxxxxxx, times: 100000}]}";
    let Some(directory) = puppet("limit-answer", swell) else { return };
    stopped(&directory, &cache(), 1, "plugin-answer-limit", "answerMiB");
}

#[test]
fn crashes_are_told_with_the_last_words() {
    for (trouble, code, words) in [
        ("panic", "plugin-crashed", "it panicked: the settings say so (puppet/src/steps.rs:"),
        ("recurse", "plugin-stack-limit", "recursed too deep"),
    ] {
        let entry = format!("settings: {{images: [{{make: {trouble}}}]}}");
        let Some(directory) = puppet(&format!("crash-{trouble}"), &entry) else { return };
        let output = run(&directory, &["compile", "cluster.yaml", "-o", "out"]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(code) && said(&output).contains(words), "{}", said(&output));
        assert!(!directory.join("out").exists(), "nothing is written");
    }
}

#[test]
fn a_pin_is_read_as_every_tool_prints_it() {
    let Some(component) = guest("puppet") else { return };
    let digest = flatwright_plugin_host::Digest::of(&component).hex();
    for pin in [digest.clone(), digest.to_uppercase(), format!("sha256:{digest}")] {
        let Some(directory) = puppet("pin", &format!("sha256: '{pin}'")) else { return };
        let output = run(&directory, &["compile", "cluster.yaml", "-o", "out"]);
        assert_eq!(output.status.code(), Some(0), "{pin}: {}", said(&output));
    }
}

#[test]
fn a_call_that_lasts_too_long_ends_the_process() {
    let entry =
        "limits: {seconds: 1, fuel: 10000000000000, totalFuel: 10000000000000}, settings: {images: [{make: loop}]}";
    let Some(directory) = puppet("wall-clock", entry) else { return };
    let begin = std::time::Instant::now();
    stopped(&directory, &cache(), 2, "plugin-time-limit", "seconds");
    assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
}

#[test]
fn compiling_a_component_is_contained() {
    let bombs = [
        ("compileSeconds", "compileMemoryMiB: 60000, compileSeconds: 1", "plugin-compile-time-limit"),
        ("compileMemoryMiB", "compileMemoryMiB: 256, compileSeconds: 300", "plugin-compile-memory-limit"),
        // Less than the program itself takes.
        ("compileMemoryMiB", "compileMemoryMiB: 16", "plugin-compile-memory-limit"),
    ];
    for (key, limits, code) in bombs {
        let Some(directory) = puppet(&format!("compile-{key}"), &format!("limits: {{{limits}}}")) else { return };
        let component = directory.join("puppet.wasm");
        let bytes = [fs::read(&component).unwrap(), hungry_module()].concat();
        fs::write(component, bytes).unwrap();
        stopped(&directory, &directory.join("cache"), 1, code, key);
    }
}

#[test]
fn an_error_leaves_the_trace_of_what_plugins_did() {
    let entry = r#"settings: {sysupdate: [{for: md-0, log: thinking}, {for: md-0, set: /enabled, to: false}], kubeadm: [{for: md-0, set: /node/files/-, to: {path: etc/x, content: {Text: a}, append: false}}]}"#;
    let Some(directory) = puppet("trace", entry) else { return };
    let output = run(&directory, &["compile", "cluster.yaml", "--trace-plugins"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for line in ["hook sysupdate, md-0: 1 change", "log info: thinking", "~ enabled", "+ node.files[\"etc/x\"]"] {
        assert!(said(&output).contains(line), "{line} in {}", said(&output));
    }
    assert!(said(&output).contains("error[plugin-value-malformed]"), "{}", said(&output));
}

#[test]
fn a_part_of_a_machine_config_is_explained() {
    let entry = r#"settings: {sysupdate: [{for: md-0, set: /schedule, to: {on_calendar: [daily], extra: []}}, {for: md-0, set: /kubernetes/source, to: "https://mirror.example.com/k.raw"}], kubeadm: [{for: cluster, set: /node/files/-, to: {path: /etc/motd, content: {Text: a}, append: false}}, {for: md-0, set: /node/files/~1etc~1motd/permissions, to: "0600"}]}"#;
    let Some(directory) = puppet("explain-machine", entry) else { return };
    let explain = |place: &str| {
        let output = run(&directory, &["explain", "cluster.yaml", place]);
        assert!(output.status.success(), "{place}: {}", said(&output));
        stdout(&output)
    };
    let motd = explain("ignition/md-0:/etc/motd");
    let (first, second) = motd.split_once("hook kubeadm, cluster").unwrap_or_else(|| panic!("{motd}"));
    assert!(first.contains("plugin: puppet@") && second.contains("hook kubeadm, md-0"), "{motd}");
    assert!(second.contains("- \"0644\"\n") && second.contains("+ \"0600\"\n"), "{motd}");
    assert!(explain("ignition/md-0:flatwright-sysupdate-kubernetes.timer/10-schedule.conf").contains("~ schedule"));
    let image = explain("ignition/md-0.ign:/opt/extensions/kubernetes/");
    assert!(image.contains("~ kubernetes.source") && image.contains("mirror.example.com"), "{image}");
    let all = explain("ignition/control-plane");
    assert!(all.contains(":/etc/sysupdate.d/noop.transfer\n  default: "), "{all}");
    let nowhere = run(&directory, &["explain", "cluster.yaml", "ignition/md-0:/etc/nothing"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(said(&nowhere).contains("has no file, link or unit `/etc/nothing`"), "{}", said(&nowhere));
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
fn a_bad_case_is_told_by_its_name_and_the_others_are_asked() {
    let Some(directory) = puppet("cases", "settings: {}") else { return };
    for (case, text) in [("bytes", &b"\xff"[..]), ("good", br#"{"hook": "kubeadm"}"#), ("number", br#"{"hook": 1}"#)] {
        let case = directory.join("tests/cases").join(case);
        fs::create_dir_all(&case).unwrap();
        fs::write(case.join("case.json"), text).unwrap();
        fs::write(case.join("expected.json"), "{}").unwrap();
    }
    let tested = run(&directory, &["plugin", "test", "--plugin", "puppet.wasm"]);
    assert_eq!(tested.status.code(), Some(1), "{}", said(&tested));
    for line in ["INVALID bytes: `case.json`", "ok      good", "INVALID number: the case", "3 cases"] {
        assert!(stdout(&tested).contains(line), "{line} in {}", stdout(&tested));
    }
    fs::remove_dir_all(directory.join("tests/cases/bytes")).unwrap();
    for command in ["check", "bench"] {
        let output = run(&directory, &["plugin", command, "puppet.wasm", "--cases", "."]);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("tests/cases/number/case.json`: the case"), "{}", said(&output));
    }
}

#[test]
fn limits_that_the_user_lives_under_stay() {
    let Some(directory) = puppet("ulimit", "settings: {}") else { return };
    // Root may raise limits, unless it gives that up.
    let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&directory).unwrap()) == 0;
    let drop = if is_root { &["setpriv", "--bounding-set=-sys_resource"][..] } else { &["env"] };
    let under = |limit: &str| {
        let script = format!("ulimit {limit}; exec \"$0\" compile cluster.yaml");
        let mut command = Command::new(drop[0]);
        command.args(&drop[1..]).args(["sh", "-c", &script, env!("CARGO_BIN_EXE_flatwright")]);
        // Nothing is kept, so that everything is compiled.
        command.current_dir(&directory).env("XDG_CACHE_HOME", "/dev/null").env("NO_COLOR", "1").output()
    };
    let Ok(short) = under("-t 300") else {
        println!("skipped: root cannot give up its rights here");
        return;
    };
    assert!(short.status.success(), "{}", said(&short));
    let narrow = under("-v 3000000").unwrap();
    assert_eq!(narrow.status.code(), Some(2), "{}", said(&narrow));
    assert!(said(&narrow).contains("failed to run plugin `puppet`: Cannot allocate memory"), "{}", said(&narrow));
}

#[test]
fn a_cache_that_is_not_the_users_own_is_told_by_its_path() {
    let directory = scratch("foreign-cache");
    fs::create_dir_all(directory.join("flatwright")).unwrap();
    std::os::unix::fs::symlink(repository(), directory.join("flatwright/plugins")).unwrap();
    let output = program(&directory, &directory, &["cache", "clean"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("failed to clean `") && said(&output).contains("foreign-cache"),
        "{}",
        said(&output)
    );
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
    assert!(said(&output).contains("unreadable-plugin"), "{}", said(&output));
}

#[test]
fn a_source_is_a_file_below_the_spec() {
    for (source, hint) in [
        ("https://example.com/p.wasm", "download it, put it beside the spec, and pin it with `sha256`"),
        ("oci://example.com/p:1.0.0", "download it"),
        ("../p.wasm", "put it below the root of the repository"),
        ("p.wasm", "build it with `flatwright plugin build`"),
    ] {
        let directory = scratch("source");
        fs::write(directory.join("cluster.yaml"), spec("demo", &format!("  - {{name: p, source: {source}}}\n")))
            .unwrap();
        let output = run(&directory, &["compile", "cluster.yaml"]);
        assert_eq!(output.status.code(), Some(1), "{source}");
        assert!(
            said(&output).contains("error[unreadable-plugin]") && said(&output).contains(hint),
            "{}",
            said(&output)
        );
    }
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
    let plain = step(&["plugin", "run", "max-pods/dist/max-pods.wasm", "--settings", "{\"maxPods\": 50}"]);
    assert!(plain.contains("hook `kubeadm`, cluster\nno change"), "{plain}");
    assert!(plain.contains("hook `kubeadm`, md-0\n+ node.kubelet-arguments[\"max-pods\"]"), "{plain}");
    let refused =
        run(&directory, &["plugin", "run", "max-pods/dist/max-pods.wasm", "--settings", "{\"maxPods\": 500}"]);
    assert!(refused.status.code() == Some(1) && stdout(&refused).contains("cannot run"), "{}", stdout(&refused));
    let edits = step(&["plugin", "run", "max-pods/dist/max-pods.wasm", "--spec", "cluster.yaml"]);
    assert!(edits.contains("max-pods@"), "{edits}");
    assert!(step(&["schema", "--with-plugins", "cluster.yaml"]).contains("plugins/max-pods/settings.json"));
    step(&["compile", "cluster.yaml"]);
}

#[test]
fn new_plugins_in_python_and_javascript_build_pass_their_tests_and_run_in_a_compile() {
    let directory = scratch("languages");
    let mut entries = String::new();
    for (language, tool) in [("python", "componentize-py"), ("js", "jco")] {
        let name = format!("max-pods-{language}");
        let step = |arguments: &[&str]| {
            let output = run(&directory, arguments);
            assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), said(&output));
            said(&output) + &stdout(&output)
        };
        assert!(step(&["plugin", "new", &name, "--lang", language]).contains(&format!("next: cd {name} &&")));
        // Before the build, which leaves files of its own.
        let made_of = made_of(tool, &directory.join(&name));
        if !is_built(language, &made_of, &directory.join(&name)) {
            let output = run(&directory, &["plugin", "build", &name]);
            if output.status.code() == Some(2) && said(&output).contains("was not found") {
                println!("skipped: {}", said(&output));
                continue;
            }
            assert!(output.status.success(), "{}", said(&output));
            // Which builds once more.
            assert!(step(&["plugin", "test", &name]).contains("2 cases"));
            keep(language, &made_of, &directory.join(&name));
        }
        entries += &format!("  - {{name: {language}, source: {name}/dist/{name}.wasm, settings: {{maxPods: 64}}}}\n");
    }
    if entries.is_empty() {
        return;
    }
    fs::write(directory.join("cluster.yaml"), spec("demo", &entries)).unwrap();
    let output = run(&directory, &["compile", "cluster.yaml"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(stdout(&output).contains("max-pods"), "the plugin's argument is in the objects");
}

/// What an author sees of an exception: message, file and line, wherever the plugin is asked.
#[test]
fn an_exception_is_told_with_message_file_and_line() {
    let languages = [
        (
            "js",
            "app.js",
            "    const findings = [];",
            "    console.warn('odd', 1);\n    if (context.target.tag === 'group') JSON.parse('{');\n",
        ),
        (
            "python",
            "app.py",
            "        report = Report()",
            "        print('odd', 1)\n        if isinstance(context.target, Target_Group): {}['row']\n",
        ),
    ];
    for (language, file, before, lines) in languages {
        let directory = scratch(&format!("raises-{language}"));
        let name = format!("boom-{language}");
        assert!(run(&directory, &["plugin", "new", &name, "--lang", language]).status.success());
        let path = directory.join(&name).join(file);
        let text = fs::read_to_string(&path).unwrap();
        let (first, _) = text.split_once(before).unwrap();
        let line = first.lines().count() + 2;
        fs::write(&path, text.replacen(before, &format!("{lines}{before}"), 1)).unwrap();
        let built = run(&directory, &["plugin", "build", &name]);
        if built.status.code() == Some(2) && said(&built).contains("was not found") {
            println!("skipped: {}", said(&built));
            continue;
        }
        assert!(built.status.success(), "{}", said(&built));
        let component = format!("{name}/dist/{name}.wasm");
        fs::write(directory.join("cluster.yaml"), spec("demo", &format!("  - {{name: boom, source: {component}}}\n")))
            .unwrap();
        let error = if language == "js" { "SyntaxError: " } else { "KeyError: 'row'" };
        let place = format!("({file}:{line}");
        for arguments in [
            &["plugin", "run", &component][..],
            &["plugin", "check", &component],
            &["plugin", "test", &name],
            &["compile", "cluster.yaml"],
        ] {
            let output = run(&directory, arguments);
            let all = said(&output) + &stdout(&output);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {all}");
            assert!(all.contains(&format!("it raised {error}")) && all.contains(&place), "{arguments:?}: {all}");
        }
        let ran = run(&directory, &["plugin", "run", &component]);
        let level = if language == "js" { "warn" } else { "info" };
        assert!(stdout(&ran).contains(&format!("log {level}: odd 1")), "{}", stdout(&ran));
    }
}

/// Python's tool gives other bytes each time, whose first compile takes a minute without optimization: what was built of the same files with the same tool, and passed its tests, is used again.
fn is_built(language: &str, made_of: &str, project: &Path) -> bool {
    let kept = kept(language);
    let is_same = fs::read_to_string(kept.join("made-of")).is_ok_and(|known| known == made_of);
    if is_same {
        fs::create_dir_all(project.join("dist")).unwrap();
        let name = format!("dist/max-pods-{language}.wasm");
        fs::copy(kept.join("plugin.wasm"), project.join(name)).unwrap();
    }
    is_same
}

fn keep(language: &str, made_of: &str, project: &Path) {
    let kept = kept(language);
    fs::create_dir_all(&kept).unwrap();
    fs::copy(project.join(format!("dist/max-pods-{language}.wasm")), kept.join("plugin.wasm")).unwrap();
    fs::write(kept.join("made-of"), made_of).unwrap();
}

fn kept(language: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kept-plugins").join(language)
}

/// The tool's version and every file of the project.
fn made_of(tool: &str, project: &Path) -> String {
    let version = Command::new(tool).arg("--version").env("PATH", path()).output();
    let version = version.map(|output| stdout(&output)).unwrap_or_default();
    let files = flatwright_tests::files_below(project);
    let texts =
        files.iter().map(|file| format!("{}\n{}", file.display(), fs::read_to_string(file).unwrap_or_default()));
    std::iter::once(version).chain(texts).collect()
}
