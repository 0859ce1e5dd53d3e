//! Writing single files: by rename, so that a failed run leaves the old one untouched. Output directories are `directory`'s.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that writes")]

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flatwright::OutputFile;

/// Writes a text to standard output.
///
/// # Errors
/// What the operating system says; a broken pipe among it.
pub(crate) fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output as they are.
///
/// # Errors
/// As [`print()`].
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context("failed to write to standard output")
}

/// Makes a directory with those above it.
///
/// # Errors
/// What the operating system says, with the path.
pub(crate) fn make_directory(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("failed to make `{}`", path.display()))
}

/// Replaces one file at once: its bytes are complete beside it before it gets its name. A link is followed, permissions stay. What is no regular file
/// (`/dev/stdout`, a pipe) is written to as it is.
///
/// # Errors
/// What the operating system says.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    replace_bytes(path, text.as_bytes())
}

/// The same for bytes that are no text.
///
/// # Errors
/// What the operating system says.
pub(crate) fn replace_bytes(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = match std::fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => return std::fs::write(path, text),
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    let temporary = beside(&target);
    let written = std::fs::write(&temporary, text)
        .and_then(|()| old.map_or(Ok(()), |permissions| std::fs::set_permissions(&temporary, permissions)))
        .and_then(|()| std::fs::rename(&temporary, &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// The name under which a file is written before it gets its own.
fn beside(path: &Path) -> std::path::PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp{}", std::process::id()))
}

/// Writes one file, by rename.
///
/// # Errors
/// What the operating system says, with the path.
pub(crate) fn write_file(file: &OutputFile) -> Result<()> {
    replace(Path::new(&file.path), &file.text).with_context(|| format!("failed to write `{}`", file.path))
}
