//! The `sysupdate` hook: units, schedule, transfers and extensions of each group.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_flatcar::{node_units, sysext};
use flatwright_plan::{Contents, DropIn, File, Link, MachineConfig, Plan, Unit};
use flatwright_plugin_host::Session;
use flatwright_plugin_host::model::sysupdate as model;

use super::texts::{join, split};
use super::{CallSite, Ready, Run, Stop, applies, context};

pub(super) fn customize(
    run: &mut Run<'_>,
    ready: &Ready,
    session: &Session<'_>,
    plan: &mut Plan,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut told = context::of_cluster(plan, run.contract, ready);
    for index in (0..plan.groups.len()).filter(|index| applies(ready, plan, *index)).collect::<Vec<_>>() {
        let before = config(&plan.groups[index].machine_config);
        told.target = context::group_target(index);
        let outcome = session.customize_sysupdate(&told, &before);
        let target = plan.groups[index].name.value.clone();
        let site = CallSite { ready, hook: "sysupdate", target: &target };
        if let Some((after, origin)) = run.book(site, &before, outcome, plan, report)? {
            apply(&mut plan.groups[index].machine_config, &before, &after, origin);
        }
    }
    Ok(())
}

/// kubeadm's unit is the bootstrap provider's; everything else has to do with updates and reboots.
fn is_ours(unit: &Unit) -> bool {
    unit.name.value != node_units::KUBEADM_SERVICE
}

fn config(parts: &MachineConfig) -> model::SysupdateConfig {
    let timer = parts.units.iter().find(|unit| unit.name.value == node_units::SYSUPDATE_TIMER);
    let mut extensions: Vec<model::Extension> = parts.links.iter().filter_map(|link| extension(parts, link)).collect();
    let kubernetes =
        extensions.iter().position(|extension| extension.name == "kubernetes").map(|index| extensions.remove(index));
    model::SysupdateConfig {
        enabled: timer.and_then(|timer| timer.enabled).is_some_and(|enabled| enabled.value),
        schedule: timer.and_then(schedule),
        units: parts.units.iter().filter(|unit| is_ours(unit)).map(unit).collect(),
        transfers: parts.files.iter().filter_map(transfer).collect(),
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
            .filter(|drop_in| !is_schedule(unit, drop_in))
            .map(|drop_in| model::DropIn { name: drop_in.name.clone(), contents: split(&drop_in.contents.value) })
            .collect(),
    }
}

fn is_schedule(unit: &Unit, drop_in: &DropIn) -> bool {
    unit.name.value == node_units::SYSUPDATE_TIMER && drop_in.name == node_units::TIMER_DROP_IN
}

/// A file under `/etc/sysupdate.d` or `/etc/sysupdate.<component>.d`, whose text is known now.
fn transfer(file: &File) -> Option<model::Transfer> {
    let (directory, file_name) = file.path.value.strip_prefix("/etc/sysupdate.")?.split_once('/')?;
    let component = if directory == "d" { None } else { Some(directory.strip_suffix(".d")?.to_owned()) };
    let Contents::Text(text) = &file.contents else { return None };
    Some(model::Transfer { component, file_name: file_name.to_owned(), contents: split(&text.value) })
}

fn transfer_path(transfer: &model::Transfer) -> String {
    format!("{}/{}", directory(transfer), transfer.file_name)
}

/// Where the machine has transfers of a component.
pub(super) fn directory(transfer: &model::Transfer) -> String {
    let component = transfer.component.as_deref();
    component.map_or_else(|| "/etc/sysupdate.d".to_owned(), sysext::component_directory)
}

fn extension(parts: &MachineConfig, link: &Link) -> Option<model::Extension> {
    let name = link.path.value.strip_prefix("/etc/extensions/")?.strip_suffix(".raw")?;
    let file = parts.files.iter().find(|file| file.path.value == link.target.value)?;
    let Contents::Remote { url, sha512 } = &file.contents else { return None };
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

/// Applies what changed; everything else keeps its text and its origin.
fn apply(parts: &mut MachineConfig, before: &model::SysupdateConfig, after: &model::SysupdateConfig, origin: Origin) {
    units(parts, before, &after.units, origin);
    let timer = timer(parts, origin);
    if after.enabled != before.enabled {
        timer.enabled = Some(Traced::new(after.enabled, origin));
    }
    if after.schedule != before.schedule {
        timer.drop_ins.retain(|drop_in| drop_in.name != node_units::TIMER_DROP_IN);
        if let Some(schedule) = &after.schedule {
            let contents = Traced::new(schedule_text(schedule), origin);
            timer.drop_ins.push(DropIn { name: node_units::TIMER_DROP_IN.to_owned(), contents });
        }
    }
    transfers(parts, before, &after.transfers, origin);
    let old: Vec<&model::Extension> = before.kubernetes.iter().chain(&before.extensions).collect();
    let new: Vec<&model::Extension> = after.kubernetes.iter().chain(&after.extensions).collect();
    extensions(parts, &old, &new, origin);
}

fn timer(parts: &mut MachineConfig, origin: Origin) -> &mut Unit {
    let found = parts.units.iter().position(|unit| unit.name.value == node_units::SYSUPDATE_TIMER);
    let index = found.unwrap_or_else(|| {
        parts.units.push(empty(node_units::SYSUPDATE_TIMER, origin));
        parts.units.len() - 1
    });
    &mut parts.units[index]
}

fn empty(name: &str, origin: Origin) -> Unit {
    Unit { name: Traced::new(name.to_owned(), origin), enabled: None, mask: None, contents: None, drop_ins: Vec::new() }
}

/// The drop-in of the timer that says when it fires.
pub(super) fn schedule_text(schedule: &model::Schedule) -> String {
    let mut lines = vec!["[Timer]".to_owned(), "OnCalendar=".to_owned()];
    lines.extend(schedule.on_calendar.iter().map(|event| format!("OnCalendar={event}")));
    let single = [
        ("OnBootSec", &schedule.on_boot),
        ("OnUnitActiveSec", &schedule.on_unit_active),
        ("RandomizedDelaySec", &schedule.randomized_delay),
        ("AccuracySec", &schedule.accuracy),
    ];
    lines.extend(single.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}={value}"))));
    lines.extend(schedule.persistent.map(|persistent| format!("Persistent={persistent}")));
    lines.extend(schedule.extra.iter().map(|(key, value)| format!("{key}={value}")));
    lines.join("\n") + "\n"
}

fn units(parts: &mut MachineConfig, before: &model::SysupdateConfig, after: &[model::Unit], origin: Origin) {
    let kept = |unit: &Unit| !is_ours(unit) || after.iter().any(|answer| answer.name == unit.name.value);
    parts.units.retain(kept);
    for answer in after.iter().filter(|answer| !before.units.contains(answer)) {
        let old = before.units.iter().find(|old| old.name == answer.name);
        let index = parts.units.iter().position(|unit| unit.name.value == answer.name).unwrap_or_else(|| {
            parts.units.push(empty(&answer.name, origin));
            parts.units.len() - 1
        });
        change(&mut parts.units[index], old, answer, origin);
    }
}

fn change(unit: &mut Unit, old: Option<&model::Unit>, answer: &model::Unit, origin: Origin) {
    if old.is_none_or(|old| old.enabled != answer.enabled) {
        unit.enabled = answer.enabled.map(|enabled| Traced::new(enabled, origin));
    }
    if old.is_none_or(|old| old.masked != answer.masked) {
        unit.mask = answer.masked.then(|| Traced::new(true, origin));
    }
    if old.is_none_or(|old| old.contents != answer.contents) {
        unit.contents = answer.contents.as_ref().map(|contents| Traced::new(join(contents), origin));
    }
    let schedule: Vec<DropIn> = unit.drop_ins.iter().filter(|drop_in| is_schedule(unit, drop_in)).cloned().collect();
    let known = std::mem::take(&mut unit.drop_ins);
    let answered = answer.drop_ins.iter().map(|drop_in| {
        let is_same = old.is_some_and(|old| old.drop_ins.contains(drop_in));
        known.iter().find(|other| is_same && other.name == drop_in.name).cloned().unwrap_or_else(|| DropIn {
            name: drop_in.name.clone(),
            contents: Traced::new(join(&drop_in.contents), origin),
        })
    });
    unit.drop_ins = answered.chain(schedule.iter().cloned()).collect();
}

fn transfers(parts: &mut MachineConfig, before: &model::SysupdateConfig, after: &[model::Transfer], origin: Origin) {
    let removed: Vec<String> = before
        .transfers
        .iter()
        .map(transfer_path)
        .filter(|path| !after.iter().any(|answer| transfer_path(answer) == *path))
        .collect();
    parts.files.retain(|file| !removed.contains(&file.path.value));
    for answer in after.iter().filter(|answer| !before.transfers.contains(answer)) {
        let path = transfer_path(answer);
        let contents = Contents::Text(Traced::new(join(&answer.contents), origin));
        match parts.files.iter_mut().find(|file| file.path.value == path) {
            Some(file) => file.contents = contents,
            None => parts.files.push(File { path: Traced::new(path, origin), mode: Some(0o644), contents }),
        }
    }
}

fn extensions(parts: &mut MachineConfig, before: &[&model::Extension], after: &[&model::Extension], origin: Origin) {
    for old in before.iter().filter(|old| !after.iter().any(|answer| answer.name == old.name)) {
        let link = sysext::link_path(&old.name);
        if let Some(index) = parts.links.iter().position(|known| known.path.value == link) {
            let target = parts.links.remove(index).target;
            parts.files.retain(|file| file.path.value != target.value);
        }
    }
    for answer in after.iter().filter(|answer| !before.contains(answer)) {
        let contents = Contents::Remote {
            url: Traced::new(answer.source.clone(), origin),
            sha512: answer.hash.as_ref().map(|hash| Traced::new(hash.trim_start_matches("sha512-").to_owned(), origin)),
        };
        let old_target = parts
            .links
            .iter()
            .find(|link| link.path.value == sysext::link_path(&answer.name))
            .map(|link| link.target.clone());
        // A mirror may name its files otherwise; on the machine the name says what the file is.
        let file_name = match &old_target {
            Some(target) if version(&answer.name, &target.value) == answer.version => target.value.clone(),
            _ => format!("{}/{}-{}.raw", sysext::image_directory(&answer.name), answer.name, answer.version),
        };
        if let Some(target) = &old_target {
            parts.files.retain(|file| file.path.value != target.value);
        }
        parts.files.push(File { path: Traced::new(file_name.clone(), origin), mode: Some(0o644), contents });
        match parts.links.iter_mut().find(|link| link.path.value == sysext::link_path(&answer.name)) {
            Some(link) if link.target.value == file_name => {}
            Some(link) => link.target = Traced::new(file_name, origin),
            None => parts.links.push(Link {
                path: Traced::new(sysext::link_path(&answer.name), origin),
                target: Traced::new(file_name, origin),
            }),
        }
    }
}
