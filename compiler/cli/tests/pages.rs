//! Every code has a page, and the examples of every page are what they promise: `validate --kind KIND` gives the code for the bad one, no error for the good.
#![expect(clippy::disallowed_methods, reason = "the pages are files of the repository")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use flatwright::{Kind, NoWorld, SpecFile, ValidateOptions, Validation, validate};
use flatwright_diagnostic::{Code, Severity};
use flatwright_render::{Findings, KnownCodes, Policy, TextOptions, render_text};

/// A fenced block of a page with its promise.
struct Example {
    kind: Kind,
    is_bad: bool,
    text: String,
}

fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics")
}

/// The page of a code: in the directory of its group, if it has one.
fn path(code: Code) -> PathBuf {
    code.group().map_or_else(pages, |group| pages().join(group)).join(format!("{code}.md"))
}

fn page(code: Code) -> String {
    let path = path(code);
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
    Policy::default().apply(&mut validation.report, &validation.sources, &KnownCodes::new(flatwright::codes));
    validation
}

fn shown(validation: &Validation) -> String {
    render_text(&Findings::new(&validation.report, &validation.sources), &TextOptions::default())
}

#[test]
fn codes_are_unique() {
    let mut seen = BTreeSet::new();
    let repeated: Vec<_> = flatwright::codes().into_iter().filter(|code| !seen.insert(*code)).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
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
    let codes = flatwright::codes();
    let groups = codes.iter().filter_map(|code| code.group()).map(|group| pages().join(format!("{group}.md")));
    let known: BTreeSet<PathBuf> = codes.iter().map(|code| path(*code)).chain(groups).collect();
    let mut directories = vec![pages()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                assert!(known.contains(&path), "{}", path.display());
            }
        }
    }
}

#[test]
fn every_group_has_a_page() {
    for group in flatwright::codes().iter().filter_map(|code| code.group()) {
        let page = std::fs::read_to_string(pages().join(format!("{group}.md"))).unwrap_or_default();
        assert!(page.starts_with(&format!("# {group}\n\n")), "{group}: no page, or the title is another");
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
