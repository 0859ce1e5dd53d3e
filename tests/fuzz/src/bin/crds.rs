//! Any text as CRDs and (after a line `%%`) objects: no panic in schemas, patterns, CEL rules, or defaults, and findings can be shown.
#![no_main]

use flatwright::{Kind, Schemas, SpecFile};
use flatwright_fuzz::{halves, validate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (crds, objects) = halves(bytes);
    let schemas = Schemas::read(&[SpecFile { name: "crds.yaml".to_owned(), bytes: crds.to_vec() }]);
    // An object is also judged as a change of itself, for transition rules.
    let old = if bytes.len().is_multiple_of(2) { objects } else { &[] };
    validate(Some(Kind::Manifests), objects, old, Some(&schemas));
});
