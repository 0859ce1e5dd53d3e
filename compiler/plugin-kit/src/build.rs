//! `plugin build`: from a project to one file.
//!
//! Owns: telling languages apart, the ordinary tool of each, and the last steps that all share: encoding, description, checks, an atomic write.

#![expect(clippy::disallowed_methods, reason = "a shell crate: projects are files")]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_host::{Host, Inspection, inspect};

use crate::encode::{describe, encode};
use crate::error::Error;
use crate::language::Language;
use crate::process::{find, run};
use crate::rust;

/// A plugin that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The file: `dist/<name>.wasm` in the project, unless told otherwise.
    pub path: PathBuf,
    /// What is in it.
    pub component: Vec<u8>,
    /// What it says about itself.
    pub description: Description,
    /// What can be told without running it.
    pub inspection: Inspection,
}

/// Builds the project in a directory. The component is loaded once, so that what cannot run is not written.
///
/// # Errors
/// See [`Error`]: no tool, a tool that failed, a component that is no plugin.
pub fn build(host: &Host, project: &Path, output: Option<&Path>) -> Result<Built, Error> {
    let language = language(project)?;
    let module = match language {
        Language::Rust => rust::build(project)?,
        Language::Python => python(project)?,
        Language::JavaScript => javascript(project)?,
        Language::C => c(project)?,
    };
    let module = fs::read(&module).map_err(Error::read(&module))?;
    let name = project.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let (component, description) = describe(host, name.as_deref().unwrap_or("plugin"), &encode(&module)?)?;
    let inspection = inspect(&description.name, &component).map_err(flatwright_plugin_host::Failure::from)?;
    let path = output.map_or_else(|| project.join("dist").join(format!("{}.wasm", description.name)), Path::to_owned);
    write(&path, &component)?;
    Ok(Built { path, component, description, inspection })
}

fn language(project: &Path) -> Result<Language, Error> {
    let marks = [
        ("Cargo.toml", Language::Rust),
        ("app.py", Language::Python),
        ("app.js", Language::JavaScript),
        ("plugin.c", Language::C),
    ];
    let found = marks.iter().find(|(file, _)| project.join(file).is_file());
    found.map(|(_, language)| *language).ok_or_else(|| {
        let files = marks.map(|(file, _)| file).join(", ");
        Error::Project(format!("`{}` is not a plugin project: it has none of {files}", project.display()))
    })
}

fn python(project: &Path) -> Result<PathBuf, Error> {
    let tool = tool(
        project,
        "componentize-py",
        &[".venv/bin", "venv/bin"],
        Language::Python,
        "run `pip install componentize-py`",
    )?;
    let module = intermediate(project)?;
    // -s: without WASI, which plugins do not have.
    let mut command = Command::new(tool);
    command.current_dir(project).args(["-d", "wit", "-w", "plugin", "componentize", "-s", "app", "-o"]).arg(&module);
    run(&mut command)?;
    Ok(project.join(module))
}

fn javascript(project: &Path) -> Result<PathBuf, Error> {
    let install = "run `npm install @bytecodealliance/jco`";
    let tool = tool(project, "jco", &["node_modules/.bin"], Language::JavaScript, install)?;
    let module = intermediate(project)?;
    let mut command = Command::new(tool);
    command.current_dir(project).args(["componentize", "app.js", "--wit", "wit", "-n", "plugin", "--backend", "qjs"]);
    command.args(["--backend-qjs-stub-wasi", "--backend-qjs-disable-async", "-o"]).arg(&module);
    run(&mut command)?;
    Ok(project.join(module))
}

fn c(project: &Path) -> Result<PathBuf, Error> {
    let bindgen = tool(project, "wit-bindgen", &[], Language::C, "run `cargo install wit-bindgen-cli`")?;
    let mut compile = match tool(project, "clang", &[], Language::C, "install clang and lld, or zig") {
        Ok(clang) => {
            let mut command = Command::new(clang);
            command.arg("--target=wasm32-unknown-unknown");
            command
        }
        Err(missing) => {
            let mut command = Command::new(tool(project, "zig", &[], Language::C, "").map_err(|_| missing)?);
            command.args(["cc", "--target=wasm32-freestanding"]);
            command
        }
    };
    let module = intermediate(project)?;
    run(Command::new(bindgen).current_dir(project).args(["c", "wit", "--world", "plugin", "--out-dir", "dist"]))?;
    // No C library: the project has the few functions that the bindings call.
    compile.current_dir(project).args(["-Os", "-flto", "-nostdlib", "-ffreestanding", "-fno-builtin", "-mbulk-memory"]);
    compile.args(["-isystem", "include", "-Wl,--no-entry", "-o"]).arg(&module);
    compile.args(["plugin.c", "runtime.c", "dist/plugin.c", "dist/plugin_component_type.o"]);
    run(&mut compile)?;
    Ok(project.join(module))
}

fn tool(project: &Path, name: &str, inside: &[&str], language: Language, install: &str) -> Result<PathBuf, Error> {
    let inside: Vec<PathBuf> = inside.iter().map(|directory| project.join(directory)).collect();
    // Tools run in the project's directory, so a relative path would lead elsewhere.
    let found = find(name, &inside).map(|path| std::path::absolute(&path).unwrap_or(path));
    found.ok_or_else(|| Error::NoTool {
        tool: name.to_owned(),
        what: format!("a plugin in {language}"),
        install: install.to_owned(),
    })
}

/// Where tools put what is not finished yet, relative to the project.
fn intermediate(project: &Path) -> Result<PathBuf, Error> {
    let directory = project.join("dist");
    fs::create_dir_all(&directory).map_err(Error::write(&directory))?;
    Ok(Path::new("dist").join("unfinished.wasm"))
}

/// By rename, so that nobody reads half a component.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(Error::write(directory))?;
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    fs::write(&temporary, bytes).map_err(Error::write(&temporary))?;
    fs::rename(&temporary, path).map_err(Error::write(path))
}

impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Description { name, version, .. } = &self.description;
        let hooks: Vec<_> = self.inspection.world.hooks.iter().map(|hook| hook.name()).collect();
        writeln!(f, "built {name} {version}: {}", self.path.display())?;
        writeln!(f, "  {} bytes, hooks {}", self.inspection.size, hooks.join(", "))?;
        writeln!(f, "  {}", self.inspection.digest)
    }
}
