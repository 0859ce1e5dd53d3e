//! Policies over large clusters: no error is lost, whatever is said beside it.

use std::fmt::Write as _;

use flatwright::Options;
use flatwright_diagnostic::Severity;
use flatwright_render::{Findings, SarifOptions, render_github, render_json, render_junit, render_sarif};
use flatwright_tests::{Memory, compile_with, guest};

const POOLS: usize = 1_000;
const WARNINGS: usize = 99_990;

#[test]
fn the_errors_among_a_hundred_thousand_findings_about_a_thousand_groups_are_reported() {
    let Some(puppet) = guest("puppet") else { return };
    let mut spec = String::from(
        "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {name: demo}\nspec:\n  flavor: flatcar-sysext\n  kubernetes: {version: v1.34.2}\n  flatcar: {version: 4593.2.5}\n  azure: {subscriptionID: 00000000-0000-0000-0000-000000000001, location: westeurope, identity: {name: cluster-identity}}\n  controlPlane: {replicas: 3, vmSize: Standard_D4s_v5}\n  plugins:\n  - name: puppet\n    source: files/puppet.wasm\n    limits: {answerMiB: 64}\n    settings:\n      policy:\n      - ask: {objects: Everything, machine_configs: []}\n",
    );
    writeln!(spec, "      - {{times: {WARNINGS}, say: {{severity: Warning, message: again}}}}").unwrap();
    spec.push_str("      - {times: 10, say: {severity: Error, code: last-words, message: not this}}\n  pools:\n");
    for pool in 0..POOLS {
        writeln!(spec, "  - {{name: p{pool}, replicas: 1, vmSize: Standard_D4s_v5}}").unwrap();
    }
    let mut world = Memory::default();
    world.files.insert("files/puppet.wasm".to_owned(), puppet);
    let compiled = compile_with(spec.as_bytes(), &world, &Options::default());
    let report = &compiled.compilation.report;
    let count = |severity| report.diagnostics().iter().filter(|finding| finding.severity == severity).count();
    let left_out: usize = report.left_out().values().sum();
    assert_eq!((count(Severity::Error), count(Severity::Warning) + left_out), (10, WARNINGS));
    assert!(compiled.stream.is_none());
    // Errors come first, and what is left out is counted, in every format.
    let findings = Findings::new(report, &compiled.compilation.sources);
    let options = SarifOptions { version: "0", page: &|_| None };
    let json = render_json(&findings);
    assert_eq!(json.lines().take(10).filter(|line| line.contains("plugin-finding/puppet/last-words")).count(), 10);
    // 1,000 are shown: the ten errors and 990 warnings.
    let hidden = WARNINGS - 990;
    for text in [
        compiled.findings.clone(),
        json,
        render_sarif(&findings, &options),
        render_junit(&findings),
        render_github(&findings),
    ] {
        assert!(text.len() < 4 << 20, "{}", text.len());
        let end = &text[text.len().saturating_sub(600)..];
        assert!(text.replace(',', "").contains(&hidden.to_string()), "{end}");
    }
}
