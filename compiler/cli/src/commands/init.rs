//! `flatwright init`.

use anyhow::Result;

use crate::args::{self, Flavor};
use crate::exit::Code;
use crate::output;

pub(crate) fn run(command: &args::Init) -> Result<Code> {
    let flavor = match command.flavor {
        Flavor::FlatcarSysext => flatwright_spec::types::Flavor::Sysext,
        Flavor::Flatcar => flatwright_spec::types::Flavor::ImageBuilder,
    };
    output::print(&flatwright_spec::starter(flavor, &command.name))?;
    Ok(Code::Success)
}
