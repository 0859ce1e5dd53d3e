//! `AzureCluster` and `AzureClusterTemplate` (CAPZ `internal/webhooks/azurecluster_validation.go`, `azureclustertemplate_validation.go`).

use crate::check::Check;
use crate::code::{CLUSTER_IDENTITY, FEATURE_GATE, NETWORK_SETTINGS, OBJECT_NAME, REFUSED_FIELD};
use crate::defaults::defaulted;
use crate::field::Field;
use crate::rules::{azure_load_balancer, azure_machine_template::immutable_template, azure_network};
use crate::syntax::is_placeholder;

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let overrides = object.get("spec.cloudProviderConfigOverrides");
    if overrides.is_set() {
        check
            .error(REFUSED_FIELD, &overrides, "`cloudProviderConfigOverrides` can never be set")
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
        check
            .error(FEATURE_GATE, &location, "`extendedLocation` is switched off in the management cluster")
            .hint("run `clusterctl init` with `EXP_EDGEZONE=true`");
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
            .error(OBJECT_NAME, name, format!("the name has {} characters, 44 are allowed", text.len()))
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
            .error(OBJECT_NAME, name, format!("`{text}` cannot name an Azure cluster"))
            .hint("use 2 to 44 lower-case letters, digits and `-`; start and end with a letter or digit");
    }
}

fn identity(check: &mut Check<'_>, reference: &Field<'_>) {
    if !reference.is_set() {
        check
            .error(CLUSTER_IDENTITY, reference, "`identityRef` is missing")
            .hint("refer to an AzureClusterIdentity: `identityRef: {kind: AzureClusterIdentity, name: NAME}`");
    } else if !reference.get("kind").holds("AzureClusterIdentity") {
        let kind = reference.get("kind");
        check
            .error(CLUSTER_IDENTITY, &kind, format!("`identityRef` refers to a `{}`", kind.shown()))
            .note("the server's message names `identityRef.name`; `identityRef.kind` is what is wrong")
            .hint("set `kind: AzureClusterIdentity`");
    }
}

fn bastion(check: &mut Check<'_>, bastion: &Field<'_>) {
    let sku = bastion.get("sku");
    check.coded_listed(NETWORK_SETTINGS, &sku, &["Basic", "Standard"]);
    if bastion.get("enableTunneling").is_true() && !sku.holds("Standard") {
        check
            .error(NETWORK_SETTINGS, &sku, "a bastion with tunneling needs the sku `Standard`")
            .hint("set `sku: Standard`");
    }
}
