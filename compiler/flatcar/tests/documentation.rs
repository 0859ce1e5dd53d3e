//! Every code has a page, and its examples give what they promise.

use std::path::PathBuf;

use flatwright_diagnostic::{Report, SourceId};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::sysupdate::{self, TransferFile};
use flatwright_flatcar::unit::{self, UnitFile};

/// The fenced blocks of a page as (info string, text).
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    blocks
}

fn check(kind: &str, text: &str) -> Report {
    let mut report = Report::new();
    let locate = in_source(SourceId(0));
    match kind {
        "unit" => unit::check(text, &UnitFile::default(), &locate, &mut report),
        "sysupdate" => sysupdate::check(text, &TransferFile::default(), &locate, &mut report),
        _ => panic!("unknown kind `{kind}`"),
    };
    report
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the pages are files of the repository")]
fn every_code_has_a_page_with_working_examples() {
    let pages = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics");
    for code in flatwright_flatcar::code::ALL {
        let page = std::fs::read_to_string(pages.join(format!("{code}.md"))).unwrap_or_else(|e| panic!("{code}: {e}"));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        for heading in ["## What it means", "## Why it matters", "## Bad", "## Good"] {
            assert!(page.contains(heading), "{code}: {heading}");
        }
        let blocks = blocks(&page);
        assert!(blocks.len() >= 2 || page.contains("\nNo example:"), "{code}");
        for (info, text) in blocks {
            let [_, kind, promise] = info.split(',').collect::<Vec<_>>()[..] else { panic!("{code}: `{info}`") };
            let report = check(kind, &text);
            match promise {
                "bad" => assert!(report.diagnostics().iter().any(|d| d.code == *code), "{code}: {report:?}"),
                _ => assert!(
                    !report.has_errors() && report.diagnostics().iter().all(|d| d.code != *code),
                    "{code}: {report:?}"
                ),
            }
        }
    }
}
