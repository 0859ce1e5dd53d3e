//! The time of the whole program: start, read, compile the starter spec, write, exit. `cargo bench -p flatwright-tests --bench whole_process`.
//!
//! The budget is 5 ms on an idle core. The first line is a process that only prints its version: what no compiler can be faster than.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures the world"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BUDGET: Duration = Duration::from_millis(5);

fn main() {
    let runs: usize = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(200);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--quiet", "--package", "flatwright-cli"]).current_dir(root);
    assert!(build.status().unwrap().success(), "the program does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let program = target.join("release/flatwright");
    let directory = tempfile::tempdir().unwrap();
    let starter = Command::new(&program).args(["init", "--flavor", "flatcar-sysext"]).output().unwrap();
    std::fs::write(directory.path().join("cluster.yaml"), starter.stdout).unwrap();
    println!("{:<28} {:>9} {:>9} {:>9}   ({runs} runs)", "", "min", "median", "max");
    let mut least = Duration::MAX;
    for (name, arguments) in [
        ("process start (--version)", &["--version"][..]),
        ("compile starter to stdout", &["compile", "cluster.yaml"]),
        ("compile starter to out/", &["compile", "cluster.yaml", "-o", "out"]),
        ("compile starter --check", &["compile", "cluster.yaml", "-o", "out", "--check"]),
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
