//! `flatwright transpile`: a stand-in for `butane` and `ct`, and Flatcar's translation of Ignition 2.
//!
//! Owns: the originals' command line, their order of output, their exit codes. Must not: translate; that is the `ignition` crate's.
#![expect(clippy::disallowed_methods, reason = "this is the shell: it reads the input")]

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use anyhow::Result;
use flatwright_ignition::butane::{self, report as butane_report};
use flatwright_ignition::{clc, ignition2, ignition3, translate};

use crate::args::{Color, Language, Transpile};
use crate::exit::Code;
use crate::files_dir::{FilesDir, words};
use crate::{output, report};

/// What the original would print.
struct Answer {
    /// Goes to standard error.
    report: String,
    /// Goes to standard output, with a newline; `None` after a failure.
    json: Option<String>,
}

pub(crate) fn run(command: &Transpile, color: Color) -> Result<Code> {
    let name = command.file.as_deref().map_or_else(|| "<stdin>".into(), |path| path.to_string_lossy().into_owned());
    let input = match read(command.file.as_deref()) {
        Ok(input) => input,
        Err(message) => return Ok(failed(&message)),
    };
    let files = command.files_dir.as_deref().map(FilesDir::new);
    let answer = match command.from {
        Language::Butane => from_butane(&input, &name, command, files.as_ref(), color),
        Language::Clc => from_clc(&input, command, files.as_ref()),
        Language::Ignition2 => from_ignition2(&input, command),
    };
    report::text(&answer.report);
    let Some(json) = answer.json else { return Ok(Code::Findings) };
    if command.check {
        return Ok(Code::Success);
    }
    let text = json + "\n";
    match command.output.as_deref() {
        None => output::print(&text)?,
        Some(path) if path == Path::new("-") => output::print(&text)?,
        Some(path) => {
            if let Err(error) = output::replace(path, &text) {
                let name = path.to_string_lossy();
                return Ok(failed(&format!("failed to open {name}: {}", words("open", &name, &error))));
            }
        }
    }
    Ok(Code::Success)
}

/// The originals end with 1 whatever fails, and say it in one line.
fn failed(message: &str) -> Code {
    report::line(message);
    Code::Findings
}

fn read(path: Option<&Path>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let Some(path) = path.filter(|path| *path != Path::new("-")) else {
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        return match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(format!("failed to read stdin: {}", words("read", "/dev/stdin", &error))),
        };
    };
    let name = path.to_string_lossy();
    let mut file = std::fs::File::open(path)
        .map_err(|error| format!("failed to open {name}: {}", words("open", &name, &error)))?;
    file.read_to_end(&mut bytes).map_err(|error| format!("failed to read {name}: {}", words("read", &name, &error)))?;
    Ok(bytes)
}

fn from_butane(input: &[u8], name: &str, command: &Transpile, files: Option<&FilesDir>, color: Color) -> Answer {
    let options = butane::Options {
        files: files.map(|files| files as &dyn butane::FilesDir),
        is_strict: command.strict,
        is_pretty: command.pretty,
    };
    let translation = butane::translate(input, &options);
    let mut report = match translation.entries.as_slice() {
        [] => String::new(),
        entries if command.raw_errors => butane_report::raw(entries),
        entries => {
            let style = butane_report::Style { name, has_color: report::uses_color(color, report::Stream::Error) };
            butane_report::pretty(entries, input, &style)
        }
    };
    let is_failed = translation.failure.is_some();
    if let Some(failure) = translation.failure {
        let _ = writeln!(report, "{failure}");
    }
    Answer { report, json: (!is_failed).then_some(translation.json) }
}

fn from_clc(input: &[u8], command: &Transpile, files: Option<&FilesDir>) -> Answer {
    let options = clc::Options {
        strict: command.strict,
        files: files.map(|files| files as &dyn clc::FilesDir),
        platform: &command.platform,
    };
    let translation = clc::translate(input, &options);
    let (parsed, converted) = translation.entries.split_at(translation.parse_entries);
    let mut report = String::new();
    for entries in [parsed, converted] {
        if !entries.is_empty() {
            report.push_str(clc::report(entries).trim_end_matches('\n'));
            report.push('\n');
        }
    }
    if translation.failed == Some(clc::Stage::Parse) {
        report.push_str("Failed to parse config\n");
    }
    let write = if command.pretty { ignition2::Config::to_json_pretty } else { ignition2::Config::to_json };
    Answer { report, json: translation.config.as_ref().map(write) }
}

fn from_ignition2(input: &[u8], command: &Transpile) -> Answer {
    let validation = ignition2::validate(input);
    let mut report = butane_report::raw(&validation.entries);
    if let Some(failure) = validation.failure {
        let _ = writeln!(report, "couldn't parse config: {failure}");
    }
    let is_strict_failure = command.strict && !validation.entries.is_empty();
    let Some(config) = validation.config.filter(|_| !is_strict_failure) else { return Answer { report, json: None } };
    match translate::to_3_1(&config) {
        Ok(config) => {
            let write = if command.pretty { ignition3::to_json_pretty } else { ignition3::to_json };
            Answer { report, json: Some(write(&config)) }
        }
        Err(refusal) => {
            let _ = writeln!(report, "Failed to translate config from 2 to 3: {}", refusal.to_string().trim_end());
            Answer { report, json: None }
        }
    }
}
