//! Findings on standard error.

use std::io::{IsTerminal, Write};

use flatwright_diagnostic::{Diagnostic, Report};
use flatwright_render::{Findings, Sources, TextOptions, render_text};

use crate::args::Color;
use crate::disk;

/// Prints every finding. Nothing is resolved or rendered for a clean run.
pub(crate) fn print(report: &Report, sources: &Sources, color: Color) {
    if report.diagnostics().is_empty() {
        return;
    }
    let findings = Findings::new(report, sources);
    let options = TextOptions { is_colored: uses_color(color), ..TextOptions::default() };
    write(&render_text(&findings, &options));
}

/// Prints why the environment failed.
pub(crate) fn environment_error(error: &anyhow::Error) {
    write(&format!("error: {error:#}\n"));
}

/// Prints what a plugin did.
pub(crate) fn call(call: &flatwright::Call) {
    write(&call.to_string());
}

/// Prints a finding that has no place in any text.
pub(crate) fn unplaced(diagnostic: &Diagnostic) {
    let hints: String = diagnostic.hints.iter().map(|hint| format!("  = help: {hint}\n")).collect();
    write(&format!("{}[{}]: {}\n{hints}", diagnostic.severity.word(), diagnostic.code, diagnostic.message));
}

/// Replaces the progress line of a terminal.
pub(crate) fn progress(text: &str) {
    write(&format!("\r\x1b[K{text}"));
}

/// Prints a line that is no finding.
pub(crate) fn line(text: &str) {
    write(&format!("{text}\n"));
}

fn write(text: &str) {
    // Nothing can be said if standard error is gone.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn uses_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !disk::asks_for_no_color() && std::io::stderr().is_terminal(),
    }
}
