//! `flatwright explain`: the page of a code, and where a value came from.

use std::path::Path;

use anyhow::{Result, bail};

use crate::args::{self, Color};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::world::Disk;
use crate::{output, pages, report};

pub(crate) fn run(command: &args::Explain, color: Color) -> Result<Code> {
    if let (Some(spec), Some(place)) = (&command.subject, &command.place) {
        return origin(Path::new(spec), place, &command.variables, color);
    }
    let Some(code) = &command.subject else {
        output::print(&list(pages::all()))?;
        return Ok(Code::Success);
    };
    if let Some(page) = pages::named(code) {
        let members = list(pages::members(code));
        let members = if members.is_empty() { members } else { format!("\n## Codes of this group\n\n{members}") };
        output::print(&format!("{page}{members}"))?;
        return Ok(Code::Success);
    }
    if Path::new(code).exists() {
        bail!(
            "`{code}` is a file: add the place to explain, such as `flatwright explain {code} AzureCluster:spec.location`"
        );
    }
    let hint = pages::nearest(code).unwrap_or_else(|| "`flatwright explain` lists them all".to_owned());
    report::line(&format!("error: there is no diagnostic code `{code}`; {hint}"));
    Ok(Code::Environment)
}

/// Where the values at a place of the output came from.
fn origin(spec: &Path, place: &str, variables: &args::Variables, color: Color) -> Result<Code> {
    let compilation = flatwright::compile(&[read_spec(spec)?], &Disk::new(variables), &flatwright::Options::default());
    report::print(&compilation.report, &compilation.sources, color);
    if let Some(reason) = &compilation.failure {
        bail!("{reason}");
    }
    if compilation.report.has_errors() {
        return Ok(Code::Findings);
    }
    match flatwright::explain(&compilation, place) {
        Ok(text) => {
            output::print(&text)?;
            Ok(Code::Success)
        }
        Err(reason) => bail!("{reason}"),
    }
}

/// A line for each code: its name and the fact.
fn list(pages: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    pages.map(|(code, page)| format!("{code}: {}\n", fact(page))).collect()
}

/// The first sentence under the title.
fn fact(page: &str) -> &str {
    page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default()
}
