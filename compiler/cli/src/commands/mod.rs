//! One module per command.

mod cache;
mod compile;
mod explain;
mod generate;
mod init;
mod plugin;

use anyhow::Result;

use crate::args::{Arguments, Command};
use crate::exit::Code;

/// Runs the command.
///
/// # Errors
/// What the environment refused; findings are no errors.
pub(crate) fn run(arguments: &Arguments) -> Result<Code> {
    match &arguments.command {
        Command::Compile(command) => compile::run(command, arguments.color),
        Command::Init(command) => init::run(command),
        Command::Schema(_) => generate::schema(),
        Command::Explain(command) => explain::run(command),
        Command::Plugin(command) => plugin::run(command, arguments.color),
        Command::Cache(command) => cache::run(command),
        Command::Completions(command) => generate::completions(command),
        Command::Man => generate::man(),
    }
}
