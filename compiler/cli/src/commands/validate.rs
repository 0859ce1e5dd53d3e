//! `flatwright validate`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use flatwright::{Gates, Kind, OutputFile, Schemas, SpecFile, ValidateOptions, Validation, is_recognized, validate};
use flatwright_render::{Findings, diff, fix_findings};

use crate::args::{Color, FileKind, Gate, Validate};
use crate::disk::read_files;
use crate::exit::Code;
use crate::output;
use crate::report::{self, Stream};
use crate::world::Disk;

pub(crate) fn run(command: &Validate, color: Color) -> Result<Code> {
    let inputs = [&command.files, &command.crds, &command.old];
    if inputs.into_iter().flatten().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let schemas = if command.crds.is_empty() { None } else { Some(Schemas::read(&read_files(&command.crds)?)) };
    let old = read_files(&command.old)?;
    let options = ValidateOptions {
        kind: command.kind.map(kind),
        schemas: schemas.as_ref(),
        old: &old,
        is_complete: command.complete,
        gates: gates(&command.gate),
    };
    let files = read_inputs(command)?;
    let mut validation = validate(&files, &Disk, &options);
    if command.fix {
        let is_fixed = fix(&validation, &command.files, command.write)?;
        if is_fixed && command.write {
            validation = validate(&read_inputs(command)?, &Disk, &options);
        }
    }
    // The diff has standard output for itself.
    let stream = if command.fix && !command.write { Stream::Error } else { Stream::Output };
    let Validation { sources, report, failure } = validation;
    let code = report::present(report, &sources, &command.findings, stream, color)?;
    match failure {
        Some(reason) => bail!("{reason}"),
        None => Ok(code),
    }
}

/// The files to check. A directory may hold files of other kinds: those are named, and left out.
fn read_inputs(command: &Validate) -> Result<Vec<SpecFile>> {
    let mut files = Vec::new();
    for path in &command.files {
        let mut found = read_files(std::slice::from_ref(path))?;
        if command.kind.is_none() && path.is_dir() {
            found.retain(|file| {
                let is_ours = is_recognized(file);
                if !is_ours {
                    report::line(&format!("not checked: {}: no kind of file that is known here", file.name));
                }
                is_ours
            });
        }
        files.append(&mut found);
    }
    Ok(files)
}

/// Shows or makes the certain changes. Says whether there was one.
fn fix(validation: &Validation, inputs: &[PathBuf], writes: bool) -> Result<bool> {
    let findings = Findings::new(&validation.report, &validation.sources);
    let fixed = fix_findings(&findings, false);
    if writes && !fixed.sources.is_empty() && inputs.iter().any(|path| path == Path::new("-")) {
        bail!("standard input cannot be written to: leave out `--write` to see the changes");
    }
    for source in &fixed.sources {
        let name = validation.sources.name(source.source);
        if writes {
            let file = OutputFile { path: name.to_owned(), text: source.text.clone() };
            output::write_file(&file)?;
            source.applied.iter().for_each(|title| report::line(&format!("{name}: {title}")));
        } else {
            let before = validation.sources.text(source.source).unwrap_or_default();
            output::print(&diff(before, &source.text, name))?;
        }
    }
    for (title, reason) in &fixed.skipped {
        report::line(&format!("not made: {title}: {reason}"));
    }
    Ok(!fixed.sources.is_empty())
}

fn gates(switched_on: &[Gate]) -> Gates {
    let has = |gate| switched_on.contains(&gate);
    let default = Gates::default();
    Gates {
        machine_taint_propagation: default.machine_taint_propagation || has(Gate::MachineTaintPropagation),
        edge_zone: default.edge_zone || has(Gate::EdgeZone),
        api_server_ilb: default.api_server_ilb || has(Gate::ApiServerIlb),
        ..default
    }
}

fn kind(kind: FileKind) -> Kind {
    match kind {
        FileKind::Spec => Kind::Spec,
        FileKind::Manifests => Kind::Manifests,
        FileKind::Butane => Kind::Butane,
        FileKind::Ignition => Kind::Ignition,
        FileKind::Clc => Kind::Clc,
        FileKind::Sysupdate => Kind::Sysupdate,
        FileKind::Unit => Kind::Unit,
        FileKind::Plugin => Kind::Plugin,
    }
}
