//! JSON lines: one object per finding, every key always there. The shape is documented in `docs/reports.md` and only grows.

use flatwright_diagnostic::{Anchor, Applicability, Fix};
use serde_json::{Value, json};

use crate::findings::{Finding, Findings};
use crate::fix::text_edits;
use crate::record::{fingerprint, page_url};
use crate::sources::{ResolvedSpan, Sources};

/// Writes one JSON object per finding and line.
pub fn render_json(findings: &Findings<'_>) -> String {
    findings.list.iter().map(|finding| format!("{}\n", object(findings, finding))).collect()
}

fn object(findings: &Findings<'_>, finding: &Finding<'_>) -> Value {
    let diagnostic = finding.diagnostic;
    let path = diagnostic.anchor.as_ref().and_then(|anchor| findings.sources.path(anchor));
    let mut object = json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity.word(),
        "message": diagnostic.message,
        "file": findings.source_name(finding),
    });
    add_span(&mut object, finding.span.as_ref());
    add(&mut object, "path", json!(path.map(|path| path.to_string())));
    add(
        &mut object,
        "objectPaths",
        finding.object_paths.iter().map(|path| Value::from(path.to_string())).collect::<Vec<_>>().into(),
    );
    let labels: Vec<_> =
        diagnostic.labels.iter().map(|label| place(findings.sources, &label.anchor, &label.message)).collect();
    add(&mut object, "labels", labels.into());
    add(&mut object, "notes", json!(diagnostic.notes));
    add(&mut object, "hints", json!(diagnostic.hints));
    let fixes: Vec<_> = finding.fixes.iter().map(|it| fix(findings.sources, it)).collect();
    add(&mut object, "fixes", fixes.into());
    add(&mut object, "fingerprint", fingerprint(findings.sources, diagnostic).into());
    add(&mut object, "explain", format!("flatwright explain {}", diagnostic.code).into());
    add(&mut object, "url", page_url(diagnostic.code).into());
    object
}

fn place(sources: &Sources, anchor: &Anchor, message: &str) -> Value {
    let mut object = json!({"file": sources.name(anchor.source)});
    add_span(&mut object, sources.resolve(anchor).as_ref());
    add(&mut object, "message", message.into());
    object
}

fn fix(sources: &Sources, fix: &Fix) -> Value {
    let edits: Option<Vec<Value>> = text_edits(sources, fix).ok().map(|edits| {
        let edits = edits.into_iter().filter_map(|edit| {
            let span = sources.span_of(edit.source, edit.range.clone())?;
            let mut object = json!({"file": sources.name(edit.source)});
            add_span(&mut object, Some(&span));
            add(&mut object, "replacement", edit.replacement.into());
            Some(object)
        });
        edits.collect()
    });
    let applicability = match fix.applicability {
        Applicability::Certain => "certain",
        Applicability::Suggested => "suggested",
    };
    json!({"title": fix.title, "applicability": applicability, "edits": edits})
}

fn add_span(object: &mut Value, span: Option<&ResolvedSpan>) {
    add(object, "line", json!(span.map(|span| span.start.line)));
    add(object, "column", json!(span.map(|span| span.start.column)));
    add(object, "endLine", json!(span.map(|span| span.end.line)));
    add(object, "endColumn", json!(span.map(|span| span.end.column)));
}

fn add(object: &mut Value, key: &str, value: Value) {
    object[key] = value;
}
