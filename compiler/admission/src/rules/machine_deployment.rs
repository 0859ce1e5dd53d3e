//! `MachineDeployment` and `MachinePool` (CAPI `core/webhooks/admission/machinedeployment.go`, `machinepool.go`).

use flatwright_diagnostic::{Part, Rule, suggest};

use crate::check::Check;
use crate::contract::Contract;
use crate::defaults::defaulted;
use crate::field::{Field, shown};
use crate::rules::kubeadm_control_plane::taints;
use crate::rules::kubernetes_version::{version, worker_step};
use crate::rules::naming::naming;
use crate::rules::references::{MissingReference, complete};
use crate::rules::{contract_fields, limits, limits_table, metadata};
use crate::selector::{matches, unreadable};
use flatwright_kubernetes::is_placeholder;

/// The annotations that hand the size of a pool to the autoscaler.
pub(crate) const MIN_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub(crate) const MAX_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";
const SKIPPED_CHECKS: &str = "machineset.cluster.x-k8s.io/skip-preflight-checks";

/// Limits of a rollout and sizes of a pool.
#[derive(Debug, Rule)]
#[rule(group = "admission-rollout-settings")]
pub(crate) enum Rollout {
    /// A text that is not a percentage.
    #[rule("number-or-percentage", "`{value}` is neither a number nor a percentage")]
    Count { value: String },
    /// No machine may be missing and none too many.
    #[rule("rollout-without-room", "`maxUnavailable` and `maxSurge` are both 0: nothing could ever be replaced")]
    NoRoom,
    /// An annotation that the autoscaler cannot read.
    #[rule("autoscaler-size", "the autoscaler size `{size}` is not a number")]
    AutoscalerSize { size: String },
}

/// What a pool says twice, in two ways.
#[derive(Debug, Rule)]
#[rule(group = "admission-label-selector")]
pub(crate) enum PoolLabels {
    /// Machines that the pool itself would not find.
    #[rule("template-labels-outside-selector", "the template's labels do not match `spec.selector`")]
    OutsideSelector,
    /// Two clusters.
    #[rule("pool-of-two-clusters", "the cluster is `{outer}` here and `{inner}` in the template")]
    TwoClusters { outer: String, inner: String },
}

/// Taints of machines where there are none.
#[derive(Debug, Rule)]
#[rule(group = "admission-feature-gate")]
pub(crate) enum PoolTaints {
    /// Only single machines have them.
    #[rule("machine-pool-taints", "machine pools cannot have machine taints")]
    MachinePool,
}

/// Checks before a machine is made.
#[derive(Debug, Rule)]
#[rule(group = "admission-value-limit")]
pub(crate) enum Preflight {
    /// A check that does not exist.
    #[rule("unknown-preflight-check", "`{check}` is not a preflight check")]
    Unknown { check: String },
}

/// Changes that belong to no cluster.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedCluster {
    /// Another cluster.
    #[rule("cluster-name-changed", "`clusterName` cannot change from `{was}` to `{is}`")]
    Name { was: String, is: String },
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    common(check, object, contract);
    metadata::label_sized_name(check, object);
    matching_labels(check, object);
    let strategy = object.get(contract.pick("spec.strategy", "spec.rollout.strategy"));
    rolling_update(check, &strategy.get("rollingUpdate"), !strategy.get("type").holds("OnDelete"));
    int_or_percentage(
        check,
        &object.get(contract.pick("spec.strategy.remediation.maxInFlight", "spec.remediation.maxInFlight")),
    );
    naming(
        check,
        &object.get(contract.pick("spec.machineNamingStrategy.template", "spec.machineNaming.template")),
        &["cluster.name", "machineSet.name"],
    );
    taints(check, &object.get("spec.template.spec.taints"));
    autoscaler(check, object);
    preflight_checks(check, object);
}

pub(crate) fn create_pool(check: &mut Check<'_>, object: &Field<'_>) {
    common(check, object, Contract::of(object));
    autoscaler(check, object);
    let list = object.get("spec.template.spec.taints");
    if list.len() > 0 {
        check.refuse(&list, &PoolTaints::MachinePool).hint("set taints in `nodeRegistration.taints`");
    }
}

fn common(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    limits::check(check, object, limits_table::MACHINE_DEPLOYMENT);
    contract_fields::check(check, &object.get("spec"), contract, contract_fields::MACHINE_DEPLOYMENT);
    contract_fields::check(check, &object.get("spec.template.spec"), contract, contract_fields::MACHINE);
    for path in ["bootstrap.configRef", "infrastructureRef"] {
        let reference = object.get("spec.template.spec").get(path);
        contract_fields::check(check, &reference, contract, contract_fields::REFERENCE);
    }
    limits::empty_containers(check, object, contract);
    let machine = object.get("spec.template.spec");
    started(check, &machine, contract);
    metadata::cluster_name(check, object);
    let (outer, inner) = (object.get("spec.clusterName"), machine.get("clusterName"));
    if outer.value() != inner.value() {
        check
            .refuse(&outer, &PoolLabels::TwoClusters { outer: outer.shown(), inner: inner.shown() })
            .hint("write the same name in both");
    }
    version(check, &machine.get("version"), false);
    metadata::labels(check, &object.get("spec.template.metadata"));
}

/// What a machine starts with, and what it runs on.
fn started(check: &mut Check<'_>, machine: &Field<'_>, contract: Contract) {
    let bootstrap = machine.get("bootstrap");
    if !bootstrap.get("configRef").is_defined() && !bootstrap.get("dataSecretName").is_set() {
        check
            .refuse(&bootstrap, &MissingReference::Bootstrap)
            .hint("refer to a KubeadmConfigTemplate in `bootstrap.configRef`");
    }
    for reference in ["bootstrap.configRef", "infrastructureRef"].map(|path| machine.get(path)) {
        if reference.is_defined() && contract == Contract::V1Beta2 {
            complete(check, &reference, contract);
        }
    }
}

fn matching_labels(check: &mut Check<'_>, object: &Field<'_>) {
    // The webhook first writes the default selector and labels.
    let filled = defaulted(object.value());
    let filled = Field::root(&filled);
    let labels = filled.get("spec.template.metadata.labels");
    if unreadable(check, &object.get("spec.selector")) {
        return;
    }
    if !matches(&filled.get("spec.selector"), &labels) {
        check
            .refuse(&object.get("spec.template.metadata.labels"), &PoolLabels::OutsideSelector)
            .hint("repeat every label of `spec.selector.matchLabels` in `spec.template.metadata.labels`, or remove the selector");
    }
}

/// A number, or a text of digits and `%`.
pub(crate) fn int_or_percentage(check: &mut Check<'_>, field: &Field<'_>) {
    if field.text().is_some_and(|text| !is_placeholder(text) && !is_percentage(text)) {
        check.refuse(field, &Rollout::Count { value: field.shown() }).hint("write `1` or `\"25%\"`");
    }
}

/// The limits of a rollout. An unset `maxUnavailable` becomes 0 where the defaults are written.
pub(crate) fn rolling_update(check: &mut Check<'_>, rolling: &Field<'_>, has_defaults: bool) {
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    for field in [&surge, &unavailable] {
        int_or_percentage(check, field);
    }
    // A percentage is never taken for 0.
    let is_still = unavailable.int() == Some(0) || (has_defaults && !unavailable.is_set());
    if surge.int() == Some(0) && is_still {
        check.refuse(rolling, &Rollout::NoRoom).hint("set one of them to 1 or more");
    }
}

/// Digits and a `%`, as Kubernetes reads an int-or-string.
pub(crate) fn is_percentage(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|digits| digits.parse::<i64>().is_ok())
}

fn autoscaler(check: &mut Check<'_>, object: &Field<'_>) {
    let has_both = [MIN_SIZE, MAX_SIZE].iter().all(|key| object.get("metadata.annotations").key(key).is_set());
    if object.get("spec.replicas").is_set() || !has_both {
        return;
    }
    for key in [MIN_SIZE, MAX_SIZE] {
        let size = object.get("metadata.annotations").key(key);
        if let Some(text) = size.text()
            && text.parse::<i32>().is_err()
        {
            check
                .refuse(&size, &Rollout::AutoscalerSize { size: size.shown() })
                .hint("write a number in quotes, such as `\"2\"`");
        }
    }
}

fn preflight_checks(check: &mut Check<'_>, object: &Field<'_>) {
    const KNOWN: &[&str] =
        &["All", "KubeadmVersionSkew", "KubernetesVersionSkew", "ControlPlaneIsStable", "ControlPlaneVersionSkew"];
    let list = object.get("metadata.annotations").key(SKIPPED_CHECKS);
    let Some(text) = list.text().filter(|text| !text.is_empty()) else { return };
    for name in text.split(',').map(str::trim).filter(|name| !KNOWN.contains(name)) {
        let finding = check.refuse(&list, &Preflight::Unknown { check: shown(name) });
        if name == text {
            finding.did_you_mean(name, Part::Value, KNOWN.iter().copied());
        } else {
            finding.hints.extend(suggest(name, KNOWN.iter().copied()));
        }
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    immutable_cluster_name(check, old, new);
    worker_version(check, old, new);
}

/// `MachineSet` (`machineset.go`).
pub(crate) fn create_set(check: &mut Check<'_>, object: &Field<'_>) {
    common(check, object, Contract::of(object));
    preflight_checks(check, object);
}

pub(crate) fn update_set(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create_set(check, new);
    immutable_cluster_name(check, old, new);
}

/// `Machine` (`machine.go`).
pub(crate) fn create_machine(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    started(check, &spec, Contract::of(object));
    metadata::cluster_name(check, object);
    version(check, &spec.get("version"), false);
    taints(check, &spec.get("taints"));
}

pub(crate) fn update_machine(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create_machine(check, new);
    immutable_cluster_name(check, old, new);
}

pub(crate) fn update_pool(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create_pool(check, new);
    immutable_cluster_name(check, old, new);
    worker_version(check, old, new);
}

fn worker_version(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get("spec.template.spec.version"));
    worker_step(check, &before, &after);
}

pub(crate) fn immutable_cluster_name(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let (before, after) = (old.get("spec.clusterName"), new.get("spec.clusterName"));
    if before.value() != after.value() {
        check
            .refuse(&after, &FixedCluster::Name { was: before.shown(), is: after.shown() })
            .hint("make a new object under a new name");
    }
}
