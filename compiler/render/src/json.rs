//! JSON lines: one object per finding, every key always there. The shape is documented in `docs/reports.md` and only grows.

use std::borrow::Cow;
use std::cmp::Reverse;

use flatwright_diagnostic::{Anchor, Applicability, Fix, Severity};
use serde_json::{Value, json};

use crate::findings::{Finding, Findings};
use crate::fix::text_edits;
use crate::record::{fingerprint, page_url};
use crate::sources::{ResolvedSpan, Sources};

/// Writes one JSON object per finding and line, then one with `leftOut` if findings are not shown, and one with `checked` if the run counts what it looked at.
pub fn render_json(findings: &Findings<'_>) -> String {
    let shown = findings.list.iter().map(|finding| format!("{}\n", object(findings, finding)));
    let left_out = (!findings.left_out.is_empty()).then(|| format!("{}\n", json!({"leftOut": left_out(findings)})));
    let checked = findings.checked.map(|checked| format!("{}\n", json!({"checked": checked.json()})));
    shown.chain(left_out).chain(checked).collect()
}

/// The findings that are not shown: severity, code and count.
pub(crate) fn left_out(findings: &Findings<'_>) -> Vec<Value> {
    let one = |((severity, name), count): (&(Reverse<Severity>, Cow<'_, str>), &usize)| json!({"severity": severity.0.word(), "code": name, "count": count});
    findings.left_out.iter().map(one).collect()
}

fn object(findings: &Findings<'_>, finding: &Finding<'_>) -> Value {
    let diagnostic = finding.diagnostic;
    let path = diagnostic.anchor.as_ref().and_then(|anchor| findings.sources.path(anchor));
    let mut object = json!({
        "code": diagnostic.name(),
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
    add(&mut object, "linesLeftOut", json!(diagnostic.lines_left_out));
    let data: serde_json::Map<_, _> =
        diagnostic.data.iter().map(|(name, text)| ((*name).to_owned(), text.as_str().into())).collect();
    add(&mut object, "data", data.into());
    let fixes: Vec<_> = finding.fixes.iter().map(|it| fix(findings.sources, it)).collect();
    add(&mut object, "fixes", fixes.into());
    let waiver = diagnostic.waiver.as_ref().map(|waiver| json!({"reason": waiver.reason, "until": waiver.until}));
    add(&mut object, "waiver", waiver.into());
    add(&mut object, "fingerprint", fingerprint(findings.sources, diagnostic).into());
    add(&mut object, "explain", format!("flatwright explain {}", diagnostic.code).into());
    add(&mut object, "url", page_url(diagnostic).into());
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
