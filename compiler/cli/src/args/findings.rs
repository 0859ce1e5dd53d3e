//! How findings are shown and which of them count: the options that `compile` and `validate` share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How findings are shown, and which of them count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Findings")]
pub(crate) struct Findings {
    /// The format of the report (docs/reports.md).
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, value_name = "FORMAT")]
    pub(crate) report: ReportFormat,
    /// Where the report goes, instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub(crate) report_file: Option<PathBuf>,
    /// Make errors of warnings.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Hide the warnings and notes of a code, everywhere or in files that match a glob. Repeatable.
    #[arg(long, value_name = "CODE[:GLOB]")]
    pub(crate) allow: Vec<String>,
    /// Hide the warnings and notes that this file lists.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the warnings and notes of this run into a baseline file.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: excerpts with colors.
    Text,
    /// One JSON object per line.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// GitHub Actions annotations.
    Github,
}

/// What is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings are errors.
    Warnings,
}
