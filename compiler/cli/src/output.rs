//! Writing: whole files by rename, so that a failed run leaves the old output untouched; and the comparison of `--check`.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that writes")]

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flatwright::OutputFile;

/// The directories below an output directory that belong to us: files in them that are no part of the output are removed.
const OWNED: [&str; 2] = ["manifests", "ignition"];

/// Writes a text to standard output.
///
/// # Errors
/// What the operating system says; a broken pipe among it.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("failed to write to standard output")
}

/// Replaces one file at once: its bytes are complete beside it before it gets its name. A link is followed, permissions stay. What is no regular file
/// (`/dev/stdout`, a pipe) is written to as it is.
///
/// # Errors
/// What the operating system says.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
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

/// Writes every file below a directory: first all beside their places, then each by rename, then what an earlier run left over is removed.
///
/// # Errors
/// What the operating system says, with the path.
pub(crate) fn write(directory: &Path, files: &[OutputFile]) -> Result<()> {
    if directory.is_file() {
        bail!("`{}` is a file, not a directory", directory.display());
    }
    let mut staged = Vec::with_capacity(files.len());
    for file in files {
        let path = directory.join(&file.path);
        let parent = path.parent().unwrap_or(directory);
        std::fs::create_dir_all(parent)
            .with_context(|| format!("failed to make the directory `{}`", parent.display()))?;
        let temporary = beside(&path);
        if let Err(error) = std::fs::write(&temporary, &file.text) {
            discard(&staged);
            return Err(error).with_context(|| format!("failed to write `{}`", temporary.display()));
        }
        staged.push((temporary, path));
    }
    for (temporary, path) in &staged {
        if let Err(error) = std::fs::rename(temporary, path) {
            discard(&staged);
            return Err(error).with_context(|| format!("failed to write `{}`", path.display()));
        }
    }
    for stale in stale(directory, files)? {
        std::fs::remove_file(directory.join(&stale)).with_context(|| format!("failed to remove `{stale}`"))?;
    }
    Ok(())
}

fn discard(staged: &[(std::path::PathBuf, std::path::PathBuf)]) {
    for (temporary, _) in staged {
        let _ = std::fs::remove_file(temporary);
    }
}

/// One line per difference between a directory and what would be written into it.
///
/// # Errors
/// What the operating system says about reading.
pub(crate) fn differences(directory: &Path, files: &[OutputFile]) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    for file in files {
        let path = directory.join(&file.path);
        match std::fs::read(&path) {
            Ok(bytes) if bytes == file.text.as_bytes() => {}
            Ok(_) => differences.push(format!("differs: {}", file.path)),
            Err(error) if error.kind() == ErrorKind::NotFound => differences.push(format!("missing: {}", file.path)),
            Err(error) => return Err(error).with_context(|| format!("failed to read `{}`", path.display())),
        }
    }
    differences.extend(stale(directory, files)?.into_iter().map(|path| format!("left over: {path}")));
    Ok(differences)
}

/// Files in our own directories that are no part of the output, sorted.
fn stale(directory: &Path, files: &[OutputFile]) -> Result<BTreeSet<String>> {
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let folders: BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    let mut stale = BTreeSet::new();
    for folder in
        folders.into_iter().filter(|folder| OWNED.iter().any(|owned| folder.rsplit('/').next() == Some(owned)))
    {
        let entries = match std::fs::read_dir(directory.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("failed to read `{folder}`")),
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to read `{folder}`"))?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().is_ok_and(|kind| kind.is_file()) && !wanted.contains(path.as_str()) {
                stale.insert(path);
            }
        }
    }
    Ok(stale)
}
