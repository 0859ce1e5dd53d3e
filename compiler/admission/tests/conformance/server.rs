//! The answers of the real API server: loading them, and whether a path of ours means the field that a message names.

use std::path::PathBuf;

use serde_json::Value;

/// One object that the server was asked about.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) op: String,
    pub(crate) object: Value,
    pub(crate) old: Option<Value>,
    pub(crate) admitted: bool,
    pub(crate) message: String,
}

/// The directory of the conformance data.
pub(crate) fn root() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    PathBuf::from(std::env::var("FLATWRIGHT_CONFORMANCE").unwrap_or_else(|_| default.to_owned()))
}

/// The cases of a file (`cases`, `mutations`), or nothing where the data is absent.
pub(crate) fn load(name: &str) -> Option<Vec<Case>> {
    let file = root().join(format!("admission/{name}.jsonl"));
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
        id: text("id"),
        name: text("case"),
        op: text("op"),
        object: value["object"].clone(),
        old: value.get("old").filter(|old| !old.is_null()).cloned(),
        admitted: value["admitted"].as_bool().unwrap(),
        message: text("message"),
    }
}

/// The fields that the server's message names; for webhooks that name none, the words that stand for one.
pub(crate) fn server_fields(message: &str) -> Vec<String> {
    const VERDICTS: &[&str] = &[
        ": Invalid value",
        ": Forbidden",
        ": Required value",
        ": Duplicate value",
        ": Unsupported value",
        ": Too long",
        ": Too many",
        ": Internal error",
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
        ("Arg.spec.template.spec.join", "spec.template.spec.joinConfiguration.nodeRegistration.kubeletExtraArgs.value"),
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
    // Strict decoding quotes the fields that it does not know.
    fields.extend(body.split("unknown field \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    let sentences = SENTENCES.iter().filter(|(word, _)| message.contains(word)).map(|(_, field)| (*field).to_owned());
    fields.extend(sentences);
    fields
}

/// Whether our path is the server's field, step by step, but for the way to the machine and for indexes.
pub(crate) fn exact_field(server: &str, ours: &str, kind: &str, contract: &str) -> bool {
    let (server, ours) = (steps(&renamed(server, kind, contract)), steps(ours));
    strip(&server) == strip(&ours)
}

/// Whether our path means the server's field. The server leaves out the way to a template's machine, counts in names instead of indexes, speaks of v1beta2
/// fields for v1beta1 objects, and often names a parent; our path may be more exact than its, but at most one step less.
pub(crate) fn same_field(server: &str, ours: &str, kind: &str, contract: &str) -> bool {
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
