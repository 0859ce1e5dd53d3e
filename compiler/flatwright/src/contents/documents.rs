//! Texts of files whose names say that they are data.
//!
//! Owns: which names those are. Must not: know what is in them.

use flatwright_diagnostic::{Anchor, Report};
use flatwright_flatcar::NodePath;
use flatwright_flatcar::settings::Position;
use flatwright_yaml::LineIndex;
use toml_edit::Document;

use super::containerd;
use super::written::limits;

/// Deeper JSON is not read.
const DEPTH: usize = 1_000;

/// Reports a text that is not what its file name says. One with variables is filled in before anybody reads it.
pub(crate) fn check(path: &str, text: &str, place: &dyn Fn(Position) -> Anchor, report: &mut Report) {
    if ["${", "{{", "@@"].iter().any(|variable| text.contains(variable)) {
        return;
    }
    let (format, (problem, offset)) = match path.rsplit_once('.') {
        Some((_, "json")) => match flatwright_go::json::parse(text.as_bytes(), DEPTH) {
            Ok(_) => return,
            Err(error) => ("JSON", (error.message, error.offset)),
        },
        Some((_, "yaml" | "yml")) => match flatwright_yaml::parse(text, &limits(text)).1 {
            None => return,
            Some(error) => ("YAML", (error.message, error.offset)),
        },
        Some((_, "toml")) => match Document::parse(text) {
            Ok(_) => {
                let lines = LineIndex::new(text);
                for (at, mut finding) in
                    containerd::is_config(path).then(|| containerd::check(text, None)).into_iter().flatten()
                {
                    finding.at(place(position(&lines, text, at.start)));
                    report.push(finding);
                }
                return;
            }
            Err(error) => ("TOML", (error.message().to_owned(), error.span().map_or(0, |span| span.start))),
        },
        _ => return,
    };
    let at = position(&LineIndex::new(text), text, offset);
    report.refuse(place(at), &NodePath::Malformed { path: path.to_owned(), format, problem });
}

fn position(lines: &LineIndex, text: &str, offset: usize) -> Position {
    let (line, column) = lines.position(text, offset.min(text.len()));
    Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(1) }
}
