//! `flatwright validate`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use flatwright::{Gates, Kind, OutputFile, Schemas, SpecFile, ValidateOptions, Validation, read_manifests, validate};
use flatwright_render::{Findings, diff, fix_findings};

use crate::args::{Color, FileKind, Gate, Validate};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::inputs::Files;
use crate::output;
use crate::report::{self, Stream};
use crate::subscription;
use crate::world::Disk;

pub(crate) fn run(command: &Validate, color: Color) -> Result<Code> {
    let inputs = [&command.files, &command.crds, &command.old, &command.policies];
    let answers = command.skus.iter().chain(&command.usage);
    if inputs.into_iter().flatten().chain(answers).filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let schemas = if command.crds.is_empty() { None } else { Some(Schemas::read(&manifests(&command.crds)?)) };
    let old = manifests(&command.old)?;
    let policies = command.policies.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let releases = command.provider.iter().cloned().collect();
    let variables = command.var.iter().cloned().collect();
    let (skus, usage) = (command.skus.as_deref(), command.usage.as_deref());
    let subscription = match subscription::read(skus, usage, &command.findings, Stream::Output, color)? {
        Ok(subscription) => subscription,
        Err(code) => return Ok(code),
    };
    let options = ValidateOptions {
        kind: command.kind.map(kind),
        schemas: schemas.as_ref(),
        old: &old,
        specs: command.style.of_specs(),
        is_complete: command.complete,
        gates: gates(&command.gate),
        policies: &policies,
        today: command.today,
        is_locked: command.locked,
        subscription,
        variables: Some(&variables),
        releases: Some(&releases),
    };
    let mut validation = check(command, &options)?;
    if command.fix {
        let is_fixed = fix(&validation, &command.files, command.write)?;
        if is_fixed && command.write {
            validation = check(command, &options)?;
        }
    }
    // The diff has standard output for itself.
    let stream = if command.fix && !command.write { Stream::Error } else { Stream::Output };
    let Validation { sources, report, failure, checked } = validation;
    let code = report::present(report, &sources, Some(&checked), &command.findings, stream, color)?;
    match failure {
        Some(reason) => bail!("{reason}"),
        None => Ok(code),
    }
}

/// Finds and checks the files.
fn check(command: &Validate, options: &ValidateOptions<'_>) -> Result<Validation> {
    let files = Files::find(&command.files)?;
    let mut validation = validate(&files, &Disk::new(&command.variables), options);
    for (path, reason) in &files.left_out {
        validation.leave_out(path, reason);
    }
    for (path, reason) in &files.unreadable {
        validation.unreadable(path, reason);
    }
    validation.refuse_nothing();
    Ok(validation)
}

/// The manifests among files and below directories, which must be complete.
fn manifests(paths: &[PathBuf]) -> Result<Vec<SpecFile>> {
    let files = Files::find(paths)?;
    if let Some((path, reason)) = files.unreadable.first() {
        bail!("failed to read `{path}`: {reason}");
    }
    read_manifests(&files).map_err(anyhow::Error::msg)
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
