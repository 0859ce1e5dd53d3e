//! Findings: which of them count, in which format they are written, and where to.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flatwright::{Cluster, Compilation, OutputFile};
use flatwright_diagnostic::{Diagnostic, Report};
use flatwright_render::{
    Allow, Baseline, Checked, Findings, KnownCodes, Policy, SarifOptions, Sources, TextOptions, render_github,
    render_json, render_junit, render_sarif, render_text,
};

use crate::args::{self, Color, Deny, ReportFormat};
use crate::exit::Code;
use crate::{disk, output, pages};

/// Where a report goes that goes to no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output: the report is what the command is for.
    Output,
    /// Standard error: standard output has something else.
    Error,
}

/// Selects the findings that count, writes the report, and says how the run ended.
///
/// # Errors
/// A file that cannot be read or written, or an `--allow` of an unknown code.
pub(crate) fn present(
    mut report: Report,
    sources: &Sources,
    checked: Option<&Checked>,
    options: &args::Findings,
    stream: Stream,
    color: Color,
) -> Result<Code> {
    select(&mut report, sources, options)?;
    show(&report, sources, checked, options, stream, color)
}

/// Selects the findings that count, for [`show`].
///
/// # Errors
/// As [`present`].
pub(crate) fn select(report: &mut Report, sources: &Sources, options: &args::Findings) -> Result<()> {
    policy(options)?.apply(report, sources, &KnownCodes::new(flatwright::codes));
    if let Some(path) = &options.write_baseline {
        write_file(path, Baseline::write(report, sources))?;
    }
    Ok(())
}

/// Adds findings about what was written to those that were selected.
///
/// # Errors
/// As [`present`].
pub(crate) fn add(report: &mut Report, mut more: Report, sources: &Sources, options: &args::Findings) -> Result<()> {
    if !more.diagnostics().is_empty() {
        policy(options)?.select(&mut more, sources, &KnownCodes::new(flatwright::codes));
        report.extend(more);
    }
    Ok(())
}

/// Writes the report of findings that were selected, and says how the run ended.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn show(
    report: &Report,
    sources: &Sources,
    checked: Option<&Checked>,
    options: &args::Findings,
    stream: Stream,
    color: Color,
) -> Result<Code> {
    let code = if report.has_errors() { Code::Findings } else { Code::Success };
    let is_text = options.report == ReportFormat::Text;
    // Nothing is resolved or rendered for a clean run; a program that reads a report wants an empty one.
    if is_text && options.report_file.is_none() && report.diagnostics().is_empty() && checked.is_none() {
        return Ok(code);
    }
    let findings = Findings::new(report, sources).with_checked(checked);
    let text = match options.report {
        ReportFormat::Text => {
            let is_colored = options.report_file.is_none() && uses_color(color, stream);
            render_text(&findings, &TextOptions { is_colored, ..TextOptions::default() })
        }
        ReportFormat::Json => render_json(&findings),
        ReportFormat::Sarif => {
            render_sarif(&findings, &SarifOptions { version: env!("CARGO_PKG_VERSION"), page: &pages::of })
        }
        ReportFormat::Junit => render_junit(&findings),
        ReportFormat::Github => render_github(&findings),
    };
    match (&options.report_file, stream) {
        (Some(path), _) => write_file(path, text)?,
        (None, Stream::Output) => output::print(&text)?,
        (None, Stream::Error) => write(&text),
    }
    Ok(code)
}

/// Shows what a compile found, on standard error. Gives its clusters, or how the run ends without them.
///
/// # Errors
/// Why the environment failed.
pub(crate) fn clusters(
    compiled: Compilation,
    options: &args::Findings,
    color: Color,
) -> Result<Result<Vec<Cluster>, Code>> {
    let Compilation { sources, report, clusters, failure, .. } = compiled;
    let code = present(report, &sources, None, options, Stream::Error, color)?;
    if let Some(reason) = failure {
        bail!("{reason}");
    }
    Ok(if code == Code::Success { Ok(clusters) } else { Err(code) })
}

/// Prints findings as text on standard error, for commands whose findings are not what they are for.
pub(crate) fn print(report: &Report, sources: &Sources, color: Color) {
    if !report.diagnostics().is_empty() {
        let is_colored = uses_color(color, Stream::Error);
        write(&render_text(&Findings::new(report, sources), &TextOptions { is_colored, ..TextOptions::default() }));
    }
}

fn policy(options: &args::Findings) -> Result<Policy> {
    let codes = KnownCodes::new(flatwright::codes);
    let allow = options.allow.iter().map(|text| Allow::parse(text, &codes)).collect::<Result<_, _>>();
    let baseline = match &options.baseline {
        None => None,
        Some(path) => {
            let text = disk::read_text(path)?;
            Some(Baseline::parse(&text).with_context(|| format!("failed to use `{}`", path.display()))?)
        }
    };
    Ok(Policy {
        denies_warnings: options.deny == Some(Deny::Warnings),
        allow: allow.context("failed to read `--allow`")?,
        baseline,
        suppressible_errors: Vec::new(),
    })
}

fn write_file(path: &Path, text: String) -> Result<()> {
    output::write_file(&OutputFile { path: path.to_string_lossy().into_owned(), text })
}

/// Prints why the environment failed.
pub(crate) fn environment_error(error: &anyhow::Error) {
    write(&format!("error: {error:#}\n"));
}

/// Prints what a plugin did.
pub(crate) fn call(call: &flatwright::Call) {
    write(&call.to_string());
}

/// Prints what a plugin logged as a warning or an error.
pub(crate) fn loud_lines(call: &flatwright::Call) {
    call.loud_lines().for_each(|line| write(&format!("{line}\n")));
}

/// Prints a finding that has no place in any text.
pub(crate) fn unplaced(diagnostic: &Diagnostic) {
    let notes: String = diagnostic.notes.iter().map(|note| format!("  = note: {note}\n")).collect();
    let hints: String = diagnostic.hints.iter().map(|hint| format!("  = help: {hint}\n")).collect();
    write(&format!("{}[{}]: {}\n{notes}{hints}", diagnostic.severity.word(), diagnostic.code, diagnostic.message));
}

/// Replaces the progress line of a terminal.
pub(crate) fn progress(text: &str) {
    write(&format!("\r\x1b[K{text}"));
}

/// Prints a line that is no finding.
pub(crate) fn line(text: &str) {
    write(&format!("{text}\n"));
}

/// Prints a text that is already formatted.
pub(crate) fn text(text: &str) {
    write(text);
}

fn write(text: &str) {
    // Nothing can be said if standard error is gone.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether a stream gets colors.
pub(crate) fn uses_color(color: Color, stream: Stream) -> bool {
    let is_terminal = || match stream {
        Stream::Output => std::io::stdout().is_terminal(),
        Stream::Error => std::io::stderr().is_terminal(),
    };
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !asks_for_no_color() && is_terminal(),
    }
}

/// Whether `NO_COLOR` asks for none (set and not empty).
fn asks_for_no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
