//! `flatwright diff`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use flatwright::diff::{self, Compared, Input};
use flatwright::{Options, SpecFile, SpecStyle, World, read_manifests};

use crate::args::{self, Color, DiffFormat};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::git::Revision;
use crate::inputs::Files;
use crate::output;
use crate::report::{self, Stream};
use crate::world::Disk;

/// One side, read.
enum Side {
    Spec(Vec<SpecFile>),
    Manifests(Vec<SpecFile>),
}

pub(crate) fn run(command: &args::Diff, color: Color) -> Result<Code> {
    let named = [Some(&command.first), command.second.as_ref(), command.live.as_ref()];
    if named.into_iter().flatten().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let options = options(command);
    let Compared { sources, report, failure, plan } = compare(command, &options)?;
    let code = report::present(report, &sources, None, &command.findings, Stream::Error, color)?;
    if let Some(reason) = failure {
        bail!("{reason}");
    }
    let Some(plan) = plan else { return Ok(code) };
    output::print(&match command.format {
        DiffFormat::Text => diff::text(&plan),
        DiffFormat::Json => diff::json(&plan),
        DiffFormat::Markdown => diff::markdown(&plan),
    })?;
    Ok(if code == Code::Success && command.exit_code && plan.differs() { Code::Differs } else { code })
}

fn compare(command: &args::Diff, options: &Options) -> Result<Compared> {
    let disk = Disk::new(&command.variables);
    if let Some(revision) = &command.git {
        let new = vec![read_spec(&command.first)?];
        let revision = Revision::of_spec(revision, &command.first, &command.variables)?;
        let old = vec![revision.spec()?];
        return Ok(diff::diff(&specs(&old, &revision, options), &specs(&new, &disk, options)));
    }
    if let Some(live) = &command.live {
        let old = manifests(live)?;
        let new = read(&command.first)?;
        return Ok(diff::diff(&Input::Live(&old), &input(&new, &disk, options)));
    }
    let Some(second) = &command.second else { bail!("name the new side") };
    let (old, new) = (read(&command.first)?, read(second)?);
    Ok(diff::diff(&input(&old, &disk, options), &input(&new, &disk, options)))
}

fn input<'a>(side: &'a Side, disk: &'a Disk<'a>, options: &'a Options) -> Input<'a> {
    match side {
        Side::Spec(files) => specs(files, disk, options),
        Side::Manifests(files) => Input::Manifests(files),
    }
}

const fn specs<'a>(files: &'a [SpecFile], world: &'a dyn World, options: &'a Options) -> Input<'a> {
    Input::Specs { files, world, options }
}

fn read(path: &Path) -> Result<Side> {
    if path.is_dir() {
        return Ok(Side::Manifests(manifests(path)?));
    }
    let file = read_spec(path)?;
    Ok(if diff::is_spec(&file.bytes) { Side::Spec(vec![file]) } else { Side::Manifests(vec![file]) })
}

/// The manifests of a file or below a directory, which must be complete.
fn manifests(path: &Path) -> Result<Vec<SpecFile>> {
    let files = Files::find(&[PathBuf::from(path)])?;
    if let Some((path, reason)) = files.unreadable.first() {
        bail!("failed to read `{path}`: {reason}");
    }
    read_manifests(&files).map_err(anyhow::Error::msg)
}

fn options(command: &args::Diff) -> Options {
    let SpecStyle { contract, template_names, profile } = command.style.of_specs();
    Options {
        contract,
        template_names,
        profile,
        allows_experimental: command.experimental,
        allows_unresolved: true,
        is_locked: command.locked,
        ..Options::default()
    }
}
