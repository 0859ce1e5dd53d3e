//! `AzureCluster` and `AzureClusterTemplate` (CAPZ `internal/webhooks/azurecluster_validation.go`, `azureclustertemplate_validation.go`).

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::defaults::defaulted;
use crate::field::Field;
use crate::rules::gates::SwitchedOff;
use crate::rules::{azure_load_balancer, azure_machine_template::immutable_template, azure_network};
use flatwright_kubernetes::is_placeholder;

/// What can never be set on an Azure cluster.
#[derive(Debug, Rule)]
#[rule(group = "admission-refused-field")]
pub(crate) enum RefusedInCluster {
    /// Rate limits of the cloud provider.
    #[rule("cloud-provider-overrides", "`cloudProviderConfigOverrides` can never be set")]
    Overrides,
    /// Rate limits of the cloud provider, on a cluster that exists.
    #[rule("changed-cloud-provider-overrides", "`cloudProviderConfigOverrides` cannot change")]
    ChangedOverrides,
}

/// What CAPZ refuses of an Azure cluster's name.
#[derive(Debug, Rule)]
#[rule(group = "admission-object-name")]
pub(crate) enum ClusterName {
    /// More characters than Azure's names have room for.
    #[rule("long-azure-cluster-name", "the name has {length} characters, 44 are allowed")]
    TooLong { length: usize },
    /// Characters that Azure's names do not take.
    #[rule("azure-cluster-name", "`{name}` cannot name an Azure cluster")]
    Syntax { name: String },
}

/// What CAPZ refuses of the reference to an identity.
#[derive(Debug, Rule)]
#[rule(group = "admission-cluster-identity")]
pub(crate) enum IdentityReference {
    /// A cluster that nothing may act for.
    #[rule("missing-identity-reference", "`identityRef` is missing")]
    Missing,
    /// A reference to something else.
    #[rule("identity-reference-kind", "`identityRef` refers to a `{kind}`")]
    Kind { kind: String },
}

/// What CAPZ refuses of a bastion.
#[derive(Debug, Rule)]
#[rule(group = "admission-network-settings")]
pub(crate) enum Bastion {
    /// Tunnels through the small bastion.
    #[rule("tunnel-through-basic-bastion", "a bastion with tunneling needs the sku `Standard`")]
    Tunnel,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let overrides = object.get("spec.cloudProviderConfigOverrides");
    if overrides.is_set() {
        check
            .refuse(&overrides, &RefusedInCluster::Overrides)
            .note("the webhook compares it with nothing on create, and refuses a change later")
            .hint("remove it; put rate limits into the cloud provider's own configuration");
    }
    both(check, object);
}

/// What holds on create and update alike.
pub(crate) fn both(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    name(check, &object.get("metadata.name"));
    identity(check, &spec.get("identityRef"));
    azure_network::check(check, &spec);
    azure_load_balancer::check(check, &spec);
    bastion(check, &spec.get("bastionSpec.azureBastion"));
    let location = spec.get("extendedLocation");
    if location.is_set() && !check.options.gates.edge_zone {
        check.refuse(&location, &SwitchedOff::EdgeZones).hint("run `clusterctl init` with `EXP_EDGEZONE=true`");
    }
}

pub(crate) fn create_template(check: &mut Check<'_>, object: &Field<'_>) {
    let network = object.get("spec.template.spec.networkSpec");
    azure_network::check_template(check, &network);
    azure_load_balancer::check_template(check, &network);
}

pub(crate) fn update_template(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let (before, after) = (defaulted(old.value()), defaulted(new.value()));
    let home = "spec.template.spec";
    immutable_template(check, &Field::root(&before).get(home), &Field::root(&after).get(home));
}

fn name(check: &mut Check<'_>, name: &Field<'_>) {
    let Some(text) = name.text().filter(|text| !is_placeholder(text)) else { return };
    if text.len() > 44 {
        check
            .refuse(name, &ClusterName::TooLong { length: text.len() })
            .hint("shorten it: Azure resources are named after the cluster");
    }
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    let is_good = bytes.len() >= 2
        && bytes.first().is_some_and(edge)
        && bytes.last().is_some_and(edge)
        && bytes.iter().all(|b| edge(b) || *b == b'-');
    if !is_good {
        check
            .refuse(name, &ClusterName::Syntax { name: name.shown() })
            .hint("use 2 to 44 lower-case letters, digits and `-`; start and end with a letter or digit");
    }
}

fn identity(check: &mut Check<'_>, reference: &Field<'_>) {
    if !reference.is_set() {
        check
            .refuse(reference, &IdentityReference::Missing)
            .hint("refer to an AzureClusterIdentity: `identityRef: {kind: AzureClusterIdentity, name: NAME}`");
    } else if !reference.get("kind").holds("AzureClusterIdentity") {
        let kind = reference.get("kind");
        check
            .refuse(&kind, &IdentityReference::Kind { kind: kind.shown() })
            .note("the server's message names `identityRef.name`; `identityRef.kind` is what is wrong")
            .hint("set `kind: AzureClusterIdentity`");
    }
}

fn bastion(check: &mut Check<'_>, bastion: &Field<'_>) {
    let sku = bastion.get("sku");
    check.listed(&sku, &["Basic", "Standard"], azure_network::unknown);
    if bastion.get("enableTunneling").is_true() && !sku.holds("Standard") {
        check.refuse(&sku, &Bastion::Tunnel).hint("set `sku: Standard`");
    }
}
