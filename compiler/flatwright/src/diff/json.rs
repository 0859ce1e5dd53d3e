//! The plan as JSON, for programs.

use serde_json::{Value as Json, json};

use super::change::Change;
use super::group::GroupPlan;
use super::plan::{ClusterPlan, OtherObject, Place, Plan};

/// The plan as indented JSON, ending in a newline.
pub fn json(plan: &Plan) -> String {
    let value = json!({
        "version": 1,
        "differs": plan.differs(),
        "refusals": plan.refusals,
        "clusters": plan.clusters.iter().map(cluster).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&value).expect("invariant: every key is a text");
    text.push('\n');
    text
}

fn cluster(cluster: &ClusterPlan) -> Json {
    json!({
        "namespace": cluster.namespace,
        "name": cluster.name,
        "groups": cluster.groups.iter().map(group).collect::<Vec<_>>(),
        "objects": cluster.others.iter().map(other).collect::<Vec<_>>(),
        "keep": cluster.kept,
        "prune": cluster.pruned,
    })
}

fn group(group: &GroupPlan) -> Json {
    json!({
        "name": group.name,
        "object": group.object,
        "action": group.action.word(),
        "machines": {"old": group.machines.0, "new": group.machines.1},
        "surge": group.surge,
        "order": group.order,
        "changes": group.changes.iter().map(change).collect::<Vec<_>>(),
        "notes": group.notes,
    })
}

fn other(other: &OtherObject) -> Json {
    json!({
        "object": other.object,
        "action": other.action.word(),
        "changes": other.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Json {
    json!({
        "object": change.object,
        "path": change.path,
        "old": change.old,
        "new": change.new,
        "place": change.place.as_ref().map(place),
    })
}

fn place(place: &Place) -> Json {
    json!({"file": place.file, "line": place.line, "column": place.column, "path": place.path})
}
