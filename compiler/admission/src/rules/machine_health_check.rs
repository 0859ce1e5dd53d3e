//! `MachineHealthCheck` (CAPI `core/webhooks/admission/machinehealthcheck.go`).

use flatwright_diagnostic::{Part, Rule};
use flatwright_go::duration;

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::machine_deployment::{immutable_cluster_name, is_percentage};
use crate::rules::{contract_fields, limits, limits_table, metadata};
use crate::selector::{self, Selector, unreadable};
use flatwright_kubernetes::is_placeholder;

const CLUSTER_NAME_LABEL: &str = "cluster.x-k8s.io/cluster-name";
/// Conditions that CAPI itself writes, so that they cannot start a remediation.
const OWN_CONDITIONS: &[&str] =
    &["Ready", "Available", "HealthCheckSucceeded", "OwnerRemediated", "ExternallyRemediated"];

/// What the status of a condition can be.
const STATUSES: [&str; 3] = ["True", "False", "Unknown"];

/// Limits of a health check, by itself and in a class.
#[derive(Debug, Rule)]
#[rule(group = "admission-health-check")]
pub(crate) enum HealthCheck {
    /// A control plane whose machines Cluster API does not make.
    #[rule("health-check-without-machines", "a control plane without `machineInfrastructure` has no machines to check")]
    NoMachines,
    /// A text that is not a range.
    #[rule("unhealthy-range-syntax", "`{range}` is not a range")]
    Range { range: String },
    /// A condition that would start a remediation because of itself.
    #[rule("condition-of-cluster-api", "the machine condition `{condition}` is written by Cluster API itself")]
    OwnCondition { condition: String },
    /// A status that no condition of a node ever has.
    #[rule("unknown-condition-status", "`{status}` is no status of a condition")]
    Status { status: String },
    /// A text that is not a percentage.
    #[rule("unhealthy-limit-syntax", "`{limit}` is neither a number nor a percentage")]
    Limit { limit: String },
    /// Less time than a machine needs.
    #[rule("short-node-startup-timeout", "the startup timeout of {seconds} s is less than 30 s")]
    StartupTimeout { seconds: i64 },
}

/// A health check that is about two clusters.
#[derive(Debug, Rule)]
#[rule(group = "admission-label-selector")]
pub(crate) enum CheckedCluster {
    /// Machines of another cluster.
    #[rule(
        "selector-of-another-cluster",
        "the selector takes machines of `{selected}`, but `clusterName` is `{cluster}`"
    )]
    Another { selected: String, cluster: String },
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec");
    limits::check(check, object, limits_table::MACHINE_HEALTH_CHECK);
    contract_fields::check(check, &spec, contract, contract_fields::MACHINE_HEALTH_CHECK);
    // `checks: {}` is filled by the webhook before anyone sees that it is empty.
    if spec.get("checks").len() > 0 || !spec.get("checks").is_set() {
        limits::empty_containers(check, object, contract);
    }
    metadata::cluster_name(check, object);
    own_selector(check, &spec);
    startup_timeout(check, &spec, contract);
    unhealthy(check, &spec, contract);
    let range = spec.get(contract.pick("unhealthyRange", "remediation.triggerIf.unhealthyInRange"));
    if check.options.schema_limits && range.text().is_some_and(|text| !is_range(text)) {
        check
            .refuse(&range, &HealthCheck::Range { range: range.shown() })
            .hint("write it in brackets, such as `\"[1-3]\"`");
    }
    let conditions = spec.get(contract.pick("unhealthyMachineConditions", "checks.unhealthyMachineConditions"));
    for condition in conditions.items() {
        let kind = condition.get("type");
        if check.options.schema_limits && OWN_CONDITIONS.contains(&kind.text_or_empty()) {
            check
                .refuse(&kind, &HealthCheck::OwnCondition { condition: kind.shown() })
                .hint("watch a node condition, or a machine condition of your own");
        }
    }
}

/// How many machines may be unhealthy, and when one is.
pub(crate) fn unhealthy(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let limit = spec.get(contract.pick("maxUnhealthy", "remediation.triggerIf.unhealthyLessThanOrEqualTo"));
    if limit.text().is_some_and(|text| !is_placeholder(text) && !is_percentage(text)) {
        check.refuse(&limit, &HealthCheck::Limit { limit: limit.shown() }).hint("write `1` or `\"40%\"`");
    }
    let lists: &[&'static str] = match contract {
        Contract::V1Beta1 => &["unhealthyConditions"],
        Contract::V1Beta2 => &["checks.unhealthyNodeConditions", "checks.unhealthyMachineConditions"],
    };
    for condition in lists.iter().flat_map(|list| spec.get(list).items()) {
        status(check, &condition.get("status"));
    }
}

/// Kubernetes' conditions have three words for their status; the comparison is to the letter.
fn status(check: &mut Check<'_>, status: &Field<'_>) {
    let Some(text) = status.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if STATUSES.contains(&text) {
        return;
    }
    let finding = check.refuse(status, &HealthCheck::Status { status: status.shown() });
    finding.note("it is admitted, but the condition is never met, and no machine is ever remediated because of it");
    let bare = text.trim_matches(['"', '\'']);
    match STATUSES.iter().find(|known| known.eq_ignore_ascii_case(bare)) {
        Some(known) => finding.hint(if bare == text {
            format!("write `{known}`")
        } else {
            format!("write `\"{known}\"`: the inner quotes are part of the text here")
        }),
        None => finding.did_you_mean(text, Part::Value, STATUSES),
    };
}

fn own_selector(check: &mut Check<'_>, spec: &Field<'_>) {
    let own = spec.get("selector");
    unreadable(check, &own);
    if selector::is_empty(&own) {
        check
            .refuse(&own, &Selector::Empty { field: name(&own) })
            .hint("set `selector.matchLabels`, such as `cluster.x-k8s.io/deployment-name: NAME`");
    }
    let (label, cluster) = (own.get("matchLabels").key(CLUSTER_NAME_LABEL), spec.get("clusterName"));
    if label.is_set() && label.value() != cluster.value() {
        check
            .refuse(&label, &CheckedCluster::Another { selected: label.shown(), cluster: cluster.shown() })
            .hint("write the same name in both, or remove the label");
    }
}

pub(crate) fn startup_timeout(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let timeout = spec.get(contract.pick("nodeStartupTimeout", "checks.nodeStartupTimeoutSeconds"));
    let seconds = match timeout.text() {
        Some(text) => duration::seconds(text),
        None => timeout.int(),
    };
    if let Some(seconds) = seconds
        && seconds != 0
        && seconds < 30
    {
        check
            .refuse(&timeout, &HealthCheck::StartupTimeout { seconds })
            .hint("set 30 s or more, or 0 to switch it off");
    }
}

fn is_range(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .and_then(|inner| inner.split_once('-'))
        .is_some_and(|(low, high)| digits(low) && digits(high))
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    immutable_cluster_name(check, old, new);
}
