//! Any bytes through the whole compiler: no panic, findings can be shown, and what compiles is YAML that parses.
#![no_main]

use flatwright::{Contract, Format, Options, SpecFile};
use flatwright_fuzz::{Nowhere, check_report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (contract, bytes) = match bytes.split_first() {
        Some((b'1', rest)) => (Contract::V1Beta1, rest),
        _ => (Contract::V1Beta2, bytes),
    };
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: bytes.to_vec() }];
    let compilation = flatwright::compile(&files, &Nowhere, &Options { contract, ..Options::default() });
    check_report(&compilation.report, &compilation.sources);
    if compilation.report.has_errors() {
        assert!(compilation.clusters.is_empty());
        return;
    }
    let stream = flatwright::stream(&compilation.clusters, Format::Yaml);
    let (_, error) = flatwright_yaml::parse(&stream, &flatwright_yaml::Limits::default());
    assert_eq!(error, None, "the output is not YAML");
});
