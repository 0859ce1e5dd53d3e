//! Real projects: the templates as `plugin new` writes them, and the example plugins, built, checked and tested as their authors do.
//!
//! Building Rust needs the WebAssembly target or the standard library's source; the other languages need their tools. What cannot be built here is skipped with a
//! printed line. `BLESS=1` rewrites the expectations of the examples' cases.

#![expect(clippy::disallowed_methods, reason = "projects are files")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test: what fails panics, what is skipped is printed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use flatwright_plugin_host::{Failure, Hook, Host, HostOptions, Limits, Source};
use flatwright_plugin_kit::{
    Case, Error, Language, SdkSource, bench, build, call, check, compare_builds, find_cases, inspect_text, new_project,
    test, write_project,
};

/// Builds share a target directory, so they would wait for each other anyway.
static ONE_BUILD: Mutex<()> = Mutex::new(());

fn plugins() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins").canonicalize().unwrap()
}

/// Builds, checks and tests a project; `false` if this machine lacks the tools.
fn exercise(project: &Path) -> bool {
    let _turn = ONE_BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let host = Host::new(HostOptions::default());
    let output = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(project.file_name().unwrap()).join("out.wasm");
    let built = match build(&host, project, Some(&output)) {
        Ok(built) => built,
        Err(error @ Error::NoTool { .. }) => {
            println!("skipped {}: {error}", project.display());
            return false;
        }
        Err(error) => panic!("{}: {error}", project.display()),
    };
    assert_eq!(fs::read(&output).unwrap(), built.component);
    assert!(inspect_text(&built.inspection).contains(&built.description.summary));

    let name = &built.description.name;
    let directories = find_cases(project).unwrap();
    let read = |directory: &PathBuf| Case::parse(&fs::read_to_string(directory.join("case.json")).unwrap()).unwrap();
    let cases: Vec<Case> = directories.iter().map(read).collect();
    let checked = check(&host, name, &built.component, &cases).unwrap();
    assert!(checked.is_fit(), "{checked}");

    let limits = Limits::default();
    let plugin = host.load(Source::new(name, &built.component, &limits)).unwrap();
    let tested = test(&plugin, &directories, std::env::var_os("BLESS").is_some()).unwrap();
    assert!(tested.is_passed(), "{}:\n{tested}", project.display());
    for time in bench(&plugin, &cases, 20).unwrap() {
        println!("{name}: {time}");
    }
    println!("{built}{checked}");
    true
}

fn new(language: Language, hooks: &[Hook]) -> PathBuf {
    let project = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("new-{language}"));
    let _ = fs::remove_dir_all(&project);
    let files =
        new_project(&format!("new-{language}"), language, hooks, &SdkSource::Path(plugins().join("sdk"))).unwrap();
    write_project(&project, &files).unwrap();
    assert!(write_project(&project, &files).is_err(), "an existing project is not overwritten");
    project
}

/// The standard library need not be built once more.
fn share_target(project: &Path) {
    fs::create_dir_all(project.join(".cargo")).unwrap();
    let target = plugins().join("target");
    let config = format!("build.target-dir = {:?}\n", target.to_string_lossy());
    fs::write(project.join(".cargo/config.toml"), config).unwrap();
}

#[test]
fn a_new_rust_project_passes_its_own_cases() {
    let project = new(Language::Rust, &Hook::ALL);
    share_target(&project);
    exercise(&project);
}

#[test]
fn a_panic_reaches_the_user() {
    let project = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("panics");
    let _ = fs::remove_dir_all(&project);
    let files =
        new_project("panics", Language::Rust, &[Hook::Kubeadm], &SdkSource::Path(plugins().join("sdk"))).unwrap();
    write_project(&project, &files).unwrap();
    share_target(&project);
    let path = project.join("src/lib.rs");
    let code = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        code.replace(
            "if max_pods > 250 {",
            "if max_pods > 250 { panic!(\"no {max_pods} pods\"); }\nif max_pods > 250 {",
        ),
    )
    .unwrap();
    let turn = ONE_BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let host = Host::new(HostOptions::default());
    let built = match build(&host, &project, None) {
        Err(error @ Error::NoTool { .. }) => return println!("skipped: {error}"),
        built => built.unwrap(),
    };
    drop(turn);
    let limits = Limits::default();
    let plugin = host.load(Source::new("panics", &built.component, &limits)).unwrap();
    let case = fs::read_to_string(project.join("tests/cases/too-many/case.json")).unwrap();
    let (context, question) = Case::parse(&case).unwrap().question().unwrap();
    let Err(Failure::Plugin(diagnostic)) = call(&plugin, &context, &question) else { panic!("it answers") };
    assert!(diagnostic.notes.iter().any(|note| note.contains("no 1000 pods")), "{diagnostic:?}");
}

/// The files below a directory, without what builds leave there.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "target" {
            continue;
        }
        if source.is_dir() {
            copy(&source, &target);
        } else {
            fs::copy(&source, &target).unwrap();
        }
    }
}

/// A copy of the SDK at another place, with the workspace that its manifest takes things from.
fn another_sdk() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("another place/for the sdk");
    let _ = fs::remove_dir_all(&root);
    copy(&plugins().join("sdk"), &root.join("plugins/sdk"));
    copy(&plugins().join("../wit"), &root.join("wit"));
    let manifest = fs::read_to_string(plugins().join("Cargo.toml")).unwrap();
    let alone = manifest.replace("[\"sdk\", \"examples/*\", \"puppet\"]", "[\"sdk\"]");
    assert_ne!(alone, manifest);
    fs::write(root.join("plugins/Cargo.toml"), alone).unwrap();
    root.join("plugins/sdk")
}

#[test]
fn the_same_sources_are_the_same_bytes_wherever_they_and_the_sdk_lie() {
    let _turn = ONE_BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let host = Host::new(HostOptions::default());
    let places = [("one", plugins().join("sdk")), ("some/where else", another_sdk())];
    for language in [Language::Rust, Language::C] {
        let mut built: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for (place, sdk) in &places {
            let project = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(place).join(format!("placed-{language}"));
            let _ = fs::remove_dir_all(&project);
            let files = new_project("placed", language, &[Hook::Kubeadm], &SdkSource::Path(sdk.clone())).unwrap();
            write_project(&project, &files).unwrap();
            if let Some((first, _)) = built.first().filter(|_| language == Language::Rust) {
                fs::copy(first.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
            }
            match build(&host, &project, None) {
                Ok(made) => built.push((project, made.component)),
                Err(error @ Error::NoTool { .. }) => println!("skipped {language}: {error}"),
                Err(error) => panic!("{language}: {error}"),
            }
        }
        let [(project, first), (_, second)] = &built[..] else { continue };
        assert_eq!(first, second, "{language}: the place of the sources is in the result");
        let machine = env!("CARGO_TARGET_TMPDIR").as_bytes();
        assert!(!first.windows(machine.len()).any(|bytes| bytes == machine), "{language}: a path of this machine");
        if language == Language::C {
            let rebuilt = compare_builds(&host, first, project, &[]).unwrap();
            assert!(rebuilt.is_sound() && rebuilt.is_same_bytes(), "{rebuilt}");
            let other = compare_builds(&host, b"other", project, &[]).unwrap();
            assert!(!other.is_sound(), "{other}");
        }
    }
}

#[test]
fn a_new_python_project_passes_its_own_cases() {
    exercise(&new(Language::Python, &Hook::ALL));
}

#[test]
fn a_new_javascript_project_passes_its_own_cases() {
    exercise(&new(Language::JavaScript, &Hook::ALL));
}

#[test]
fn a_new_c_project_passes_its_own_cases() {
    exercise(&new(Language::C, &Hook::ALL));
}

/// componentize-py follows no links out of the project, so these are copies.
#[test]
fn copies_are_equal() {
    let pairs = [
        ("examples-python/pin-images/plugin.py", "../compiler/plugin-kit/templates/python/plugin.py"),
        ("examples-python/pin-images/settings.schema.json", "examples/pin-images/settings.schema.json"),
    ];
    for (copy, original) in pairs {
        let read = |path: &str| fs::read_to_string(plugins().join(path)).unwrap();
        assert_eq!(read(copy), read(original), "copy {original} to {copy}");
    }
}

#[test]
fn every_example_passes_its_cases() {
    let mut examples: Vec<PathBuf> = Vec::new();
    for directory in ["examples", "examples-python", "examples-js"] {
        let Ok(entries) = fs::read_dir(plugins().join(directory)) else { continue };
        examples.extend(entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()));
    }
    examples.sort_unstable();
    assert!(!examples.is_empty());
    for example in &examples {
        exercise(example);
    }
}
