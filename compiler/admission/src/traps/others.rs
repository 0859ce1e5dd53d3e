//! Smaller traps of single objects.

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::contract::Contract;
use crate::field::Field;
use crate::syntax::is_guid;
use crate::values_template;
use flatwright_kubernetes::is_placeholder;
use flatwright_kubernetes::name::LONGEST_LABEL;

/// Values of an identity that Azure refuses.
#[derive(Debug, Rule)]
#[rule(group = "manifest-azure-value")]
pub(crate) enum IdentityValue {
    /// An application's name, or something else that is not its id.
    #[rule("client-id-syntax", "`{id}` is not a client id")]
    Client { id: String },
    /// A tenant's name.
    #[rule("tenant-id-syntax", "the tenant `{id}` is not a GUID")]
    Tenant { id: String },
    /// An identity that cannot prove itself.
    #[rule("missing-client-secret", "an identity of type `{kind}` has no `clientSecret`")]
    MissingSecret { kind: String },
}

/// Rollouts of a control plane that are not what is written.
#[derive(Debug, Rule)]
#[rule(group = "admission-rollout-settings")]
pub(crate) enum ControlPlaneRollout {
    /// A type that the webhook writes over.
    #[rule("ignored-rollout-type", "the rollout type `{kind}` of a control plane is ignored")]
    Ignored { kind: String },
    /// A topology whose control plane will be refused.
    #[rule("topology-control-plane-replicas", "a control plane with its own etcd cannot have `{replicas}` replicas")]
    TopologyReplicas { replicas: i64 },
}

/// Charts that are not found.
#[derive(Debug, Rule)]
#[rule(group = "admission-chart-source")]
pub(crate) enum Chart {
    /// A chart without a name.
    #[rule("missing-chart-name", "`chartName` is missing")]
    MissingName,
}

/// Names that controllers make others of.
#[derive(Debug, Rule)]
#[rule(group = "manifest-derived-name")]
pub(crate) enum ReleaseName {
    /// The name of the chart proxy is a label of the release.
    #[rule(
        "chart-proxy-name-too-long",
        "the name has {length} characters; the add-on provider makes a label of it, which has {LONGEST_LABEL} at most"
    )]
    TooLong { length: usize },
}

/// Charts that go where they should not.
#[derive(Debug, Rule)]
#[rule(group = "manifest-selector-match")]
pub(crate) enum ChartSelector {
    /// Every cluster.
    #[rule("empty-cluster-selector", "an empty `clusterSelector` takes every cluster of the namespace")]
    Empty,
}

pub(crate) fn identity(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    let judged = |field: &Field<'_>| {
        field.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_guid(text))
    };
    let (client, tenant) = (spec.get("clientID"), spec.get("tenantID"));
    if judged(&client) {
        check
            .refuse(&client, &IdentityValue::Client { id: client.shown() })
            .note("admission lets it pass; the provider then gets no token")
            .hint("write the application's client id, a GUID");
    }
    if judged(&tenant) {
        check
            .warn(&tenant, &IdentityValue::Tenant { id: tenant.shown() })
            .hint("write the tenant's id, as `az account show --query tenantId` prints it");
    }
    let secret = spec.get("clientSecret");
    let needs_secret = ["ServicePrincipal", "ManualServicePrincipal"].iter().any(|kind| spec.get("type").holds(kind));
    if needs_secret && secret.get("name").is_blank() {
        check
            .refuse(&secret, &IdentityValue::MissingSecret { kind: spec.get("type").shown() })
            .note("admission lets it pass; the provider then gets no token")
            .hint("set `clientSecret: {name: NAME, namespace: NAMESPACE}`");
    }
}

pub(crate) fn control_plane(check: &mut Check<'_>, object: &Field<'_>) {
    let kind = object.get(Contract::of(object).pick("spec.rolloutStrategy.type", "spec.rollout.strategy.type"));
    if kind.text().is_some_and(|text| text != "RollingUpdate") {
        check
            .warn(&kind, &ControlPlaneRollout::Ignored { kind: kind.shown() })
            .note("the webhook writes `RollingUpdate` over it")
            .hint("write `type: RollingUpdate`");
    }
}

pub(crate) fn cluster(check: &mut Check<'_>, object: &Field<'_>) {
    let replicas = object.get("spec.topology.controlPlane.replicas");
    if let Some(number) = replicas.int()
        && (number <= 0 || number % 2 == 0)
    {
        check
            .warn(&replicas, &ControlPlaneRollout::TopologyReplicas { replicas: number })
            .note("the cluster is admitted; the control plane that is made from it is refused")
            .hint("choose 1, 3 or 5");
    }
}

pub(crate) fn helm_chart_proxy(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("metadata.name");
    let length = name.text_or_empty().len();
    if length > LONGEST_LABEL && !is_placeholder(name.text_or_empty()) {
        check
            .refuse(&name, &ReleaseName::TooLong { length })
            .note("the object is admitted; the HelmReleaseProxy that is made of it is refused, and the chart is never installed")
            .hint("shorten the name");
    }
    let chart = object.get("spec.chartName");
    if chart.is_blank() {
        check
            .warn(&chart, &Chart::MissingName)
            .note("the webhook hides its absence from the CRD; the chart is then not found")
            .hint("set `chartName`");
    }
    values_template::check(check, &object.get("spec.valuesTemplate"), chart.text_or_empty());
    let own = object.get("spec.clusterSelector");
    if crate::selector::is_empty(&own) {
        check
            .warn(&own, &ChartSelector::Empty)
            .hint("set `clusterSelector.matchLabels` to a label of the clusters that want this chart");
    }
}
