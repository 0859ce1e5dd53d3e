//! Any bytes as Ignition 2: no panic, a valid config stays the same when it is written, and it becomes 3.1 or is refused in words.
#![no_main]

use flatwright_ignition::{clc, ignition2, translate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = ignition2::validate(bytes);
    let Some(config) = &read.config else {
        assert!(read.failure.is_some() || !read.entries.is_empty(), "refused without a word");
        return;
    };
    let written = ignition2::validate(config.to_json_pretty().as_bytes());
    assert_eq!(written.config.as_ref(), Some(config), "{:?}", written.entries);
    if let Err(refusal) = translate::to_3_1(config) {
        assert!(!refusal.to_string().is_empty());
    }
    let _ = clc::write(config);
});
