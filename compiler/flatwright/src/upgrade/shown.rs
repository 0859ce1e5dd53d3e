//! The edits and the plan, for people and programs.

use std::fmt::Write as _;

use flatwright_plugin_host::escape_line;
use serde_json::{Value as Json, json as value};

use super::apply::Upgraded;
use super::asked::Edited;
use crate::diff::{self, Plan};

/// A line for each edit: `cluster.yaml:8:14: Kubernetes v1.35.4 → v1.36.4`.
pub fn lines(upgraded: &Upgraded) -> Vec<String> {
    upgraded.edits.iter().map(line).collect()
}

/// Edits, plan and notes as text.
pub fn text(upgraded: &Upgraded, plan: &Plan) -> String {
    let mut out = String::new();
    for edit in lines(upgraded) {
        let _ = writeln!(out, "{edit}");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&diff::text(plan));
    if !upgraded.notes.is_empty() {
        out.push('\n');
    }
    for note in &upgraded.notes {
        let _ = writeln!(out, "note: {}", escape_line(note));
    }
    out
}

/// The plan as JSON, as `diff` has it, with the edits and the notes.
pub fn json(upgraded: &Upgraded, plan: &Plan) -> String {
    let mut all: Json = serde_json::from_str(&diff::json(plan)).expect("invariant: it is JSON");
    let edit = |edit: &Edited| {
        let place = value!({"file": edit.place.file, "line": edit.place.line, "column": edit.place.column, "path": edit.place.path});
        value!({"subject": edit.subject, "cluster": edit.cluster, "old": edit.old, "new": edit.new, "place": place})
    };
    all["edits"] = upgraded.edits.iter().map(edit).collect();
    all["notes"] = upgraded.notes.iter().map(|note| Json::from(note.as_str())).collect();
    let mut text = serde_json::to_string_pretty(&all).expect("invariant: every key is a text");
    text.push('\n');
    text
}

/// The same as Markdown, for a pull request.
pub fn markdown(upgraded: &Upgraded, plan: &Plan) -> String {
    let mut out = String::new();
    for edit in lines(upgraded) {
        let _ = writeln!(out, "- {}", diff::escaped(&edit));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&diff::markdown(plan));
    for note in &upgraded.notes {
        let _ = writeln!(out, "- {}", diff::escaped(note));
    }
    out
}

fn line(edit: &Edited) -> String {
    let change = match &edit.old {
        Some(old) => format!("{old} → {}", edit.new),
        None => edit.new.clone(),
    };
    let place = &edit.place;
    escape_line(&format!("{}:{}:{}: {} {change}", place.file, place.line, place.column, edit.subject))
}
