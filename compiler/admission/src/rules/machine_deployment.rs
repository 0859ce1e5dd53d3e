//! `MachineDeployment` and `MachinePool` (CAPI `core/webhooks/admission/machinedeployment.go`, `machinepool.go`).

use crate::check::Check;
use crate::code::{FEATURE_GATE, IMMUTABLE_FIELD, LABEL_SELECTOR, MISSING_REFERENCE, ROLLOUT_SETTINGS, VALUE_LIMIT};
use crate::contract::Contract;
use crate::defaults::defaulted;
use crate::field::Field;
use crate::rules::kubeadm_control_plane::{check_name, naming, taints};
use crate::rules::kubernetes_version::version;
use crate::rules::{limits, limits_table, metadata};
use crate::selector;

/// The annotations that hand the size of a pool to the autoscaler.
pub(crate) const MIN_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub(crate) const MAX_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";
const SKIPPED_CHECKS: &str = "machineset.cluster.x-k8s.io/skip-preflight-checks";

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    common(check, object, contract);
    metadata::label_sized_name(check, object);
    matching_labels(check, object);
    let strategy = object.get(contract.pick("spec.strategy", "spec.rollout.strategy"));
    rolling_update(check, &strategy.get("rollingUpdate"));
    naming(
        check,
        &object.get(contract.pick("spec.machineNamingStrategy.template", "spec.machineNaming.template")),
        check_name,
    );
    taints(check, &object.get("spec.template.spec.taints"));
    autoscaler(check, object);
    preflight_checks(check, object);
}

pub(crate) fn create_pool(check: &mut Check<'_>, object: &Field<'_>) {
    common(check, object, Contract::of(object));
    let list = object.get("spec.template.spec.taints");
    if list.len() > 0 {
        check
            .error(FEATURE_GATE, &list, "machine pools cannot have machine taints")
            .hint("set taints in `nodeRegistration.taints`");
    }
}

fn common(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    limits::check(check, object, limits_table::MACHINE_DEPLOYMENT);
    limits::empty_containers(check, object, contract);
    let machine = object.get("spec.template.spec");
    let bootstrap = machine.get("bootstrap");
    if !bootstrap.get("configRef").is_set() && !bootstrap.get("dataSecretName").is_set() {
        check
            .error(MISSING_REFERENCE, &bootstrap, "`bootstrap` has neither `configRef` nor `dataSecretName`")
            .hint("refer to a KubeadmConfigTemplate in `bootstrap.configRef`");
    }
    for reference in ["bootstrap.configRef", "infrastructureRef"].map(|path| machine.get(path)) {
        if reference.is_set() && contract == Contract::V1Beta2 {
            for key in ["apiGroup", "kind", "name"] {
                check.needs_text(MISSING_REFERENCE, &reference.get(key));
            }
        }
    }
    let (outer, inner) = (object.get("spec.clusterName"), machine.get("clusterName"));
    if outer.value() != inner.value() {
        check
            .error(
                LABEL_SELECTOR,
                &outer,
                format!("the cluster is `{}` here and `{}` in the template", outer.shown(), inner.shown()),
            )
            .hint("write the same name in both");
    }
    version(check, &machine.get("version"), false);
    metadata::labels(check, &object.get("spec.template.metadata"));
}

fn matching_labels(check: &mut Check<'_>, object: &Field<'_>) {
    // The webhook first writes the default selector and labels.
    let filled = defaulted(object.value());
    let filled = Field::root(&filled);
    let labels = filled.get("spec.template.metadata.labels");
    if !selector::matches(&filled.get("spec.selector"), &labels) {
        check
            .error(LABEL_SELECTOR, &object.get("spec.template.metadata.labels"), "the template's labels do not match `spec.selector`")
            .hint("repeat every label of `spec.selector.matchLabels` in `spec.template.metadata.labels`, or remove the selector");
    }
}

fn rolling_update(check: &mut Check<'_>, rolling: &Field<'_>) {
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    for field in [&surge, &unavailable] {
        if field.text().is_some_and(|text| !is_percentage(text)) {
            check
                .error(ROLLOUT_SETTINGS, field, format!("`{}` is neither a number nor a percentage", field.shown()))
                .hint("write `1` or `\"25%\"`");
        }
    }
    // Unset `maxUnavailable` is 0, unset `maxSurge` is 1.
    if is_zero(&surge) && (is_zero(&unavailable) || !unavailable.is_set()) {
        check
            .error(
                ROLLOUT_SETTINGS,
                rolling,
                "`maxUnavailable` and `maxSurge` are both 0: nothing could ever be replaced",
            )
            .hint("set one of them to 1 or more");
    }
}

/// `0`, `"0"` or `"0%"`.
pub(crate) fn is_zero(field: &Field<'_>) -> bool {
    field.int() == Some(0) || matches!(field.text(), Some("0" | "0%"))
}

/// Digits and a `%`, as Kubernetes reads an int-or-string.
pub(crate) fn is_percentage(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn autoscaler(check: &mut Check<'_>, object: &Field<'_>) {
    if object.get("spec.replicas").is_set() {
        return;
    }
    for key in [MIN_SIZE, MAX_SIZE] {
        let size = object.get("metadata.annotations").key(key);
        if let Some(text) = size.text()
            && text.parse::<i32>().is_err()
        {
            check
                .error(ROLLOUT_SETTINGS, &size, format!("the autoscaler size `{}` is not a number", size.shown()))
                .hint("write a number in quotes, such as `\"2\"`");
        }
    }
}

fn preflight_checks(check: &mut Check<'_>, object: &Field<'_>) {
    const KNOWN: &[&str] =
        &["All", "KubeadmVersionSkew", "KubernetesVersionSkew", "ControlPlaneIsStable", "ControlPlaneVersionSkew"];
    for metadata in ["metadata.annotations", "spec.template.metadata.annotations"] {
        let list = object.get(metadata).key(SKIPPED_CHECKS);
        for name in list.text_or_empty().split(',').filter(|name| !name.is_empty()) {
            if !KNOWN.contains(&name.trim()) {
                check
                    .error(VALUE_LIMIT, &list, format!("`{name}` is not a preflight check"))
                    .hint(format!("use some of {}", KNOWN.join(", ")));
            }
        }
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    immutable_cluster_name(check, old, new);
}

pub(crate) fn update_pool(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create_pool(check, new);
    immutable_cluster_name(check, old, new);
}

pub(crate) fn immutable_cluster_name(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let (before, after) = (old.get("spec.clusterName"), new.get("spec.clusterName"));
    if before.value() != after.value() {
        check
            .error(
                IMMUTABLE_FIELD,
                &after,
                format!("`clusterName` cannot change from `{}` to `{}`", before.shown(), after.shown()),
            )
            .hint("make a new object under a new name");
    }
}
