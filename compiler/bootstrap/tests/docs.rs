//! Every code has a page of the common form.

use flatwright_bootstrap::code;

#[test]
fn every_code_has_its_page() {
    for code in code::ALL {
        let path = format!("{}/../../docs/diagnostics/{code}.md", env!("CARGO_MANIFEST_DIR"));
        #[expect(clippy::disallowed_methods, reason = "the pages are part of the repository")]
        let page = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("no page for `{code}`: {error}"));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}: heading");
        for heading in ["What it means", "Why it matters", "Bad", "Good"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code}: no section `{heading}`");
        }
    }
}
