//! Compares the rules with the answers of a real API server that ran the real webhooks. Skipped where the data is absent.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test that prints its figures")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use flatwright_admission::{Options, check_create, check_set, check_update};
use flatwright_diagnostic::{Diagnostic, Severity};
use serde_json::Value;

/// Refused objects of which a finding names the same field, in percent; without the CRDs' schemas.
const FOUND_FLOOR: f64 = 80.0;

#[test]
fn refusals_are_found_on_the_field_that_the_server_names() {
    let Some(cases) = load() else { return };
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    let mut misses = Vec::new();
    for case in &cases {
        let verdict = judge(case);
        let row = table.entry(format!("{} {}", case.object["kind"].as_str().unwrap(), case.op)).or_default();
        row.count(case, &verdict);
        if !verdict.agrees() {
            misses.push(format!(
                "{verdict:?} {} | {} | {}",
                case.object["kind"],
                case.name,
                case.message.chars().take(200).collect::<String>()
            ));
        }
    }
    let total = table.values().fold(Row::default(), Row::plus);
    println!("{:<40} {:>8} {:>6} {:>9} {:>11}", "kind", "refused", "found", "admitted", "false error");
    for (kind, row) in table.iter().map(|(kind, row)| (kind.as_str(), row)).chain([("all", &total)]) {
        println!("{kind:<40} {:>8} {:>6} {:>9} {:>11}", row.refused, row.found, row.admitted, row.false_errors);
    }
    for miss in &misses {
        println!("  {miss}");
    }
    let found = 100.0 * f64::from(total.found) / f64::from(total.refused);
    println!("found {found:.1} % of the refused");
    println!("admitted, and an error all the same:");
    for (case, finding) in cases
        .iter()
        .filter(|case| case.admitted)
        .flat_map(|case| findings(case).into_iter().map(move |finding| (case, finding)))
    {
        if finding.severity == Severity::Error {
            println!("  {} | {} | {}", case.object["kind"], case.name, finding.message);
        }
    }
    assert!(found >= FOUND_FLOOR, "found only {found:.1} %");
    assert_eq!(total.false_errors, 0, "errors on admitted objects");
}

struct Case {
    name: String,
    op: String,
    object: Value,
    old: Option<Value>,
    admitted: bool,
    message: String,
}

#[derive(Debug)]
enum Verdict {
    Found,
    Admitted,
    Missed,
    FalseError,
}

impl Verdict {
    fn agrees(&self) -> bool {
        matches!(self, Self::Found | Self::Admitted)
    }
}

#[derive(Default)]
struct Row {
    refused: u32,
    found: u32,
    admitted: u32,
    false_errors: u32,
}

impl Row {
    fn count(&mut self, case: &Case, verdict: &Verdict) {
        if case.admitted {
            self.admitted += 1;
        } else {
            self.refused += 1;
        }
        self.found += u32::from(matches!(verdict, Verdict::Found));
        self.false_errors += u32::from(matches!(verdict, Verdict::FalseError));
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            refused: self.refused + other.refused,
            found: self.found + other.found,
            admitted: self.admitted + other.admitted,
            false_errors: self.false_errors + other.false_errors,
        }
    }
}

fn findings(case: &Case) -> Vec<Diagnostic> {
    let options = Options::default();
    match &case.old {
        Some(old) => check_update(old, &case.object, &options),
        None => {
            // The server had no other objects of the cluster.
            let alone = Options { complete: true, ..options };
            let together =
                check_set(std::slice::from_ref(&case.object), &alone).into_iter().map(|(_, finding)| finding);
            let refusals = together.filter(|finding| finding.code.name().starts_with("admission-"));
            check_create(&case.object, &options).into_iter().chain(refusals).collect()
        }
    }
}

fn judge(case: &Case) -> Verdict {
    let findings = findings(case);
    // Findings of the family `manifest-…` are about objects that the server admits.
    let errors: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.code.name().starts_with("admission-"))
        .collect();
    let paths: Vec<String> =
        errors.iter().filter_map(|finding| Some(finding.object_path.as_ref()?.to_string())).collect();
    let contract = case.object["apiVersion"].as_str().unwrap_or_default();
    if case.admitted {
        return if errors.is_empty() { Verdict::Admitted } else { Verdict::FalseError };
    }
    let fields = server_fields(&case.message);
    let kind = case.object["kind"].as_str().unwrap_or_default();
    let is_found = paths.iter().any(|path| fields.iter().any(|field| same_field(field, path, kind, contract)));
    if is_found { Verdict::Found } else { Verdict::Missed }
}

/// The fields that the server's message names; for webhooks that name none, the words that stand for one.
fn server_fields(message: &str) -> Vec<String> {
    const VERDICTS: &[&str] = &[
        ": Invalid value",
        ": Forbidden",
        ": Required value",
        ": Duplicate value",
        ": Unsupported value",
        ": Too long",
        ": Too many",
    ];
    const SENTENCES: &[(&str, &str)] = &[
        ("TerminateNotificationTimeout", "spec.template.terminateNotificationTimeout"),
        ("rolling update strategy MaxUnavailable", "spec.strategy.rollingUpdate.maxUnavailable"),
        ("systemAssignedIdentityRole:", "spec.systemAssignedIdentityRole"),
        (
            "node-group-min-size",
            "metadata.annotations[\"cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size\"]",
        ),
        ("failed to find parent MachinePool", "spec.orchestrationMode"),
        ("Spec.spec.replicas of type", "spec.replicas"),
        ("in duration \"20 minutes\"", "spec.kubeadmConfigSpec.clusterConfiguration.apiServer.timeoutForControlPlane"),
    ];
    let body = message.split_once("is invalid:").map_or(message, |(_, body)| body);
    let mut fields: Vec<String> = body
        .split(['*', '\n'])
        .filter_map(|entry| {
            let end = VERDICTS.iter().filter_map(|verdict| entry.find(verdict)).min()?;
            Some(entry[..end].trim().to_owned())
        })
        .filter(|field| !field.is_empty() && !field.starts_with('<') && !field.contains(' '))
        .collect();
    let sentences = SENTENCES.iter().filter(|(word, _)| message.contains(word)).map(|(_, field)| (*field).to_owned());
    fields.extend(sentences);
    fields
}

/// Whether our path means the server's field. The server leaves out the way to a template's machine, counts in names instead of indexes, speaks of v1beta2
/// fields for v1beta1 objects, and often names a parent; our path may be more exact than its, but at most one step less.
fn same_field(server: &str, ours: &str, kind: &str, contract: &str) -> bool {
    let server = steps(&renamed(server, kind, contract));
    let ours = steps(ours);
    let without_home: Vec<String> = strip(&ours).to_vec();
    let server_home = strip(&server).to_vec();
    let fits = |server: &[String], ours: &[String]| {
        let common = server.iter().zip(ours).take_while(|(a, b)| a == b).count();
        // `spec` alone is the parent of everything and says nothing.
        let says_something = common > 1 || (common == 1 && server[0] != "spec");
        let is_parent = common == server.len() && says_something;
        let is_child = common == ours.len() && server.len() <= common + 1 && says_something;
        server == ours || is_parent || is_child
    };
    // Some messages name the end of the path only.
    let is_end = server.len() > 1 && server[0] != "spec" && ours.ends_with(&server);
    is_end || fits(&server, &ours) || fits(&server_home, &without_home)
}

fn strip(steps: &[String]) -> &[String] {
    let mut rest = steps;
    while let [first, tail @ ..] = rest {
        if !matches!(first.as_str(), "spec" | "template") {
            break;
        }
        rest = tail;
    }
    rest
}

fn steps(path: &str) -> Vec<String> {
    path.to_lowercase()
        .replace(']', "")
        .replace("[\"", ".")
        .replace('"', "")
        .split(['.', '['])
        .filter(|step| !step.is_empty() && step.parse::<usize>().is_err())
        .map(str::to_owned)
        .collect()
}

/// Names in messages that are not the names in the object.
fn renamed(field: &str, kind: &str, contract: &str) -> String {
    const ALWAYS: &[(&str, &str)] = &[
        ("frontendIPConfigs", "frontendIPs"),
        ("azureBastion.bastionSpec", "bastionSpec.azureBastion"),
        ("identityRef.name", "identityRef.kind"),
        ("networkSpec.peerings", "networkSpec.vnet.peerings"),
        ("diagnostics.UserManaged", "diagnostics.boot.userManaged"),
        ("diagnostics.StorageAccountURI", "diagnostics.boot.userManaged.storageAccountURI"),
        ("file.kubeconfig", "file.kubeConfig"),
        ("securityProfile.UefiSettings", "securityProfile.uefiSettings"),
        ("securityProfile.SecureBootEnabled", "securityProfile.uefiSettings.secureBootEnabled"),
        ("securityProfile.VTpmEnabled", "securityProfile.uefiSettings.vTpmEnabled"),
        ("spec.kubernetesVersion[", "spec.kubernetesVersions["),
        ("machineTemplate.infrastructure.", "machineTemplate.infrastructureRef."),
        ("machineDeployments[md-0]", "machineDeployments[0]"),
        ("variables[builtin]", "variables[0]"),
        ("image.ID", "image.id"),
        ("image.ResourceGroup", "image.computeGallery.resourceGroup"),
        ("image.SubscriptionID", "image.computeGallery.subscriptionID"),
    ];
    const V1BETA1: &[(&str, &str)] = &[
        ("spec.checks.nodeStartupTimeoutSeconds", "spec.nodeStartupTimeout"),
        ("spec.remediation.triggerIf.unhealthyLessThanOrEqualTo", "spec.maxUnhealthy"),
        ("spec.machineNaming", "spec.machineNamingStrategy"),
    ];
    const V1BETA2: &[(&str, &str)] = &[(".ref.", ".templateRef.")];
    let mut text = field.trim_start_matches("AzureMachineTemplate.").to_owned();
    if contract.ends_with("v1beta1") {
        let strategy = if kind == "KubeadmControlPlane" { "spec.rolloutStrategy" } else { "spec.strategy" };
        text = text.replace("spec.rollout.strategy", strategy);
    }
    let versioned = if contract.ends_with("v1beta1") { V1BETA1 } else { V1BETA2 };
    for (from, to) in ALWAYS.iter().chain(versioned) {
        text = text.replace(from, to);
    }
    text
}

fn load() -> Option<Vec<Case>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    let root = std::env::var("FLATWRIGHT_CONFORMANCE").unwrap_or_else(|_| default.to_owned());
    let file = PathBuf::from(root).join("admission/cases.jsonl");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no conformance data at {}", file.display());
        return None;
    };
    Some(text.lines().map(|line| case(&serde_json::from_str(line).unwrap())).collect())
}

fn case(value: &Value) -> Case {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Case {
        name: text("case"),
        op: text("op"),
        object: value["object"].clone(),
        old: value.get("old").filter(|old| !old.is_null()).cloned(),
        admitted: value["admitted"].as_bool().unwrap(),
        message: text("message"),
    }
}
