//! Answers of the hook `sysupdate` in the plan: what changed; everything else keeps its text and its origin.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_flatcar::{node_units, sysext};
use flatwright_plan::{Contents, DropIn, File, Link, MachineConfig, Unit};
use flatwright_plugin_host::model::sysupdate as model;
use flatwright_plugin_law::path::of_transfer;
use flatwright_plugin_law::texts::{self, join};

use super::super::pen::Pen;
use super::{is_ours, is_schedule, transfer_path, version};

pub(super) fn apply(
    parts: &mut MachineConfig,
    before: &model::SysupdateConfig,
    after: &model::SysupdateConfig,
    pen: &mut Pen<'_>,
) {
    units(parts, before, &after.units, pen);
    if after.enabled != before.enabled {
        let timer = timer(parts, pen.origin);
        timer.enabled = pen.put_maybe("enabled", timer.enabled.as_ref(), Some(after.enabled));
    }
    if after.schedule != before.schedule {
        schedule(timer(parts, pen.origin), after.schedule.as_ref(), pen);
    }
    transfers(parts, before, &after.transfers, pen);
    let old: Vec<&model::Extension> = before.kubernetes.iter().chain(&before.extensions).collect();
    let new: Vec<&model::Extension> = after.kubernetes.iter().chain(&after.extensions).collect();
    extensions(parts, &old, &new, pen);
}

/// The timer of updates; where Kubernetes is in the image, systemd's own updates what else there is.
fn timer(parts: &mut MachineConfig, origin: Origin) -> &mut Unit {
    let found = parts.units.iter().position(|unit| node_units::is_update_timer(&unit.name.value));
    let index = found.unwrap_or_else(|| {
        parts.units.push(empty(node_units::STOCK_TIMER, origin));
        parts.units.len() - 1
    });
    &mut parts.units[index]
}

fn empty(name: &str, origin: Origin) -> Unit {
    Unit { name: Traced::new(name.to_owned(), origin), enabled: None, mask: None, contents: None, drop_ins: Vec::new() }
}

fn schedule(timer: &mut Unit, schedule: Option<&model::Schedule>, pen: &mut Pen<'_>) {
    let position = timer.drop_ins.iter().position(|drop_in| drop_in.name == node_units::TIMER_DROP_IN);
    let old = position.map(|position| timer.drop_ins.remove(position).contents);
    let contents = pen.put_maybe("schedule", old.as_ref(), schedule.map(texts::schedule));
    let name = node_units::TIMER_DROP_IN;
    timer.drop_ins.extend(contents.map(|contents| DropIn { name: name.to_owned(), contents }));
}

fn units(parts: &mut MachineConfig, before: &model::SysupdateConfig, after: &[model::Unit], pen: &mut Pen<'_>) {
    let is_kept = |unit: &Unit| !is_ours(unit) || after.iter().any(|answer| answer.name == unit.name.value);
    for gone in parts.units.iter().filter(|unit| !is_kept(unit)) {
        let path = path_of_unit(&gone.name.value);
        let contents = gone.contents.as_ref().map(|contents| contents.origin);
        let drop_ins = gone.drop_ins.iter().map(|drop_in| drop_in.contents.origin);
        std::iter::once(gone.name.origin).chain(contents).chain(drop_ins).for_each(|origin| pen.replace(&path, origin));
    }
    parts.units.retain(is_kept);
    for answer in after.iter().filter(|answer| !before.units.contains(answer)) {
        let old = before.units.iter().find(|old| old.name == answer.name);
        let index = parts.units.iter().position(|unit| unit.name.value == answer.name).unwrap_or_else(|| {
            parts.units.push(empty(&answer.name, pen.origin));
            parts.units.len() - 1
        });
        change(&mut parts.units[index], old, answer, pen);
    }
}

fn path_of_unit(name: &str) -> String {
    format!("units[\"{name}\"]")
}

fn change(unit: &mut Unit, old: Option<&model::Unit>, answer: &model::Unit, pen: &mut Pen<'_>) {
    let path = path_of_unit(&answer.name);
    if old.is_none_or(|old| old.enabled != answer.enabled) {
        unit.enabled = pen.put_maybe(&path, unit.enabled.as_ref(), answer.enabled);
    }
    if old.is_none_or(|old| old.masked != answer.masked) {
        unit.mask = pen.put_maybe(&path, unit.mask.as_ref(), answer.masked.then_some(true));
    }
    if old.is_none_or(|old| old.contents != answer.contents) {
        unit.contents = pen.put_maybe(&path, unit.contents.as_ref(), answer.contents.as_ref().map(join));
    }
    let known = std::mem::take(&mut unit.drop_ins);
    let (schedule, known): (Vec<DropIn>, Vec<DropIn>) =
        known.into_iter().partition(|drop_in| is_schedule(&unit.name.value, drop_in));
    let path = |name: &str| format!("{path}.drop-ins[\"{name}\"]");
    for gone in known.iter().filter(|known| !answer.drop_ins.iter().any(|drop_in| drop_in.name == known.name)) {
        pen.replace(&path(&gone.name), gone.contents.origin);
    }
    for drop_in in &answer.drop_ins {
        let is_same = old.is_some_and(|old| old.drop_ins.contains(drop_in));
        let other = known.iter().find(|other| other.name == drop_in.name);
        let kept = other.filter(|_| is_same).cloned();
        unit.drop_ins.extend(kept.or_else(|| {
            let path = path(&drop_in.name);
            let contents = pen.put_maybe(&path, other.map(|other| &other.contents), Some(join(&drop_in.contents)))?;
            Some(DropIn { name: drop_in.name.clone(), contents })
        }));
    }
    unit.drop_ins.extend(schedule);
}

fn transfers(parts: &mut MachineConfig, before: &model::SysupdateConfig, after: &[model::Transfer], pen: &mut Pen<'_>) {
    for gone in &before.transfers {
        let path = transfer_path(gone);
        if !after.iter().any(|answer| transfer_path(answer) == path) {
            parts.files.iter().filter(|file| file.path.value == path).for_each(|file| {
                pen.replace(&of_transfer(gone), file.path.origin);
                pen.replace(&of_transfer(gone), origin_of(&file.contents));
            });
            parts.files.retain(|file| file.path.value != path);
        }
    }
    for answer in after.iter().filter(|answer| !before.transfers.contains(answer)) {
        let path = transfer_path(answer);
        let text = join(&answer.contents);
        match parts.files.iter_mut().find(|file| file.path.value == path) {
            Some(file) => {
                if !is_flavors(file.path.origin, origin_of(&file.contents)) {
                    pen.replace(&of_transfer(answer), origin_of(&file.contents));
                }
                file.contents = Contents::Text(pen.write(text));
            }
            None => {
                let contents = Contents::Text(pen.write(text));
                parts.files.push(File { path: pen.write(path), mode: Some(0o644), contents });
            }
        }
    }
}

/// Whether the flavor made a value: from the very line that it made the path from, such as the version.
fn is_flavors(path: Origin, value: Origin) -> bool {
    path == value && !matches!(value, Origin::Plugin(_))
}

/// Where the contents of a file came from.
pub(in super::super) fn origin_of(contents: &Contents) -> Origin {
    match contents {
        Contents::Text(text) => text.origin,
        Contents::Remote { url, .. } => url.origin,
    }
}

fn extensions(parts: &mut MachineConfig, before: &[&model::Extension], after: &[&model::Extension], pen: &mut Pen<'_>) {
    let path_of = |name: &str| match name {
        "kubernetes" => name.to_owned(),
        name => format!("extensions[\"{name}\"]"),
    };
    for old in before.iter().filter(|old| !after.iter().any(|answer| answer.name == old.name)) {
        let link = sysext::link_path(&old.name);
        if let Some(index) = parts.links.iter().position(|known| known.path.value == link) {
            let target = parts.links.remove(index).target;
            pen.replace(&path_of(&old.name), target.origin);
            parts.files.retain(|file| file.path.value != target.value);
        }
    }
    for answer in after.iter().filter(|answer| !before.contains(answer)) {
        let link = parts.links.iter().position(|link| link.path.value == sysext::link_path(&answer.name));
        let old_target = link.map(|index| parts.links[index].target.clone());
        let image = |target: &Traced<String>| parts.files.iter().position(|file| file.path.value == target.value);
        let old = old_target.as_ref().and_then(image).map(|index| parts.files.remove(index).contents);
        let (url, sha512, sha256) = match old {
            Some(Contents::Remote { url, sha512, sha256 }) => (Some(url), sha512, sha256),
            _ => (None, None, None),
        };
        // Wherever the image of this version comes from, it has the bytes that were locked.
        let is_same = old_target.as_ref().is_some_and(|old| version(&answer.name, &old.value) == answer.version);
        let sha256 = sha256.filter(|_| is_same);
        let path = path_of(&answer.name);
        let hash = answer.hash.as_ref().map(|hash| hash.trim_start_matches("sha512-").to_owned());
        let url = match (url, &old_target) {
            (Some(url), Some(target)) if is_flavors(target.origin, url.origin) && url.value != answer.source => {
                pen.write(answer.source.clone())
            }
            (Some(url), _) => pen.put(&path, &url, answer.source.clone()),
            (None, _) => pen.write(answer.source.clone()),
        };
        let contents = Contents::Remote { url, sha512: pen.put_maybe(&path, sha512.as_ref(), hash), sha256 };
        // A mirror may name its files otherwise; on the machine the name says what the file is.
        let file_name = match &old_target {
            Some(target) if version(&answer.name, &target.value) == answer.version => target.value.clone(),
            _ => format!("{}/{}-{}.raw", sysext::image_directory(&answer.name), answer.name, answer.version),
        };
        parts.files.push(File { path: pen.write(file_name.clone()), mode: Some(0o644), contents });
        match link {
            Some(index) => {
                let target = &mut parts.links[index].target;
                *target = pen.put(&path, target, file_name);
            }
            None => {
                let link = Link { path: pen.write(sysext::link_path(&answer.name)), target: pen.write(file_name) };
                parts.links.push(link);
            }
        }
    }
}
