//! The plan: clusters, their node groups, and the other objects that change.

use std::collections::BTreeMap;

use flatwright_diagnostic::Anchor;
use flatwright_render::Sources;

use super::change::Change;
use super::group::{self, Action, GroupPlan, SHAPES};
use super::keep;
use super::state::{Known, State};

/// What will happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The clusters, by namespace and name.
    pub clusters: Vec<ClusterPlan>,
    /// What the API server refuses.
    pub refusals: Vec<String>,
}

/// What happens to one cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterPlan {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its node groups: the control plane, then the pools by name.
    pub groups: Vec<GroupPlan>,
    /// Other objects that change.
    pub others: Vec<OtherObject>,
    /// Templates that must not be removed before the rollouts are done.
    pub kept: Vec<String>,
    /// Whole objects of the old side that the new one has no more, besides those: a tool that prunes deletes them.
    pub pruned: Vec<String>,
}

/// An object that belongs to no node group.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherObject {
    /// `HelmChartProxy/calico`.
    pub object: String,
    /// What happens to it.
    pub action: Action,
    /// What changes.
    pub changes: Vec<Change>,
}

/// A line of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The key in the file, if there is one.
    pub path: Option<String>,
    /// Whether the value itself comes from there, and not only what is around it.
    pub is_exact: bool,
}

impl Place {
    pub(crate) fn of(anchor: &Anchor, is_exact: bool, sources: &Sources) -> Self {
        let start = sources.resolve(anchor).map(|span| span.start);
        Self {
            file: sources.name(anchor.source).to_owned(),
            line: start.as_ref().map_or(0, |start| start.line),
            column: start.as_ref().map_or(0, |start| start.column),
            path: sources.path(anchor).map(|path| path.to_string()).filter(|path| !path.is_empty()),
            is_exact,
        }
    }
}

impl Plan {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        let is_touched = |cluster: &ClusterPlan| {
            cluster.groups.iter().any(|group| group.action != Action::Nothing) || !cluster.others.is_empty()
        };
        self.clusters.iter().any(is_touched)
    }
}

impl ClusterPlan {
    /// The groups whose machines are replaced.
    pub fn rolled(&self) -> impl Iterator<Item = &GroupPlan> {
        self.groups.iter().filter(|group| group.action == Action::Rolled)
    }
}

/// Kinds that belong to a node group, and are told with it.
const OF_GROUPS: [&str; 5] =
    ["KubeadmControlPlane", "MachineDeployment", "MachinePool", "AzureMachineTemplate", "KubeadmConfigTemplate"];

pub(super) fn plan(old: &State, new: &State, sources: &Sources) -> Plan {
    let mut clusters: BTreeMap<(String, String), ClusterPlan> = BTreeMap::new();
    let owners = Owners::new(old, new);
    for shape in &SHAPES {
        for (namespace, name) in names(shape.kind, old, new) {
            let sides = (old.find(shape.kind, &namespace, &name), new.find(shape.kind, &namespace, &name));
            let any = sides.1.or(sides.0).expect("invariant: it was named by one side");
            let cluster = owners.cluster(any);
            let label = if shape.kind == "KubeadmControlPlane" {
                "control-plane".to_owned()
            } else {
                name.strip_prefix(&format!("{cluster}-")).unwrap_or(&name).to_owned()
            };
            let group = group::plan(shape, label, (old, sides.0), (new, sides.1), sources);
            entry(&mut clusters, &namespace, &cluster).groups.push(group);
        }
    }
    for (kind, namespace, name) in others(old, new) {
        let sides = (old.find(&kind, &namespace, &name), new.find(&kind, &namespace, &name));
        let any = sides.1.or(sides.0).expect("invariant: it was named by one side");
        let (action, changes) = match sides {
            (Some(before), Some(after)) => (Action::InPlace, group::differences(before, after, sources)),
            (None, _) => (Action::Created, Vec::new()),
            (Some(_), None) => (Action::Removed, Vec::new()),
        };
        if action == Action::InPlace && changes.is_empty() {
            continue;
        }
        let cluster = owners.cluster(any);
        let other = OtherObject { object: format!("{kind}/{name}"), action, changes };
        entry(&mut clusters, &namespace, &cluster).others.push(other);
    }
    let mut plan = Plan { clusters: clusters.into_values().collect(), refusals: Vec::new() };
    for cluster in &mut plan.clusters {
        order(cluster);
        cluster.kept = keep::kept(cluster);
    }
    prune(&mut plan, &owners, old, new);
    plan
}

/// Kinds of which a management cluster has some that nobody wrote for one cluster alone.
const SHARED: &[&str] = &["AzureClusterIdentity"];

/// Lists what a tool that prunes deletes. Of a management cluster these are objects of the written kinds whose cluster is on the new side: it has others, too.
fn prune(plan: &mut Plan, owners: &Owners, old: &State, new: &State) {
    for object in &old.objects {
        let (kind, namespace, name) = (object.kind(), object.namespace(), object.name());
        if new.find(kind, namespace, name).is_some() {
            continue;
        }
        let cluster = owners.cluster(object);
        let is_written = || new.objects.iter().any(|other| other.kind() == kind) && !SHARED.contains(&kind);
        let has_cluster = || new.find("Cluster", namespace, &cluster).is_some();
        if old.is_live && !(is_written() && has_cluster()) {
            continue;
        }
        let Some(plan) = plan.clusters.iter_mut().find(|plan| plan.namespace == namespace && plan.name == cluster)
        else {
            continue;
        };
        let named = format!("{kind}/{name}");
        if !plan.kept.contains(&named) && !plan.pruned.contains(&named) {
            plan.pruned.push(named);
        }
    }
    plan.clusters.iter_mut().for_each(|cluster| cluster.pruned.sort());
}

fn entry<'c>(
    clusters: &'c mut BTreeMap<(String, String), ClusterPlan>,
    namespace: &str,
    name: &str,
) -> &'c mut ClusterPlan {
    clusters.entry((namespace.to_owned(), name.to_owned())).or_insert_with(|| ClusterPlan {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        ..ClusterPlan::default()
    })
}

/// The control plane is first where a version changes: new machines of a pool wait for it (Cluster API's checks before a MachineSet grows). Else all roll at once.
fn order(cluster: &mut ClusterPlan) {
    let is_of_version = |group: &GroupPlan| group.changes.iter().any(|change| change.path.ends_with("spec.version"));
    let waits = cluster.groups.iter().any(|group| {
        group.action == Action::Rolled && group.object.starts_with("KubeadmControlPlane/") && is_of_version(group)
    });
    for group in cluster.groups.iter_mut().filter(|group| group.action == Action::Rolled) {
        group.order = if waits && !group.object.starts_with("KubeadmControlPlane/") { 2 } else { 1 };
    }
}

/// Namespaces and names of a kind, on either side.
fn names(kind: &str, old: &State, new: &State) -> Vec<(String, String)> {
    let both = new.objects.iter().chain(&old.objects).filter(|object| object.kind() == kind);
    let mut names: Vec<_> = both.map(|object| (object.namespace().to_owned(), object.name().to_owned())).collect();
    names.sort();
    names.dedup();
    names
}

fn others(old: &State, new: &State) -> Vec<(String, String, String)> {
    let both = new.objects.iter().chain(&old.objects).filter(|object| !OF_GROUPS.contains(&object.kind()));
    // A server has much that nobody wrote down here.
    let both =
        both.filter(|object| !old.is_live || new.find(object.kind(), object.namespace(), object.name()).is_some());
    let of = |object: &Known| (object.kind().to_owned(), object.namespace().to_owned(), object.name().to_owned());
    let mut names: Vec<_> = both.map(of).collect();
    names.sort();
    names.dedup();
    names
}

/// Which cluster an object is of.
struct Owners {
    /// Namespaced names of control planes and infrastructure → the cluster's name.
    named: BTreeMap<(String, String), String>,
    clusters: Vec<(String, String)>,
}

impl Owners {
    fn new(old: &State, new: &State) -> Self {
        let mut owners = Self { named: BTreeMap::new(), clusters: Vec::new() };
        for cluster in new.objects.iter().chain(&old.objects).filter(|object| object.kind() == "Cluster") {
            owners.clusters.push((cluster.namespace().to_owned(), cluster.name().to_owned()));
            for path in ["spec.controlPlaneRef.name", "spec.infrastructureRef.name"] {
                if let Some(name) = cluster.text(path) {
                    let key = (cluster.namespace().to_owned(), name.to_owned());
                    owners.named.insert(key, cluster.name().to_owned());
                }
            }
        }
        owners
    }

    fn cluster(&self, object: &Known) -> String {
        if object.kind() == "Cluster" {
            return object.name().to_owned();
        }
        let named = || self.named.get(&(object.namespace().to_owned(), object.name().to_owned())).cloned();
        let of_field = object.text("spec.clusterName").map(str::to_owned);
        let only = || match self.clusters.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Some(first.1.clone()),
            _ => None,
        };
        of_field.or_else(named).or_else(only).unwrap_or_default()
    }
}
