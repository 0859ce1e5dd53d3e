//! Every code has a page, and the examples of the page are what it says.

mod common;

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_schema::{Crds, code};

#[test]
#[expect(clippy::disallowed_methods, reason = "the pages are files")]
fn the_examples_of_every_page_hold() {
    for code in code::ALL {
        let path = format!("{}/../../docs/diagnostics/{code}.md", env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("there is no page {path}"));
        assert!(page.starts_with(&format!("# {code}\n")), "{path} has another title");
        let bad = check(example(&page, "yaml,manifests,bad"));
        assert!(bad.iter().any(|finding| finding.code == *code), "the bad example of {code} gives {bad:?}");
        let good = check(example(&page, "yaml,manifests,good"));
        assert!(
            !good.iter().any(|finding| finding.severity == Severity::Error),
            "the good example of {code} gives {good:?}"
        );
    }
}

fn example<'a>(page: &'a str, info: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("```{info}\n")).expect("the page has the example");
    rest.split("```").next().unwrap_or_default()
}

/// Checks every document against the CRDs among them.
fn check(stream: &str) -> Vec<Diagnostic> {
    let documents = common::documents(stream);
    let (crds, mut found) = Crds::from_values(documents.iter().cloned());
    for document in &documents {
        let text = |name: &str| document[name].as_str().unwrap_or_default();
        if let Some(schema) = crds.find(text("apiVersion"), text("kind")) {
            found.extend_from_slice(schema.problems());
            found.extend(schema.validate(document, None));
        }
    }
    found
}
