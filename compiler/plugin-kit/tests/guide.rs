//! The author guide: its case is a case. Its Rust is compiled by the tests of the SDK.

#![expect(clippy::disallowed_methods, reason = "the guide is a file")]

use flatwright_plugin_kit::Case;

#[test]
fn the_case_of_the_guide_can_be_asked() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/plugins/guide.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = guide.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 1);
    for block in blocks {
        Case::parse(block).and_then(|case| case.question()).unwrap_or_else(|error| panic!("{error}\n{block}"));
    }
}
