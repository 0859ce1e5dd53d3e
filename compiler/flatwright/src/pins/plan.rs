//! What depends on a lowered spec: hashes of extensions, versions of images and of charts, hashes of plugins. Put into the plan before plugins see it.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_kubernetes::Version;
use flatwright_lock::Ask;
use flatwright_lock::rules::Pinning;
use flatwright_plan::{Addon, Contents, Image, NodeGroup, Plan, Profile};

use super::versions::{missing, moving, out_of_date};
use super::{Pins, extensions};

/// The reason for what is not in the spec.
const RULE: &str = "the lock has it";

/// Puts into a plan what the lock says, and reports what it should say.
pub(crate) fn pin_plan(plan: &mut Plan, pins: &Pins, base: &str, unlocked: &mut Report, report: &mut Report) {
    for group in &mut plan.groups {
        pin_extensions(group, pins, unlocked);
        pin_image(group, pins, unlocked);
    }
    pin_charts(plan, pins, unlocked, report);
    pin_plugins(plan, pins, base, unlocked);
}

fn pin_extensions(group: &mut NodeGroup, pins: &Pins, report: &mut Report) {
    let mut found = Vec::new();
    for extension in extensions(group) {
        let ask = Ask::extension(extension.name, extension.version, group.architecture.value, &extension.url.value);
        match pins.pin(&ask) {
            Some(pin) => {
                let sha256 = pin.text("sha256").map(|sum| extension.url.with(sum.to_owned()));
                let sha512 = pin.text("sha512").map(|sum| extension.url.with(sum.to_owned()));
                found.push((extension.file, sha256, sha512));
            }
            None if pins.is_whole => {
                let anchor = extension.url.origin.anchor().or_else(|| group.origin.anchor());
                out_of_date(pins, ask, anchor.expect("invariant: decoded values have a place"), report);
            }
            None => {}
        }
    }
    for (file, locked_sha256, locked_sha512) in found {
        if let Contents::Remote { sha256, sha512, .. } = &mut group.machine_config.files[file].contents {
            *sha256 = locked_sha256;
            if sha512.is_none() {
                *sha512 = locked_sha512;
            }
        }
    }
}

/// What is asked of a group's image, with the version as it is written.
pub(crate) fn image_ask(image: &Image) -> Option<(Ask, &Traced<String>)> {
    match image {
        Image::Marketplace { publisher, offer, sku, version, .. } => {
            let name = format!("{}/{}/{}", publisher.value, offer.value, sku.value);
            Some((Ask::image(&name, &version.value), version))
        }
        Image::Gallery { gallery, name, version, .. } => {
            Some((Ask::image(&format!("{}/{}", gallery.value, name.value), &version.value), version))
        }
        Image::Id(_) => None,
    }
}

/// Whether a version says which image it is.
pub(crate) fn is_exact(version: &str) -> bool {
    version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u64>().is_ok())
}

fn pin_image(group: &mut NodeGroup, pins: &Pins, report: &mut Report) {
    let Some((ask, version)) = image_ask(&group.image) else { return };
    let anchor = version.origin.anchor().or_else(|| group.origin.anchor());
    match pins.pin(&ask).and_then(|pin| pin.text("locked")) {
        Some(locked) if !is_exact(&version.value) => {
            let locked = locked.to_owned();
            if let Image::Marketplace { version, .. } | Image::Gallery { version, .. } = &mut group.image {
                version.value = locked;
            }
        }
        Some(_) => {}
        // A range that a plugin may yet replace is looked at afterwards.
        None if pins.is_whole && is_exact(&version.value) => {
            out_of_date(pins, ask, anchor.expect("invariant: decoded values have a place"), report);
        }
        None => {}
    }
}

/// The version of an image that Azure itself understands.
const LATEST: &str = "latest";

/// Reports images without a version, after all who could give them one.
pub(crate) fn check_images(plan: &Plan, pins: &Pins, report: &mut Report) {
    for group in &plan.groups {
        let Some((ask, version)) = image_ask(&group.image) else { continue };
        if !is_exact(&version.value)
            && let Some(anchor) = version.origin.anchor().or_else(|| group.origin.anchor())
        {
            if version.value == LATEST && !pins.is_whole {
                moving(pins, ask, anchor, report);
            } else {
                missing(pins, ask, anchor, report);
            }
        }
    }
}

/// What is asked of an add-on's chart.
pub(crate) fn chart_ask(addon: &Addon) -> Ask {
    let asked = addon.version.as_ref().map_or("*", |version| version.value.as_str());
    Ask::chart(&addon.chart_name.value, &addon.repo_url.value, asked)
}

fn pin_charts(plan: &mut Plan, pins: &Pins, unlocked: &mut Report, report: &mut Report) {
    let mut open: Vec<(&'static str, Origin)> = Vec::new();
    for addon in &mut plan.addons {
        let ask = chart_ask(addon);
        let is_exact = addon.version.as_ref().is_some_and(|version| Version::parse(&version.value).is_ok());
        let place = addon.version.as_ref().map_or(addon.origin, |version| version.origin);
        match pins.pin(&ask).and_then(|pin| pin.text("locked")) {
            Some(locked) if !is_exact => {
                let locked = locked.to_owned();
                addon.version = Some(match &addon.version {
                    Some(version) => version.with(locked),
                    None => Traced::default_by(locked, RULE),
                });
            }
            Some(_) => {}
            None if pins.is_whole => {
                if let Some(anchor) = place.anchor().or_else(|| addon.origin.anchor()) {
                    out_of_date(pins, ask, anchor, unlocked);
                }
            }
            None if !is_exact => open.push((addon.key, place)),
            None => {}
        }
    }
    // Upstream's templates have none either, and are to be reproduced.
    if plan.profile == Profile::Capz {
        return;
    }
    let Some(first) = open.first().and_then(|(_, origin)| origin.anchor()) else { return };
    let names: Vec<String> = open.iter().map(|(key, _)| format!("`{key}`")).collect();
    let finding = report.warn(first, &Pinning::Chart { addons: names.join(", "), many: names.len() > 1 });
    for other in open.iter().skip(1).filter_map(|(_, origin)| origin.anchor()) {
        finding.label(other, "and here");
    }
    finding
        .note("each installation takes the newest chart of its day, and clusters that were made from one spec differ")
        .hint(format!("set `version`, or run `{}` and keep the lock", pins.command));
}

fn pin_plugins(plan: &mut Plan, pins: &Pins, base: &str, report: &mut Report) {
    for plugin in plan.plugins.iter_mut().filter(|plugin| plugin.outside.is_none()) {
        let ask = plugin_ask(&pins.file, base, &plugin.source.value);
        match pins.pin(&ask).and_then(|pin| pin.text("sha256")) {
            Some(sha256) if plugin.sha256.is_none() => plugin.sha256 = Some(plugin.source.with(sha256.to_owned())),
            Some(_) => {}
            None if pins.is_whole => {
                if let Some(anchor) = plugin.source.origin.anchor() {
                    out_of_date(pins, ask, anchor, report);
                }
            }
            None => {}
        }
    }
}

/// A plugin's file, as the lock names it: from the directory of the lock, if the spec is there or below, else as the spec is named.
pub(crate) fn plugin_ask(lock: &str, base: &str, source: &str) -> Ask {
    let directory =
        |file: &str| file.rsplit_once('/').map_or_else(String::new, |(directory, _)| format!("{directory}/"));
    let file = format!("{}{source}", directory(base));
    Ask::plugin(file.strip_prefix(&directory(lock)).unwrap_or(&file))
}
