//! Building a Rust plugin: cargo, with whatever way to WebAssembly this machine has.
//!
//! Owns: the choice of the toolchain, and that the place of the sources is not in the result. The ordinary one is a target that is installed (`rustup target add wasm32-unknown-unknown`). Where there is none but the standard
//! library's source is, as in distributions' packages, the library is built along.

#![expect(clippy::disallowed_methods, reason = "a shell crate: projects are files")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::error::Error;
use crate::process::{ask, find, run};

const TARGET: &str = "wasm32-unknown-unknown";
/// The author's release profile under a name of its own, so that nothing is used again that cargo built without the wrapper.
const PROFILE: &str = "flatwright";
/// Stands before the compiler: see there.
const WRAPPER: &str = include_str!("rustc.sh");

/// One way to build for the target.
pub(crate) struct Toolchain {
    cargo: PathBuf,
    rustc: Option<PathBuf>,
    /// The standard library must be built too.
    builds_std: bool,
    linker: Option<PathBuf>,
}

impl Toolchain {
    /// The first way that works: the user's own toolchain, then the system's; each with an installed target before one with the source alone.
    pub(crate) fn find(project: &Path) -> Option<Self> {
        let own = find("rustc", &[]).map(|rustc| (rustc, find("cargo", &[])));
        let system = PathBuf::from("/usr/bin/rustc");
        let system = system.is_file().then(|| (system, find("cargo", &["/usr/bin".into()])));
        let candidates: Vec<_> = [own, system]
            .into_iter()
            .flatten()
            .filter_map(|(rustc, cargo)| {
                let sysroot = PathBuf::from(ask(&rustc, &["--print", "sysroot"], project)?);
                Some((rustc, cargo?, sysroot))
            })
            .collect();
        let installed = candidates.iter().find(|(_, _, sysroot)| sysroot.join("lib/rustlib").join(TARGET).is_dir());
        if let Some((rustc, cargo, sysroot)) = installed {
            return Some(Self::new(rustc, cargo, sysroot, false));
        }
        let has_source = |sysroot: &Path| sysroot.join("lib/rustlib/src/rust/library/std").is_dir();
        let (rustc, cargo, sysroot) = candidates.iter().find(|(_, _, sysroot)| has_source(sysroot))?;
        Some(Self::new(rustc, cargo, sysroot, true))
    }

    fn new(rustc: &Path, cargo: &Path, sysroot: &Path, builds_std: bool) -> Self {
        // rustup's own cargo chooses its rustc by itself.
        let is_system = rustc.starts_with("/usr/bin");
        let linker = if has_own_linker(sysroot) { None } else { find_linker() };
        Self { cargo: cargo.to_owned(), rustc: is_system.then(|| rustc.to_owned()), builds_std, linker }
    }

    fn command(&self, project: &Path, keeps_lines: bool) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(project).args(["build", "--lib", "--target", TARGET]);
        let profile = if keeps_lines { format!("{PROFILE}-debug") } else { PROFILE.to_owned() };
        let mut set = |key: &str, value: &str| {
            command.arg("--config").arg(format!("profile.{profile}.{key}=\"{value}\""));
        };
        set("inherits", "release");
        if keeps_lines {
            set("strip", "none");
            set("debug", "line-tables-only");
        }
        command.arg("--profile").arg(&profile);
        // Progress is left out, so that what is left on standard error is for the author.
        command.args(["--message-format=json-render-diagnostics", "--quiet"]);
        if let Some(rustc) = &self.rustc {
            command.env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
        }
        if self.builds_std {
            // The flag is unstable, but the library is that of this very compiler.
            command.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
        }
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }
}

/// Builds the crate in a directory and gives the path of the core module, and what the compiler warns of. `target` is where cargo puts things, instead of its usual place.
pub(crate) fn build(project: &Path, keeps_lines: bool, target: Option<&Path>) -> Result<(PathBuf, String), Error> {
    let toolchain = Toolchain::find(project).ok_or_else(|| Error::NoTool {
        tool: format!("rustc with the target {TARGET}"),
        what: "a Rust plugin".to_owned(),
        install: format!("run `rustup target add {TARGET}`, or install the source of the standard library"),
    })?;
    let mut command = toolchain.command(project, keeps_lines);
    if let Some(inner) = std::env::var_os("RUSTC_WRAPPER").filter(|inner| !inner.is_empty()) {
        command.env("FLATWRIGHT_INNER_WRAPPER", inner);
    }
    command.env("RUSTC_WRAPPER", wrapper(project)?);
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target);
    }
    let ran = run(&mut command)?;
    let manifest = project.join("Cargo.toml");
    let module = module(&String::from_utf8_lossy(&ran.output), &manifest).ok_or_else(|| {
        Error::Project(format!(
            "`{}` makes no `cdylib`; add `crate-type = [\"cdylib\", \"rlib\"]` to `[lib]`",
            manifest.display()
        ))
    })?;
    Ok((module, ran.said))
}

/// The wrapper as a program in `dist`.
fn wrapper(project: &Path) -> Result<PathBuf, Error> {
    let directory = project.join("dist");
    fs::create_dir_all(&directory).map_err(Error::write(&directory))?;
    let path = std::path::absolute(directory.join(".rustc")).map_err(Error::read(&directory))?;
    // What is there may be running in another build.
    if !fs::read(&path).is_ok_and(|text| text == WRAPPER.as_bytes()) {
        let new = path.with_extension(std::process::id().to_string());
        fs::write(&new, WRAPPER).map_err(Error::write(&new))?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).map_err(Error::write(&new))?;
        fs::rename(&new, &path).map_err(Error::write(&path))?;
    }
    Ok(path)
}

/// The sources of a module, as cargo lists them beside it: those of path dependencies are among them. None of another language's.
pub(crate) fn sources(module: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(module.with_extension("d")).unwrap_or_default();
    let listed = text.split_once(": ").map_or("", |(_, listed)| listed).trim().replace("\\ ", "\0");
    let sources: Vec<PathBuf> =
        listed.split(' ').filter(|path| !path.is_empty()).map(|path| path.replace('\0', " ").into()).collect();
    // What a crate depends on stands in its manifest.
    let manifests = sources.iter().filter_map(|source| {
        source.ancestors().map(|above| above.join("Cargo.toml")).find(|manifest| manifest.is_file())
    });
    let manifests: std::collections::BTreeSet<PathBuf> = manifests.collect();
    sources.iter().cloned().chain(manifests).collect()
}

/// The module among cargo's messages: the last one of this very manifest.
fn module(messages: &str, manifest: &Path) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours = messages.filter(|message| {
        message["reason"] == "compiler-artifact"
            && message["manifest_path"].as_str().is_some_and(|path| is_same(Path::new(path), manifest))
    });
    let files: Vec<Value> =
        ours.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default()).collect();
    let mut modules = files.iter().filter_map(Value::as_str).filter(|file| file.ends_with(".wasm"));
    modules.next_back().map(PathBuf::from)
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Toolchains of rustup bring a linker for WebAssembly along.
fn has_own_linker(sysroot: &Path) -> bool {
    let Ok(hosts) = sysroot.join("lib/rustlib").read_dir() else { return false };
    hosts.flatten().any(|host| host.path().join("bin/rust-lld").is_file())
}

/// Distributions put the version behind the name.
fn find_linker() -> Option<PathBuf> {
    let names = std::iter::once(OsString::from("wasm-ld")).chain((14..30).rev().map(|n| format!("wasm-ld-{n}").into()));
    names.filter_map(|name| find(&name.to_string_lossy(), &[])).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_the_one_of_the_manifest() {
        let messages = "\
            {\"reason\":\"compiler-artifact\",\"manifest_path\":\"/sdk/Cargo.toml\",\"filenames\":[\"/t/sdk.wasm\"]}\n\
            {\"reason\":\"compiler-artifact\",\"manifest_path\":\"/p/Cargo.toml\",\"filenames\":[\"/t/p.wasm\",\"/t/libp.rlib\"]}\n\
            not json\n\
            {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(module(messages, Path::new("/p/Cargo.toml")), Some("/t/p.wasm".into()));
        assert_eq!(module(messages, Path::new("/q/Cargo.toml")), None);
    }
}
