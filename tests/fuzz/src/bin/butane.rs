//! Any bytes as Butane: no panic, and what is accepted is an Ignition config that our own validator accepts and reads back as the same.
#![no_main]

use flatwright_fuzz::Nowhere;
use flatwright_ignition::butane::{Options, report, translate};
use flatwright_ignition::{EntryKind, ignition3};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (is_strict, is_pretty) = (bytes.len().is_multiple_of(7), bytes.len().is_multiple_of(2));
    let translation = translate(bytes, &Options { files: Some(&Nowhere), is_strict, is_pretty });
    let shown = report::pretty(&translation.entries, bytes, &report::Style { name: "x.bu", has_color: true });
    assert_eq!(shown.is_empty(), translation.entries.is_empty());
    let Some(config) = translation.ignition.filter(|_| translation.failure.is_none()) else {
        assert!(translation.failure.is_some(), "refused without a word");
        return;
    };
    let read = ignition3::validate(translation.json.as_bytes());
    let errors: Vec<_> = read.entries.iter().filter(|entry| entry.kind == EntryKind::Error).collect();
    assert!(errors.is_empty(), "{errors:?} in {}", translation.json);
    let (read, _) = read.config.expect("a config");
    assert_eq!(ignition3::to_json(&read), ignition3::to_json(&config), "read back as another config");
});
