//! One module per command.

mod cache;
mod compile;
mod diff;
mod explain;
mod generate;
mod images;
mod init;
mod lock;
mod plugin;
mod preview;
mod table;
mod transpile;
mod upgrade;
mod validate;
mod vendor;
mod versions;

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
        Command::Transpile(command) => transpile::run(command, arguments.color),
        Command::Preview(command) => preview::run(command, arguments.color),
        Command::Validate(command) => validate::run(command, arguments.color),
        Command::Diff(command) => diff::run(command, arguments.color),
        Command::Upgrade(command) => upgrade::run(command, arguments.color),
        Command::Lock(command) => lock::run(command, arguments.color),
        Command::Images(command) => images::run(command, arguments.color),
        Command::Init(command) => init::run(command),
        Command::Schema(command) => generate::schema(command, arguments.color),
        Command::Vendor(command) => vendor::run(command, arguments.color),
        Command::Versions(command) => versions::run(command),
        Command::Explain(command) => explain::run(command, arguments.color),
        Command::Plugin(command) => plugin::run(command, arguments.color),
        Command::Cache(command) => cache::run(command, arguments.color),
        Command::Completions(command) => generate::completions(command),
        Command::Man => generate::man(),
    }
}
