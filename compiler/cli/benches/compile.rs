//! `cargo bench -p flatwright-cli --bench compile`: the whole process from a spec to manifests on standard output: the starter, and clusters of many pools.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark runs the program and prints its figures"
)]

mod process;

use std::fmt::Write as _;

use flatwright_spec::types::Flavor;
use process::{measure, written};

/// The starter with so many pools that differ.
fn pools(count: usize) -> String {
    let starter = flatwright_spec::starter(Flavor::Sysext, "fleet");
    let (before, rest) = starter.split_once("  pools:\n").expect("invariant: the starter has pools");
    let (_, after) = rest.split_once("  addons:\n").expect("invariant: add-ons come after the pools");
    let mut text = format!("{before}  pools:\n");
    for pool in 0..count {
        let _ = write!(
            text,
            "  - name: pool-{pool}\n    replicas: 3\n    vmSize: Standard_D4s_v5\n    nodeLabels: {{pool: p{pool}}}\n    \
             files: [{{path: /etc/pool, content: \"{pool}\\n\"}}]\n"
        );
    }
    text + "  addons:\n" + after
}

fn main() {
    measure("start alone", &["--version"], 101);
    let starter = written("starter.yaml", &flatwright_spec::starter(Flavor::Sysext, "demo"));
    measure("starter", &["compile", &starter], 101);
    for (count, runs) in [(20, 21), (200, 11), (2_000, 3)] {
        let path = written(&format!("{count}-pools.yaml"), &pools(count));
        measure(&format!("{count} pools"), &["compile", &path], runs);
    }
}
