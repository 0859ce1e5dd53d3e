//! HelmChartProxy.

use flatwright_diagnostic::Traced;
use flatwright_plan::{Addon, Plan};

use super::metadata;
use crate::object::{Object, Subject};
use crate::types::{HelmChartProxySpec, Selector, api};
use crate::wire::Labels;

pub(super) fn chart_proxy(plan: &Plan, addon: &Addon) -> Object {
    let (key, value) = addon.selector.clone();
    let spec = HelmChartProxySpec {
        chart_name: addon.chart_name.clone(),
        cluster_selector: Selector { match_labels: Labels(vec![(key, Traced::new(value, addon.origin))]) },
        namespace: addon.namespace.clone(),
        release_name: addon.release_name.clone(),
        repo_url: addon.repo_url.clone(),
        values_template: addon.values_template.clone(),
        version: addon.version.clone(),
    };
    Object::new(
        api::ADDONS,
        "v1alpha1",
        "HelmChartProxy",
        &metadata(plan, addon.name.clone()),
        &spec,
        Subject::Addon(addon.key),
    )
}
