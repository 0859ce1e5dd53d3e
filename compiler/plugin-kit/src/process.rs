//! Finding and starting tools.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// The first program of this name along `PATH`, or in one of these directories before.
pub(crate) fn find(name: &str, before: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let directories = before.iter().cloned().chain(env::split_paths(&path));
    directories.map(|directory| directory.join(name)).find(|program| program.is_file())
}

/// What a tool that succeeded wrote.
pub(crate) struct Ran {
    pub(crate) output: Vec<u8>,
    /// What it told people.
    pub(crate) said: String,
}

/// Runs a tool. If it fails, its standard error goes into the error.
pub(crate) fn run(command: &mut Command) -> Result<Ran, Error> {
    let shown = shown(command);
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|source| Error::File { doing: "start", path: command.get_program().into(), source })?;
    if output.status.success() {
        return Ok(Ran { output: output.stdout, said: String::from_utf8_lossy(&output.stderr).into_owned() });
    }
    let said = [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Err(Error::Tool {
        command: shown,
        output: said.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default(),
    })
}

/// What a quick question to a tool answers; `None` if it cannot be asked.
pub(crate) fn ask(program: &Path, arguments: &[&str], directory: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(directory).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
