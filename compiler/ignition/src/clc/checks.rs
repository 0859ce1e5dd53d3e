//! CLC's own rules, one function per `Validate` method of the transpiler.

use flatwright_go::duration;
use flatwright_go::url::{self, Brackets};

use crate::clc::go_time;
use crate::clc::types::{Config, Directory, File, FileContents, Locksmith, Update};
use crate::entry::EntryKind;
use crate::ignition2::walk::Finding;
use crate::problem::{ContainerLinux, Locksmith as LocksmithRule};

type Found = Vec<Finding>;

pub(crate) fn config(config: &Config, field: &'static str, found: &mut Found) {
    if field == "version" && config.version != 0 {
        found.push(Finding::error(ContainerLinux::Version));
    }
}

pub(crate) fn file(file: &File, field: &'static str, found: &mut Found) {
    if field != "mode" || file.mode.is_some() {
        return;
    }
    found.push(if file.append {
        let problem = ContainerLinux::NoMode { node: "file", mode: "0644 if the file does not exist" }.into();
        Finding { kind: EntryKind::Info, problem }
    } else {
        Finding::warning(ContainerLinux::NoMode { node: "file", mode: "0644" })
    });
}

pub(crate) fn directory(directory: &Directory, field: &'static str, found: &mut Found) {
    if field == "mode" && directory.mode.is_none() {
        found.push(Finding::warning(ContainerLinux::NoMode { node: "directory", mode: "0755" }));
    }
}

pub(crate) fn file_contents(contents: &FileContents, found: &mut Found) {
    let sources = [contents.remote.url.is_empty(), contents.inline.0.is_empty(), contents.local.is_empty()];
    if sources.iter().filter(|is_empty| !**is_empty).count() > 1 {
        found.push(Finding::error(ContainerLinux::SeveralContents));
    }
}

pub(crate) fn update(update: &Update, found: &mut Found) {
    let is_known = matches!(&*update.group.to_lowercase(), "stable" | "beta" | "alpha");
    if !is_known && update.server.is_empty() {
        found.push(Finding::warning(LocksmithRule::Group));
    }
}

pub(crate) fn update_field(update: &Update, field: &'static str, found: &mut Found) {
    if field == "server"
        && let Err(words) = url::parse(&update.server, Brackets::Ipv6)
    {
        found.push(Finding::error(ContainerLinux::Url { words }));
    }
}

pub(crate) fn locksmith(locksmith: &Locksmith, found: &mut Found) {
    let is_set = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    if is_set(&locksmith.window_start) != is_set(&locksmith.window_length) {
        found.push(Finding::error(LocksmithRule::Window));
    }
}

pub(crate) fn locksmith_field(locksmith: &Locksmith, field: &'static str, found: &mut Found) {
    let value = match field {
        "reboot_strategy" => &locksmith.reboot_strategy,
        "window_start" => &locksmith.window_start,
        "window_length" => &locksmith.window_length,
        _ => return,
    };
    let Some(value) = value.as_deref().filter(|value| !value.is_empty()) else { return };
    let problem = match field {
        "reboot_strategy" => {
            let is_known = matches!(&*value.to_lowercase(), "reboot" | "etcd-lock" | "off");
            (!is_known).then_some(LocksmithRule::Strategy)
        }
        "window_start" => window_start(value),
        _ => duration::nanoseconds(value).is_none().then_some(LocksmithRule::Length),
    };
    found.extend(problem.map(Finding::error));
}

fn window_start(value: &str) -> Option<LocksmithRule> {
    let (day, time) = go_time::scan_two_words(value).unwrap_or(("not-present", value));
    let is_day = matches!(&*day.to_lowercase(), "sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "not-present");
    if !is_day {
        return Some(LocksmithRule::Day);
    }
    (!go_time::is_clock(time)).then_some(LocksmithRule::Start)
}
