//! What a build read, so that the next test of an unchanged project builds nothing.
//!
//! Owns: which files, tools and variables a build of each language reads, and whether they are as they were: files by their content, tools and the packages of a language's own
//! package manager by size and time of change. Must not: build, or believe a record whose component is another one.

#![expect(clippy::disallowed_methods, reason = "a shell crate: projects are files, and builds read the environment")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use flatwright_plugin_host::Digest;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::language::Language;
use crate::process::find;

/// The record, beside what was built.
const RECORD: &str = "dist/.built.json";
/// The form of a record; another one is none.
const FORM: u32 = 1;
/// Beginnings of the names of variables that builds read.
const VARIABLES: [&str; 8] = ["CARGO_", "RUST", "CC", "CFLAGS", "PYTHON", "VIRTUAL_ENV", "NODE_", "npm_config_"];
/// What no build of a plugin reads: results, and the rooms of tools and of version control.
const NOT_READ: [&str; 6] = ["dist", "target", ".git", "__pycache__", "tests", ".pytest_cache"];
/// Packages that a package manager put there: many files, of which it keeps account itself.
const PACKAGES: [&str; 3] = [".venv", "venv", "node_modules"];
/// More files than that are no project.
const MOST_FILES: usize = 20_000;

/// What a build read.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    form: u32,
    /// The digest of what was built.
    component: String,
    /// The digests of files, by path: relative ones are below the project.
    files: BTreeMap<PathBuf, String>,
    /// Size and time of change of tools and packages.
    tools: BTreeMap<PathBuf, (u64, u128)>,
    variables: BTreeMap<String, String>,
}

/// The component that was built here, if nothing has changed since.
pub(crate) fn built(project: &Path) -> Option<Vec<u8>> {
    let record: Record = serde_json::from_slice(&fs::read(project.join(RECORD)).ok()?).ok()?;
    let language = Language::of(project)?;
    let component = component(project, &record.component)?;
    let now = Record {
        form: FORM,
        component: record.component.clone(),
        files: digests(project, record.files.keys().cloned().chain(own_files(project)?))?,
        tools: tools(project, language),
        variables: variables(),
    };
    (now == record).then_some(component)
}

/// Remembers what a build read. What cannot be written is not remembered, and the next test builds again.
pub(crate) fn remember(project: &Path, component: &[u8], also: &[PathBuf]) -> Result<(), Error> {
    let Some(language) = Language::of(project) else { return Ok(()) };
    let Some(own) = own_files(project) else { return Ok(()) };
    let Some(files) = digests(project, own.into_iter().chain(also.iter().cloned())) else { return Ok(()) };
    let record = Record {
        form: FORM,
        component: Digest::of(component).hex(),
        files,
        tools: tools(project, language),
        variables: variables(),
    };
    let path = project.join(RECORD);
    let text = serde_json::to_vec_pretty(&record).expect("invariant: paths of projects are text");
    fs::write(&path, text).map_err(Error::write(path))
}

/// The file in `dist` that has a digest.
fn component(project: &Path, digest: &str) -> Option<Vec<u8>> {
    let files = fs::read_dir(project.join("dist")).ok()?.flatten().map(|entry| entry.path());
    let mut components = files.filter(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    components.find_map(|path| {
        let bytes = fs::read(&path).ok()?;
        (Digest::of(&bytes).hex() == digest).then_some(bytes)
    })
}

/// Every file of the project that a build may read, and those above it that tools look for.
fn own_files(project: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut directories = vec![PathBuf::new()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(project.join(&directory)).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name();
            let is_left_out = |names: &[&str]| names.iter().any(|left_out| name == *left_out);
            if is_left_out(&NOT_READ) || is_left_out(&PACKAGES) {
                continue;
            }
            let path = directory.join(&name);
            if entry.path().is_dir() {
                directories.push(path);
            } else {
                files.push(path);
            }
            if files.len() > MOST_FILES {
                return None;
            }
        }
    }
    // cargo and rustup look for their settings up to the root.
    for above in std::path::absolute(project).ok()?.ancestors().skip(1) {
        for name in [".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain", "Cargo.toml"] {
            let path = above.join(name);
            files.extend(path.is_file().then_some(path));
        }
    }
    Some(files)
}

fn digests(project: &Path, files: impl Iterator<Item = PathBuf>) -> Option<BTreeMap<PathBuf, String>> {
    files
        .map(|file| {
            let bytes = fs::read(project.join(&file)).ok()?;
            Some((file, Digest::of(&bytes).hex()))
        })
        .collect()
}

/// The programs of a language, and what its package managers say of the packages.
fn tools(project: &Path, language: Language) -> BTreeMap<PathBuf, (u64, u128)> {
    let names: &[&str] = match language {
        Language::Rust => &["rustc", "cargo", "wasm-ld"],
        Language::Python => &["componentize-py"],
        Language::JavaScript => &["jco", "node"],
        Language::C => &["clang", "zig", "wit-bindgen", "wasm-ld"],
    };
    let inside = [".venv/bin", "venv/bin", "node_modules/.bin"].map(|directory| project.join(directory));
    let programs = names.iter().filter_map(|name| find(name, &inside));
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    // Which toolchain rustup takes; what npm installed; the packages of a Python environment.
    let mut state = vec![home.join(".rustup/settings.toml"), project.join("node_modules/.package-lock.json")];
    for environment in [".venv", "venv"] {
        let versions = fs::read_dir(project.join(environment).join("lib")).into_iter().flatten().flatten();
        for packages in versions.map(|version| version.path().join("site-packages")) {
            state.extend(fs::read_dir(packages).into_iter().flatten().flatten().map(|entry| entry.path()));
        }
    }
    let known = |path: PathBuf| {
        let metadata = fs::metadata(&path).ok()?;
        let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((path, (metadata.len(), changed.as_nanos())))
    };
    programs.chain(state).filter_map(known).collect()
}

fn variables() -> BTreeMap<String, String> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let all = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
    // Tests of this program run below cargo, which sets some for each package.
    let is_of_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST");
    let is_read = |name: &str| VARIABLES.iter().any(|start| name.starts_with(start)) && !is_of_package(name);
    all.filter(|(name, _)| is_read(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project of a language that needs no tool to be looked at.
    fn project(name: &str) -> PathBuf {
        let project = std::env::temp_dir().join(format!("flatwright-unchanged-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&project);
        fs::create_dir_all(project.join("dist")).unwrap();
        fs::create_dir_all(project.join("wit")).unwrap();
        for (file, text) in [("app.py", "a = 1\n"), ("wit/plugin.wit", "package a:b;\n"), ("dist/a.wasm", "component")]
        {
            fs::write(project.join(file), text).unwrap();
        }
        project
    }

    #[test]
    fn a_project_is_built_again_when_anything_has_changed() {
        type Change = fn(&Path);
        let changes: [(&str, Change); 6] = [
            ("nothing", |_| {}),
            ("source", |project| fs::write(project.join("app.py"), "a = 2\n").unwrap()),
            ("new file", |project| fs::write(project.join("wit/more.wit"), "").unwrap()),
            ("file gone", |project| fs::remove_file(project.join("wit/plugin.wit")).unwrap()),
            ("component", |project| fs::write(project.join("dist/a.wasm"), "other").unwrap()),
            ("package", |project| fs::create_dir_all(project.join(".venv/lib/python3/site-packages/new")).unwrap()),
        ];
        for (name, change) in changes {
            let project = project(name);
            remember(&project, b"component", &[]).unwrap();
            change(&project);
            assert_eq!(built(&project).is_some(), name == "nothing", "{name}");
            fs::remove_dir_all(&project).unwrap();
        }
    }

    #[test]
    fn files_elsewhere_count_too() {
        let project = project("elsewhere");
        let other = project.with_extension("other");
        fs::write(&other, "a").unwrap();
        remember(&project, b"component", std::slice::from_ref(&other)).unwrap();
        assert!(built(&project).is_some());
        fs::write(&other, "b").unwrap();
        assert!(built(&project).is_none());
        fs::remove_file(other).unwrap();
        fs::remove_dir_all(project).unwrap();
    }
}
