//! `flatwright schema`, `completions` and `man`: texts made from the program itself.

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::args::{Arguments, Color, Completions, Schema};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::world::Disk;
use crate::{output, report};

pub(crate) fn schema(command: &Schema, color: Color) -> Result<Code> {
    let mut schema = flatwright_spec::schema();
    if let Some(spec) = &command.with_plugins {
        let (report, sources) =
            flatwright::add_plugin_settings(&mut schema, &read_spec(spec)?, &Disk::new(&command.variables));
        report::print(&report, &sources, color);
    }
    output::print(&format!("{schema:#}\n"))?;
    Ok(Code::Success)
}

pub(crate) fn completions(command: &Completions) -> Result<Code> {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "flatwright", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Code::Success)
}

pub(crate) fn man() -> Result<Code> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut text).context("failed to make the manual page")?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Code::Success)
}
