//! Time and memory of `validate` on 8,000 objects, in one file and in a file each, on one core and on two.
//!
//! `cargo bench -p flatwright-tests --bench validation` builds the program in the release profile and prints a table (docs/validation.md has one). `PROGRAM` names a
//! program that is built already, `RUNS` how often each case is run; the least time counts, as a machine that is shared has no other that repeats. Linux only: the
//! cores are chosen with `taskset`, and the memory is read from `/proc`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures the world"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flatwright_tests::files_below;

const OBJECTS: usize = 8_000;
const FEWER: usize = 1_000;
const CORES: [&str; 2] = ["0", "0,1"];

fn main() {
    let runs: usize = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(7);
    let program = program();
    let directory = tempfile::tempdir().unwrap();
    plant(&program, directory.path());
    println!("{:<44} {:>9} {:>9} {:>7} {:>9}   ({runs} runs each)", "", "1 core", "2 cores", "", "memory");
    for name in ["one-file", "fewer-files", "files", "fewer-in-one-directory", "in-one-directory"] {
        let count = if name.starts_with("fewer") { FEWER } else { OBJECTS };
        let mut best = [(Duration::MAX, 0); 2];
        for _ in 0..runs {
            for (best, cores) in best.iter_mut().zip(CORES) {
                let (time, memory) = measure(&program, cores, name, directory.path());
                *best = (best.0.min(time), best.1.max(memory));
            }
        }
        let [one, two] = best.map(|(time, _)| time.as_secs_f64());
        let memory = best[1].1 >> 10;
        println!(
            "{:<44} {one:>7.3} s {two:>7.3} s {:>6.2}× {memory:>6} MB",
            format!("{count} objects, {name}"),
            one / two
        );
    }
}

fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("PROGRAM") {
        return program.into();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--quiet", "--package", "flatwright-cli"]).current_dir(root);
    assert!(build.status().unwrap().success(), "the program does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    target.join("release/flatwright")
}

/// Compiles clusters until there are enough objects: as one stream, as a directory for each, and all in one directory.
fn plant(program: &Path, root: &Path) {
    let mut specs = String::new();
    let output = |arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(root).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    for number in 0..OBJECTS / 10 {
        let spec = output(&["init", "--flavor", "flatcar-sysext", "--name", &format!("demo-{number}")]);
        specs.push_str(&format!("---\n{spec}"));
    }
    std::fs::write(root.join("specs.yaml"), specs).unwrap();
    output(&["compile", "specs.yaml", "-o", "all"]);
    let mut stream = String::new();
    let mut objects = files_below(&root.join("all"));
    objects.retain(|path| path.parent().is_some_and(|directory| directory.ends_with("manifests")));
    assert!(objects.len() >= OBJECTS, "{} objects", objects.len());
    for (number, path) in objects.iter().take(OBJECTS).enumerate() {
        let text = std::fs::read_to_string(path).unwrap();
        stream.push_str(&format!("---\n{text}"));
        let cluster = path.ancestors().nth(2).unwrap().file_name().unwrap();
        for (kept, is_flat) in [("files", false), ("in-one-directory", true)] {
            for (kept, count) in [(kept.to_owned(), OBJECTS), (format!("fewer-{kept}"), FEWER)] {
                let directory = if is_flat { root.join(kept) } else { root.join(kept).join(cluster) };
                if number < count {
                    std::fs::create_dir_all(&directory).unwrap();
                    std::fs::write(directory.join(format!("{number:05}.yaml")), &text).unwrap();
                }
            }
        }
    }
    std::fs::write(root.join("one-file"), stream).unwrap();
    std::fs::remove_dir_all(root.join("all")).unwrap();
}

/// The time of one run, and the most memory that it had.
fn measure(program: &Path, cores: &str, name: &str, directory: &Path) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new("taskset")
        .args(["-c", cores])
        .arg(program)
        .args(["validate", name])
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let mut time = start.elapsed();
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        memory = peak.unwrap_or(0).max(memory);
        std::thread::sleep(Duration::from_millis(2));
        time = start.elapsed();
    }
    assert_eq!(child.wait().unwrap().code(), Some(0), "{name}");
    (time, memory)
}
