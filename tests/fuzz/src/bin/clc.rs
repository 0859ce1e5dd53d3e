//! Any bytes as Container Linux Config: no panic, and what is accepted is an Ignition 2.3 config that our own validator accepts and reads back as the same, that can
//! be translated to 3.1 or is refused in words, and that can be written as CLC again.
#![no_main]

use flatwright_fuzz::Nowhere;
use flatwright_ignition::{clc, ignition2, ignition3, translate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let platform = ["", "azure", "ec2", "custom"][bytes.len() % 4];
    let options = clc::Options { strict: bytes.len().is_multiple_of(7), files: Some(&Nowhere), platform };
    let translation = clc::translate(bytes, &options);
    let Some(config) = &translation.config else {
        assert!(!translation.report().is_empty(), "refused without a word");
        return;
    };
    let json = config.to_json();
    let read = ignition2::validate(json.as_bytes());
    assert_eq!(read.config.as_ref(), Some(config), "{:?} {:?} in {json}", read.failure, read.entries);
    match translate::to_3_1(config) {
        Ok(newer) => assert!(ignition3::validate(ignition3::to_json(&newer).as_bytes()).config.is_some()),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    let _ = clc::write(config);
});
