//! `validate` as a pipeline uses it: baselines, reports into files, fixes that are written. What it prints is in the transcripts.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::path::Path;

use flatwright_tests::{repository, run};
use serde_json::Value;

/// The files of the transcripts in a directory of their own.
fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(repository().join("tests/cli/validate.in")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, directory.path().join(path.file_name().unwrap())).unwrap();
    }
    directory
}

fn text(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).unwrap()
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_new() {
    let directory = workspace();
    let directory = directory.path();
    let known = ["validate", "10-proxy.conf", "cluster.yaml"];
    let written = run(directory, &[&known[..], &["--write-baseline", "baseline.json"]].concat(), b"");
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let strict = [&known[..], &["--baseline", "baseline.json", "--deny", "warnings"]].concat();
    let again = run(directory, &strict, b"");
    let report = String::from_utf8(again.stdout).unwrap();
    assert_eq!((again.code, report.as_str()), (Some(0), "checked 2 files: 1 spec, 1 unit\n"), "{}", again.stderr);
    // The old finding moves, and stays known; the new one is told.
    std::fs::write(
        directory.join("10-proxy.conf"),
        "# moved\n".to_owned() + &text(directory, "10-proxy.conf") + "Restrat=no\n",
    )
    .unwrap();
    let changed = run(directory, &strict, b"");
    let report = String::from_utf8(changed.stdout).unwrap();
    assert_eq!(changed.code, Some(1));
    assert!(report.contains("`Restrat`") && !report.contains("`Enviroment`"), "{report}");
}

#[test]
fn an_error_cannot_be_hidden() {
    let directory = workspace();
    for hide in [&["--write-baseline", "b.json"][..], &["--baseline", "b.json"], &["--allow", "butane-config"]] {
        let run = run(directory.path(), &[&["validate", "node.bu"], hide].concat(), b"");
        assert_eq!(run.code, Some(1), "{hide:?}: {}", run.stderr);
        assert!(String::from_utf8_lossy(&run.stdout).contains("path not absolute"), "{hide:?}");
    }
}

#[test]
fn a_report_goes_to_a_file_in_each_format() {
    let directory = workspace();
    let directory = directory.path();
    for format in ["text", "json", "sarif", "junit", "github"] {
        let run = run(
            directory,
            &["validate", "node.bu", "10-proxy.conf", "--report", format, "--report-file", "report"],
            b"",
        );
        assert_eq!((run.code, run.stdout.as_slice()), (Some(1), &b""[..]), "{format}: {}", run.stderr);
        assert!(text(directory, "report").contains("path not absolute"), "{format}");
    }
    run(directory, &["validate", "node.bu", "--report", "sarif", "--report-file", "report"], b"");
    let log: Value = serde_json::from_str(&text(directory, "report")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let region = |result: &Value| result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64();
    assert!(results.iter().any(|result| result["level"] == "error" && region(result) == Some(8)), "{log:#}");
}

#[test]
fn a_fix_is_written_once_and_for_all() {
    let directory = workspace();
    let directory = directory.path();
    let before = text(directory, "empty-key.yaml");
    assert_eq!(run(directory, &["validate", "--fix", "empty-key.yaml"], b"").code, Some(0));
    assert_eq!(text(directory, "empty-key.yaml"), before, "without `--write` nothing changes");
    let fixed = run(directory, &["validate", "--fix", "--write", "empty-key.yaml"], b"");
    let report = String::from_utf8(fixed.stdout).unwrap();
    let expected = "checked 1 file: 1 manifests; 1 object: 1 AzureMachineTemplate\n";
    assert_eq!((fixed.code, report.as_str()), (Some(0), expected), "{}", fixed.stderr);
    assert_eq!(text(directory, "empty-key.yaml"), before.replace("      sshPublicKey: \"\"\n", ""));
}

#[test]
fn of_a_directory_what_is_no_kind_of_ours_is_named_and_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    std::fs::write(directory.join("package.json"), "{\"name\": \"x\"}").unwrap();
    std::fs::write(directory.join("README.md"), "# words\n").unwrap();
    std::fs::write(directory.join("node.bu"), "variant: flatcar\nversion: 1.1.0\n").unwrap();
    let found = run(directory, &["validate", "."], b"");
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    let report = String::from_utf8(found.stdout).unwrap();
    assert!(report.contains("its kind is not known here: 2 (`README.md`, `package.json`)"), "{report}");
    // A file that the user names is another matter, and so is one that means to be ours and cannot be read.
    assert_eq!(run(directory, &["validate", "package.json"], b"").code, Some(1));
    std::fs::write(directory.join("broken.yaml"), "kind: Cluster\na: [\n").unwrap();
    assert_eq!(run(directory, &["validate", "."], b"").code, Some(1));
}
