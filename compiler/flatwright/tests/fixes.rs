//! Mistakes of a spec that a machine can mend: `validate --fix` does, and `compile` shows the same changes.

use std::collections::BTreeMap;

use flatwright::{NoWorld, Options, SpecFile, ValidateOptions, compile, validate};
use flatwright_diagnostic::{Report, Severity};
use flatwright_render::{Findings, Sources, fix_findings};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBzVb8vKjIbFNdQ1lJh2iEqGcgxTQ0nP5n3J9bJ2p0aX ops@example.com";
/// `KEY` in base64, as CAPZ's own field has it.
const ENCODED_KEY: &str = "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUJ6VmI4dktqSWJGTmRRMWxKaDJpRXFHY2d4VFEwblA1bjNKOWJKMnAwYVggb3BzQGV4YW1wbGUuY29tCg==";

/// A spec of every kind of value that the cases are about, with comments that must survive.
fn sound() -> String {
    format!(
        "\
apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata:
  name: demo # the prefix
  annotations: {{}}
spec:
  flavor: flatcar-sysext
  kubernetes:
    version: v1.34.2
    network: {{pods: [192.168.0.0/16], services: [10.96.0.0/16]}}
  flatcar:
    channel: stable # or beta
    version: 4593.2.5
  azure:
    subscriptionID: 00000000-0000-0000-0000-000000000001
    location: westeurope
    identity: {{name: cluster-identity, type: WorkloadIdentity, clientID: 00000000-0000-0000-0000-000000000002, tenantID: 00000000-0000-0000-0000-000000000003}}
    sshPublicKey: {KEY}
  machines:
    osDisk: {{diskSizeGB: 128, cachingType: ReadOnly}}
    acceleratedNetworking: true
  controlPlane:
    replicas: 3
    vmSize: Standard_D4s_v5
    healthCheck:
      nodeStartupTimeoutSeconds: 600
      unhealthyNodeConditions:
      - {{type: Ready, status: Unknown, timeoutSeconds: 300}}
"
    )
}

/// What is written, in the place of what is right.
const MISTAKES: &[(&str, &str)] = &[
    // A misspelt key, at several depths, in block and flow style.
    ("\nspecs:", "\nspec:"),
    ("\n  flavour:", "\n  flavor:"),
    ("subscriptionId:", "subscriptionID:"),
    ("netwrok:", "network:"),
    ("unhealthyNodeCondition:", "unhealthyNodeConditions:"),
    ("timeoutSecond:", "timeoutSeconds:"),
    ("cachingtype:", "cachingType:"),
    // A misspelt word of those that a key has.
    ("channel: stabel", "channel: stable"),
    ("cachingType: Readonly", "cachingType: ReadOnly"),
    ("type: WorkloadIdentiy", "type: WorkloadIdentity"),
    // A network with bits behind its prefix.
    ("192.168.0.1/16", "192.168.0.0/16"),
    ("10.96.0.10/16", "10.96.0.0/16"),
    // A number as text, with or without a unit.
    ("diskSizeGB: 128Gi", "diskSizeGB: 128"),
    ("diskSizeGB: \"128\"", "diskSizeGB: 128"),
    ("nodeStartupTimeoutSeconds: 10m", "nodeStartupTimeoutSeconds: 600"),
    // A boolean as YAML 1.1 has it.
    ("acceleratedNetworking: yes", "acceleratedNetworking: true"),
    // A region as the portal shows it.
    ("location: West Europe", "location: westeurope"),
];

fn file(text: &str) -> Vec<SpecFile> {
    vec![SpecFile { name: "cluster.yaml".to_owned(), bytes: text.as_bytes().to_vec() }]
}

fn fixed(report: &Report, sources: &Sources) -> String {
    fix_findings(&Findings::new(report, sources), false).sources.into_iter().map(|source| source.text).collect()
}

/// The titles of all fixes, in order.
fn titles(report: &Report) -> Vec<&str> {
    report.diagnostics().iter().flat_map(|finding| &finding.fixes).map(|fix| fix.title.as_str()).collect()
}

/// Mends a text in all rounds that it takes, as a user would: what one finding hides, the next run shows.
fn mended(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..5 {
        let validation = validate(&file(&text), &NoWorld, &ValidateOptions::default());
        let compilation = compile(&file(&text), &NoWorld, &Options::default());
        assert_eq!(titles(&validation.report), titles(&compilation.report), "{text}");
        assert_eq!(
            fixed(&validation.report, &validation.sources),
            fixed(&compilation.report, &compilation.sources),
            "{text}"
        );
        match fixed(&validation.report, &validation.sources) {
            next if next.is_empty() => return text,
            next => text = next,
        }
    }
    text
}

fn errors(text: &str) -> Vec<String> {
    let validation = validate(&file(text), &NoWorld, &ValidateOptions::default());
    let errors = validation.report.diagnostics().iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

#[test]
fn each_mistake_is_mended_and_nothing_else_is_touched() {
    let sound = sound();
    assert_eq!(errors(&sound), [""; 0]);
    let key = (ENCODED_KEY, KEY);
    for (wrong, right) in MISTAKES.iter().copied().chain([key]) {
        assert!(sound.contains(right), "{right}");
        let text = sound.replacen(right, wrong, 1);
        assert!(!errors(&text).is_empty(), "{wrong}");
        assert_eq!(mended(&text), sound, "{wrong}");
    }
}

#[test]
fn all_mistakes_at_once_are_mended() {
    let sound = sound();
    let mut text = sound.clone();
    // One mistake at each place.
    let places: BTreeMap<&str, &str> = MISTAKES.iter().map(|(wrong, right)| (*right, *wrong)).collect();
    for (right, wrong) in places {
        text = text.replacen(right, wrong, 1);
    }
    text = text.replacen(KEY, ENCODED_KEY, 1);
    assert_eq!(mended(&text), sound);
}

#[test]
fn what_may_have_been_meant_otherwise_is_only_suggested() {
    let sound = sound();
    for (right, other) in [
        // Decimal or binary.
        ("diskSizeGB: 128", "diskSizeGB: 128GB"),
        // The beginning of a word.
        ("unhealthyNodeConditions:", "unhealthy:"),
    ] {
        let text = sound.replacen(right, other, 1);
        let validation = validate(&file(&text), &NoWorld, &ValidateOptions::default());
        assert!(!titles(&validation.report).is_empty(), "{other}");
        assert_eq!(fixed(&validation.report, &validation.sources), "", "{other}");
    }
}

#[test]
fn what_comes_from_the_environment_has_no_fix() {
    let text = sound().replacen("channel: stable", "channel: \"${env:CHANNEL:-stabel}\"", 1);
    let validation = validate(&file(&text), &NoWorld, &ValidateOptions::default());
    assert!(validation.report.has_errors());
    assert_eq!(titles(&validation.report), [""; 0]);
}
