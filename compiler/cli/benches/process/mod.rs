//! Whole runs of the program, timed from outside.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs the program so many times, and prints the shortest and the median time.
pub(crate) fn measure(what: &str, arguments: &[&str], runs: usize) {
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
    println!("{what:<28} shortest {:>12?}, median {:>12?}", times[0], times[runs / 2]);
}

/// The path of a file with this text.
pub(crate) fn written(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the target directory can be written");
    path.to_string_lossy().into_owned()
}
