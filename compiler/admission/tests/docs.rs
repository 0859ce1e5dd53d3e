//! Every code has a page whose examples do what they say.
#![expect(clippy::unwrap_used, reason = "a test")]

mod common;

use std::path::PathBuf;

use flatwright_admission::{Options, check_create, check_set, code};
use flatwright_diagnostic::{Diagnostic, Severity};

#[test]
fn examples_give_their_code_or_no_error() {
    for code in code::ALL {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/diagnostics/{code}.md"));
        #[expect(clippy::disallowed_methods, reason = "the pages are part of the repository")]
        let page = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("no page for `{code}`: {error}"));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}: heading");
        for heading in ["What it means", "Why it matters", "Bad", "Good"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code}: no section `{heading}`");
        }
        if page.contains("\nNo example: ") {
            continue;
        }
        let bad = judge(example(&page, "bad"));
        assert!(bad.iter().any(|finding| finding.code == *code), "{code}: the bad example gives {bad:#?}");
        let good = judge(example(&page, "good"));
        let errors: Vec<_> = good.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{code}: the good example gives {errors:#?}");
        assert!(good.iter().all(|finding| finding.code != *code), "{code}: the good example gives it too");
    }
}

fn example<'a>(page: &'a str, kind: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("```yaml,manifests,{kind}\n")).expect("an example");
    rest.split_once("```").unwrap().0
}

fn judge(text: &str) -> Vec<Diagnostic> {
    let objects = common::manifests(text);
    let options = Options::default();
    let single = objects.iter().flat_map(|object| check_create(object, &options)).collect::<Vec<_>>();
    single.into_iter().chain(check_set(&objects, &options).into_iter().map(|(_, finding)| finding)).collect()
}
