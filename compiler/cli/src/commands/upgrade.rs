//! `flatwright upgrade`.

use std::path::Path;

use anyhow::{Result, bail};
use flatwright::upgrade::{self, InPlace, Upgraded};
use flatwright::{Options, OutputFile, SpecFile, SpecStyle};
use flatwright_render::diff;

use crate::args::{self, Color, DiffFormat};
use crate::disk::{self, read_spec};
use crate::exit::Code;
use crate::output;
use crate::report::{self, Stream};
use crate::world::Disk;

pub(crate) fn run(command: &args::Upgrade, color: Color) -> Result<Code> {
    if command.spec == Path::new("-") && !command.check && !command.in_place {
        bail!("standard input cannot be written to: name a file, or add `--check` to see what would change");
    }
    let files = [read_spec(&command.spec)?];
    let SpecStyle { contract, template_names, profile } = command.style.of_specs();
    let options =
        Options { contract, template_names, profile, allows_experimental: command.experimental, ..Options::default() };
    if command.in_place {
        return in_place(command, &files, &options, color);
    }
    let mut upgraded = upgrade::upgrade(&files, &Disk::new(&command.variables), &options, &command.asked());
    let findings = std::mem::take(&mut upgraded.report);
    let code = report::present(findings, &upgraded.sources, None, &command.findings, Stream::Error, color)?;
    if let Some(reason) = &upgraded.failure {
        bail!("{reason}");
    }
    let Some(plan) = upgraded.plan.as_ref().filter(|_| code == Code::Success) else { return Ok(Code::Findings) };
    if !command.check {
        write(&upgraded)?;
    } else if command.format == DiffFormat::Text {
        for (before, after) in &upgraded.files {
            output::print(&diff(&String::from_utf8_lossy(&before.bytes), after, &before.name))?;
        }
    }
    if upgraded.edits.is_empty() {
        report::line("there is nothing to raise");
    }
    output::print(&match command.format {
        DiffFormat::Text => upgrade::text(&upgraded, plan),
        DiffFormat::Json => upgrade::json(&upgraded, plan),
        DiffFormat::Markdown => upgrade::markdown(&upgraded, plan),
    })?;
    Ok(if command.check && !upgraded.files.is_empty() { Code::Findings } else { Code::Success })
}

/// Writes the scripts for the machines that there are.
fn in_place(command: &args::Upgrade, files: &[SpecFile], options: &Options, color: Color) -> Result<Code> {
    let disk = Disk::new(&command.variables);
    let InPlace { sources, report: findings, failure, files, afterwards } =
        upgrade::in_place(files, &disk, options, &command.asked(), &command.image);
    let code = report::present(findings, &sources, None, &command.findings, Stream::Error, color)?;
    if let Some(reason) = failure {
        bail!("{reason}");
    }
    let Some(directory) = command.output.as_ref().filter(|_| code == Code::Success) else { return Ok(code) };
    let paths: Vec<_> = files.iter().map(|file| directory.join(&file.path)).collect();
    for path in &paths {
        // Somebody else's file of that name stays.
        if disk::exists(path) && !disk::read_text(path)?.contains(upgrade::MARK) {
            bail!("`{}` is there, and flatwright did not write it: name another directory", path.display());
        }
    }
    output::make_directory(directory)?;
    for (path, file) in paths.iter().zip(files) {
        output::write_file(&OutputFile { path: path.to_string_lossy().into_owned(), text: file.text })?;
        output::print(&format!("{}\n", path.display()))?;
    }
    output::print(&format!("\n{afterwards}\n"))?;
    Ok(Code::Success)
}

fn write(upgraded: &Upgraded) -> Result<()> {
    for (before, after) in &upgraded.files {
        output::write_file(&OutputFile { path: before.name.clone(), text: after.clone() })?;
    }
    Ok(())
}
