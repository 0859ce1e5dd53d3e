//! Any bytes as Ignition 3: no panic, and a config stays the same, with the same findings, when it is written.
#![no_main]

use flatwright_ignition::ignition3;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = ignition3::validate(bytes);
    let Some((config, version)) = &read.config else {
        assert!(read.failure.is_some() || !read.entries.is_empty(), "refused without a word");
        return;
    };
    let json = ignition3::to_json_pretty(config);
    let (written, again) = ignition3::validate(json.as_bytes()).config.expect("what was written reads");
    assert_eq!((&again, ignition3::to_json_pretty(&written)), (version, json));
});
