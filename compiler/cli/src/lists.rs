//! The lists of versions that a command line names: files, and directories of such.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flatwright_diagnostic::{Anchor, Report};
use flatwright_flatcar::bakery::parse_image_file;
use flatwright_lock::known::{Known, Malformed};
use flatwright_lock::rules::Listing;
use flatwright_render::Sources;
use sha2::{Digest, Sha256, Sha512};

use crate::args::{self, Color};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::report::{self, Stream};

/// More files than a directory of lists has.
const MOST_FILES: usize = 10_000;

/// Reads lists; or tells how the run ends where one is none.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn read(paths: &[PathBuf], findings: &args::Findings, color: Color) -> Result<Result<Known, Code>> {
    let (mut known, mut sources, mut found) = (Known::default(), Sources::new(), Report::new());
    let mut images = Vec::new();
    for path in paths {
        for (path, is_named) in files(path)? {
            if is_image(&path) {
                images.push(path);
                continue;
            }
            let file = read_spec(&path)?;
            if let Err(Malformed { line, column, problem }) = known.add(&file.name, &file.bytes) {
                // A directory holds images and transfers as well.
                if !is_named && !is_list(&path) {
                    continue;
                }
                let source = sources.add(file.name.as_str(), String::from_utf8_lossy(&file.bytes), None);
                let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                found.refuse(Anchor::line_column(source, number(line), number(column)), &Listing::Unknown { problem });
            }
        }
    }
    // After the lists, which say what an image must be.
    for path in images {
        hash(&path, &mut known)?;
    }
    if found.has_errors() {
        return Ok(Err(report::present(found, &sources, None, findings, Stream::Error, color)?));
    }
    Ok(Ok(known))
}

/// The hashes of an extension's image; other large files say nothing.
#[expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]
fn hash(path: &Path, known: &mut Known) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if parse_image_file(&name).is_none() {
        return Ok(());
    }
    let failed = || format!("failed to read `{}`", path.display());
    let mut file = std::fs::File::open(path).with_context(failed)?;
    let (mut sha256, mut sha512) = (Sha256::new(), Sha512::new());
    let mut piece = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut piece).with_context(failed)?;
        if count == 0 {
            break;
        }
        sha256.update(&piece[..count]);
        sha512.update(&piece[..count]);
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    known.add_file(&name, hex(&sha256.finalize()), hex(&sha512.finalize()), &path.to_string_lossy());
    Ok(())
}

/// The files of a path, and whether each was named.
#[expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]
fn files(path: &Path) -> Result<Vec<(PathBuf, bool)>> {
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), true)]);
    }
    let mut files = Vec::new();
    let mut directories = vec![path.to_owned()];
    while let Some(directory) = directories.pop() {
        let entries =
            std::fs::read_dir(&directory).with_context(|| format!("failed to read `{}`", directory.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to read `{}`", directory.display()))?;
            let kind = entry.file_type().with_context(|| format!("failed to read `{}`", entry.path().display()))?;
            if kind.is_dir() {
                directories.push(entry.path());
            } else if kind.is_file() {
                files.push((entry.path(), false));
            }
            if files.len() > MOST_FILES {
                bail!("`{}` has more than {MOST_FILES} files", path.display());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file of a directory must be a list.
fn is_list(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "SHA256SUMS" || name == "index.yaml")
}

/// What is large and no list.
fn is_image(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["raw", "tgz", "wasm", "gz"].iter().any(|known| extension == *known))
}
