//! SARIF 2.1.0, for code scanning services.

use std::borrow::Cow;
use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Code, Diagnostic, Fix, Severity, SourceId};
use serde_json::{Value, json};

use crate::findings::{Finding, Findings};
use crate::fix::text_edits;
use crate::json::left_out;
use crate::record::{fingerprint, full_message, page_url};
use crate::sources::{ResolvedSpan, Sources};

/// What a SARIF log says about the tool.
#[derive(Clone, Copy)]
pub struct SarifOptions<'a> {
    /// The version of flatwright.
    pub version: &'a str,
    /// The documentation page of a code, as Markdown.
    pub page: &'a dyn Fn(Code) -> Option<&'a str>,
}

/// Writes one log with one run.
pub fn render_sarif(findings: &Findings<'_>, options: &SarifOptions<'_>) -> String {
    // A plugin's own rule is one beside ours, with the page that the plugin names.
    let named: BTreeMap<Cow<'_, str>, &Diagnostic> =
        findings.list.iter().map(|finding| (finding.diagnostic.name(), finding.diagnostic)).collect();
    let indexes: BTreeMap<&str, usize> = named.keys().enumerate().map(|(index, name)| (&**name, index)).collect();
    let rules: Vec<Value> = named.iter().map(|(name, diagnostic)| rule(name, diagnostic, options)).collect();
    let results: Vec<Value> =
        findings.list.iter().map(|finding| result(findings, finding, indexes[&*finding.diagnostic.name()])).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "flatwright",
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "semanticVersion": options.version,
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "invocations": [invocation(findings)],
        }],
    });
    format!("{log:#}\n")
}

/// That the run came to its end, and what it does not show.
fn invocation(findings: &Findings<'_>) -> Value {
    let mut invocation = json!({"executionSuccessful": true});
    if let Some(words) = findings.left_out_words() {
        invocation["toolExecutionNotifications"] = json!([{
            "level": "warning",
            "message": {"text": words},
            "properties": {"leftOut": left_out(findings)},
        }]);
    }
    if let Some(checked) = findings.checked {
        invocation["properties"] = json!({"checked": checked.json()});
    }
    invocation
}

fn rule(name: &str, diagnostic: &Diagnostic, options: &SarifOptions<'_>) -> Value {
    let code = diagnostic.code;
    let mut rule = json!({"id": name, "name": name, "helpUri": page_url(diagnostic)});
    if let Some(page) = (options.page)(code) {
        // The page's first paragraph is its one-sentence fact.
        let fact = page.split("\n\n").find(|block| !block.starts_with('#') && !block.trim().is_empty());
        rule["shortDescription"] = json!({"text": fact.unwrap_or(code.name()).trim().replace('\n', " ")});
        rule["help"] = json!({"text": page, "markdown": page});
    }
    rule
}

fn result(findings: &Findings<'_>, finding: &Finding<'_>, rule: usize) -> Value {
    let diagnostic = finding.diagnostic;
    let mut result = json!({
        "ruleId": diagnostic.name(),
        "ruleIndex": rule,
        "level": match diagnostic.severity {
            _ if diagnostic.waiver.is_some() => "error",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": {"text": full_message(finding)},
        "partialFingerprints": {"flatwright/v1": fingerprint(findings.sources, diagnostic)},
    });
    if let Some(waiver) = &diagnostic.waiver {
        // Whoever reads the log sees the error that it is, and why it does not count.
        let mut suppression = json!({"kind": "external", "status": "accepted", "justification": waiver.reason});
        if let Some(day) = &waiver.until {
            suppression["properties"] = json!({"until": day});
        }
        result["suppressions"] = json!([suppression]);
    }
    if let Some(source) = finding.source {
        let mut location = json!({"physicalLocation": physical(findings.sources, source, finding.span.as_ref())});
        let path = diagnostic.anchor.as_ref().and_then(|anchor| findings.sources.path(anchor));
        if let Some(path) = path.filter(|path| !path.is_root()) {
            location["logicalLocations"] = json!([{"fullyQualifiedName": path.to_string()}]);
        }
        result["locations"] = json!([location]);
    }
    let related: Vec<Value> =
        diagnostic.labels.iter().map(|label| related(findings.sources, &label.anchor, &label.message)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    let fixes: Vec<Value> = finding.fixes.iter().filter_map(|it| fix(findings.sources, it)).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn related(sources: &Sources, anchor: &Anchor, message: &str) -> Value {
    let span = sources.resolve(anchor);
    json!({"physicalLocation": physical(sources, anchor.source, span.as_ref()), "message": {"text": message}})
}

fn physical(sources: &Sources, source: SourceId, span: Option<&ResolvedSpan>) -> Value {
    let mut location = json!({"artifactLocation": {"uri": uri(sources.name(source))}});
    if let Some(span) = span {
        location["region"] = region(span);
    }
    location
}

fn region(span: &ResolvedSpan) -> Value {
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    })
}

fn fix(sources: &Sources, fix: &Fix) -> Option<Value> {
    let mut changes: BTreeMap<SourceId, Vec<Value>> = BTreeMap::new();
    for edit in text_edits(sources, fix).ok()? {
        let span = sources.span_of(edit.source, edit.range.clone())?;
        let replacement = json!({"deletedRegion": region(&span), "insertedContent": {"text": edit.replacement}});
        changes.entry(edit.source).or_default().push(replacement);
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(source, replacements)| {
            json!({"artifactLocation": {"uri": uri(sources.name(source))}, "replacements": replacements})
        })
        .collect();
    Some(json!({"description": {"text": fix.title}, "artifactChanges": changes}))
}

/// A path as a URI reference.
fn uri(name: &str) -> String {
    let mut uri = String::from(if name.starts_with('/') { "file://" } else { "" });
    for byte in name.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
