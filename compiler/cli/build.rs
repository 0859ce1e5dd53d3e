//! Collects the pages under docs/diagnostics into a sorted table, so that `explain` needs no files at run time; chooses how the program is linked.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics");
    println!("cargo::rerun-if-changed={}", pages.display());
    let mut found = Vec::new();
    collect(&pages.canonicalize()?, None, &mut found)?;
    found.sort();
    let mut table = String::from("const PAGES: &[(&str, Option<&str>, &str)] = &[\n");
    for (code, group, path) in found {
        let _ = writeln!(table, "    ({code:?}, {group:?}, include_str!({:?})),", path.display().to_string());
    }
    table.push_str("];\n");
    link_at_fixed_place();
    let out = std::env::var_os("OUT_DIR").map(std::path::PathBuf::from).unwrap_or_default();
    std::fs::write(out.join("pages.rs"), table)
}

/// The pages of a directory as code, group and path. The pages of a group's codes are in the directory of its name.
fn collect(
    directory: &Path,
    group: Option<&str>,
    found: &mut Vec<(String, Option<String>, PathBuf)>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, Some(&name), found)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push((name, group.map(str::to_owned), path));
        }
    }
    Ok(())
}

/// The program's tables hold some 30,000 addresses. Moved to a random place, all of them are written at each start, which takes longer than what most
/// commands do. Stack, heap, libraries and the code of plugins stay at random places.
fn link_at_fixed_place() {
    let is =
        |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found.split(',').any(|part| part == value));
    let is_static = is("CARGO_CFG_TARGET_FEATURE", "crt-static");
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
