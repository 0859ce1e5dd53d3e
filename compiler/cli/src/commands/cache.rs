//! `flatwright cache`.

use anyhow::Result;

use crate::args::Cache;
use crate::exit::Code;
use crate::{output, plugin_host, report};

pub(crate) fn run(command: &Cache) -> Result<Code> {
    match command {
        Cache::Dir => output::print(&format!("{}\n", plugin_host::cache_directory()?.display()))?,
        Cache::Clean => {
            let cleaned = plugin_host::clean_cache()?;
            report::line(&format!("removed {} files, {} KiB", cleaned.files, cleaned.bytes.div_ceil(1024)));
        }
    }
    Ok(Code::Success)
}
