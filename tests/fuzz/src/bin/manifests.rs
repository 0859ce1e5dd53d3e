//! Any text as manifests, created or (after a line `%%`) changed from others: no panic in admission, alone and as a set, and findings can be shown.
#![no_main]

use flatwright::Kind;
use flatwright_fuzz::{halves, validate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (new, old) = halves(bytes);
    validate(Some(Kind::Manifests), new, old, None);
});
