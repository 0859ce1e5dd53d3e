//! `cargo bench -p flatwright-cli --bench transpile`: the whole process from a Butane file to Ignition on standard output, at growing sizes.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark runs the program and prints its figures"
)]

mod process;

use std::fmt::Write as _;

use process::{measure, written};

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

fn main() {
    measure("start alone", &["--version"], 41);
    for (files, runs) in [(1, 41), (1_000, 21), (10_000, 7), (100_000, 3)] {
        let text = config(files);
        let path = written(&format!("{files}.bu"), &text);
        measure(&format!("{files} files, {} KB", text.len() / 1_000), &["transpile", &path], runs);
    }
}
