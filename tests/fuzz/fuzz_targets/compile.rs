//! Any bytes through the whole compiler: no panic, errors render, and what compiles is YAML that parses.
#![no_main]

use flatwright::{Contract, Format, Options, SpecFile, World};
use flatwright_render::{Findings, TextOptions, render_text};
use libfuzzer_sys::fuzz_target;

struct Nowhere;

impl World for Nowhere {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        if relative.len() % 2 == 0 { Ok(relative.as_bytes().to_vec()) } else { Err("no such file".to_owned()) }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name.len() == 1).then(|| name.to_owned())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (contract, bytes) = match bytes.split_first() {
        Some((b'1', rest)) => (Contract::V1Beta1, rest),
        _ => (Contract::V1Beta2, bytes),
    };
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: bytes.to_vec() }];
    let compilation = flatwright::compile(&files, &Nowhere, &Options { contract, ..Options::default() });
    let findings = Findings::new(&compilation.report, &compilation.sources);
    let text = render_text(&findings, &TextOptions::default());
    if compilation.report.has_errors() {
        assert!(compilation.clusters.is_empty() && !text.is_empty());
        return;
    }
    let stream = flatwright::stream(&compilation.clusters, Format::Yaml);
    let (_, error) = flatwright_yaml::parse(&stream, &flatwright_yaml::Limits::default());
    assert_eq!(error, None, "the output is not YAML");
});
