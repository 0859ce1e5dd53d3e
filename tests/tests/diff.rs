//! `flatwright diff` on a disk: revisions of a scratch repository with hooks and filters, directories, what a management cluster has, and exit codes.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::path::Path;
use std::process::Command;

use flatwright_tests::{repository, run};

/// The starter with something changed.
fn starter(change: impl Fn(String) -> String) -> String {
    change(
        String::from_utf8(run(repository(), &["init", "--flavor", "flatcar-sysext", "--name", "demo"], b"").stdout)
            .unwrap(),
    )
}

fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn git(directory: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
    let done = Command::new("git").args(identity).args(arguments).current_dir(directory).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const DISK: &str = "    osDisk: {diskSizeGB: 128}\n";

#[test]
fn a_revision_is_read_with_all_that_it_names_and_nothing_of_the_repository_runs() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let files = "    files:\n    - {path: /etc/motd, local: texts/motd.txt}\n    butane:\n      inline:\n        variant: flatcar\n        version: 1.1.0\n        storage: {trees: [{local: tree, path: /etc/tree}]}\n";
    let spec = starter(|text| text.replace(DISK, &format!("{DISK}{files}")));
    git(at, &["init", "--quiet", "--initial-branch", "main"]);
    write(at, "clusters/cluster.yaml", &spec);
    write(at, "clusters/texts/motd.txt", "as it was\n");
    write(at, "clusters/tree/a.conf", "a\n");
    git(at, &["add", "."]);
    git(at, &["commit", "--quiet", "--message", "old"]);
    git(at, &["tag", "then"]);
    // From here on, whatever checks something out, or reads through a filter, leaves a trace.
    let trace = at.join("trace");
    let command = format!("touch {}; cat", trace.display());
    write(at, "clusters/.gitattributes", "*.txt filter=trace text eol=crlf\n");
    for key in ["filter.trace.smudge", "filter.trace.clean", "diff.trace.textconv", "core.fsmonitor"] {
        git(at, &["config", key, &command]);
    }
    for hook in ["post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        write(at, &format!(".git/hooks/{hook}"), &format!("#!/bin/sh\n{command}\n"));
        Command::new("chmod").arg("+x").arg(at.join(".git/hooks").join(hook)).status().unwrap();
    }
    write(at, "clusters/texts/motd.txt", "as it is\n");
    write(at, "clusters/tree/b.conf", "b\n");
    let same = run(at, &["diff", "--git", "then", "clusters/cluster.yaml", "--format", "json"], b"");
    assert_eq!(same.code, Some(0), "{}", same.stderr);
    assert!(!trace.exists(), "something of the repository ran");
    let plan: serde_json::Value = serde_json::from_slice(&same.stdout).unwrap();
    let groups = plan["clusters"][0]["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    for group in groups {
        assert_eq!(group["action"], "rolled", "{group}");
        let paths: Vec<&str> =
            group["changes"].as_array().unwrap().iter().map(|change| change["path"].as_str().unwrap()).collect();
        assert!(paths.iter().any(|path| path.ends_with("+ file /etc/tree/b.conf")), "{paths:?}");
        assert!(paths.iter().any(|path| path.contains("files[") && path.ends_with(".content")), "{paths:?}");
    }
    assert!(!text(&same.stdout).contains("as it"), "contents are not shown");
    let unknown = run(at, &["diff", "--git", "--output=x", "clusters/cluster.yaml"], b"");
    assert_eq!(unknown.code, Some(2));
    assert!(!at.join("x").exists() && !at.join("clusters/x").exists());
    let nowhere = run(at, &["diff", "--git", "nowhere", "clusters/cluster.yaml"], b"");
    assert!(nowhere.code == Some(2) && nowhere.stderr.contains("knows no revision `nowhere`"), "{}", nowhere.stderr);
}

#[test]
fn exit_codes_tell_what_was_found() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, "old.yaml", &starter(|text| text));
    write(at, "more.yaml", &starter(|text| text.replace("replicas: 2", "replicas: 4")));
    write(at, "moved.yaml", &starter(|text| text.replace("location: westeurope", "location: northeurope")));
    let code = |arguments: &[&str]| run(at, arguments, b"").code;
    assert_eq!(code(&["diff", "old.yaml", "old.yaml", "--exit-code"]), Some(0));
    assert_eq!(code(&["diff", "old.yaml", "more.yaml"]), Some(0));
    assert_eq!(code(&["diff", "old.yaml", "more.yaml", "--exit-code"]), Some(3));
    assert_eq!(code(&["diff", "old.yaml"]), Some(2));
    let refused = run(at, &["diff", "old.yaml", "moved.yaml"], b"");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("moved.yaml:") && refused.stderr.contains("immutable"), "{}", refused.stderr);
    let validated = run(at, &["validate", "--old", "old.yaml", "moved.yaml"], b"");
    assert_eq!(validated.code, Some(1), "{}", text(&validated.stdout));
}

#[test]
fn a_directory_and_a_cluster_are_sides_too() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, "cluster.yaml", &starter(|text| text));
    assert_eq!(run(at, &["compile", "cluster.yaml", "-o", "out"], b"").code, Some(0));
    let same = run(at, &["diff", "out", "cluster.yaml", "--exit-code"], b"");
    assert_eq!(same.code, Some(0), "{}{}", text(&same.stdout), same.stderr);
    let list = run(at, &["compile", "cluster.yaml", "--format", "json"], b"").stdout;
    let mut live: serde_json::Value = serde_json::from_slice(&list).unwrap();
    for object in live["items"].as_array_mut().unwrap() {
        object["status"] = serde_json::json!({"observedGeneration": 3});
        object["metadata"]["uid"] = "0b0e".into();
        object["metadata"]["managedFields"] = serde_json::json!([]);
        object["spec"]["filledInByTheServer"] = true.into();
    }
    write(at, "live.json", &live.to_string());
    let quiet = run(at, &["diff", "--live", "live.json", "cluster.yaml", "--exit-code"], b"");
    assert_eq!(quiet.code, Some(0), "{}{}", text(&quiet.stdout), quiet.stderr);
    write(at, "more.yaml", &starter(|text| text.replace("replicas: 2", "replicas: 4")));
    let more = run(at, &["diff", "--live", "live.json", "more.yaml", "--exit-code"], b"");
    assert!(more.code == Some(3) && text(&more.stdout).contains("2 → 4"), "{}", text(&more.stdout));
}

#[test]
fn a_new_pool_and_one_that_is_gone_are_told_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, "old.yaml", &starter(|text| text));
    write(at, "new.yaml", &starter(|text| text.replace("name: md-0", "name: md-1")));
    let plan = run(at, &["diff", "old.yaml", "new.yaml", "--format", "json"], b"").stdout;
    let plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    let actions: Vec<(&str, &str)> = plan["clusters"][0]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["name"].as_str().unwrap(), group["action"].as_str().unwrap()))
        .collect();
    assert_eq!(actions, [("control-plane", "nothing"), ("md-0", "removed"), ("md-1", "new")]);
}
