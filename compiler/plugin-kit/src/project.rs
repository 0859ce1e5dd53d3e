//! `plugin new`: a project that builds and passes its own test.
//!
//! Owns: the templates in `templates/`, named `example-plugin` and with every hook; a new project is one of them with the name replaced and the parts of the hooks that it has.

#![expect(clippy::disallowed_methods, reason = "a shell crate: projects are files")]

use std::fs;
use std::path::{Path, PathBuf};

use flatwright_plugin_host::Hook;

use crate::error::Error;
use crate::language::Language;
use crate::parts::fitting;

/// One file of a new project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFile {
    /// Relative to the project.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// Where a Rust project takes the SDK from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SdkSource {
    /// The repository, at whatever its main branch is; the lock file of the project keeps the commit.
    Repository,
    /// A checkout: the directory of the SDK crate.
    Path(PathBuf),
}

/// The name cannot be that of a plugin.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a plugin name: lower-case words with `-` between them, such as `pin-images`, at most 64 characters"
)]
pub struct InvalidName(String);

/// The name of the SDK's crate.
const SDK: &str = "flatwright-plugin-sdk";

impl SdkSource {
    /// A checkout's SDK: its own directory, or one that has it as `plugins/sdk`.
    ///
    /// # Errors
    /// [`Error::Project`] if neither holds the crate.
    pub fn at(directory: &Path) -> Result<Self, Error> {
        let directory = std::path::absolute(directory).map_err(Error::read(directory))?;
        let is_sdk = |path: &PathBuf| {
            let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap_or_default();
            manifest.lines().any(|line| line.replace(' ', "") == format!("name=\"{SDK}\""))
        };
        let places = [directory.clone(), directory.join("plugins").join("sdk")];
        places.into_iter().find(is_sdk).map(Self::Path).ok_or_else(|| {
            Error::Project(format!(
                "`{}` does not hold the SDK: the crate `{SDK}`, which is in `plugins/sdk` of the repository",
                directory.display()
            ))
        })
    }
}

const REPOSITORY: &str = "git = \"https://github.com/flatwright/flatwright\"";

/// Files that a template takes from elsewhere or has below its directory.
macro_rules! files {
    ($directory:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../templates/", $directory, "/", $path)))),+]
    };
}

/// The WIT package for languages whose tools read it.
macro_rules! wit {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("wit/deps/flatwright-plugin/", $name, ".wit"),
            include_str!(concat!("../../../wit/released/0.1.0/", $name, ".wit")),
        )),+]
    };
}

const WIT: &[(&str, &str)] =
    wit!["worlds", "cluster", "findings", "images", "kubeadm", "log", "meta", "policy", "sysupdate"];

const RUST: &[(&str, &str)] = files!["rust":
    "Cargo.toml", "README.md", "settings.schema.json", "src/lib.rs",
    "tests/cases/defaults/case.json", "tests/cases/defaults/expected.json",
    "tests/cases/too-many/case.json", "tests/cases/too-many/expected.json",
];
const PYTHON: &[(&str, &str)] = files!["python":
    "README.md", "app.py", "plugin.py", "wit/plugin.wit",
    "tests/cases/defaults/case.json", "tests/cases/defaults/expected.json",
    "tests/cases/too-many/case.json", "tests/cases/too-many/expected.json",
];
const JAVASCRIPT: &[(&str, &str)] = files!["js":
    "README.md", "package.json", "app.js", "wit/plugin.wit",
    "tests/cases/defaults/case.json", "tests/cases/defaults/expected.json",
    "tests/cases/too-many/case.json", "tests/cases/too-many/expected.json",
];
const C: &[(&str, &str)] = files!["c":
    "README.md", "plugin.c", "runtime.c", "include/stdlib.h", "include/string.h", "wit/plugin.wit",
    "tests/cases/defaults/case.json", "tests/cases/defaults/expected.json",
];
/// A case of a hook that is the same in each language, with what is expected of it. Messages of the template in C are constants.
struct HookCase {
    hook: Hook,
    case: ProjectText,
    expected: ProjectText,
    expected_in_c: &'static str,
}

type ProjectText = (&'static str, &'static str);

macro_rules! hook_case {
    ($hook:ident, $directory:literal, $name:literal, $in_c:literal) => {
        HookCase {
            hook: Hook::$hook,
            case: (
                concat!("tests/cases/", $name, "/case.json"),
                include_str!(concat!("../templates/cases/", $directory, "/", $name, "/case.json")),
            ),
            expected: (
                concat!("tests/cases/", $name, "/expected.json"),
                include_str!(concat!("../templates/cases/", $directory, "/", $name, "/expected.json")),
            ),
            expected_in_c: include_str!(concat!("../templates/cases/", $directory, "/", $name, "/", $in_c)),
        }
    };
}

const CASES: &[HookCase] = &[
    hook_case!(Images, "images", "latest", "expected-c.json"),
    hook_case!(Sysupdate, "sysupdate", "window", "expected.json"),
    hook_case!(Policy, "policy", "long-name", "expected-c.json"),
];
const IGNORED: &str = "/target\n/dist\n/node_modules\n/.venv\n__pycache__\n";

/// The files of a new project.
///
/// # Errors
/// [`InvalidName`].
pub fn new_project(
    name: &str,
    language: Language,
    hooks: &[Hook],
    sdk: &SdkSource,
) -> Result<Vec<ProjectFile>, InvalidName> {
    if !is_name(name) {
        return Err(InvalidName(name.to_owned()));
    }
    let (own, wit) = match language {
        Language::Rust => (RUST, &[][..]),
        Language::Python => (PYTHON, WIT),
        Language::JavaScript => (JAVASCRIPT, WIT),
        Language::C => (C, WIT),
    };
    let is_wanted =
        |(path, _): &&(&'static str, &str)| !path.starts_with("tests/cases/") || hooks.contains(&Hook::Kubeadm);
    let file = |(path, text): &(&'static str, &str)| {
        let text = if path.starts_with("wit/deps/") { (*text).to_owned() } else { fitting(path, text, hooks) };
        ProjectFile { path, text: renamed(&text, name, sdk) }
    };
    let mut files: Vec<_> = own.iter().filter(is_wanted).chain(wit).map(file).collect();
    for HookCase { case, expected, expected_in_c, .. } in CASES.iter().filter(|case| hooks.contains(&case.hook)) {
        let expected = if language == Language::C { (expected.0, *expected_in_c) } else { *expected };
        files.extend([*case, expected].map(|(path, text)| ProjectFile { path, text: text.to_owned() }));
    }
    files.push(ProjectFile { path: ".gitignore", text: IGNORED.to_owned() });
    Ok(files)
}

/// Writes the files of a new project into a directory that must not exist yet, or be empty.
///
/// # Errors
/// [`Error::Project`] if there is something already, [`Error::File`] if writing fails.
pub fn write_project(directory: &Path, files: &[ProjectFile]) -> Result<(), Error> {
    if directory.read_dir().is_ok_and(|mut entries| entries.next().is_some()) || directory.is_file() {
        return Err(Error::Project(format!("`{}` is not empty", directory.display())));
    }
    for file in files {
        let path = directory.join(file.path);
        let parent = path.parent().expect("invariant: a file of a project is below its directory");
        fs::create_dir_all(parent).map_err(Error::write(parent))?;
        fs::write(&path, &file.text).map_err(Error::write(&path))?;
    }
    Ok(())
}

fn renamed(text: &str, name: &str, sdk: &SdkSource) -> String {
    let text = text.replace("example-plugin", name).replace("ExamplePlugin", &type_name(name, text));
    match sdk {
        SdkSource::Repository => text,
        SdkSource::Path(path) => {
            // A TOML basic string and a JSON string escape alike.
            let path = serde_json::Value::from(path.to_string_lossy()).to_string();
            text.replace(REPOSITORY, &format!("path = {path}"))
        }
    }
}

/// `MaxPods` for `max-pods`. A name that the SDK or the text may use for a type of theirs becomes longer: `KubeadmPlugin`, `NodeSettingsPlugin`.
fn type_name(name: &str, text: &str) -> String {
    let title: String = name.split('-').map(title).collect();
    let is_used = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == title);
    if is_used || !name.contains('-') { title + "Plugin" } else { title }
}

fn title(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= 64 && name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rust_project_names_its_type_as_nothing_else_is_named() {
        for (name, declaration) in [
            ("max-pods", "struct MaxPods;"),
            ("kubeadm", "struct KubeadmPlugin;"),
            ("self", "struct SelfPlugin;"),
            ("node-settings", "struct NodeSettingsPlugin;"),
        ] {
            let files = new_project(name, Language::Rust, &[Hook::Kubeadm], &SdkSource::Repository).unwrap();
            assert!(files.iter().any(|file| file.text.contains(declaration)), "{name}");
        }
    }

    #[test]
    fn a_project_bears_its_name() {
        for language in Language::ALL {
            let files = new_project("pin-all-2", language, &Hook::ALL, &SdkSource::Repository).unwrap();
            let text: String = files.iter().map(|file| file.text.as_str()).collect();
            assert!(!text.contains("example-plugin") && !text.contains("ExamplePlugin"), "{language}");
            assert!(text.contains("pin-all-2"), "{language}");
        }
    }

    #[test]
    fn the_sdk_may_come_from_a_checkout() {
        let files = new_project("x", Language::Rust, &[Hook::Kubeadm], &SdkSource::Path("/some/where".into())).unwrap();
        let manifest = &files.iter().find(|file| file.path == "Cargo.toml").unwrap().text;
        assert!(manifest.contains("flatwright-plugin-sdk = { path = \"/some/where\" }"), "{manifest}");
    }

    #[test]
    fn names_are_kebab_case() {
        for bad in ["", "Pin", "a--b", "-a", "1a", "a_b", "../x", &"a".repeat(65)] {
            assert!(new_project(bad, Language::Rust, &[Hook::Kubeadm], &SdkSource::Repository).is_err(), "{bad}");
        }
    }
}
