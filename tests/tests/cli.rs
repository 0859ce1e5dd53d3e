//! The command line as a user meets it: transcripts in `tests/cli`, and what a transcript cannot say.
//! `TRYCMD=overwrite` rewrites the transcripts.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use flatwright_tests::{commands, documents, files_below, program, repository, run};

const SPEC: &str = "examples/capz-flatcar-sysext.yaml";

fn snapshot(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    files_below(directory)
        .into_iter()
        .map(|path| (path.strip_prefix(directory).unwrap().display().to_string(), std::fs::read(&path).unwrap()))
        .collect()
}

/// A directory with a spec that compiles.
fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(repository().join(SPEC), directory.path().join("cluster.yaml")).unwrap();
    directory
}

#[test]
fn transcripts_are_what_the_program_says() {
    trycmd::TestCases::new()
        .register_bin("flatwright", program())
        .default_bin_path(program())
        .case("cli/*.trycmd")
        .case("../docs/versions.md");
}

#[test]
fn the_starters_compile_without_a_finding() {
    for flavor in ["flatcar-sysext", "flatcar"] {
        let starter = run(repository(), &["init", "--flavor", flavor, "--name", "mine"], b"");
        assert_eq!(starter.code, Some(0));
        let compiled = run(repository(), &["compile", "-"], &starter.stdout);
        assert_eq!((compiled.code, compiled.stderr.as_str()), (Some(0), ""));
        assert!(String::from_utf8(compiled.stdout).unwrap().contains("name: mine"));
    }
}

#[test]
fn a_directory_gets_manifests_a_kustomization_and_machine_configs() {
    let directory = workspace();
    let first = run(directory.path(), &["compile", "cluster.yaml", "-o", "out"], b"");
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stderr.contains("EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true"), "{}", first.stderr);
    let files = snapshot(&directory.path().join("out"));
    let kustomization = documents(std::str::from_utf8(&files["kustomization.yaml"]).unwrap()).remove(0);
    for resource in kustomization["resources"].as_array().unwrap() {
        assert!(files.contains_key(resource.as_str().unwrap()), "{resource}");
    }
    assert!(files.contains_key("ignition/control-plane.ign") && files.contains_key("ignition/md-0.ign"));
    assert!(files.keys().all(|name| !name.contains(".tmp")), "temporary files are gone");
}

#[test]
fn check_compares_and_writes_nothing() {
    let directory = workspace();
    let out = directory.path().join("out");
    let arguments = ["compile", "cluster.yaml", "-o", "out", "--check"];
    assert_eq!(run(directory.path(), &arguments, b"").code, Some(1));
    assert!(!out.exists());
    assert_eq!(run(directory.path(), &arguments[..4], b"").code, Some(0));
    assert_eq!(run(directory.path(), &arguments, b"").code, Some(0));
    std::fs::write(out.join("ignition/md-0.ign"), "{}").unwrap();
    std::fs::write(out.join("manifests/999-old.yaml"), "").unwrap();
    std::fs::remove_file(out.join("kustomization.yaml")).unwrap();
    let before = snapshot(&out);
    let differs = run(directory.path(), &arguments, b"");
    assert_eq!(differs.code, Some(1));
    for (code, path) in [
        ("edited-output-file", "out/ignition/md-0.ign"),
        ("extra-output-file", "out/manifests/999-old.yaml"),
        ("missing-output-file", "out/kustomization.yaml"),
    ] {
        assert!(differs.stderr.contains(code) && differs.stderr.contains(path), "{}", differs.stderr);
    }
    assert_eq!(snapshot(&out), before);
    assert_eq!(run(directory.path(), &arguments[..4], b"").code, Some(1));
    assert_eq!(snapshot(&out), before, "what is not ours stays");
    let overwrite = ["compile", "cluster.yaml", "-o", "out", "--overwrite"];
    assert_eq!(run(directory.path(), &overwrite, b"").code, Some(0));
    assert_eq!(run(directory.path(), &arguments, b"").code, Some(0), "it is repaired");
}

#[test]
fn a_failed_compile_leaves_the_old_output_untouched() {
    let directory = workspace();
    let out = directory.path().join("out");
    assert_eq!(run(directory.path(), &["compile", "cluster.yaml", "-o", "out"], b"").code, Some(0));
    let before = snapshot(&out);
    let spec = std::fs::read_to_string(directory.path().join("cluster.yaml")).unwrap();
    for (from, to) in [("replicas: 3", "replicas: 2"), ("location: westeurope", "location: [a]"), ("spec:", "spec: {")]
    {
        std::fs::write(directory.path().join("cluster.yaml"), spec.replacen(from, to, 1)).unwrap();
        let failed = run(directory.path(), &["compile", "cluster.yaml", "-o", "out"], b"");
        assert_eq!(failed.code, Some(1));
        assert!(failed.stdout.is_empty());
        assert!(failed.stderr.contains("cluster.yaml:"), "{}", failed.stderr);
        assert_eq!(snapshot(&out), before);
    }
    // One bad cluster among good ones: nothing of any.
    std::fs::write(directory.path().join("bad.yaml"), spec.replacen("replicas: 3", "replicas: 2", 1)).unwrap();
    std::fs::write(directory.path().join("cluster.yaml"), spec).unwrap();
    let mixed = run(directory.path(), &["compile", "cluster.yaml", "bad.yaml"], b"");
    assert_eq!((mixed.code, mixed.stdout.len()), (Some(1), 0));
}

#[test]
fn a_file_that_cannot_be_read_or_written_is_exit_2() {
    let directory = workspace();
    for arguments in [
        &["compile", "missing.yaml"][..],
        &["compile", "."],
        &["compile", "cluster.yaml", "-o", "cluster.yaml"],
        &["compile", "cluster.yaml", "--check"],
        &["compile", "-", "-"],
        &["compile"],
        &["compile", "cluster.yaml", "--contract", "v1"],
        &["explain", "no-such-code"],
        &["nothing"],
        &[],
    ] {
        let run = run(directory.path(), arguments, b"");
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn two_specs_get_a_directory_each_and_keep_what_is_not_ours() {
    let directory = workspace();
    let spec = std::fs::read_to_string(directory.path().join("cluster.yaml")).unwrap();
    std::fs::write(directory.path().join("two.yaml"), spec.replace("flat1", "other")).unwrap();
    std::fs::create_dir_all(directory.path().join("out")).unwrap();
    std::fs::write(directory.path().join("out/README"), "mine").unwrap();
    let run = run(directory.path(), &["compile", "cluster.yaml", "two.yaml", "-o", "out"], b"");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let files = snapshot(&directory.path().join("out"));
    assert!(
        files.contains_key("default.flat1/kustomization.yaml")
            && files.contains_key("default.other/kustomization.yaml")
    );
    assert_eq!(files["README"], b"mine");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = Command::new(program())
        .args(["compile", SPEC])
        .current_dir(repository())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn colors_are_for_terminals_or_on_demand() {
    let bad = b"apiVersion: v1\nkind: Pod\n";
    let plain = run(repository(), &["compile", "-"], bad);
    assert!(!plain.stderr.contains('\u{1b}'));
    let colored = run(repository(), &["compile", "-", "--color", "always"], bad);
    assert!(colored.stderr.contains('\u{1b}'));
    let output = Command::new(program())
        .args(["compile", "missing.yaml"])
        .env("NO_COLOR", "1")
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains('\u{1b}'));
}

#[test]
fn json_is_one_list_and_one_file_per_object() {
    let stream = run(repository(), &["compile", SPEC, "--format", "json"], b"");
    let list: serde_json::Value = serde_json::from_slice(&stream.stdout).unwrap();
    assert_eq!((list["kind"].as_str(), list["apiVersion"].as_str()), (Some("List"), Some("v1")));
    let directory = workspace();
    assert_eq!(run(directory.path(), &["compile", "cluster.yaml", "-o", "out", "--format", "json"], b"").code, Some(0));
    let files = snapshot(&directory.path().join("out/manifests"));
    assert_eq!(files.len(), list["items"].as_array().unwrap().len());
    for text in files.values() {
        serde_json::from_slice::<serde_json::Value>(text).unwrap();
    }
}

#[test]
fn explain_knows_every_code() {
    let list = run(repository(), &["explain"], b"");
    let list = String::from_utf8(list.stdout).unwrap();
    for code in flatwright::codes() {
        assert!(list.lines().any(|line| line.starts_with(&format!("{code}: "))), "{code}");
        let page = run(repository(), &["explain", code.name()], b"");
        assert_eq!(page.code, Some(0), "{code}");
        assert!(String::from_utf8(page.stdout).unwrap().starts_with(&format!("# {code}")));
    }
}

#[test]
fn the_schema_command_prints_the_committed_schema() {
    let printed = run(repository(), &["schema"], b"");
    assert!(printed.stdout == std::fs::read(repository().join("schemas/flatcarcluster-v1alpha1.json")).unwrap());
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = String::from_utf8(run(repository(), &["completions", shell], b"").stdout).unwrap();
        assert!(commands().iter().all(|command| completions.contains(command)), "{shell}");
    }
    let manual = String::from_utf8(run(repository(), &["man"], b"").stdout).unwrap();
    assert!(commands().iter().all(|command| manual.contains(command)));
}
