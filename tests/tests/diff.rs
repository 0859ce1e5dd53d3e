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

#[test]
fn whole_objects_that_a_prune_would_delete_are_listed() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let check = "    healthCheck: {nodeStartupTimeoutSeconds: 1200}\n";
    let old = starter(|text| text.replace("    replicas: 2\n", &format!("    replicas: 2\n{check}")));
    assert!(old.contains("healthCheck"));
    write(at, "old.yaml", &old);
    write(at, "gone.yaml", &old.replace("  - name: md-0", "  - name: md-1"));
    let pruned = |arguments: &[&str]| -> Vec<String> {
        let plan = run(at, &[arguments, &["--format", "json"]].concat(), b"").stdout;
        let plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
        let prune = plan["clusters"][0]["prune"].as_array().unwrap().iter();
        prune.map(|object| object.as_str().unwrap().split("-md-0").next().unwrap().to_owned()).collect()
    };
    let all = [
        "AzureMachineTemplate/demo",
        "KubeadmConfigTemplate/demo",
        "MachineDeployment/demo",
        "MachineHealthCheck/demo",
    ];
    assert_eq!(pruned(&["diff", "old.yaml", "gone.yaml"]), all);
    assert!(text(&run(at, &["diff", "old.yaml", "gone.yaml"], b"").stdout).contains("deleted by who prunes"));
    // What a rollout still uses is kept, and is in one list only.
    write(at, "patch.yaml", &old.replace("v1.35.4", "v1.35.5"));
    assert!(pruned(&["diff", "old.yaml", "patch.yaml"]).is_empty());
    let list = run(at, &["compile", "old.yaml", "--format", "json"], b"").stdout;
    let mut live: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let secret = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "demo-ca", "namespace": "default"}});
    live["items"].as_array_mut().unwrap().push(secret);
    write(at, "live.json", &live.to_string());
    assert_eq!(pruned(&["diff", "--live", "live.json", "gone.yaml"]), all);
}

#[test]
fn a_field_that_was_written_and_is_gone_is_seen_in_a_management_cluster() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let old = starter(|text| {
        text.replace("    replicas: 2\n", "    replicas: 2\n    deletion: {nodeDrainTimeoutSeconds: 60}\n")
    });
    write(at, "old.yaml", &old);
    write(at, "new.yaml", &starter(|text| text));
    let list = run(at, &["compile", "old.yaml", "--format", "json"], b"").stdout;
    let objects: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let differs = |change: &dyn Fn(&mut serde_json::Value, serde_json::Value)| {
        let mut live = objects.clone();
        for object in live["items"].as_array_mut().unwrap() {
            let fields = fields(object);
            object["spec"]["filledInByTheServer"] = true.into();
            change(object, fields);
        }
        write(at, "live.json", &live.to_string());
        let of = |side: &str| run(at, &["diff", "--live", "live.json", side, "--exit-code"], b"");
        assert_eq!(of("old.yaml").code, Some(0), "{}", text(&of("old.yaml").stdout));
        let new = of("new.yaml");
        (
            new.code,
            text(&new.stdout).contains("nodeDrainTimeoutSeconds: was 60") || text(&new.stdout).contains("deletion"),
        )
    };
    let owner = |version: serde_json::Value, fields: serde_json::Value| {
        serde_json::json!([
            {"manager": "flatwright", "operation": "Apply", "apiVersion": version, "fieldsV1": fields},
            {"manager": "manager", "operation": "Update", "apiVersion": version, "fieldsV1": {"f:spec": {"f:filledInByTheServer": {}}}},
        ])
    };
    let managed = differs(&|object, fields| {
        object["metadata"]["managedFields"] = owner(object["apiVersion"].clone(), fields);
    });
    assert_eq!(managed, (Some(3), true));
    let other_contract = differs(&|object, fields| {
        object["metadata"]["managedFields"] = owner("cluster.x-k8s.io/v1alpha4".into(), fields);
    });
    assert_eq!(other_contract.0, Some(0), "nobody can tell what was written");
}

/// `fieldsV1` of everything in a value, lists as a whole.
fn fields(value: &serde_json::Value) -> serde_json::Value {
    match value.as_object() {
        Some(map) => map.iter().map(|(key, value)| (format!("f:{key}"), fields(value))).collect(),
        None => serde_json::json!({}),
    }
}

#[test]
fn a_pool_more_changes_its_own_files_and_the_kustomization_alone() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, "cluster.yaml", &starter(|text| text));
    assert_eq!(run(at, &["compile", "cluster.yaml", "-o", "out"], b"").code, Some(0));
    let files = || -> std::collections::BTreeMap<String, Vec<u8>> {
        let all = flatwright_tests::files_below(&at.join("out")).into_iter();
        let named = |path: &Path| path.strip_prefix(at.join("out")).unwrap().display().to_string();
        all.map(|path| (named(&path), std::fs::read(&path).unwrap())).collect()
    };
    let before = files();
    let pool = "  - name: aa-first\n    replicas: 1\n    vmSize: Standard_D4s_v5\n  - name: md-0\n";
    write(at, "cluster.yaml", &starter(|text| text.replace("  - name: md-0\n", pool)));
    assert_eq!(run(at, &["compile", "cluster.yaml", "-o", "out"], b"").code, Some(0));
    let after = files();
    assert!(before.keys().all(|name| after.contains_key(name)), "nothing is renamed");
    let changed = after.iter().filter(|(name, bytes)| before.get(*name) != Some(bytes)).map(|(name, _)| name.as_str());
    let changed: Vec<&str> = changed.filter(|name| *name != "flatwright-inventory").collect();
    let own = [
        "ignition/aa-first.ign",
        "kustomization.yaml",
        "manifests/30-azuremachinetemplate-demo-aa-first.yaml",
        "manifests/40-kubeadmconfigtemplate-demo-aa-first.yaml",
        "manifests/70-machinedeployment-demo-aa-first.yaml",
    ];
    assert_eq!(changed, own);
}
