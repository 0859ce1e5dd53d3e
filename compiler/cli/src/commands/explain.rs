//! `flatwright explain`: the pages under docs/diagnostics, built into the program.

use anyhow::Result;
use flatwright_diagnostic::suggest;

use crate::args;
use crate::exit::Code;
use crate::{output, report};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

pub(crate) fn run(command: &args::Explain) -> Result<Code> {
    let Some(code) = &command.code else {
        let list: String = PAGES.iter().map(|(code, page)| format!("{code}: {}\n", fact(page))).collect();
        output::print(&list)?;
        return Ok(Code::Success);
    };
    if let Ok(index) = PAGES.binary_search_by(|(name, _)| (*name).cmp(code)) {
        output::print(PAGES[index].1)?;
        return Ok(Code::Success);
    }
    let hint = suggest(code, PAGES.iter().map(|(name, _)| *name))
        .unwrap_or_else(|| "`flatwright explain` lists them all".to_owned());
    report::line(&format!("error: there is no diagnostic code `{code}`; {hint}"));
    Ok(Code::Environment)
}

/// The page of a code.
pub(crate) fn page_of(code: flatwright_diagnostic::Code) -> Option<&'static str> {
    PAGES.binary_search_by(|(name, _)| (*name).cmp(code.name())).ok().map(|index| PAGES[index].1)
}

/// The first sentence under the title.
fn fact(page: &str) -> &str {
    page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default()
}
