//! Add-ons: charts, labels and values.
//!
//! Each HelmChartProxy finds its cluster by a label that no other cluster of the namespace carries, because a proxy installs into every cluster its selector
//! matches, and two clusters of one namespace may want different values.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan as plan;
use flatwright_yaml::{Map, Value, ValueKind};

use super::{Context, compat, mirrors, optional};
use crate::types::{Addon, RebootManager};

const RULE: &str = "the add-on's usual chart";

struct Chart {
    key: &'static str,
    repo_url: &'static str,
    chart_name: &'static str,
    release_name: &'static str,
    namespace: Option<&'static str>,
    /// Name of the proxy, label key and label value in upstream's templates.
    upstream: (&'static str, &'static str, &'static str),
    /// Upstream's templates label the Cluster for it.
    is_labelled_upstream: bool,
    values: Value,
    /// Template text after the values, unless the user's values set this top-level key.
    tail: Option<(&'static str, &'static str)>,
}

pub(super) fn lower(context: &Context<'_>) -> Vec<plan::Addon> {
    let addons = context.spec.addons.as_ref();
    let mut out = Vec::new();
    let mut add = |addon: Option<&Addon>, chart: fn(&Context<'_>) -> Chart| {
        out.extend(addon.map(|addon| lowered(context, addon, chart(context))));
    };
    add(addons.and_then(|addons| addons.cloud_provider_azure.as_ref()), cloud_provider_azure);
    add(addons.and_then(|addons| addons.calico.as_ref()), calico);
    add(addons.and_then(|addons| addons.azure_disk_csi.as_ref()), azure_disk_csi);
    let asks_for_kured = context
        .spec
        .reboots
        .as_ref()
        .and_then(|reboots| reboots.manager)
        .filter(|manager| manager.value == RebootManager::Kured);
    match (addons.and_then(|addons| addons.kured.as_ref()), asks_for_kured) {
        (Some(addon), _) => out.push(lowered(context, addon, kured(context))),
        (None, Some(manager)) => out.push(lowered(context, &empty(manager.origin), kured(context))),
        (None, None) => {}
    }
    out
}

fn empty(origin: Origin) -> Addon {
    Addon {
        origin,
        version: None,
        repo_url: None,
        chart_name: None,
        release_name: None,
        namespace: None,
        values: None,
        values_template: None,
    }
}

fn lowered(context: &Context<'_>, addon: &Addon, chart: Chart) -> plan::Addon {
    let fixed = |text: &str| Traced::default_by(text.to_owned(), RULE);
    let (name, selector) = if context.is_compat() {
        let (name, key, value) = chart.upstream;
        (name.to_owned(), (key.to_owned(), value.to_owned()))
    } else {
        let name = format!("{}-{}", context.cluster.value, plan::kebab(chart.key));
        (name, (format!("addons.flatwright.dev/{}", plan::kebab(chart.key)), context.cluster.value.clone()))
    };
    let is_usual = addon.chart_name.as_ref().is_none_or(|name| name.value == chart.chart_name);
    let (repo_url, chart_name, release_name) = (chart.repo_url, chart.chart_name, chart.release_name);
    let (key, namespace, is_labelled_upstream) = (chart.key, chart.namespace, chart.is_labelled_upstream);
    let (values_template, values) = match optional(&addon.values_template) {
        Some(template) => (template, None),
        None => {
            let (values, origin) = values(addon, chart);
            (values.template(origin), is_usual.then_some(values))
        }
    };
    plan::Addon {
        key,
        name: Traced::new(name, addon.origin),
        selector,
        is_labelled: !context.is_compat() || is_labelled_upstream,
        repo_url: mirrors::mirrored(context.spec, optional(&addon.repo_url).unwrap_or_else(|| fixed(repo_url))),
        chart_name: optional(&addon.chart_name).unwrap_or_else(|| fixed(chart_name)),
        release_name: optional(&addon.release_name).unwrap_or_else(|| fixed(release_name)),
        namespace: optional(&addon.namespace).or_else(|| namespace.map(fixed)),
        version: optional(&addon.version),
        values_template,
        values,
        origin: addon.origin,
    }
}

/// The values, and where they come from as a whole.
fn values(addon: &Addon, chart: Chart) -> (plan::ChartValues, Origin) {
    let mut values = chart.values;
    let own = addon.values.as_ref().map(|values| &values.0);
    if let Some(own) = own {
        merge(&mut values, own);
    }
    let tail = chart.tail.filter(|(key, _)| own.is_none_or(|own| own.get(key).is_none()));
    let origin = own.map_or(Origin::Default(RULE), |own| own.origin);
    (plan::ChartValues { values, tail: tail.map(|(_, tail)| tail).unwrap_or_default() }, origin)
}

/// Mappings merge by key, everything else is replaced; as Helm merges values.
fn merge(base: &mut Value, over: &Value) {
    match (&mut base.kind, &over.kind) {
        (ValueKind::Map(base), ValueKind::Map(over)) => {
            for (key, value) in over.iter() {
                match base.get_mut(key) {
                    Some(old) => merge(old, value),
                    None => base.insert(key, value.clone()),
                }
            }
        }
        _ => *base = over.clone(),
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>().into()
}

// Go template strings inside values are written with backquotes, because the YAML around them may need double quotes.

fn cloud_provider_azure(_: &Context<'_>) -> Chart {
    Chart {
        key: "cloudProviderAzure",
        repo_url: "https://raw.githubusercontent.com/kubernetes-sigs/cloud-provider-azure/master/helm/repo",
        chart_name: "cloud-provider-azure",
        release_name: "cloud-provider-azure-oot",
        namespace: None,
        upstream: ("cloud-provider-azure-chart-flatcar-sysext", "cloud-provider", "azure-flatcar-sysext"),
        is_labelled_upstream: true,
        values: map([
            ("infra", map([("clusterName", "{{ .Cluster.metadata.name }}".into())])),
            (
                "cloudControllerManager",
                map([
                    ("clusterCIDR", "{{ .Cluster.spec.clusterNetwork.pods.cidrBlocks | join `,` }}".into()),
                    ("logVerbosity", 4_i64.into()),
                    // Flatcar keeps its certificates there; the chart's default directory does not exist.
                    ("caCertDir", "/usr/share/ca-certificates".into()),
                ]),
            ),
        ]),
        tail: None,
    }
}

fn calico(context: &Context<'_>) -> Chart {
    let mut installation = vec![
        ("cni", map([("type", "Calico".into()), ("ipam", map([("type", "Calico".into())]))])),
        ("calicoNetwork", calico_network(context)),
        ("typhaDeployment", typha()),
    ];
    let mut values = Vec::new();
    if context.is_compat() {
        installation.push(("registry", compat::CALICO_REGISTRY.into()));
        values.push((
            "tigeraOperator",
            map([("image", "tigera/operator".into()), ("registry", compat::CALICO_REGISTRY.into())]),
        ));
        values.push(("calicoctl", map([("image", format!("{}/calico/ctl", compat::CALICO_REGISTRY).into())])));
    }
    installation.push(("serviceCIDRs", services(context)));
    let owned =
        |entries: Vec<(&str, Value)>| entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map>().into();
    values.insert(0, ("installation", owned(installation)));
    values.push((
        "dnsConfig",
        map([
            // The operator runs on the host's network before the cluster has DNS.
            ("nameservers", vec!["127.0.0.53"].into()),
            ("options", vec![map([("name", "edns0".into())]), map([("name", "trust-ad".into())])].into()),
        ]),
    ));
    values.push(("tolerations", tolerations()));
    Chart {
        key: "calico",
        repo_url: "https://docs.tigera.io/calico/charts",
        chart_name: "tigera-operator",
        release_name: "projectcalico",
        namespace: Some("tigera-operator"),
        upstream: ("calico", "cni", "calico"),
        is_labelled_upstream: true,
        values: owned(values),
        // The endpoint is not known before the load balancer exists; an empty one would make the operator crash.
        tail: Some((
            "kubernetesServiceEndpoint",
            "{{- if and .Cluster.spec.controlPlaneEndpoint.host .Cluster.spec.controlPlaneEndpoint.port }}\nkubernetesServiceEndpoint:\n  host: \"{{ .Cluster.spec.controlPlaneEndpoint.host }}\"\n  port: \"{{ .Cluster.spec.controlPlaneEndpoint.port }}\"\n{{- end }}\n",
        )),
    }
}

fn calico_network(context: &Context<'_>) -> Value {
    let pools: Vec<Value> = super::pods(context.spec)
        .into_iter()
        .map(|cidr| map([("cidr", cidr.value.into()), ("encapsulation", "VXLAN".into())]))
        .collect();
    map([
        ("bgp", "Disabled".into()),
        ("windowsDataplane", "HNS".into()),
        // Azure's MTU of 1400 less VXLAN's header.
        ("mtu", 1350_i64.into()),
        ("ipPools", pools.into()),
    ])
}

fn services(context: &Context<'_>) -> Value {
    let own =
        context.spec.kubernetes.network.as_ref().map(|network| super::texts(&network.services)).unwrap_or_default();
    if own.is_empty() {
        vec!["10.96.0.0/12"].into()
    } else {
        own.into_iter().map(|cidr| cidr.value).collect::<Vec<_>>().into()
    }
}

/// Calico's own default tolerates every taint, so its pods return to nodes that are being drained.
fn tolerations() -> Value {
    vec![
        map([("effect", "NoExecute".into()), ("operator", "Exists".into())]),
        map([
            ("effect", "NoSchedule".into()),
            ("key", "node-role.kubernetes.io/control-plane".into()),
            ("operator", "Exists".into()),
        ]),
        map([
            ("effect", "NoSchedule".into()),
            ("key", "node.kubernetes.io/not-ready".into()),
            ("operator", "Exists".into()),
        ]),
    ]
    .into()
}

fn typha() -> Value {
    let control_plane = map([("key", "node-role.kubernetes.io/control-plane".into()), ("operator", "Exists".into())]);
    let term =
        map([("weight", 50_i64.into()), ("preference", map([("matchExpressions", vec![control_plane].into())]))]);
    let affinity =
        map([("nodeAffinity", map([("preferredDuringSchedulingIgnoredDuringExecution", vec![term].into())]))]);
    let pod = map([("tolerations", tolerations()), ("affinity", affinity)]);
    map([("spec", map([("template", map([("spec", pod)]))]))])
}

fn azure_disk_csi(_: &Context<'_>) -> Chart {
    Chart {
        key: "azureDiskCSI",
        repo_url: "https://raw.githubusercontent.com/kubernetes-sigs/azuredisk-csi-driver/master/charts",
        chart_name: "azuredisk-csi-driver",
        release_name: "azuredisk-csi-driver-oot",
        namespace: Some("kube-system"),
        upstream: ("azuredisk-csi-driver-chart", "azuredisk-csi", "true"),
        is_labelled_upstream: false,
        values: map([
            ("controller", map([("replicas", 1_i64.into()), ("runOnControlPlane", true.into())])),
            ("windows", map([("useHostProcessContainers", false.into())])),
        ]),
        tail: None,
    }
}

fn kured(_: &Context<'_>) -> Chart {
    Chart {
        key: "kured",
        repo_url: "https://kubereboot.github.io/charts",
        chart_name: "kured",
        release_name: "kured",
        namespace: Some("kube-system"),
        upstream: ("kured", "kured", "true"),
        is_labelled_upstream: true,
        values: map([(
            "configuration",
            map([("rebootSentinel", flatwright_flatcar::node_units::KURED_SENTINEL.into())]),
        )]),
        tail: None,
    }
}
