//! What the fuzz targets share: a world without a disk, inputs of two parts, and what must hold of every report.

use flatwright::{Kind, Schemas, SpecFile, ValidateOptions, World};
use flatwright_diagnostic::{Anchor, Report, SourceId};
use flatwright_flatcar::settings::{Position, in_source};
use flatwright_ignition::problem::LocalFile;
use flatwright_ignition::{butane, clc};
use flatwright_render::{
    Findings, SarifOptions, Sources, TextOptions, fix_findings, render_github, render_json, render_junit, render_sarif,
    render_text,
};

/// A world, and a files directory, of a few files that are made of their names.
pub struct Nowhere;

impl Nowhere {
    fn text(path: &str) -> Result<Vec<u8>, String> {
        if path.len() % 2 == 0 { Ok(path.as_bytes().to_vec()) } else { Err("no such file".to_owned()) }
    }
}

impl World for Nowhere {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        Self::text(relative)
    }

    fn files_dir(&self, _: &str, _: &str) -> Option<Box<dyn butane::FilesDir + '_>> {
        Some(Box::new(Self))
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name.len() == 1).then(|| name.to_owned())
    }
}

impl butane::FilesDir for Nowhere {
    fn name(&self) -> &str {
        "files"
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        assert!(path == "files" || path.starts_with("files/"), "{path} is outside");
        Self::text(path)
    }

    fn stat(&self, path: &str) -> Result<butane::FileKind, String> {
        self.lstat(path)
    }

    fn lstat(&self, path: &str) -> Result<butane::FileKind, String> {
        match path.len() % 5 {
            0 => Err("no such file".to_owned()),
            1 if path.len() < 20 => Ok(butane::FileKind::Directory),
            2 => Ok(butane::FileKind::Symlink),
            _ => Ok(butane::FileKind::Regular { is_executable: path.len().is_multiple_of(3) }),
        }
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(["a", "bc", "d.ef"].map(str::to_owned).to_vec())
    }

    fn read_link(&self, path: &str) -> Result<String, String> {
        Ok(path.len().to_string())
    }
}

impl clc::FilesDir for Nowhere {
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile> {
        Ok(Self::text(path)?)
    }
}

/// Splits an input of two parts at the first line `%%`. The second part of an input without one is empty.
pub fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    const LINE: &[u8] = b"\n%%\n";
    match bytes.windows(LINE.len()).position(|window| window == LINE) {
        Some(at) => (&bytes[..=at], &bytes[at + LINE.len()..]),
        None => (bytes, &[]),
    }
}

/// Validates one file as the command does, against what was applied before.
pub fn validate(kind: Option<Kind>, bytes: &[u8], old: &[u8], schemas: Option<&Schemas>) {
    let file = |name: &str, bytes: &[u8]| SpecFile { name: name.to_owned(), bytes: bytes.to_vec() };
    let options = ValidateOptions {
        kind,
        schemas,
        old: &[file("old.yaml", old)],
        is_complete: bytes.len().is_multiple_of(2),
        ..ValidateOptions::default()
    };
    let validation = flatwright::validate(&[file("input", bytes)], &Nowhere, &options);
    check_report(&validation.report, &validation.sources);
}

/// Whatever is found can be shown in every form, and what can be fixed gives a text.
pub fn check_report(report: &Report, sources: &Sources) {
    let findings = Findings::new(report, sources);
    let text = render_text(&findings, &TextOptions::default());
    assert_eq!(text.is_empty(), report.diagnostics().is_empty(), "a finding is not shown");
    for line in render_json(&findings).lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON");
    }
    let sarif = render_sarif(&findings, &SarifOptions { version: "0", page: &|_| None });
    serde_json::from_str::<serde_json::Value>(&sarif).expect("SARIF is JSON");
    render_junit(&findings);
    render_github(&findings);
    fix_findings(&findings, true);
}

/// The way of a finding's position to a place; it must be one of the text.
pub fn place(text: &str) -> impl Fn(Position) -> Anchor {
    let lines = text.split('\n').count();
    move |position| {
        assert!((1..=lines).contains(&(position.line as usize)), "line {} of {lines}", position.line);
        in_source(SourceId(0))(position)
    }
}
