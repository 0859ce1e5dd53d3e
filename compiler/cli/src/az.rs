//! Azure's command line, asked when the user says so.
//!
//! Owns: running it with an argument vector, never through a shell. Must not: log in, or change anything.

use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

/// The most bytes of an answer.
const LONGEST: u64 = 256 << 20;

/// What a command prints as JSON.
///
/// # Errors
/// If there is no `az`, or it fails: what it says is on standard error.
pub(crate) fn run(arguments: &[&str]) -> Result<Vec<u8>> {
    let shown = format!("az {}", arguments.join(" "));
    let mut command = Command::new("az");
    command.args(arguments).args(["--only-show-errors", "-o", "json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            anyhow!("there is no `az` on the path: install Azure's command line, or give what it prints as a file")
        }
        _ => anyhow!("`az` does not run: {error}"),
    })?;
    let mut bytes = Vec::new();
    let output = child.stdout.take().expect("invariant: it was piped");
    let read = output.take(LONGEST + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LONGEST {
        let _ = child.kill();
        let _ = child.wait();
        bail!("`{shown}` prints more than {} MiB", LONGEST >> 20);
    }
    let status = child.wait().with_context(|| format!("`{shown}` was lost"))?;
    read.with_context(|| format!("failed to read what `{shown}` prints"))?;
    if !status.success() {
        bail!("`{shown}` failed");
    }
    Ok(bytes)
}
