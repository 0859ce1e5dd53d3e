//! Policies over large clusters: no error is lost, whatever is said beside it.

use std::fmt::Write as _;

use flatwright::{Options, SpecFile};
use flatwright_diagnostic::Severity;
use flatwright_render::{
    Allow, Findings, KnownCodes, Policy, SarifOptions, render_github, render_json, render_junit, render_sarif,
};
use flatwright_tests::{Memory, compile_with, guest};
use serde_json::{Value, json};

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

const HEAD: &str = "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {name: demo}\nspec:\n  flavor: flatcar-sysext\n  kubernetes: {version: v1.34.2}\n  flatcar: {version: 4593.2.5}\n  azure: {subscriptionID: 00000000-0000-0000-0000-000000000001, location: westeurope, identity: {name: cluster-identity}}\n  controlPlane: {replicas: 3, vmSize: Standard_D4s_v5}\n";
const POLICIES: &str = "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarPolicies\nplugins:\n";

#[test]
fn a_waived_error_is_in_every_report_whatever_is_allowed() {
    let Some(puppet) = guest("puppet") else { return };
    let spec = format!(
        "{HEAD}  plugins:\n  - name: guard\n    source: files/puppet.wasm\n    waivable: [far-away]\n    settings:\n      policy:\n      - ask: {{objects: Nothing, machine_configs: []}}\n      - {{say: {{severity: Error, code: far-away, message: it is far, place: Plugin}}}}\n  # flatwright: allow(plugin-finding) we know\n  waivers: [{{code: plugin-finding/guard/far-away, place: plugin, reason: the law, until: 2030-01-01}}]\n"
    );
    let mut world = Memory::default();
    world.files.insert("files/puppet.wasm".to_owned(), puppet);
    let mut compiled = compile_with(spec.as_bytes(), &world, &Options::default());
    assert!(compiled.stream.is_some(), "{}", compiled.findings);
    let (report, sources) = (&mut compiled.compilation.report, &compiled.compilation.sources);
    let codes = KnownCodes::new(flatwright::codes);
    let allow = vec![Allow::parse("plugin-finding", &codes).unwrap()];
    let hidden = Policy { allow, ..Policy::default() }.apply(report, sources, &codes);
    assert_eq!(hidden.allowed + hidden.suppressed, 0);
    let findings = Findings::new(report, sources);
    let json: Value = serde_json::from_str(render_json(&findings).lines().next().unwrap()).unwrap();
    assert_eq!(json["waiver"], json!({"reason": "the law", "until": "2030-01-01"}));
    let sarif: Value =
        serde_json::from_str(&render_sarif(&findings, &SarifOptions { version: "0", page: &|_| None })).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(result["suppressions"][0]["justification"], "the law");
    for text in [render_junit(&findings), render_github(&findings)] {
        assert!(text.contains("waived (until 2030-01-01): the law"), "{text}");
        assert!(!text.contains("<failure") && !text.contains("::error"), "{text}");
    }
}

#[test]
fn what_a_file_of_policies_names_must_review() {
    let Some(images) = guest("examples/pin-images") else { return };
    let bytes = format!("{POLICIES}- {{name: pin, source: pin.wasm, settings: {{pins: {{}}}}}}\n").into_bytes();
    let mut world = Memory::default();
    world.files.insert("pin.wasm".to_owned(), images);
    let policies = vec![SpecFile { name: "policies.yaml".to_owned(), bytes }];
    let compiled = compile_with(HEAD.as_bytes(), &world, &Options { policies, ..Options::default() });
    assert!(
        compiled.findings.contains("error[not-a-policy]: plugin `pin` has no `policy` hook"),
        "{}",
        compiled.findings
    );
}
