//! The files that a command line names, and those below the directories that it names.
//!
//! Owns: which files these are; they are read when they are asked for. Must not: tell what kind of file one is.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flatwright::Inputs;

use crate::disk::read_limited;
use crate::walk::walk;

/// The files of a run, in the order in which they were named; those of a directory in the order of their paths.
#[derive(Debug, Default)]
pub(crate) struct Files {
    list: Vec<File>,
    stdin: Vec<u8>,
    /// What is below a directory and not looked at, with the reason.
    pub(crate) left_out: Vec<(String, &'static str)>,
    /// What is below a directory and cannot be read, with what the operating system says.
    pub(crate) unreadable: Vec<(String, String)>,
}

#[derive(Debug)]
struct File {
    name: String,
    path: PathBuf,
    is_found: bool,
}

impl Files {
    /// Finds the files: `-` is standard input, a directory stands for what is in it and below.
    ///
    /// # Errors
    /// What the operating system says of a path that was named.
    pub(crate) fn find(paths: &[PathBuf]) -> Result<Self> {
        let mut files = Self::default();
        // What is named twice, or named and below a directory that is named, is one file.
        let mut known: BTreeSet<PathBuf> = paths.iter().filter(|path| !path.is_dir()).cloned().collect();
        for path in paths {
            if path == Path::new("-") {
                std::io::stdin().lock().read_to_end(&mut files.stdin).context("failed to read standard input")?;
                files.list.push(File { name: "<stdin>".to_owned(), path: path.clone(), is_found: false });
            } else if path.is_dir() {
                files.add_directory(path, &mut known);
            } else {
                std::fs::metadata(path).with_context(|| format!("failed to read `{}`", path.display()))?;
                files.list.push(File { name: name(path), path: path.clone(), is_found: false });
            }
        }
        Ok(files)
    }

    fn add_directory(&mut self, directory: &Path, known: &mut BTreeSet<PathBuf>) {
        let found = walk(directory);
        for path in found.files {
            if known.insert(path.clone()) {
                self.list.push(File { name: name(&path), path, is_found: true });
            }
        }
        self.left_out.extend(found.left_out.iter().map(|(path, reason)| (name(path), reason.words())));
        self.unreadable.extend(found.unreadable.into_iter().map(|(path, reason)| (name(&path), reason)));
    }
}

impl Inputs for Files {
    fn len(&self) -> usize {
        self.list.len()
    }

    fn name(&self, index: usize) -> &str {
        &self.list[index].name
    }

    fn is_found(&self, index: usize) -> bool {
        self.list[index].is_found
    }

    fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, String> {
        let file = &self.list[index];
        if file.path == Path::new("-") {
            return Ok(Cow::Borrowed(&self.stdin));
        }
        // A file of any size or sort may be named; who walks a directory must not wait for a pipe.
        let read = if file.is_found {
            read_limited(&file.path)
        } else {
            std::fs::read(&file.path).map_err(|error| error.to_string())
        };
        read.map(Cow::Owned)
    }
}

/// The name of a path; what is below `.` is named without it.
fn name(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).to_string_lossy().into_owned()
}
