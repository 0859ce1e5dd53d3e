//! The answers of Azure's command line among the arguments.

use std::path::Path;

use anyhow::Result;
use flatwright::{Answers, Subscription};

use crate::args::{self, Color};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::report::{self, Stream};

/// What the subscription can have, or how the run ends where a file says something else.
pub(crate) type Given = std::result::Result<Option<&'static Subscription>, Code>;

/// Reads the files that are given.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn read(
    skus: Option<&Path>,
    usage: Option<&Path>,
    findings: &args::Findings,
    stream: Stream,
    color: Color,
) -> Result<Given> {
    if skus.is_none() && usage.is_none() {
        return Ok(Ok(None));
    }
    let answers = Answers { skus: skus.map(read_spec).transpose()?, usage: usage.map(read_spec).transpose()? };
    let (subscription, sources, found) = answers.read();
    if found.has_errors() {
        return Ok(Err(report::present(found, &sources, None, findings, stream, color)?));
    }
    // Once in a run, and asked until its end.
    Ok(Ok(Some(Box::leak(Box::new(subscription)))))
}
