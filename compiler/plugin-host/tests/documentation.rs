//! What a page promises about limits is what the code does.

use flatwright_plugin_host::{Limit, Limits};

#[expect(clippy::disallowed_methods, reason = "the pages are files of the repository")]
fn page(code: flatwright_diagnostic::Code) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/diagnostics/{code}.md"));
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{code}: {error}"))
}

#[test]
fn the_pages_of_limits_name_the_key_and_the_default() {
    for limit in Limit::ALL {
        let page = page(limit.code());
        assert!(page.contains(limit.key()), "{limit:?}");
        let default = Limits::default().value(limit);
        let digits: String = page.chars().filter(|c| *c != ',').collect();
        assert!(digits.contains(&default.to_string()), "{limit:?}: {default}");
    }
}
