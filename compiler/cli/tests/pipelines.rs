//! Plugins in pipelines: small containers, kills, runs at the same time, caches that cannot be used.
//!
//! The tests in control groups need root and a hierarchy to make groups in; elsewhere they are skipped with a printed line. The plugin that takes seconds to compile is made here.

#![cfg(target_os = "linux")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the program, read what it wrote and say what they skip"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use flatwright_tests::{guest, hungry_module, slow_module};

/// A directory with a spec of these plugins, each of them the file `p.wasm`.
struct Project {
    directory: PathBuf,
}

impl Project {
    /// `None` where this machine cannot build plugins.
    fn new(name: &str, slow: usize, entries: &[&str]) -> Option<Self> {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pipelines").join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        let component = [guest("puppet")?, slow_module(slow)].concat();
        fs::write(directory.join("p.wasm"), component).unwrap();
        fs::write(directory.join("cluster.yaml"), spec("demo", entries)).unwrap();
        Some(Self { directory })
    }

    fn cache(&self) -> PathBuf {
        self.directory.join("cache")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flatwright"));
        command.args(arguments).current_dir(&self.directory).env("XDG_CACHE_HOME", self.cache()).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.cache().join("flatwright/plugins")).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn spec(name: &str, entries: &[&str]) -> String {
    let plugins: String = entries.iter().map(|entry| format!("  - {{source: p.wasm, {entry}}}\n")).collect();
    format!(
        "\
apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata: {{name: {name}}}
spec:
  flavor: flatcar-sysext
  kubernetes: {{version: v1.34.2}}
  flatcar: {{channel: stable, version: 4593.2.5}}
  azure:
    subscriptionID: 00000000-0000-0000-0000-000000000001
    location: westeurope
    identity: {{name: cluster-identity}}
  controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}
  pools:
  - {{name: md-0, replicas: 2, vmSize: Standard_D4s_v5}}
  plugins:
{plugins}"
    )
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// So many functions take seconds without optimization.
const SLOW: usize = 450;

/// The process that compiles for this one, once it is there.
fn compiler_of(child: &Child) -> u32 {
    let begun = Instant::now();
    loop {
        let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap_or_default();
        let all = fs::read_dir(format!("/proc/{}/task", child.id())).into_iter().flatten().flatten();
        let of_threads =
            all.filter_map(|task| fs::read_to_string(task.path().join("children")).ok()).collect::<String>();
        if let Some(found) = format!("{children} {of_threads}").split_whitespace().next() {
            // Only its own program: between fork and exec it is a copy.
            let line = fs::read_to_string(format!("/proc/{found}/cmdline")).unwrap_or_default();
            if line.contains("__compile-plugin") {
                return found.parse().unwrap();
            }
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing compiles");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_file_under_two_names_is_compiled_once() {
    let entries = ["name: a", "name: b, limits: {findings: 7, compileSeconds: 300}", "name: c"];
    let Some(project) = Project::new("names", SLOW, &entries) else { return };
    let output = project.run(&["compile", "cluster.yaml", "-o", "out"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output).matches("compiling plugin").count(), 1, "{}", said(&output));
    assert_eq!(project.kept().len(), 1);
    let warm = project.run(&["compile", "cluster.yaml", "-o", "out"]);
    assert!(!said(&warm).contains("compiling"), "{}", said(&warm));
    // One that cannot be compiled is told once, at the first of its entries.
    let Some(project) = Project::new(
        "names-refused",
        SLOW,
        &["name: a, limits: {compileMemoryMiB: 64}", "name: b, limits: {compileMemoryMiB: 64}"],
    ) else {
        return;
    };
    let output = project.run(&["compile", "cluster.yaml", "-o", "out"]);
    assert_eq!(said(&output).matches("error[plugin-compile-memory-limit]").count(), 1, "{}", said(&output));
    assert!(said(&output).contains("plugin `a` needed more than 64 MiB"), "{}", said(&output));
}

#[test]
fn runs_at_the_same_time_compile_a_file_once() {
    let Some(project) = Project::new("runs", SLOW, &["name: a"]) else { return };
    let first = project.command(&["compile", "cluster.yaml", "-o", "one"]).spawn().unwrap();
    compiler_of(&first);
    let second = project.command(&["compile", "cluster.yaml", "-o", "two"]).spawn().unwrap();
    let (first, second) = (first.wait_with_output().unwrap(), second.wait_with_output().unwrap());
    assert!(first.status.success() && second.status.success(), "{} {}", said(&first), said(&second));
    assert!(said(&first).contains("compiling plugin `a`"), "{}", said(&first));
    assert!(said(&second).contains("another run compiles plugin `a`"), "{}", said(&second));
    assert!(!said(&second).contains("compiling plugin"), "{}", said(&second));
    assert_eq!(project.kept().len(), 1, "no lock is left behind: {:?}", project.kept());
}

#[test]
fn a_killed_child_is_explained_and_what_is_finished_is_kept() {
    let Some(project) = Project::new("killed", SLOW, &["name: a"]) else { return };
    let run = project.command(&["compile", "cluster.yaml", "-o", "out"]).spawn().unwrap();
    assert!(Command::new("kill").args(["-9", &compiler_of(&run).to_string()]).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let said = said(&output);
    assert!(said.contains("error[plugin-compile-killed]") && said.contains("signal 9 (SIGKILL)"), "{said}");
    assert!(said.contains("cluster.yaml:16:5") && !said.contains("compileMemoryMiB"), "{said}");
    assert!(!project.directory.join("out").exists() && project.kept().is_empty(), "{:?}", project.kept());
}

#[test]
fn a_cache_that_is_not_used_is_said_with_the_reason() {
    let Some(project) = Project::new("unused", 0, &["name: a"]) else { return };
    let fleet = format!("{}---\n{}", spec("one", &["name: a"]), spec("two", &["name: b"]));
    fs::write(project.directory.join("fleet.yaml"), fleet).unwrap();
    let good = project.run(&["compile", "cluster.yaml", "-o", "out"]);
    assert!(good.status.success() && !said(&good).contains("plugin-cache-unused"), "{}", said(&good));
    let plugins = project.cache().join("flatwright/plugins");
    fs::set_permissions(&plugins, fs::Permissions::from_mode(0o770)).unwrap();
    for (spec, times) in [("cluster.yaml", 2), ("fleet.yaml", 1)] {
        for _ in 0..times {
            let output = project.run(&["compile", spec, "-o", &format!("out-{spec}")]);
            assert!(output.status.success(), "{}", said(&output));
            assert_eq!(said(&output).matches("note[plugin-cache-unused]").count(), 1, "{}", said(&output));
            assert!(said(&output).contains("group or others may write to it (mode 0770)"), "{}", said(&output));
            assert!(said(&output).contains("chmod go-w"), "{}", said(&output));
        }
    }
    let quiet = project.run(&["compile", "cluster.yaml", "-o", "out", "--allow", "plugin-cache-unused"]);
    assert!(!said(&quiet).contains("plugin-cache-unused"), "{}", said(&quiet));
    let alone = project.run(&["plugin", "run", "p.wasm"]);
    assert!(said(&alone).contains("note[plugin-cache-unused]"), "{}", said(&alone));
    // A spec without plugins needs none.
    fs::write(project.directory.join("none.yaml"), spec("demo", &[]).replace("  plugins:\n", "")).unwrap();
    let none = project.run(&["compile", "none.yaml", "-o", "none"]);
    assert!(none.status.success() && !said(&none).contains("cache"), "{}", said(&none));
    for (unset, reason) in [(true, "neither `XDG_CACHE_HOME` nor `HOME`"), (false, "is not used as a cache")] {
        let mut command = project.command(&["compile", "cluster.yaml", "-o", "out"]);
        command.env_remove("XDG_CACHE_HOME").env_remove("HOME");
        if !unset {
            command.env("XDG_CACHE_HOME", "/dev/null");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains(reason), "{}", said(&output));
    }
}

/// Control groups of this test, removed at the end.
struct Group(Vec<PathBuf>);

impl Group {
    /// A group with these limits; `None`, with a printed line, where none can be made.
    fn new(name: &str, half_a_processor: bool, memory: u64) -> Option<Self> {
        let name = format!("flatwright-{name}-{}", std::process::id());
        let made = Self::version_1(&name, half_a_processor, memory)
            .or_else(|| Self::version_2(&name, half_a_processor, memory));
        if made.is_none() {
            println!("skipped {name}: no control group can be made here");
        }
        made
    }

    fn version_1(name: &str, half_a_processor: bool, memory: u64) -> Option<Self> {
        let root = Path::new("/sys/fs/cgroup");
        let group = Self(vec![root.join("memory").join(name), root.join("cpu").join(name)]);
        for directory in &group.0 {
            fs::create_dir(directory).ok()?;
        }
        fs::write(group.0[0].join("memory.limit_in_bytes"), memory.to_string()).ok()?;
        if half_a_processor {
            fs::write(group.0[1].join("cpu.cfs_quota_us"), "50000").ok()?;
        }
        Some(group)
    }

    fn version_2(name: &str, half_a_processor: bool, memory: u64) -> Option<Self> {
        let group = Self(vec![Path::new("/sys/fs/cgroup").join(name)]);
        fs::create_dir(&group.0[0]).ok()?;
        fs::write(group.0[0].join("memory.max"), memory.to_string()).ok()?;
        if half_a_processor {
            fs::write(group.0[0].join("cpu.max"), "50000 100000").ok()?;
        }
        Some(group)
    }

    /// Runs a command in the groups.
    fn run(&self, project: &Project, arguments: &[&str]) -> Output {
        let program = project.command(arguments);
        let enter =
            self.0.iter().map(|group| format!("echo $$ > {}/cgroup.procs && ", group.display())).collect::<String>();
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("{enter} exec \"$0\" \"$@\""))
            .arg(program.get_program())
            .args(program.get_args());
        command.current_dir(&project.directory).env("XDG_CACHE_HOME", project.cache()).env("NO_COLOR", "1");
        command.output().unwrap()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for group in &self.0 {
            // The last process may take a moment to go.
            for _ in 0..100 {
                if fs::remove_dir(group).is_ok() || !group.exists() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

#[test]
fn half_a_processor_is_enough_for_two_plugins() {
    let Some(project) = Project::new("half", SLOW, &["name: a, limits: {compileSeconds: 30}"]) else { return };
    // Another file, of the same weight.
    let other = [fs::read(project.directory.join("p.wasm")).unwrap(), slow_module(1)].concat();
    fs::write(project.directory.join("q.wasm"), other).unwrap();
    let two = spec("demo", &["name: a, limits: {compileSeconds: 30}", "name: b, limits: {compileSeconds: 30}"]);
    let at = two.rfind("p.wasm").unwrap();
    fs::write(project.directory.join("cluster.yaml"), format!("{}q{}", &two[..at], &two[at + 1..])).unwrap();
    let Some(group) = Group::new("half", true, 1 << 30) else { return };
    let output = group.run(&project, &["compile", "cluster.yaml", "-o", "out"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(project.kept().len(), 2);
    let begun = Instant::now();
    let warm = group.run(&project, &["compile", "cluster.yaml", "-o", "out"]);
    assert!(warm.status.success() && !said(&warm).contains("compiling"), "{}", said(&warm));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_container_without_memory_is_told_with_need_and_limit() {
    let Some(project) = Project::new("memory", 0, &["name: a"]) else { return };
    let hungry = [fs::read(project.directory.join("p.wasm")).unwrap(), hungry_module()].concat();
    fs::write(project.directory.join("p.wasm"), hungry).unwrap();
    let Some(group) = Group::new("memory", false, 96 << 20) else { return };
    let output = group.run(&project, &["compile", "cluster.yaml", "-o", "out"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error[plugin-compile-memory-room]"), "{said}");
    assert!(said.contains("of its 96 MiB") && said.contains("MiB of memory to compile"), "{said}");
    assert!(!said.contains("1,536") && !said.contains("compileMemoryMiB"), "{said}");
    assert!(!project.directory.join("out").exists(), "nothing is written");
}

#[test]
fn clusters_of_a_repository_share_plugins() {
    let Some(project) = Project::new("shared", 0, &["name: a"]) else { return };
    let cluster = project.directory.join("repo/clusters/one");
    fs::create_dir_all(&cluster).unwrap();
    fs::create_dir_all(project.directory.join("repo/plugins")).unwrap();
    fs::rename(project.directory.join("p.wasm"), project.directory.join("repo/plugins/p.wasm")).unwrap();
    let shared = spec("one", &["name: a"]).replace("p.wasm", "../../plugins/p.wasm");
    fs::write(cluster.join("cluster.yaml"), &shared).unwrap();
    let compile = |more: &[&str]| project.run(&[&["compile", "repo/clusters/one/cluster.yaml"], more].concat());
    fs::write(cluster.join(".git"), "gitdir: elsewhere").unwrap();
    let refused = compile(&[]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(
        said(&refused).contains("--root DIR") && said(&refused).contains("repo/clusters/one`"),
        "{}",
        said(&refused)
    );
    assert!(compile(&["--root", "repo"]).status.success());
    fs::rename(cluster.join(".git"), project.directory.join("repo/.git")).unwrap();
    let output = compile(&[]);
    assert!(output.status.success(), "{}", said(&output));
}

/// Whether everybody may use what only this user, root, may write, from the root directory on.
fn is_readable_for_all(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    path.ancestors().all(|directory| {
        let metadata = fs::metadata(directory).unwrap();
        metadata.uid() == 0 && metadata.mode() & 0o022 == 0 && metadata.mode() & 0o005 == 0o005
    })
}

#[test]
fn a_cache_that_root_has_filled_is_read_by_others_and_never_written() {
    use std::os::unix::process::CommandExt as _;

    let Some(project) = Project::new("shipped", 0, &["name: a, settings: {}"]) else { return };
    if !is_readable_for_all(&project.directory) {
        println!("skipped: this needs root, and root's directories");
        return;
    }
    let as_nobody =
        |project: &Project| project.command(&["compile", "cluster.yaml"]).uid(65_534).gid(65_534).output().unwrap();
    let state = |project: &Project| {
        let plugins = project.cache().join("flatwright/plugins");
        let file = fs::read_dir(&plugins).unwrap().map(|entry| entry.unwrap()).next().unwrap();
        (project.kept(), fs::metadata(file.path()).unwrap().modified().unwrap(), fs::read(file.path()).unwrap())
    };
    let warmed = project.run(&["cache", "warm", "cluster.yaml"]);
    assert!(warmed.status.success() && said(&warmed).contains("has `a`, for "), "{}", said(&warmed));
    let before = state(&project);
    let output = as_nobody(&project);
    assert!(output.status.success() && !said(&output).contains("plugin-cache-unused"), "{}", said(&output));
    assert_eq!(state(&project), before, "read, not written and not touched");
    // What it lacks is compiled each time, and that is said.
    let other = [fs::read(project.directory.join("p.wasm")).unwrap(), slow_module(1)].concat();
    fs::write(project.directory.join("p.wasm"), other).unwrap();
    let output = as_nobody(&project);
    assert!(output.status.success() && said(&output).contains("lacks a plugin of this run"), "{}", said(&output));
    assert_eq!(state(&project), before);
    // Somebody besides root may write above it.
    fs::set_permissions(project.cache(), fs::Permissions::from_mode(0o775)).unwrap();
    let output = as_nobody(&project);
    assert!(said(&output).contains("can be written by group or others (mode 0775)"), "{}", said(&output));
    let refused = project.run(&["cache", "warm", "cluster.yaml", "--cpu", "pentium"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
}
