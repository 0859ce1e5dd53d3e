//! Any bytes as any kind of file, told (first byte) or guessed: no panic, and findings can be shown.
#![no_main]

use flatwright::Kind;
use flatwright_fuzz::validate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let told = bytes.first().and_then(|first| Kind::ALL.get(usize::from(first.wrapping_sub(b'0'))));
    let bytes = if told.is_some() { &bytes[1..] } else { bytes };
    validate(told.copied(), bytes, &[], None);
});
