//! What is found in the output is told at the line of the spec that caused it.

use flatwright::{Compilation, NoWorld, Options, SpecFile, compile};
use flatwright_diagnostic::Severity;

fn compiled(spec: &str, options: &Options) -> Compilation {
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: spec.as_bytes().to_vec() }];
    compile(&files, &NoWorld, options)
}

fn starter() -> String {
    flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, "demo")
}

/// The line and code of every error.
fn errors(compilation: &Compilation) -> Vec<(usize, &'static str)> {
    let errors = compilation.report.diagnostics().iter().filter(|found| found.severity == Severity::Error);
    errors
        .map(|found| {
            let anchor = found.anchor.as_ref().expect("every finding has a place");
            let line = compilation.sources.resolve(anchor).map_or(0, |span| span.start.line);
            (line, found.code.name())
        })
        .collect()
}

#[test]
fn a_starter_has_no_findings() {
    for flavor in [flatwright_spec::types::Flavor::Sysext, flatwright_spec::types::Flavor::ImageBuilder] {
        let compilation = compiled(&flatwright_spec::starter(flavor, "demo"), &Options::default());
        assert!(compilation.report.diagnostics().is_empty(), "{:?}", compilation.report.diagnostics());
    }
}

#[test]
fn what_a_patch_breaks_is_told_at_the_patch() {
    let patch = "  patches:\n  - target: {kind: AzureCluster}\n    merge: {spec: {networkSpec: {vnet: {cidrBlocks: [nowhere]}}}}\n";
    let spec = format!("{}{patch}", starter());
    let line = spec.lines().position(|line| line.contains("nowhere")).expect("it is there") + 1;
    let compilation = compiled(&spec, &Options::default());
    assert_eq!(errors(&compilation), [(line, "network-syntax")]);
    assert!(compilation.clusters.is_empty());
}

#[test]
fn references_to_what_is_not_compiled_are_errors_unless_allowed() {
    let patch = "  patches:\n  - target: {kind: Cluster}\n    merge: {spec: {infrastructureRef: {name: another}}}\n";
    let spec = format!("{}{patch}", starter());
    let codes: Vec<_> = errors(&compiled(&spec, &Options::default())).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["missing-object"]);
    let lenient = Options { allows_unresolved: true, ..Options::default() };
    assert!(errors(&compiled(&spec, &lenient)).is_empty());
}
