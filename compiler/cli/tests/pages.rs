//! Every code has a page, and the examples of every page are what they promise: `validate --kind KIND` gives the code for the bad one, no error for the good.
#![expect(clippy::disallowed_methods, reason = "the pages are files of the repository")]

use std::path::PathBuf;

use flatwright::{Kind, NoWorld, SpecFile, ValidateOptions, Validation, validate};
use flatwright_diagnostic::{Code, Severity};
use flatwright_render::{Findings, Policy, TextOptions, render_text};

/// A fenced block of a page with its promise.
struct Example {
    kind: Kind,
    is_bad: bool,
    text: String,
}

fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics")
}

fn page(code: Code) -> String {
    let path = pages().join(format!("{code}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String =
            lines.by_ref().take_while(|line| !line.starts_with("```")).flat_map(|line| [line, "\n"]).collect();
        let [_, kind, promise] = info.split(',').collect::<Vec<_>>()[..] else { continue };
        let kind =
            Kind::ALL.into_iter().find(|known| known.word() == kind).unwrap_or_else(|| panic!("no kind `{kind}`"));
        examples.push(Example { kind, is_bad: promise == "bad", text });
    }
    examples
}

fn validated(example: &Example) -> Validation {
    let file = SpecFile { name: "<stdin>".to_owned(), bytes: example.text.clone().into_bytes() };
    let options = ValidateOptions { kind: Some(example.kind), ..ValidateOptions::default() };
    let mut validation = validate(&[file], &NoWorld, &options);
    Policy::default().apply(&mut validation.report, &validation.sources, &flatwright::codes());
    validation
}

fn shown(validation: &Validation) -> String {
    render_text(&Findings::new(&validation.report, &validation.sources), &TextOptions::default())
}

#[test]
fn codes_are_sorted_and_unique() {
    let codes = flatwright::codes();
    let mut unique = codes.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(codes, unique);
}

#[test]
fn every_page_says_what_it_must() {
    for code in flatwright::codes() {
        let page = page(code);
        assert!(page.starts_with(&format!("# {code}\n\n")), "{code}: the title is another");
        let has_examples = !page.contains("\nNo example:");
        for (heading, is_needed) in [
            ("## What it means", true),
            ("## Why it matters", true),
            ("## Bad", has_examples),
            ("## Good", has_examples),
        ] {
            assert!(!is_needed || page.contains(heading), "{code}: no `{heading}`");
        }
        let found = examples(&page);
        let has_both = found.iter().any(|example| example.is_bad) && found.iter().any(|example| !example.is_bad);
        assert!(has_both || !has_examples, "{code}: no examples");
    }
}

#[test]
fn no_page_is_left_over() {
    let codes: Vec<String> = flatwright::codes().iter().map(ToString::to_string).collect();
    for entry in std::fs::read_dir(pages()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.strip_suffix(".md").is_some_and(|name| codes.iter().any(|code| code == name)), "{name}");
    }
}

#[test]
fn examples_are_what_they_promise() {
    let mut broken = Vec::new();
    for code in flatwright::codes() {
        for example in examples(&page(code)) {
            let validation = validated(&example);
            let findings = validation.report.diagnostics();
            let has_code = findings.iter().any(|finding| finding.code == code);
            let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
            let fails = if example.is_bad { !has_code } else { has_errors || has_code };
            if fails {
                let which = if example.is_bad { "bad" } else { "good" };
                broken.push(format!("{code}, the {which} example gives\n{}", shown(&validation)));
            }
        }
    }
    assert!(broken.is_empty(), "{} examples are wrong:\n{}", broken.len(), broken.join("\n"));
}
