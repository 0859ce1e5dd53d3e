//! What `plugin build` puts around a plugin in Python or JavaScript.
//!
//! Owns: the modules through which such a component is entered, and where they lie in a project. They make log lines of what the author prints, and tell of an exception where
//! and why, in the form that the host reads; the languages' tools leave out both. In a module of its own, so that neither template nor author must have it.

#![expect(clippy::disallowed_methods, reason = "a shell crate: projects are files")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::language::Language;

/// The module that componentize-py is given.
pub(crate) const PYTHON_MODULE: &str = "flatwright_entry";

const PYTHON: &[(&str, &str)] = &[("flatwright_entry.py", include_str!("flatwright_entry.py"))];
const JAVASCRIPT: &[(&str, &str)] =
    &[("runtime.js", include_str!("runtime.js")), ("entry.js", include_str!("entry.js"))];

/// Writes them and gives their directory, relative to the project.
pub(crate) fn write(project: &Path, language: Language) -> Result<PathBuf, Error> {
    let files = match language {
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
        Language::Rust | Language::C => &[],
    };
    let directory = Path::new("dist").join(".flatwright");
    let absolute = project.join(&directory);
    fs::create_dir_all(&absolute).map_err(Error::write(&absolute))?;
    for (name, text) in files {
        let path = absolute.join(name);
        fs::write(&path, text).map_err(Error::write(&path))?;
    }
    Ok(directory)
}
