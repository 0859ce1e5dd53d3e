//! The committed JSON Schemas are what the generators give. `BLESS=1` rewrites them.

#![expect(clippy::disallowed_methods, reason = "the schemas are files of the repository")]

use std::path::Path;

#[test]
fn committed_schemas_are_what_the_generators_give() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let is_blessed = std::env::var_os("BLESS").is_some();
    for (name, schema) in flatwright_ignition::schemas() {
        let text = format!("{schema:#}\n");
        let path = folder.join(&name);
        if is_blessed {
            std::fs::write(&path, &text).expect("the repository can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "schemas/{name} differs; run `BLESS=1 cargo test -p flatwright-ignition --test schemas`"
        );
    }
}
