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
use crate::{entry, rust, unchanged};

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
    /// What the language's compiler warned of.
    pub warnings: String,
}

/// The component of a project: what was built, if nothing that a build reads has changed since, else what is built now. `None` for the second says that nothing was.
///
/// # Errors
/// As [`build`].
pub fn build_if_changed(host: &Host, project: &Path) -> Result<(Vec<u8>, Option<Built>), Error> {
    if let Some(component) = unchanged::built(project) {
        return Ok((component, None));
    }
    let built = build(host, project, None)?;
    Ok((built.component.clone(), Some(built)))
}

/// Builds the project in a directory. The component is loaded once, so that what cannot run is not written.
///
/// # Errors
/// See [`Error`]: no tool, a tool that failed, a component that is no plugin.
pub fn build(host: &Host, project: &Path, output: Option<&Path>) -> Result<Built, Error> {
    build_as(host, project, output, &Manner::default())
}

/// The same with names of functions and line tables, as far as the language's tools make them.
///
/// # Errors
/// As [`build`].
pub fn build_for_debugging(host: &Host, project: &Path, output: Option<&Path>) -> Result<Built, Error> {
    build_as(host, project, output, &Manner { keeps_lines: true, ..Manner::default() })
}

/// How to build.
#[derive(Debug, Default)]
struct Manner {
    keeps_lines: bool,
    /// Where cargo puts things, instead of its usual place.
    target: Option<PathBuf>,
}

fn build_as(host: &Host, project: &Path, output: Option<&Path>, manner: &Manner) -> Result<Built, Error> {
    let Made { component, description, warnings, sources } = make(host, project, manner)?;
    let inspection = inspect(&description.name, &component).map_err(flatwright_plugin_host::Failure::from)?;
    let path = output.map_or_else(|| project.join("dist").join(format!("{}.wasm", description.name)), Path::to_owned);
    write(&path, &component)?;
    if output.is_none() {
        unchanged::remember(project, &component, &sources)?;
    }
    Ok(Built { path, component, description, inspection, warnings })
}

/// The component of a project, made from nothing but its sources and written nowhere.
///
/// # Errors
/// As [`build`].
pub fn build_afresh(host: &Host, project: &Path) -> Result<Vec<u8>, Error> {
    let target = std::path::absolute(project.join("dist").join("afresh")).map_err(Error::read(project))?;
    let made = make(host, project, &Manner { target: Some(target.clone()), ..Manner::default() });
    if target.exists() {
        fs::remove_dir_all(&target).map_err(Error::write(&target))?;
    }
    Ok(made?.component)
}

/// What the tools gave.
struct Made {
    component: Vec<u8>,
    description: Description,
    warnings: String,
    sources: Vec<PathBuf>,
}

fn make(host: &Host, project: &Path, manner: &Manner) -> Result<Made, Error> {
    let language = language(project)?;
    let (module_path, warnings) = match language {
        Language::Rust => rust::build(project, manner.keeps_lines, manner.target.as_deref())?,
        // These tools write progress, too.
        Language::Python => (python(project)?, String::new()),
        Language::JavaScript => (javascript(project)?, String::new()),
        Language::C => c(project, manner.keeps_lines)?,
    };
    let module = fs::read(&module_path).map_err(Error::read(&module_path))?;
    let name = project.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let (component, description) = describe(host, name.as_deref().unwrap_or("plugin"), &encode(&module)?)?;
    Ok(Made { component, description, warnings, sources: rust::sources(&module_path) })
}

fn language(project: &Path) -> Result<Language, Error> {
    Language::of(project).ok_or_else(|| {
        let files = Language::ALL.map(Language::mark).join(", ");
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
    let around = entry::write(project, Language::Python)?;
    // -s: without WASI, which plugins do not have.
    let mut command = Command::new(tool);
    command.current_dir(project).args(["-d", "wit", "-w", "plugin", "componentize", "-p"]).arg(around);
    command.args(["-p", ".", "-s", entry::PYTHON_MODULE, "-o"]).arg(&module);
    // It embeds the packages of this environment, and without one those of whatever Python is first on the path.
    command.env("VIRTUAL_ENV", environment(project)?);
    run(&mut command)?;
    Ok(project.join(module))
}

/// The directory of the project's own environment; an empty one if it has none.
fn environment(project: &Path) -> Result<PathBuf, Error> {
    let own = [".venv", "venv"].map(|name| project.join(name)).into_iter().find(|path| path.is_dir());
    let path = match own {
        Some(path) => path,
        None => {
            let path = project.join("dist").join("no-packages");
            let packages = path.join("lib").join("site-packages");
            fs::create_dir_all(&packages).map_err(Error::write(&packages))?;
            path
        }
    };
    std::path::absolute(&path).map_err(Error::read(&path))
}

fn javascript(project: &Path) -> Result<PathBuf, Error> {
    let install = "run `npm install @bytecodealliance/jco`";
    let tool = tool(project, "jco", &["node_modules/.bin"], Language::JavaScript, install)?;
    let module = intermediate(project)?;
    let around = entry::write(project, Language::JavaScript)?;
    let mut command = Command::new(tool);
    // Modules are found below the project, not only below what is built.
    command.current_dir(project).arg("componentize").arg(around.join("entry.js")).args(["--cwd", "."]);
    command.args(["--wit", "wit", "-n", "plugin", "--backend", "qjs"]);
    command.args(["--backend-qjs-stub-wasi", "--backend-qjs-disable-async", "-o"]).arg(&module);
    run(&mut command)?;
    Ok(project.join(module))
}

fn c(project: &Path, keeps_lines: bool) -> Result<(PathBuf, String), Error> {
    let bindgen = tool(project, "wit-bindgen", &[], Language::C, "run `cargo install wit-bindgen-cli`")?;
    let mut compile = c_compiler(project)?;
    let module = intermediate(project)?;
    run(Command::new(bindgen).current_dir(project).args(["c", "wit", "--world", "plugin", "--out-dir", "dist"]))?;
    // No C library: the project has the few functions that the bindings call.
    compile.current_dir(project).args(["-Os", "-flto", "-nostdlib", "-ffreestanding", "-fno-builtin", "-mbulk-memory"]);
    // No path of this machine: the same sources are the same bytes anywhere.
    let place = std::path::absolute(project).map_err(Error::read(project))?;
    compile.arg(format!("-ffile-prefix-map={}=.", place.display()));
    if keeps_lines {
        compile.arg("-g");
    }
    compile.args(["-isystem", "include", "-Wl,--no-entry", "-o"]).arg(&module);
    compile.args(c_sources(project)?).args(["dist/plugin.c", "dist/plugin_component_type.o"]);
    let warnings = run(&mut compile)?.said;
    Ok((project.join(module), warnings))
}

/// What `CC` names, else clang, with whatever version distributions put behind its name, else zig's.
fn c_compiler(project: &Path) -> Result<Command, Error> {
    let for_target = |program: PathBuf| {
        let mut command = Command::new(program);
        command.arg("--target=wasm32-unknown-unknown");
        command
    };
    if let Some(program) = std::env::var_os("CC").filter(|program| !program.is_empty()) {
        return Ok(for_target(program.into()));
    }
    let names = std::iter::once("clang".to_owned()).chain((14..40).rev().map(|version| format!("clang-{version}")));
    if let Some(clang) = names.filter_map(|name| find(&name, &[])).next() {
        return Ok(for_target(clang));
    }
    let install = "install clang and lld, or zig, or name a compiler with `CC`";
    let zig = tool(project, "zig", &[], Language::C, install).map_err(|error| match error {
        Error::NoTool { what, install, .. } => Error::NoTool { tool: "clang".to_owned(), what, install },
        error => error,
    })?;
    let mut command = Command::new(zig);
    command.args(["cc", "--target=wasm32-freestanding"]);
    Ok(command)
}

/// Every C file of the project: in its directory, and below `src`. Relative and in order, so that the result depends on neither the place nor the file system.
fn c_sources(project: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut sources = Vec::new();
    let mut directories = vec![PathBuf::new(), PathBuf::from("src")];
    while let Some(directory) = directories.pop() {
        let path = project.join(&directory);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).map_err(Error::read(&path))? {
            let entry = entry.map_err(Error::read(&path))?;
            let name = directory.join(entry.file_name());
            if entry.path().is_dir() {
                directories.extend((directory.starts_with("src")).then_some(name));
            } else if name.extension().is_some_and(|extension| extension == "c") {
                sources.push(name);
            }
        }
    }
    sources.sort_unstable();
    Ok(sources)
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
