//! `KubeadmControlPlane` and its template (CAPI `controlplane/kubeadm/webhooks/admission/kubeadmcontrolplane.go`).

use flatwright_diagnostic::Severity;

use crate::check::Check;
use crate::code::{
    CONTROL_PLANE_COMPONENTS, FEATURE_GATE, IMMUTABLE_FIELD, MISSING_REFERENCE, NAMING_TEMPLATE, ROLLOUT_SETTINGS,
    VALUE_LIMIT,
};
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::rules::kubernetes_version::{step, version};
use crate::rules::{azure_machine_template::immutable_template, kubeadm_config, limits, limits_table, metadata};
use crate::syntax::{is_dns_subdomain, is_placeholder};
use crate::version::Version;

const CLUSTER_CONFIGURATION: &str = "spec.kubeadmConfigSpec.clusterConfiguration";

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec");
    limits::check(check, object, limits_table::KUBEADM_CONTROL_PLANE);
    limits::empty_containers(check, object, contract);
    replicas(check, &spec);
    version(check, &spec.get("version"), true);
    infrastructure(check, &spec, contract);
    rollout(check, &spec, contract);
    naming(check, &spec.get(contract.pick("machineNamingStrategy.template", "machineNaming.template")), check_name);
    metadata::labels(check, &spec.get("machineTemplate.metadata"));
    taints(check, &spec.get(contract.pick("machineTemplate.taints", "machineTemplate.spec.taints")));
    bootstrap(check, &spec.get("kubeadmConfigSpec"), contract);
    certificates(check, &spec, contract);
}

/// The template holds a control plane without version, replicas and infrastructure.
pub(crate) fn create_template(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec.template.spec");
    limits::empty_containers(check, object, contract);
    rollout(check, &spec, contract);
    metadata::labels(check, &object.get("spec.template.metadata"));
    metadata::labels(check, &spec.get("machineTemplate.metadata"));
    bootstrap(check, &spec.get("kubeadmConfigSpec"), contract);
    certificates(check, &spec, contract);
}

pub(crate) fn update_template(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    immutable_template(check, &old.get("spec.template.spec"), &new.get("spec.template.spec"));
}

fn bootstrap(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    kubeadm_config::check(check, spec, contract);
    if contract == Contract::V1Beta2 {
        kubeadm_config::equal_timeouts(check, spec);
    }
    components(check, &spec.get("clusterConfiguration"));
}

fn replicas(check: &mut Check<'_>, spec: &Field<'_>) {
    let replicas = spec.get("replicas");
    let Some(number) = replicas.int() else { return };
    let is_external = spec.get("kubeadmConfigSpec.clusterConfiguration.etcd.external").is_set();
    if number <= 0 {
        check
            .error(ROLLOUT_SETTINGS, &replicas, format!("a control plane cannot have `{number}` replicas"))
            .hint("choose 1, 3 or 5");
    } else if number % 2 == 0 && !is_external {
        check
            .error(
                ROLLOUT_SETTINGS,
                &replicas,
                format!("a control plane with its own etcd cannot have `{number}` replicas"),
            )
            .note("an even number of etcd members tolerates no more failures than one less")
            .hint(format!("choose {} or {}", number - 1, number.saturating_add(1)));
    }
}

fn infrastructure(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let reference =
        spec.get(contract.pick("machineTemplate.infrastructureRef", "machineTemplate.spec.infrastructureRef"));
    if !reference.is_set() {
        check
            .error(MISSING_REFERENCE, &reference, "the control plane has no `infrastructureRef`")
            .hint("refer to an AzureMachineTemplate");
        return;
    }
    for key in [contract.pick("apiVersion", "apiGroup"), "kind", "name"] {
        check.needs_text(MISSING_REFERENCE, &reference.get(key));
    }
}

fn rollout(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let surge =
        spec.get(contract.pick("rolloutStrategy.rollingUpdate.maxSurge", "rollout.strategy.rollingUpdate.maxSurge"));
    let number = surge.int().or_else(|| surge.text()?.parse().ok());
    if surge.is_set() && !matches!(number, Some(0 | 1)) {
        check
            .error(ROLLOUT_SETTINGS, &surge, format!("`maxSurge` of a control plane is `{}`", surge.shown()))
            .hint("set 1, or 0 with three or more replicas");
    }
    let replicas = spec.get("replicas").int().unwrap_or(1);
    if number == Some(0) && replicas < 3 && contract_has_replicas(spec) {
        check
            .error(ROLLOUT_SETTINGS, &surge, format!("`maxSurge: 0` needs three replicas, there are {replicas}"))
            .hint("set `maxSurge: 1` or `replicas: 3`");
    }
}

/// A template has no replicas, so the count is not known there.
fn contract_has_replicas(spec: &Field<'_>) -> bool {
    spec.path.segments().len() == 1
}

/// A name template; `judge` sees what would be generated.
pub(crate) fn naming(check: &mut Check<'_>, template: &Field<'_>, judge: fn(&str) -> bool) {
    let Some(text) = template.text().filter(|text| !text.is_empty()) else { return };
    let packed: String = text.split_whitespace().collect();
    if !packed.contains("{{.random}}") {
        check
            .error(NAMING_TEMPLATE, template, "the name template has no `{{ .random }}`")
            .note("without it every machine would get the same name")
            .hint("end the template with `-{{ .random }}`");
        return;
    }
    let filled = ["cluster.name", "kubeadmControlPlane.name", "machineSet.name", "random"]
        .iter()
        .fold(packed, |text, name| text.replace(&format!("{{{{.{name}}}}}"), "a"));
    // What is left is more than plain fields; only the renderer could tell.
    if !filled.contains("{{") && !judge(&filled) {
        check
            .error(NAMING_TEMPLATE, template, format!("names from `{}` are not object names", template.shown()))
            .hint("use lower-case letters, digits, `-` and `.` only");
    }
}

pub(crate) fn check_name(name: &str) -> bool {
    is_dns_subdomain(name)
}

/// Machine taints are behind a gate, and some keys are CAPI's own.
pub(crate) fn taints(check: &mut Check<'_>, taints: &Field<'_>) {
    const RESERVED: &[&str] = &[
        "node.cluster.x-k8s.io/uninitialized",
        "node.cluster.x-k8s.io/outdated-revision",
        "node.cloudprovider.kubernetes.io/uninitialized",
        "node.cloudprovider.kubernetes.io/shutdown",
    ];
    if taints.len() == 0 {
        return;
    }
    if !check.options.gates.machine_taint_propagation {
        check
            .error(FEATURE_GATE, taints, "machine taints are switched off in the management cluster")
            .hint("set taints in `nodeRegistration.taints`, or enable the gate `MachineTaintPropagation`");
        return;
    }
    for taint in taints.items() {
        let key = taint.get("key");
        if RESERVED.contains(&key.text_or_empty()) {
            check
                .error(VALUE_LIMIT, &key, format!("the taint `{}` is set by the system itself", key.shown()))
                .hint("remove it");
        }
    }
}

fn components(check: &mut Check<'_>, cluster: &Field<'_>) {
    let (local, external) = (cluster.get("etcd.local"), cluster.get("etcd.external"));
    check.excludes(CONTROL_PLANE_COMPONENTS, &external, &local);
    for path in ["etcd.local.imageTag", "dns.imageTag"] {
        let tag = cluster.get(path);
        let Some(text) = tag.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { continue };
        if !is_image_tag(text) {
            check
                .error(CONTROL_PLANE_COMPONENTS, &tag, format!("`{}` is not an image tag", tag.shown()))
                .hint("use letters, digits, `_`, `-` and `.`");
        } else if path.starts_with("dns") && Version::parse_tolerant(text).is_none() {
            check
                .error(CONTROL_PLANE_COMPONENTS, &tag, format!("the CoreDNS tag `{}` is not a version", tag.shown()))
                .hint("use a version such as `v1.12.1`");
        }
    }
}

fn is_image_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && crate::syntax::is_word(tag, "-.")
}

fn certificates(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let cluster = spec.get("kubeadmConfigSpec.clusterConfiguration");
    let validity = cluster.get("certificateValidityPeriodDays");
    let authority = cluster.get("caCertificateValidityPeriodDays").int().unwrap_or(3_650);
    let before = spec.get(contract.pick("rolloutBefore", "rollout.before")).get("certificatesExpiryDays");
    let Some(days) = validity.int().filter(|days| *days > 0) else { return };
    if days > authority {
        check
            .error(ROLLOUT_SETTINGS, &validity, format!("certificates last {days} days, their authority {authority}"))
            .hint(format!("set {authority} or less"));
    }
    if let Some(expiry) = before.int()
        && expiry >= days
    {
        check
            .error(
                ROLLOUT_SETTINGS,
                &before,
                format!("machines are replaced {expiry} days before their certificates expire, which last {days}"),
            )
            .hint(format!("set less than {days}"));
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    for key in ["certificatesDir", "controlPlaneEndpoint", "caCertificateValidityPeriodDays"] {
        let [before, after] = [old, new].map(|object| object.get(CLUSTER_CONFIGURATION).get(key));
        if !same(before.value(), after.value()) {
            check
                .error(IMMUTABLE_FIELD, &after, format!("`{key}` of a control plane cannot change"))
                .hint(format!("keep `{}`", if before.is_set() { before.shown() } else { "it unset".to_owned() }));
        }
    }
    etcd_kind(check, old, new);
    step(check, &old.get("spec.version"), &new.get("spec.version"), Severity::Warning);
    core_dns_step(check, old, new);
}

fn etcd_kind(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get(CLUSTER_CONFIGURATION).get("etcd.external"));
    if before.is_set() != after.is_set() {
        check
            .error(IMMUTABLE_FIELD, &after, "a control plane cannot change between its own and an external etcd")
            .hint("make a new cluster");
    }
}

fn core_dns_step(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let path = "spec.kubeadmConfigSpec.clusterConfiguration.dns.imageTag";
    let (before, after) = (old.get(path), new.get(path));
    if let (Some(from), Some(to)) =
        (Version::parse_tolerant(before.text_or_empty()), Version::parse_tolerant(after.text_or_empty()))
        && to < from
    {
        check
            .error(CONTROL_PLANE_COMPONENTS, &after, format!("CoreDNS cannot go down from {from} to {to}"))
            .hint(format!("keep `{}`", before.shown()));
    }
}
