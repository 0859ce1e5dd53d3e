//! Smaller traps of single objects.

use crate::check::Check;
use crate::code::{AZURE_VALUE, CHART_SOURCE, ROLLOUT_SETTINGS, SELECTOR_MATCH, VALUES_TEMPLATE};
use crate::contract::Contract;
use crate::field::Field;
use crate::go_template;
use crate::syntax::{is_guid, is_placeholder};

pub(crate) fn identity(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    let judged = |field: &Field<'_>| {
        field.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_guid(text))
    };
    let (client, tenant) = (spec.get("clientID"), spec.get("tenantID"));
    if judged(&client) {
        check
            .error(AZURE_VALUE, &client, format!("`{}` is not a client id", client.shown()))
            .note("admission lets it pass; the provider then gets no token")
            .hint("write the application's client id, a GUID");
    }
    if judged(&tenant) {
        check
            .warning(AZURE_VALUE, &tenant, format!("the tenant `{}` is not a GUID", tenant.shown()))
            .hint("write the tenant's id, as `az account show --query tenantId` prints it");
    }
    let secret = spec.get("clientSecret");
    let needs_secret = ["ServicePrincipal", "ManualServicePrincipal"].iter().any(|kind| spec.get("type").holds(kind));
    if needs_secret && secret.get("name").is_blank() {
        check
            .error(
                AZURE_VALUE,
                &secret,
                format!("an identity of type `{}` has no `clientSecret`", spec.get("type").shown()),
            )
            .note("admission lets it pass; the provider then gets no token")
            .hint("set `clientSecret: {name: NAME, namespace: NAMESPACE}`");
    }
}

pub(crate) fn control_plane(check: &mut Check<'_>, object: &Field<'_>) {
    let kind = object.get(Contract::of(object).pick("spec.rolloutStrategy.type", "spec.rollout.strategy.type"));
    if kind.text().is_some_and(|text| text != "RollingUpdate") {
        check
            .warning(
                ROLLOUT_SETTINGS,
                &kind,
                format!("the rollout type `{}` of a control plane is ignored", kind.shown()),
            )
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
            .warning(
                ROLLOUT_SETTINGS,
                &replicas,
                format!("a control plane with its own etcd cannot have `{number}` replicas"),
            )
            .note("the cluster is admitted; the control plane that is made from it is refused")
            .hint("choose 1, 3 or 5");
    }
}

pub(crate) fn helm_chart_proxy(check: &mut Check<'_>, object: &Field<'_>) {
    let chart = object.get("spec.chartName");
    if chart.is_blank() {
        check
            .warning(CHART_SOURCE, &chart, "`chartName` is missing")
            .note("the webhook hides its absence from the CRD; the chart is then not found")
            .hint("set `chartName`");
    }
    let values = object.get("spec.valuesTemplate");
    if let Some(problem) = values.text().and_then(go_template::problem) {
        check
            .warning(VALUES_TEMPLATE, &values, format!("`valuesTemplate` {problem}"))
            .note("admission does not read it; the add-on provider then installs nothing")
            .hint("close every `{{` with `}}`, and every `if`, `range` and `with` with `end`");
    }
    let own = object.get("spec.clusterSelector");
    if crate::selector::is_empty(&own) {
        check
            .warning(SELECTOR_MATCH, &own, "an empty `clusterSelector` takes every cluster of the namespace")
            .hint("set `clusterSelector.matchLabels` to a label of the clusters that want this chart");
    }
}
