//! GitHub workflow commands, which become annotations on the lines of a pull request.

use flatwright_diagnostic::Severity;

use crate::escape::message;
use crate::findings::{Finding, Findings};
use crate::record::full_message;

/// Writes one workflow command per finding and line, and one at the end for those that are not shown.
pub fn render_github(findings: &Findings<'_>) -> String {
    let shown = findings.list.iter().map(|finding| command(findings, finding));
    let left_out = findings.left_out_words().map(|words| format!("::warning title=flatwright::{}\n", data(&words)));
    let checked =
        findings.checked.map(|checked| format!("::notice title=flatwright::{}\n", data(&checked.lines().join("\n"))));
    shown.chain(left_out).chain(checked).collect()
}

fn command(findings: &Findings<'_>, finding: &Finding<'_>) -> String {
    let word = match finding.diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(name) = findings.source_name(finding) {
        properties.push(format!("file={}", property(name)));
    }
    if let Some(span) = &finding.span {
        properties.push(format!("line={},endLine={}", span.start.line, span.end.line));
        // Columns are only understood within one line.
        if span.start.line == span.end.line {
            properties.push(format!("col={},endColumn={}", span.start.column, span.end.column));
        }
    }
    properties.push(format!("title={}", property(&finding.diagnostic.name())));
    format!("::{word} {}::{}\n", properties.join(","), data(&full_message(finding)))
}

/// The value of a property: what separates properties is escaped too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn data(text: &str) -> String {
    message(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
