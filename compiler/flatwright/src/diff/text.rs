//! The plan for people: a table first, then what causes it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flatwright_plugin_host::escape_line;

use super::change::Change;
use super::group::{Action, GroupPlan};
use super::keep::RECIPES;
use super::plan::{ClusterPlan, OtherObject, Place, Plan};

/// So many changes of a group are shown.
const MOST: usize = 40;

/// The plan as text, ending in a newline.
pub fn text(plan: &Plan) -> String {
    let mut out = String::new();
    for (index, cluster) in plan.clusters.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        self::cluster(cluster, &mut out);
    }
    if plan.clusters.is_empty() {
        out.push_str("there are no clusters on either side\n");
    }
    out
}

fn cluster(cluster: &ClusterPlan, out: &mut String) {
    let _ = writeln!(out, "{}", escape_line(&headline(cluster)));
    let rows: Vec<[String; 6]> = cluster.groups.iter().map(row).collect();
    if !rows.is_empty() {
        out.push('\n');
        table(["GROUP", "HAPPENS", "MACHINES", "AT A TIME", "ORDER", "BECAUSE OF"], &rows, out);
    }
    for group in cluster.groups.iter().filter(|group| !group.changes.is_empty() || !group.notes.is_empty()) {
        let _ = writeln!(out, "\n{}", escape_line(&group.name));
        changes(&group.changes, out);
        group.notes.iter().for_each(|note| {
            let _ = writeln!(out, "  note: {}", escape_line(note));
        });
    }
    if !cluster.others.is_empty() {
        out.push_str("\nother objects\n");
        cluster.others.iter().for_each(|object| other(object, out));
    }
    if !cluster.pruned.is_empty() {
        out.push_str("\ndeleted by who prunes\n");
        cluster.pruned.iter().for_each(|object| {
            let _ = writeln!(out, "  {}", escape_line(object));
        });
    }
    if !cluster.kept.is_empty() {
        out.push_str("\nnot to be removed before the rollouts are done\n");
        cluster.kept.iter().for_each(|template| {
            let _ = writeln!(out, "  {}", escape_line(template));
        });
        RECIPES.iter().for_each(|recipe| {
            let _ = writeln!(out, "  {recipe}");
        });
    }
}

/// What happens, in one sentence.
pub(super) fn headline(cluster: &ClusterPlan) -> String {
    let ClusterPlan { namespace, name, .. } = cluster;
    let rolled: Vec<&GroupPlan> = cluster.rolled().collect();
    let machines: i64 = rolled.iter().filter_map(|group| group.machines.0.or(group.machines.1)).sum();
    let what = match (rolled.len(), cluster.groups.iter().any(|group| group.action != Action::Nothing)) {
        (0, false) if cluster.others.is_empty() => "nothing changes".to_owned(),
        (0, _) => "no machine is replaced".to_owned(),
        (1, _) => format!("1 node group is rolled, {machines} {}", machines_replaced(machines)),
        (groups, _) => format!("{groups} node groups are rolled, {machines} {}", machines_replaced(machines)),
    };
    format!("{namespace}/{name}: {what}")
}

const fn machines_replaced(machines: i64) -> &'static str {
    if machines == 1 { "machine is replaced" } else { "machines are replaced" }
}

pub(super) fn row(group: &GroupPlan) -> [String; 6] {
    let order = if group.order == 0 { String::new() } else { group.order.to_string() };
    [
        escape_line(&group.name),
        group.action.word().to_owned(),
        machines(group),
        group.surge.clone().unwrap_or_default(),
        order,
        escape_line(&places(group).iter().map(place).collect::<Vec<_>>().join(", ")),
    ]
}

fn machines(group: &GroupPlan) -> String {
    match group.machines {
        (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
        (Some(count), None) | (_, Some(count)) => count.to_string(),
        (None, None) => "autoscaled".to_owned(),
    }
}

/// The lines that cause what happens, the first three; the group's own only where there are no better ones.
fn places(group: &GroupPlan) -> Vec<Place> {
    let mut told = BTreeSet::new();
    // What is gone from a machine config is told by what took its place.
    let is_there = |change: &&Change| !change.path.contains("additionalConfig - ");
    let has_new = group.changes.iter().any(|change| is_there(&change));
    let changes = || group.changes.iter().filter(|change| !has_new || is_there(change));
    let places = || changes().filter_map(|change| change.place.clone());
    let has_exact = places().any(|place| place.is_exact);
    places().filter(|place| place.is_exact || !has_exact).filter(|place| told.insert(place.clone())).take(3).collect()
}

pub(super) fn place(place: &Place) -> String {
    if place.line == 0 { place.file.clone() } else { format!("{}:{}:{}", place.file, place.line, place.column) }
}

fn other(other: &OtherObject, out: &mut String) {
    let _ = writeln!(out, "  {}: {}", escape_line(&other.object), other.action.word());
    for change in other.changes.iter().take(MOST) {
        let _ = writeln!(out, "    {}", escape_line(&field(change)));
    }
}

fn changes(changes: &[Change], out: &mut String) {
    let mut object = "";
    for change in changes.iter().take(MOST) {
        if object != change.object {
            object = &change.object;
            let _ = writeln!(out, "  {}", escape_line(object));
        }
        let _ = writeln!(out, "    {}", escape_line(&field(change)));
    }
    if changes.len() > MOST {
        let _ = writeln!(out, "    … and {} more", changes.len() - MOST);
    }
}

/// `spec.version: v1.35.3 → v1.35.4`; of a machine config, `machine config + file /etc/motd`.
pub(super) fn field(change: &Change) -> String {
    if let Some((_, part)) = change.path.split_once("additionalConfig ") {
        return format!("machine config {part}");
    }
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{}: {old} → {new}", change.path),
        (None, Some(new)) => format!("{}: {new}", change.path),
        (Some(old), None) => format!("{}: was {old}", change.path),
        (None, None) => change.path.clone(),
    }
}

fn table(head: [&str; 6], rows: &[[String; 6]], out: &mut String) {
    let head = head.map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let widths: Vec<usize> =
        (0..6).map(|column| all().map(|row| row[column].chars().count()).max().unwrap_or_default()).collect();
    for row in all() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let pad = width - cell.chars().count();
            format!("{cell}{}", " ".repeat(pad))
        });
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
