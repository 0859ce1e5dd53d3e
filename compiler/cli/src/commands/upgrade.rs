//! `flatwright upgrade`.

use std::path::Path;

use anyhow::{Result, bail};
use flatwright::upgrade::{self, Upgraded};
use flatwright::{Options, OutputFile, SpecStyle};
use flatwright_render::diff;

use crate::args::{self, Color, DiffFormat};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::output;
use crate::report::{self, Stream};
use crate::world::Disk;

pub(crate) fn run(command: &args::Upgrade, color: Color) -> Result<Code> {
    if command.spec == Path::new("-") && !command.check {
        bail!("standard input cannot be written to: name a file, or add `--check` to see what would change");
    }
    let files = [read_spec(&command.spec)?];
    let SpecStyle { contract, template_names, profile } = command.style.of_specs();
    let options =
        Options { contract, template_names, profile, allows_experimental: command.experimental, ..Options::default() };
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

fn write(upgraded: &Upgraded) -> Result<()> {
    for (before, after) in &upgraded.files {
        output::write_file(&OutputFile { path: before.name.clone(), text: after.clone() })?;
    }
    Ok(())
}
