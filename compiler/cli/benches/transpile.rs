//! `cargo bench -p flatwright-cli --bench transpile`: the whole process from a Butane file to Ignition on standard output, at growing sizes.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark runs the program and prints its figures"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn config(files: usize) -> String {
    let mut text = "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n".to_owned();
    for i in 0..files {
        let _ = write!(
            text,
            "    - path: /etc/app/conf.d/file-{i:06}.conf\n      mode: 0644\n      contents:\n        inline: |\n          key{i}=value{i}\n          other={}\n          a line of some length that is like the others\n",
            i * 7
        );
    }
    text
}

/// The median and the shortest time of so many runs.
fn measure(arguments: &[&str], runs: usize) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let status = Command::new(env!("CARGO_BIN_EXE_flatwright"))
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            let time = start.elapsed();
            assert!(status.is_ok_and(|status| status.success()), "{arguments:?} fails");
            time
        })
        .collect();
    times.sort();
    (times[runs / 2], times[0])
}

fn main() {
    let (median, shortest) = measure(&["--version"], 41);
    println!("start alone:              median {median:?}, shortest {shortest:?}");
    for (files, runs) in [(1, 41), (1_000, 21), (10_000, 7), (100_000, 3)] {
        let text = config(files);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{files}.bu"));
        std::fs::write(&path, &text).expect("the target directory can be written");
        let (median, shortest) = measure(&["transpile", &path.to_string_lossy()], runs);
        println!("{files:>7} files, {:>8} KB: median {median:?}, shortest {shortest:?}", text.len() / 1_000);
    }
}
