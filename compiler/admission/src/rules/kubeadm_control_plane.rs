//! `KubeadmControlPlane` and its template (CAPI `controlplane/kubeadm/webhooks/admission/kubeadmcontrolplane.go`).

use flatwright_diagnostic::{Rule, Severity};

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::rules::gates::SwitchedOff;
use crate::rules::kubernetes_version::{step, version};
use crate::rules::naming::naming;
use crate::rules::references::{MissingReference, complete};
use crate::rules::{
    azure_machine_template::immutable_template, contract_fields, kubeadm_config, limits, limits_table, metadata,
};
use crate::syntax::is_word;
use flatwright_kubernetes::Version;
use flatwright_kubernetes::is_placeholder;
use flatwright_kubernetes::version::Release;

const CLUSTER_CONFIGURATION: &str = "spec.kubeadmConfigSpec.clusterConfiguration";

/// Counts and days that the webhook refuses.
#[derive(Debug, Rule)]
#[rule(group = "admission-rollout-settings")]
pub(crate) enum ControlPlane {
    /// A control plane of no machine.
    #[rule("control-plane-without-replicas", "a control plane cannot have `{replicas}` replicas")]
    NoReplicas { replicas: i64 },
    /// An even number of members of etcd.
    #[rule("even-control-plane-replicas", "a control plane with its own etcd cannot have `{replicas}` replicas")]
    EvenReplicas { replicas: i64 },
    /// More than one machine above the count.
    #[rule("control-plane-surge", "`maxSurge` of a control plane is 0 or 1, not `{surge}`")]
    Surge { surge: String },
    /// Replacing machines of which none can be missed.
    #[rule("zero-surge-of-few-replicas", "`maxSurge: 0` needs three replicas, there are {replicas}")]
    ZeroSurge { replicas: i64 },
    /// Certificates that live longer than who signed them.
    #[rule("certificates-outlive-authority", "certificates last {days} days, their authority {authority}")]
    Validity { days: i64, authority: i64 },
    /// Machines that would be replaced before their certificates are a day old.
    #[rule(
        "certificate-expiry-days",
        "machines are replaced {before} days before their certificates expire, which last {days}"
    )]
    Expiry { before: i64, days: i64 },
}

/// Settings of etcd and CoreDNS.
#[derive(Debug, Rule)]
#[rule(group = "admission-control-plane-components")]
pub(crate) enum Components {
    /// An etcd of its own and another.
    #[rule("local-and-external-etcd", "`{second}` cannot be set together with `{first}`")]
    TwoEtcds { first: String, second: String },
    /// A text that is not a tag.
    #[rule("image-tag-syntax", "`{tag}` is not an image tag")]
    Tag { tag: String },
    /// A tag that is not a version.
    #[rule("coredns-version", "the CoreDNS tag `{tag}` is not a version")]
    CoreDnsVersion { tag: String },
    /// A way that no migration goes.
    #[rule("coredns-downgrade", "CoreDNS cannot go down from {from} to {to}")]
    CoreDnsDown { from: Release, to: Release },
}

/// Taints of machines.
#[derive(Debug, Rule)]
#[rule(group = "admission-value-limit")]
pub(crate) enum MachineTaint {
    /// A key that belongs to Kubernetes or Cluster API.
    #[rule("reserved-taint", "the taint `{key}` is set by the system itself")]
    Reserved { key: String },
}

/// Changes that a control plane does not take.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInControlPlane {
    /// Another value.
    #[rule("control-plane-setting-changed", "`{setting}` of a control plane cannot change")]
    Setting { setting: &'static str },
    /// A part with all that is in it.
    #[rule("control-plane-part-removed", "`{part}` of a control plane cannot be removed")]
    Part { part: String },
    /// Data that would stay behind.
    #[rule("etcd-kind-changed", "a control plane cannot change between its own and an external etcd")]
    EtcdKind,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec");
    limits::check(check, object, limits_table::KUBEADM_CONTROL_PLANE);
    limits::empty_containers(check, object, contract);
    other_contract(check, &spec, contract);
    replicas(check, &spec);
    version(check, &spec.get("version"), true);
    infrastructure(check, &spec, contract);
    rollout(check, &spec, contract);
    let template = spec.get(contract.pick("machineNamingStrategy.template", "machineNaming.template"));
    naming(check, &template, &["cluster.name", "kubeadmControlPlane.name"]);
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
    other_contract(check, &spec, contract);
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

fn other_contract(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    contract_fields::check(check, spec, contract, contract_fields::CONTROL_PLANE);
    let home = contract.pick("machineTemplate.infrastructureRef", "machineTemplate.spec.infrastructureRef");
    contract_fields::check(check, &spec.get(home), contract, contract_fields::REFERENCE);
}

fn replicas(check: &mut Check<'_>, spec: &Field<'_>) {
    let replicas = spec.get("replicas");
    let Some(number) = replicas.int() else { return };
    let is_external = spec.get("kubeadmConfigSpec.clusterConfiguration.etcd.external").is_defined();
    if number <= 0 {
        check.refuse(&replicas, &ControlPlane::NoReplicas { replicas: number }).hint("choose 1, 3 or 5");
    } else if number % 2 == 0 && !is_external {
        check
            .refuse(&replicas, &ControlPlane::EvenReplicas { replicas: number })
            .note("an even number of etcd members tolerates no more failures than one less")
            .hint(format!("choose {} or {}", number - 1, number.saturating_add(1)));
    }
}

fn infrastructure(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let reference =
        spec.get(contract.pick("machineTemplate.infrastructureRef", "machineTemplate.spec.infrastructureRef"));
    if !reference.is_set() {
        check.refuse(&reference, &MissingReference::ControlPlane).hint("refer to an AzureMachineTemplate");
        return;
    }
    complete(check, &reference, contract);
}

fn rollout(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let surge =
        spec.get(contract.pick("rolloutStrategy.rollingUpdate.maxSurge", "rollout.strategy.rollingUpdate.maxSurge"));
    // Texts are read as Go's `Atoi` does, and what it cannot read is 0.
    let number = surge.int().or_else(|| Some(surge.text()?.parse().unwrap_or(0)));
    if surge.text().is_some_and(is_placeholder) {
        return;
    }
    if surge.is_set() && !matches!(number, Some(0 | 1)) {
        check
            .refuse(&surge, &ControlPlane::Surge { surge: surge.shown() })
            .hint("set 1, or 0 with three or more replicas");
    }
    let replicas = spec.get("replicas").int().unwrap_or(1);
    if number == Some(0) && replicas < 3 && contract_has_replicas(spec) {
        check.refuse(&surge, &ControlPlane::ZeroSurge { replicas }).hint("set `maxSurge: 1` or `replicas: 3`");
    }
}

/// A template has no replicas, so the count is not known there.
fn contract_has_replicas(spec: &Field<'_>) -> bool {
    spec.path().segments().len() == 1
}

/// Machine taints are behind a gate, and some keys are CAPI's own.
pub(crate) fn taints(check: &mut Check<'_>, taints: &Field<'_>) {
    const RESERVED: &[&str] = &[
        "node.cluster.x-k8s.io/uninitialized",
        "node.cluster.x-k8s.io/outdated-revision",
        "node-role.kubernetes.io/master",
    ];
    const RESERVED_PREFIXES: &[&str] = &["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];
    if taints.len() == 0 {
        return;
    }
    if !check.options.gates.machine_taint_propagation {
        check
            .refuse(taints, &SwitchedOff::MachineTaints)
            .hint("set taints in `nodeRegistration.taints`, or enable the gate `MachineTaintPropagation`");
        return;
    }
    for taint in taints.items() {
        let key = taint.get("key");
        let text = key.text_or_empty();
        let is_reserved = RESERVED_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
        if RESERVED.contains(&text) || (is_reserved && text != "node.kubernetes.io/out-of-service") {
            check.refuse(&key, &MachineTaint::Reserved { key: key.shown() }).hint("remove it");
        }
    }
}

fn components(check: &mut Check<'_>, cluster: &Field<'_>) {
    let (local, external) = (cluster.get("etcd.local"), cluster.get("etcd.external"));
    if external.is_defined() && local.is_defined() {
        check.excludes(&external, &local, |first, second| Components::TwoEtcds { first, second });
    }
    for path in ["etcd.local.imageTag", "dns.imageTag"] {
        let tag = cluster.get(path);
        let Some(text) = tag.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { continue };
        if !is_word(text, "-.") {
            check.refuse(&tag, &Components::Tag { tag: tag.shown() }).hint("use letters, digits, `_`, `-` and `.`");
        } else if path.starts_with("dns") && Version::parse_tag(text).is_none() {
            check
                .refuse(&tag, &Components::CoreDnsVersion { tag: tag.shown() })
                .hint("use a version such as `v1.12.1`");
        }
    }
}

fn certificates(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let cluster = spec.get("kubeadmConfigSpec.clusterConfiguration");
    let validity = cluster.get("certificateValidityPeriodDays");
    let authority = cluster.get("caCertificateValidityPeriodDays").int().unwrap_or(3_650);
    let before = spec.get(contract.pick("rolloutBefore", "rollout.before")).get("certificatesExpiryDays");
    let Some(days) = validity.int().filter(|days| *days > 0) else { return };
    if days > authority {
        check.refuse(&validity, &ControlPlane::Validity { days, authority }).hint(format!("set {authority} or less"));
    }
    if let Some(expiry) = before.int()
        && expiry >= days
    {
        check.refuse(&before, &ControlPlane::Expiry { before: expiry, days }).hint(format!("set less than {days}"));
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    for key in ["certificatesDir", "controlPlaneEndpoint", "caCertificateValidityPeriodDays"] {
        let [before, after] = [old, new].map(|object| object.get(CLUSTER_CONFIGURATION).get(key));
        if !same(before.value(), after.value()) {
            check
                .refuse(&after, &FixedInControlPlane::Setting { setting: key })
                .hint(format!("keep `{}`", if before.is_set() { before.shown() } else { "it unset".to_owned() }));
        }
    }
    removed_parts(check, old, new);
    etcd_kind(check, old, new);
    step(check, &old.get("spec.version"), &new.get("spec.version"), Severity::Warning);
    core_dns_step(check, old, new);
}

/// Leaves may come and go, the parts around them may not go as a whole.
fn removed_parts(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    if Contract::of(old) != Contract::V1Beta2 || Contract::of(new) != Contract::V1Beta2 {
        // The conversion of the older contract makes parts of its own, so an absent one may still be there.
        return;
    }
    let [before, after] = [old, new].map(|object| object.get("spec.kubeadmConfigSpec"));
    let parts = ["clusterConfiguration", "initConfiguration", "joinConfiguration"];
    let places: Vec<_> = if after.is_defined() {
        parts.iter().map(|part| (before.get(part), after.get(part))).collect()
    } else {
        vec![(before, after)]
    };
    for (before, after) in places {
        if before.is_defined() && !after.is_defined() {
            check
                .refuse(&after, &FixedInControlPlane::Part { part: name(&after) })
                .hint("put it back; what is below it may change");
        }
    }
}

fn etcd_kind(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get(CLUSTER_CONFIGURATION).get("etcd.external"));
    if before.is_defined() != after.is_defined() {
        check.refuse(&after, &FixedInControlPlane::EtcdKind).hint("make a new cluster");
    }
}

fn core_dns_step(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    if new.get("metadata.annotations").key("controlplane.cluster.x-k8s.io/skip-coredns").is_set() {
        return;
    }
    let path = "spec.kubeadmConfigSpec.clusterConfiguration.dns.imageTag";
    let (before, after) = (old.get(path), new.get(path));
    if let (Some(from), Some(to)) =
        (Version::parse_tag(before.text_or_empty()), Version::parse_tag(after.text_or_empty()))
        && to.release() < from.release()
    {
        check
            .refuse(&after, &Components::CoreDnsDown { from: from.release(), to: to.release() })
            .hint(format!("keep `{}`", before.shown()));
    }
}
