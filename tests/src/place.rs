//! Directories: the repository, its examples, the conformance data.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("invariant: the package stands one level below the root")
}

/// The example specs: file stem and text, sorted.
pub fn examples() -> Vec<(String, String)> {
    let mut examples: Vec<_> = files_below(&repository().join("examples"))
        .into_iter()
        .filter(|path| {
            path.parent() == Some(&repository().join("examples")) && path.extension().is_some_and(|e| e == "yaml")
        })
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        // Plugins are built by who runs that example.
        .filter(|(_, text)| text.contains("kind: FlatcarCluster") && !text.contains("\n  plugins:"))
        .collect();
    examples.sort();
    examples
}

/// Every file below a directory, sorted; none if the directory does not exist. Build output is skipped.
pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                files.extend(files_below(&path));
            }
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A directory of the conformance data, `None` (with a printed line) where they are absent. `FLATWRIGHT_CONFORMANCE` overrides their place.
pub fn conformance(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FLATWRIGHT_CONFORMANCE")
        .map_or_else(|| repository().join("../shared/conformance"), PathBuf::from);
    let directory = root.join(part);
    if directory.exists() {
        return Some(directory);
    }
    println!("skipped: no conformance data `{part}`");
    None
}
