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

#[test]
fn every_example_has_a_page_that_the_guide_names() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let guide = std::fs::read_to_string(root.join("docs/plugins/guide.md")).unwrap();
    for example in std::fs::read_dir(root.join("plugins/examples")).unwrap() {
        let name = example.unwrap().file_name().into_string().unwrap();
        let page = format!("examples/{name}.md");
        assert!(root.join("docs/plugins").join(&page).is_file(), "docs/plugins/{page} is missing");
        assert!(guide.contains(&format!("({page})")), "the guide does not name {page}");
    }
}
