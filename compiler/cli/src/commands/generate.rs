//! `flatwright schema`, `completions` and `man`: texts made from the program itself.

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::args::{Arguments, Completions};
use crate::exit::Code;
use crate::output;

pub(crate) fn schema() -> Result<Code> {
    output::print(&format!("{:#}\n", flatwright_spec::schema()))?;
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
