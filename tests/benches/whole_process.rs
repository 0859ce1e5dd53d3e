//! The time of the whole program: start, read, compile the starter spec, write, exit; and a machine config of 10,000 files, translated, and translated and applied to the
//! model of a node. `cargo bench -p flatwright-tests --bench whole_process`; `PROGRAM` names one that is built already.
//!
//! The budget of the starter is 5 ms on an idle core. The first line is a process that only prints its version: what no compiler can be faster than.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures the world"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BUDGET: Duration = Duration::from_millis(5);

fn main() {
    let runs: usize = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(200);
    let program = std::env::var_os("PROGRAM").map_or_else(built, PathBuf::from);
    let directory = tempfile::tempdir().unwrap();
    let starter = Command::new(&program).args(["init", "--flavor", "flatcar-sysext"]).output().unwrap();
    std::fs::write(directory.path().join("cluster.yaml"), starter.stdout).unwrap();
    std::fs::write(directory.path().join("files.bu"), files()).unwrap();
    println!("{:<28} {:>9} {:>9} {:>9}   ({runs} runs)", "", "min", "median", "max");
    let mut least = Duration::MAX;
    for (name, arguments) in [
        ("process start (--version)", &["--version"][..]),
        ("compile starter to stdout", &["compile", "cluster.yaml"]),
        ("compile starter to out/", &["compile", "cluster.yaml", "-o", "out"]),
        ("compile starter --check", &["compile", "cluster.yaml", "-o", "out", "--check"]),
        ("transpile 10,000 files", &["transpile", "files.bu"]),
        ("validate 10,000 files", &["validate", "files.bu"]),
    ] {
        let mut times: Vec<Duration> = (0..runs).map(|_| time(&program, arguments, directory.path())).collect();
        times.sort();
        let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        let (min, median, max) = (times[0], times[runs / 2], times[runs - 1]);
        println!("{name:<28} {:>9} {:>9} {:>9}", milliseconds(min), milliseconds(median), milliseconds(max));
        if name == "compile starter to stdout" {
            least = min;
        }
    }
    println!("budget {BUDGET:?}: {}", if least <= BUDGET { "kept" } else { "exceeded" });
}

/// The release build of the workspace.
fn built() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--quiet", "--package", "flatwright-cli"]).current_dir(root);
    assert!(build.status().unwrap().success(), "the program does not build");
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into).join("release/flatwright")
}

/// A machine config with files in a hundred directories, each with an owner, a mode and some text.
fn files() -> String {
    let mut text = "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n".to_owned();
    for number in 0..10_000 {
        let directory = number % 100;
        text += &format!(
            "  - path: /opt/app{directory}/file{number}\n    mode: 0640\n    user: {{name: core}}\n    contents: {{inline: \"number {number}, and some text behind it\\n\"}}\n"
        );
    }
    text
}

fn time(program: &Path, arguments: &[&str], directory: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let time = start.elapsed();
    assert!(status.success());
    time
}
