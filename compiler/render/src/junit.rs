//! JUnit XML: one suite per source, one case per finding. Errors fail; warnings and notes pass and say so in their output.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Severity, SourceId};

use crate::escape::message;
use crate::findings::{Finding, Findings};
use crate::record::full_message;

/// Writes one `testsuites` document. A source without a finding is one passed case.
pub fn render_junit(findings: &Findings<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = findings.list.iter().filter(|finding| finding.diagnostic.severity == Severity::Error).count()
        + usize::from(hides_errors(findings));
    let mut suites = String::new();
    let mut tests = 0;
    let sources = findings.sources.ids().map(Some);
    let mut by_source: BTreeMap<Option<SourceId>, Vec<&Finding<'_>>> = BTreeMap::new();
    for finding in &findings.list {
        by_source.entry(finding.source).or_default().push(finding);
    }
    for source in std::iter::once(None).chain(sources) {
        let of_source = by_source.remove(&source).unwrap_or_default();
        if source.is_none() && of_source.is_empty() {
            continue;
        }
        tests += of_source.len().max(1);
        push_suite(findings, source, &of_source, &mut suites);
    }
    if let Some(words) = findings.left_out_words() {
        tests += 1;
        push_left_out(findings, &xml(&words), &mut suites);
    }
    if let Some(checked) = findings.checked {
        tests += 1;
        let lines = xml(&checked.lines().join("\n"));
        suites.push_str(&format!(
            "  <testsuite name=\"checked\" tests=\"1\" failures=\"0\">\n    <testcase name=\"what was checked\" classname=\"flatwright\">\n      \
             <system-out>{lines}</system-out>\n    </testcase>\n  </testsuite>\n"
        ));
    }
    out.push_str(&format!("<testsuites name=\"flatwright\" tests=\"{tests}\" failures=\"{failures}\">\n"));
    out.push_str(&suites);
    out.push_str("</testsuites>\n");
    out
}

fn hides_errors(findings: &Findings<'_>) -> bool {
    findings.left_out.keys().any(|(severity, _)| severity.0 == Severity::Error)
}

/// A suite of one case for what is not shown; it fails if errors are among it.
fn push_left_out(findings: &Findings<'_>, words: &str, out: &mut String) {
    let failures = u8::from(hides_errors(findings));
    out.push_str(&format!("  <testsuite name=\"flatwright\" tests=\"1\" failures=\"{failures}\">\n"));
    out.push_str("    <testcase name=\"findings that are not shown\" classname=\"flatwright\">\n");
    let body = if failures > 0 {
        format!("<failure type=\"left-out\" message=\"{words}\">{words}</failure>")
    } else {
        format!("<system-out>{words}</system-out>")
    };
    out.push_str(&format!("      {body}\n    </testcase>\n  </testsuite>\n"));
}

fn push_suite(findings: &Findings<'_>, source: Option<SourceId>, list: &[&Finding<'_>], out: &mut String) {
    let name = xml(source.map_or("flatwright", |source| findings.sources.name(source)));
    let failures = list.iter().filter(|finding| finding.diagnostic.severity == Severity::Error).count();
    let tests = list.len().max(1);
    out.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">\n"));
    if list.is_empty() {
        out.push_str(&format!("    <testcase name=\"no findings\" classname=\"{name}\"/>\n"));
    }
    for finding in list {
        let place = finding.span.as_ref().map(|span| format!(":{}:{}", span.start.line, span.start.column));
        let place = place.unwrap_or_default();
        let code = xml(&finding.diagnostic.name());
        let fact = xml(&finding.diagnostic.message);
        let text = xml(&full_message(finding));
        let line = finding.span.as_ref().map(|span| format!(" line=\"{}\"", span.start.line)).unwrap_or_default();
        out.push_str(&format!("    <testcase name=\"{code}{place}\" classname=\"{name}\" file=\"{name}\"{line}>\n"));
        let body = match finding.diagnostic.severity {
            Severity::Error => format!("<failure type=\"{code}\" message=\"{fact}\">{name}{place}: {text}</failure>"),
            severity => format!("<system-out>{name}{place}: {}: {text}</system-out>", severity.word()),
        };
        out.push_str(&format!("      {body}\n"));
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
}

/// Text for XML 1.0, which has no way to write most control characters.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in message(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
