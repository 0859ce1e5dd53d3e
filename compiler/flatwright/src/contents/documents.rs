//! Texts of files whose names say that they are data.
//!
//! Owns: which names those are. Must not: know what is in them.

use flatwright_diagnostic::{Anchor, Report};
use flatwright_flatcar::NodePath;
use flatwright_flatcar::settings::Position;
use flatwright_yaml::LineIndex;

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
        _ => return,
    };
    let (line, column) = LineIndex::new(text).position(text, offset.min(text.len()));
    let at = Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(1) };
    report.refuse(place(at), &NodePath::Malformed { path: path.to_owned(), format, problem });
}
