//! `flatwright cache`.

use anyhow::{Result, bail};
use flatwright::{SpecFile, Warmed};
use flatwright_plugin_host::{Cpu, Trouble};

use crate::args::{Cache, Color, Warm};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::world::Disk;
use crate::{output, plugin_host, report};

pub(crate) fn run(command: &Cache, color: Color) -> Result<Code> {
    match command {
        Cache::Dir => output::print(&format!("{}\n", plugin_host::cache_directory()?.display()))?,
        Cache::Clean => {
            let cleaned = plugin_host::clean_cache()?;
            report::line(&format!("removed {} files, {} KiB", cleaned.files, cleaned.bytes.div_ceil(1024)));
        }
        Cache::Warm(command) => return warm(command, color),
    }
    Ok(Code::Success)
}

fn warm(command: &Warm, color: Color) -> Result<Code> {
    let read =
        |paths: &[std::path::PathBuf]| paths.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>();
    let (files, policies) = (read(&command.specs)?, read(&command.policies)?);
    let lowest = Cpu::names().first().and_then(|name| Cpu::named(name)).unwrap_or(Cpu::NATIVE);
    let cpu = command.cpu.unwrap_or(lowest);
    let host = plugin_host::filling(cpu)?;
    let Warmed { sources, report, names, failure } =
        flatwright::warm(&files, &policies, &Disk::new(&command.variables), &host);
    report::print(&report, &sources, color);
    if let Some(reason) = failure {
        bail!("{reason}");
    }
    if let Some(Trouble { reason, .. }) = host.trouble() {
        bail!("{reason}");
    }
    if report.has_errors() {
        return Ok(Code::Findings);
    }
    let directory = plugin_host::cache_directory()?;
    let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    report::line(&match names.as_str() {
        "" => "the specs have no plugins".to_owned(),
        names => format!("{} has {names}, for {}", directory.display(), cpu.name()),
    });
    Ok(Code::Success)
}
