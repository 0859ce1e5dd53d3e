//! Random units against the real systemd, where it is installed: a bounded number with a fixed seed. `cargo run -p flatwright-flatcar --example judge_units` runs more.
#![expect(clippy::disallowed_methods, reason = "tests read the table")]

mod support;

use std::collections::BTreeSet;

use support::difference;
use support::judge::Judge;
use support::random::{Random, smallest, text};

/// So many units, which take some seconds.
const UNITS: usize = 120;

#[test]
fn random_units_are_read_as_the_real_systemd_reads_them() {
    let Some(judge) = Judge::find() else { return };
    let mut random = Random::new(21);
    for _ in 0..UNITS {
        let (name, lines) = random.unit();
        let mut differs = |lines: &[String]| {
            let text = text(lines);
            !difference(name, &text, &judge.lines(name, &text)).is_empty()
        };
        if differs(&lines) {
            let text = text(&smallest(&lines, &mut differs));
            panic!("{}\n{text}", difference(name, &text, &judge.lines(name, &text)).join("\n"));
        }
    }
}

#[test]
fn every_setting_of_the_real_systemd_is_in_the_table() {
    let Some(judge) = Judge::find() else { return };
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../facts/systemd-settings.txt"));
    let table = table.unwrap_or_default();
    let known: BTreeSet<(&str, &str)> =
        table.lines().filter_map(|line| Some((line.split(' ').next()?, line.split(' ').nth(1)?))).collect();
    let mut count = 0;
    for (section, keys) in judge.settings() {
        let groups: &[&str] = match section.as_str() {
            "Service" | "Socket" | "Mount" | "Swap" => &["exec", "cgroup", "kill"],
            "Scope" => &["cgroup", "kill"],
            "Slice" => &["cgroup"],
            _ => &[],
        };
        for key in keys {
            let is_known = groups.iter().chain([&section.as_str()]).any(|group| known.contains(&(group, key.as_str())));
            assert!(is_known, "`{key}` of `[{section}]` is not in facts/systemd-settings.txt");
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}
