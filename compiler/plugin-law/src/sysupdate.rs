//! Answers of the hook `sysupdate`.

use flatwright_flatcar::node_units::{KUBEADM_SERVICE, UPDATE_TIMER, replacement_of};
use flatwright_flatcar::sysupdate::{self, TransferFile};
use flatwright_flatcar::unit::{self, UnitFile};
use flatwright_plugin_host::model::sysupdate::{Contents, Extension, Schedule, SysupdateConfig, Transfer, Unit};
use flatwright_spec::law::{self, ExtensionField};
use flatwright_spec::types;

use crate::judge::{Judge, Judged, changed};
use crate::path::of_transfer;
use crate::rule::PluginValue;
use crate::texts::{self, directory, join};

impl Judge for SysupdateConfig {
    fn judge(&self, question: &Self, judged: &mut Judged<'_>) {
        if let Some(schedule) = self.schedule.as_ref().filter(|_| self.schedule != question.schedule) {
            self::schedule(schedule, judged);
        }
        for (name, unit, before) in changed(&question.units, &self.units, |unit| unit.name.clone()) {
            if before.is_none() {
                stock_unit(question, &name, judged);
            }
            self::unit(&format!("units[{name:?}]"), before, unit, judged);
        }
        let name = |transfer: &Transfer| format!("{}/{}", directory(transfer), transfer.file_name);
        for (_, transfer, before) in changed(&question.transfers, &self.transfers, name) {
            self::transfer(before, transfer, judged);
        }
        if self.enabled && !question.enabled && !judged.facts.is_rebooted {
            judged.broken("enabled", law::unattended_updates());
        }
        if let Some(kubernetes) = self.kubernetes.as_ref().filter(|_| self.kubernetes != question.kubernetes) {
            extension("kubernetes", kubernetes, judged);
        }
        for (name, one, _) in changed(&question.extensions, &self.extensions, |extension| extension.name.clone()) {
            let field = format!("extensions[{name:?}]");
            for broken in law::extension(&one.name, &one.version, judged.facts.has_extension) {
                let part = if broken.field == ExtensionField::Name { "name" } else { "version" };
                judged.broken(&format!("{field}.{part}"), broken);
            }
            extension(&field, one, judged);
        }
        judged.extra("extra", &question.extra, &self.extra);
    }
}

/// A unit of systemd's that updates nothing where a unit of ours does. Plugins that were written for it would change nothing.
fn stock_unit(question: &SysupdateConfig, name: &str, judged: &mut Judged<'_>) {
    let Some(ours) = replacement_of(name).filter(|ours| question.units.iter().any(|unit| unit.name == *ours)) else {
        return;
    };
    let rule = PluginValue::StockUnit { name: name.to_owned(), ours };
    let finding = judged.error(&format!("units[{name:?}].name"), &rule);
    finding.hints.push(format!("change `{ours}`, or the record's `schedule` and `enabled`"));
}

fn schedule(schedule: &Schedule, judged: &mut Judged<'_>) {
    let single = [&schedule.on_boot, &schedule.on_unit_active, &schedule.randomized_delay, &schedule.accuracy];
    let names = ["on-boot", "on-unit-active", "randomized-delay", "accuracy"].map(|name| format!("schedule.{name}"));
    let single = names.into_iter().zip(single).filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let events = schedule.on_calendar.iter().map(|event| ("schedule.on-calendar".to_owned(), event));
    let extra = schedule.extra.iter().flat_map(|(key, value)| [key, value]);
    let texts: Vec<_> = events.chain(single).chain(extra.map(|text| ("schedule.extra".to_owned(), text))).collect();
    if lines(&texts, judged) {
        let file = UnitFile { name: Some(UPDATE_TIMER), is_drop_in: true, ..UnitFile::default() };
        let text = texts::schedule(schedule);
        judged.systemd("schedule", |place, report| drop(unit::check(&text, &file, place, report)));
    }
}

/// A line break in a key or value would begin another setting.
fn lines(texts: &[(String, &String)], judged: &mut Judged<'_>) -> bool {
    let mut is_good = true;
    for (field, text) in texts {
        if text.chars().any(char::is_control) {
            judged.malformed(field, format!("`{text}` is not one line of text"));
            is_good = false;
        }
    }
    is_good
}

fn unit(field: &str, before: Option<&Unit>, unit: &Unit, judged: &mut Judged<'_>) {
    if before.is_none() && unit.name == KUBEADM_SERVICE {
        let whose = "the bootstrap provider has this unit; drop-ins of it are the flavor's".to_owned();
        judged.error(&format!("{field}.name"), &PluginValue::Reserved { whose });
    }
    if !unit::is_valid_unit_name(&unit.name) {
        judged.malformed(&format!("{field}.name"), format!("`{}` is not a unit name", unit.name));
        return;
    }
    let is_enabled = unit.enabled == Some(true) && !unit.masked;
    let file = UnitFile { name: Some(&unit.name), is_enabled, ..UnitFile::default() };
    let is_same = before.is_some_and(|before| before.contents == unit.contents && before.enabled == unit.enabled);
    if let Some(contents) = unit.contents.as_ref().filter(|_| !is_same) {
        text(&format!("{field}.contents"), contents, judged, |text, judged, field| {
            judged.systemd(field, |place, report| drop(unit::check(text, &file, place, report)));
        });
    }
    let none = Vec::new();
    let known = before.map_or(&none, |before| &before.drop_ins);
    for (name, drop_in, _) in changed(known, &unit.drop_ins, |drop_in| drop_in.name.clone()) {
        let field = format!("{field}.drop-ins[{name:?}]");
        if !is_drop_in(&name) {
            let fact = format!("`{name}` is not a name of a drop-in: that is a file name that ends in `.conf`");
            judged.malformed(&format!("{field}.name"), fact);
        }
        let file = UnitFile { is_drop_in: true, is_enabled: false, ..file };
        text(&format!("{field}.contents"), &drop_in.contents, judged, |text, judged, field| {
            judged.systemd(field, |place, report| drop(unit::check(text, &file, place, report)));
        });
    }
}

/// The text of a systemd file, if its parts are such that it can be one.
fn text(field: &str, contents: &Contents, judged: &mut Judged<'_>, check: impl FnOnce(&str, &mut Judged<'_>, &str)) {
    if let Contents::Sections(sections) = contents {
        let entries = sections.iter().flat_map(|section| &section.entries).flat_map(|(key, value)| [key, value]);
        let names = sections.iter().map(|section| &section.name);
        let texts: Vec<_> = names.chain(entries).map(|text| (field.to_owned(), text)).collect();
        if !lines(&texts, judged) {
            return;
        }
    }
    check(&join(contents), judged, field);
}

fn is_drop_in(name: &str) -> bool {
    name.len() > ".conf".len() && name.ends_with(".conf") && !name.contains('/') && !name.chars().any(char::is_control)
}

fn transfer(before: Option<&Transfer>, transfer: &Transfer, judged: &mut Judged<'_>) {
    let field = of_transfer(transfer);
    let name = transfer.file_name.as_str();
    if let Some(component) = &transfer.component {
        judged.form::<types::Label>(&format!("{field}.component"), component);
    }
    judged.form::<types::Word>(&format!("{field}.file-name"), name);
    if name.contains('/') {
        judged.malformed(&format!("{field}.file-name"), format!("`{name}` is a path, not the name of a file"));
        return;
    }
    let directory = directory(transfer);
    // Which names a release reads can be said only of a release that is known; a name that was there is not the plugin's.
    let file_name = judged.facts.release.map(|_| name).filter(|_| before.is_none());
    let file = TransferFile { file_name, directory: Some(&directory), release: judged.facts.release };
    text(&format!("{field}.contents"), &transfer.contents, judged, |text, judged, field| {
        judged.systemd(field, |place, report| drop(sysupdate::check(text, &file, place, report)));
    });
}

fn extension(field: &str, extension: &Extension, judged: &mut Judged<'_>) {
    judged.form::<types::Label>(&format!("{field}.name"), &extension.name);
    judged.form::<types::Word>(&format!("{field}.version"), &extension.version);
    judged.form::<types::FetchUrl>(&format!("{field}.source"), &extension.source);
    let architecture = judged.facts.architecture;
    if let Some(broken) = architecture.and_then(|wanted| law::extension_url(&extension.source, wanted)) {
        judged.broken(&format!("{field}.source"), broken);
    }
    if let Some(hash) = &extension.hash {
        match hash.strip_prefix("sha512-") {
            Some(sum) => judged.form::<types::Sha512>(&format!("{field}.hash"), sum),
            None => judged.malformed(
                &format!("{field}.hash"),
                format!("`{hash}` is not `sha512-<hex>`: bootstrap data are Ignition 2.3, which knows no other hash"),
            ),
        }
    }
    judged.extra(&format!("{field}.extra"), &[], &extension.extra);
}
