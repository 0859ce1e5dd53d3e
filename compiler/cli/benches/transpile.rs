//! `cargo bench -p flatwright-cli --bench transpile`: the whole process from a Butane file to Ignition on standard output, at growing sizes.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark runs the program and prints its figures"
)]

mod process;

use std::fmt::Write as _;

use process::{measure, written};

/// Three short lines each, or one that gzip makes shorter.
fn config(files: usize, is_packed: bool) -> String {
    let mut text = "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n".to_owned();
    for i in 0..files {
        let _ = writeln!(
            text,
            "    - path: /etc/app/conf.d/file-{i:06}.conf\n      mode: 0644\n      contents:\n        inline: |"
        );
        let _ = if is_packed {
            writeln!(text, "          {}", "x".repeat(70))
        } else {
            let other = i * 7;
            let last = "a line of some length that is like the others";
            writeln!(text, "          key{i}=value{i}\n          other={other}\n          {last}")
        };
    }
    text
}

fn main() {
    measure("start alone", &["--version"], 41);
    for (files, is_packed, runs) in [
        (1, false, 41),
        (1_000, false, 21),
        (1_000, true, 21),
        (10_000, false, 7),
        (100_000, false, 3),
        (100_000, true, 3),
    ] {
        let text = config(files, is_packed);
        let kind = if is_packed { "packed" } else { "plain" };
        let path = written(&format!("{files}-{kind}.bu"), &text);
        measure(&format!("{files} {kind} files, {} KB", text.len() / 1_000), &["transpile", &path], runs);
    }
}
