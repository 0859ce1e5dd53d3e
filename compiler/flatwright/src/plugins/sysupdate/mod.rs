//! The `sysupdate` hook: units, schedule, transfers and extensions of each group.
//!
//! Owns: the calls, and the plan's parts as the hook's records. [`answer`] takes them back.

mod answer;

use flatwright_diagnostic::{Anchor, Origin, Report};
use flatwright_flatcar::node_units;
use flatwright_plan::{Contents, DropIn, File, Link, MachineConfig, NodeGroup, Plan, Unit};
use flatwright_plugin_host::Session;
use flatwright_plugin_host::model::sysupdate as model;
use flatwright_plugin_law::texts::{directory, split};

use super::{CallSite, Ready, Run, Stop, context, covered};
use crate::places;

pub(super) use answer::origin_of;

pub(super) fn customize(
    run: &mut Run<'_>,
    ready: &Ready,
    session: &Session<'_>,
    plan: &mut Plan,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut told = context::of_cluster(plan, run.contract, ready);
    for index in covered(ready, plan) {
        let before = config(&plan.groups[index].machine_config);
        told.target = context::group_target(index);
        let outcome = session.customize_sysupdate(&told, &before);
        let target = plan.groups[index].name.value.clone();
        let site = CallSite { ready, hook: "sysupdate", target: &target, group: Some(index) };
        if let Some(after) = run.book(site, &before, outcome, plan, report)? {
            let masked = masked_of_user(&plan.groups[index], &before, &after);
            let mut pen = run.pen(&target);
            answer::apply(&mut plan.groups[index].machine_config, &before, &after, &mut pen);
            for (path, origin, line) in masked {
                pen.replace_at(&path, origin, Some(line));
            }
        }
    }
    Ok(())
}

/// Units of the user's own machine configs that an answer masks: the hook was not shown them, and nothing else would tell that they never run. The path, where the config stands,
/// and the line of the unit.
fn masked_of_user(
    group: &NodeGroup,
    before: &model::SysupdateConfig,
    after: &model::SysupdateConfig,
) -> Vec<(String, Origin, Anchor)> {
    let was_masked = |name: &str| before.units.iter().any(|unit| unit.name == name && unit.masked);
    let masked = after.units.iter().filter(|unit| unit.masked && !was_masked(&unit.name));
    let of_user = |unit: &model::Unit| {
        let line = places::in_group(group, "name", &unit.name)?;
        let config = group.user_configs.iter().rev().find(|config| config.source == line.source);
        let origin = config.or(group.user_configs.last())?.origin;
        Some((format!("units[\"{}\"]", unit.name), origin, line))
    };
    masked.filter_map(of_user).collect()
}

/// kubeadm's unit is the bootstrap provider's; everything else has to do with updates and reboots.
fn is_ours(unit: &Unit) -> bool {
    unit.name.value != node_units::KUBEADM_SERVICE
}

fn config(parts: &MachineConfig) -> model::SysupdateConfig {
    let timer = parts.units.iter().find(|unit| node_units::is_update_timer(&unit.name.value));
    let mut extensions: Vec<model::Extension> = parts.links.iter().filter_map(|link| extension(parts, link)).collect();
    let kubernetes =
        extensions.iter().position(|extension| extension.name == "kubernetes").map(|index| extensions.remove(index));
    model::SysupdateConfig {
        enabled: timer.and_then(|timer| timer.enabled).is_some_and(|enabled| enabled.value),
        schedule: timer.and_then(schedule),
        units: parts.units.iter().filter(|unit| is_ours(unit)).map(unit).collect(),
        transfers: parts.files.iter().filter_map(transfer_of).collect(),
        kubernetes,
        extensions,
        extra: Vec::new(),
    }
}

fn schedule(timer: &Unit) -> Option<model::Schedule> {
    let drop_in = timer.drop_ins.iter().find(|drop_in| drop_in.name == node_units::TIMER_DROP_IN)?;
    let model::Contents::Sections(sections) = split(&drop_in.contents.value) else { return None };
    let mut schedule = model::Schedule::default();
    for (key, value) in
        sections.into_iter().filter(|section| section.name == "Timer").flat_map(|section| section.entries)
    {
        let set = Some(value.clone()).filter(|value| !value.is_empty());
        match key.as_str() {
            "OnCalendar" => schedule.on_calendar.extend(set),
            "OnBootSec" => schedule.on_boot = set,
            "OnUnitActiveSec" => schedule.on_unit_active = set,
            "RandomizedDelaySec" => schedule.randomized_delay = set,
            "AccuracySec" => schedule.accuracy = set,
            "Persistent" => schedule.persistent = Some(value == "true"),
            _ => schedule.extra.push((key, value)),
        }
    }
    Some(schedule)
}

fn unit(unit: &Unit) -> model::Unit {
    model::Unit {
        name: unit.name.value.clone(),
        enabled: unit.enabled.map(|enabled| enabled.value),
        masked: unit.mask.is_some_and(|mask| mask.value),
        contents: unit.contents.as_ref().map(|contents| split(&contents.value)),
        // The schedule has a record of its own.
        drop_ins: unit
            .drop_ins
            .iter()
            .filter(|drop_in| !is_schedule(&unit.name.value, drop_in))
            .map(|drop_in| model::DropIn { name: drop_in.name.clone(), contents: split(&drop_in.contents.value) })
            .collect(),
    }
}

fn is_schedule(unit: &str, drop_in: &DropIn) -> bool {
    node_units::is_update_timer(unit) && drop_in.name == node_units::TIMER_DROP_IN
}

/// A file under `/etc/sysupdate.d` or `/etc/sysupdate.<component>.d`, whose text is known now.
pub(super) fn transfer_of(file: &File) -> Option<model::Transfer> {
    let (directory, file_name) = file.path.value.strip_prefix("/etc/sysupdate.")?.split_once('/')?;
    let component = if directory == "d" { None } else { Some(directory.strip_suffix(".d")?.to_owned()) };
    let Contents::Text(text) = &file.contents else { return None };
    Some(model::Transfer { component, file_name: file_name.to_owned(), contents: split(&text.value) })
}

fn transfer_path(transfer: &model::Transfer) -> String {
    format!("{}/{}", directory(transfer), transfer.file_name)
}

fn extension(parts: &MachineConfig, link: &Link) -> Option<model::Extension> {
    let name = link.path.value.strip_prefix("/etc/extensions/")?.strip_suffix(".raw")?;
    let file = parts.files.iter().find(|file| file.path.value == link.target.value)?;
    let Contents::Remote { url, sha512, .. } = &file.contents else { return None };
    Some(model::Extension {
        name: name.to_owned(),
        version: version(name, &link.target.value),
        source: url.value.clone(),
        hash: sha512.as_ref().map(|sum| format!("sha512-{}", sum.value)),
        extra: Vec::new(),
    })
}

/// The version in `<directory>/<name>-<version>-<architecture>.raw`.
fn version(name: &str, target: &str) -> String {
    let file = target.rsplit('/').next().unwrap_or_default();
    let middle = file
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(".raw"))
        .unwrap_or_default();
    ["-x86-64", "-arm64"].iter().find_map(|architecture| middle.strip_suffix(architecture)).unwrap_or(middle).to_owned()
}
