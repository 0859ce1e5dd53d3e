//! `flatwright lock` and `flatwright images` on a disk: what is written and what is not, who is run, and that nothing reaches a network.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use flatwright_tests::{Run, program, repository, run};

const LISTS: &str = "compiler/lock/tests/lists";

/// A directory with a spec that leaves everything open, and lists for it.
fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for name in
        ["SHA256SUMS", "release-SHA256SUMS", "releases-stable.json", "index.yaml", "vm-images.json", "printed.txt"]
    {
        std::fs::copy(repository().join(LISTS).join(name), directory.path().join(name)).unwrap();
    }
    let spec = repository().join("tests/cli/lock.in/cluster.yaml");
    std::fs::copy(spec, directory.path().join("cluster.yaml")).unwrap();
    directory
}

fn lock(directory: &Path, more: &[&str]) -> Run {
    let lists =
        ["lock", "cluster.yaml", "--from", "SHA256SUMS", "--from", "releases-stable.json", "--from", "index.yaml"];
    run(directory, &[&lists[..], &["--today", "2026-11-30"], more].concat(), b"")
}

fn text(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("flatwright.lock")).unwrap()
}

#[test]
fn the_same_entries_are_the_same_bytes_and_the_day_moves_with_an_entry_only() {
    let directory = workspace();
    assert_eq!(lock(directory.path(), &[]).code, Some(0));
    let first = text(directory.path());
    for _ in 0..2 {
        let again =
            run(directory.path(), &["lock", "cluster.yaml", "--from", "SHA256SUMS", "--today", "2027-01-01"], b"");
        assert_eq!((again.code, text(directory.path())), (Some(0), first.clone()), "{}", again.stderr);
    }
    assert!(first.contains("day = \"2026-11-30\""));
}

#[test]
fn what_is_damaged_or_newer_is_never_overwritten() {
    for (bytes, code, words) in [
        ("<<<<<<< HEAD\n", 1, "damaged-lock"),
        ("version = 2\n", 1, "newer-lock"),
        ("version = 1\nrevision = 9\n", 2, "update flatwright"),
        ("", 1, "damaged-lock"),
    ] {
        let directory = workspace();
        std::fs::write(directory.path().join("flatwright.lock"), bytes).unwrap();
        let done = lock(directory.path(), &[]);
        assert_eq!(done.code, Some(code), "{bytes}: {}", done.stderr);
        assert!(done.stderr.contains(words), "{bytes}: {}", done.stderr);
        assert_eq!(text(directory.path()), bytes);
    }
}

#[test]
fn an_error_and_a_check_write_nothing() {
    let directory = workspace();
    let failed = run(directory.path(), &["lock", "cluster.yaml", "--offline"], b"");
    assert_eq!(failed.code, Some(1));
    assert_eq!(lock(directory.path(), &["--check"]).code, Some(1));
    assert!(!directory.path().join("flatwright.lock").exists());
    assert_eq!(lock(directory.path(), &[]).code, Some(0));
    assert_eq!(lock(directory.path(), &["--check"]).code, Some(0));
    let files: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(files.iter().all(|name| !name.to_string_lossy().contains("tmp")), "{files:?}");
}

#[test]
fn two_at_a_time_leave_a_whole_file() {
    let directory = workspace();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(lock(directory.path(), &["--update"]).code, Some(0)));
        }
    });
    assert_eq!(lock(directory.path(), &["--check"]).code, Some(0));
}

#[test]
fn one_lock_serves_several_specs_and_standard_input() {
    let directory = workspace();
    let spec = std::fs::read_to_string(directory.path().join("cluster.yaml")).unwrap();
    std::fs::create_dir(directory.path().join("other")).unwrap();
    std::fs::write(
        directory.path().join("other/b.yaml"),
        spec.replace("v1.35", "v1.34").replace("name: demo", "name: other"),
    )
    .unwrap();
    let several = ["lock", "cluster.yaml", "other/b.yaml"];
    assert_eq!(run(directory.path(), &several, b"").code, Some(2), "their lock has no name");
    let both = ["--lock", "all.lock", "--from", "."];
    let done = run(directory.path(), &[&several[..], &both].concat(), b"");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    for arguments in [["compile", "other/b.yaml"], ["compile", "-"]] {
        let done =
            run(directory.path(), &[&arguments[..], &["--lock", "all.lock", "--locked"]].concat(), spec.as_bytes());
        assert_eq!(done.code, Some(0), "{}", done.stderr);
    }
    // What only the other spec asks for stays until somebody says that it may go.
    let one = ["lock", "cluster.yaml", "--lock", "all.lock"];
    assert!(run(directory.path(), &one, b"").stderr.contains("`--prune` removes it"));
    assert_eq!(run(directory.path(), &[&one[..], &["--prune"]].concat(), b"").code, Some(0));
    let text = std::fs::read_to_string(directory.path().join("all.lock")).unwrap();
    assert!(!text.contains("v1.34") && text.contains("v1.35.10"));
    assert_eq!(run(directory.path(), &["compile", "cluster.yaml", "--lock", "none.lock"], b"").code, Some(1));
}

#[test]
fn the_marketplace_is_behind_the_releases() {
    let directory = workspace();
    let done = lock(directory.path(), &["--from", "vm-images.json"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(text(directory.path()).contains("locked = \"4593.2.9\""), "4593.2.10 is released and cannot be bought");
    let spec = directory.path().join("cluster.yaml");
    let exact = std::fs::read_to_string(&spec).unwrap().replace("latest", "4593.2.10");
    std::fs::write(&spec, exact).unwrap();
    let done = lock(directory.path(), &["--from", "vm-images.json"]);
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("error[no-such-version]: no version of Flatcar `4593.2.10`"), "{}", done.stderr);
}

#[test]
fn images_that_no_machine_of_the_group_boots_are_told() {
    let directory = workspace();
    let spec = directory.path().join("cluster.yaml");
    let text = std::fs::read_to_string(&spec).unwrap();
    let image = "controlPlane: {image: {communityGallery: {gallery: acme, name: arm, version: 1.2.3}}, replicas";
    std::fs::write(&spec, text.replace("controlPlane: {replicas", image)).unwrap();
    let id = "/CommunityGalleries/acme/Images/arm";
    let list = format!(
        r#"[{{"uniqueId":"{id}","architecture":"Arm64","hyperVGeneration":"V2","purchasePlan":{{"name":"p"}}}},{{"uniqueId":"{id}/Versions/1.2.3"}}]"#
    );
    std::fs::write(directory.path().join("arm.json"), list).unwrap();
    let done = lock(directory.path(), &["--from", "arm.json"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr.contains("error[image-architecture]") && done.stderr.contains("error[image-plan-missing]"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_plugin_is_locked_by_its_hash() {
    let Some(puppet) = flatwright_tests::guest("puppet") else { return };
    let directory = workspace();
    let spec = directory.path().join("cluster.yaml");
    let text = std::fs::read_to_string(&spec).unwrap();
    std::fs::write(&spec, format!("{text}  plugins:\n  - {{name: puppet, source: puppet.wasm, settings: {{}}}}\n"))
        .unwrap();
    std::fs::write(directory.path().join("puppet.wasm"), &puppet).unwrap();
    let done = lock(directory.path(), &[]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let locked = self::text(directory.path());
    assert!(
        locked.contains("[[plugin]]\nsource = \"puppet.wasm\"\nsha256 = ") && locked.contains("api = \"0.1.0\""),
        "{locked}"
    );
    let mut other = puppet;
    // A custom section of no meaning: another file, the same plugin.
    other.extend([0, 2, 1, b'x']);
    std::fs::write(directory.path().join("puppet.wasm"), other).unwrap();
    let compiled = run(directory.path(), &["compile", "cluster.yaml"], b"");
    assert_eq!(compiled.code, Some(1), "{}", compiled.stderr);
}

#[test]
fn az_is_run_by_an_argument_vector() {
    let directory = workspace();
    let bin = directory.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let script = "#!/bin/sh\nprintf '%s\\n' \"$@\" >> \"$LOG\"; echo -- >> \"$LOG\"\ncase \"$2\" in image) cat vm-images.json ;; *) cat definitions.json ;; esac\n";
    std::fs::write(bin.join("az"), script).unwrap();
    std::fs::set_permissions(bin.join("az"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(directory.path().join("definitions.json"), "[]").unwrap();
    let log = directory.path().join("log");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let az = |arguments: &[&str]| {
        Command::new(program())
            .args(arguments)
            .current_dir(directory.path())
            .env("PATH", &path)
            .env("LOG", &log)
            .output()
            .unwrap()
    };
    let listed = az(&["images", "--az", "--arch", "arm64"]);
    assert_eq!(listed.status.code(), Some(0), "{}", String::from_utf8_lossy(&listed.stderr));
    assert!(String::from_utf8(listed.stdout).unwrap().contains("kinvolk/flatcar-container-linux-corevm/stable"));
    az(&["images", "--az", "--gallery", "a b; touch x", "--location", "$(touch y)"]);
    let log = std::fs::read_to_string(log).unwrap();
    let calls: Vec<&str> = log.split("--\n").collect();
    assert!(calls[0].starts_with("vm\nimage\nlist\n--all\n--publisher\nkinvolk\n"), "{log}");
    assert!(
        calls.iter().any(|call| call.contains("--public-gallery-name\na b; touch x\n--location\n$(touch y)\n"))
            || log.contains("a b; touch x\n"),
        "{log}"
    );
    assert!(!directory.path().join("x").exists() && !directory.path().join("y").exists());
}

#[test]
fn without_az_it_is_told_what_to_do() {
    let directory = workspace();
    let done = Command::new(program())
        .args(["images", "--az"])
        .current_dir(directory.path())
        .env("PATH", directory.path())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("there is no `az` on the path"));
}

#[test]
fn everything_that_a_cluster_fetches_is_listed() {
    let directory = workspace();
    assert_eq!(lock(directory.path(), &[]).code, Some(0));
    let done = run(directory.path(), &["images", "--used", "cluster.yaml", "--format", "json"], b"");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let used: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let find = |kind: &str, name: &str| {
        used.as_array()
            .unwrap()
            .iter()
            .find(|used| used["kind"] == kind && used["name"].as_str().unwrap().contains(name))
            .cloned()
    };
    let extension = find("extension", "kubernetes-v1.35.9-arm64.raw").unwrap();
    assert!(extension["digest"].as_str().unwrap().starts_with("sha256:") && extension["by"][0] == "demo/arm");
    assert_eq!(find("chart", "kured").unwrap()["version"], "5.11.0");
    assert_eq!(find("machine-image", "corevm-amd64/stable-gen2").unwrap()["version"], "4593.2.10");
    assert_eq!(find("container-image", "registry.k8s.io/kube-apiserver").unwrap()["version"], "v1.35.9");
    assert_eq!(find("container-image", "registry.k8s.io/coredns/coredns").unwrap()["version"], "v1.13.1");
    assert!(
        find("container-image", "registry.k8s.io/etcd").unwrap().get("version").is_none(),
        "nobody saw the tag of this patch"
    );
    assert!(find("container-image", "kured").is_some());
}

#[test]
fn the_preset_for_renovate_names_what_a_spec_has() {
    let text = std::fs::read_to_string(repository().join("renovate/default.json")).unwrap();
    let preset: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sources = preset["customDatasources"].as_object().unwrap();
    for channel in flatwright_flatcar::release::Channel::ALL {
        let source = &sources[&format!("flatcar-{channel}")];
        assert_eq!(
            source["defaultRegistryUrlTemplate"],
            format!("https://www.flatcar.org/releases-json/releases-{channel}.json")
        );
        // The second number is the channel's own.
        let newest = flatwright_flatcar::release::newest().find(|(own, _)| *own == channel).unwrap().1;
        assert!(
            source["transformTemplates"][0].as_str().unwrap().contains(&format!("\\\\.{}\\\\.", newest.minor))
                || source["transformTemplates"][0].as_str().unwrap().contains(&format!("\\.{}\\.", newest.minor))
        );
    }
    let schema = flatwright_spec::schema().to_string();
    let manager = &preset["customManagers"][0];
    for words in manager["matchStrings"].as_array().unwrap() {
        let path = words.as_str().unwrap().split("].").nth(1).unwrap().split(".{").next().unwrap();
        for key in path.split('.').skip(1) {
            assert!(schema.contains(&format!("\"{key}\"")), "{key}");
        }
    }
}

#[test]
fn an_image_that_was_built_again_is_told_and_taken_when_asked_for() {
    let directory = workspace();
    assert_eq!(lock(directory.path(), &[]).code, Some(0));
    let first = text(directory.path());
    let sums = directory.path().join("SHA256SUMS");
    let other: String = std::fs::read_to_string(&sums)
        .unwrap()
        .lines()
        .map(|line| {
            if line.ends_with("v1.35.9-arm64.raw") {
                format!("{}{}\n", "0".repeat(64), &line[64..])
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    std::fs::write(&sums, &other).unwrap();
    let kept = lock(directory.path(), &[]);
    assert_eq!((kept.code, text(directory.path())), (Some(0), first));
    assert!(
        kept.stderr.contains("warning[rebuilt-extension]") && kept.stderr.contains("--update=kubernetes"),
        "{}",
        kept.stderr
    );
    let taken = lock(directory.path(), &["--update=kubernetes"]);
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    assert!(
        text(directory.path()).contains(&"0".repeat(64))
            && String::from_utf8_lossy(&taken.stdout).contains("~ extension")
    );
}

#[test]
fn lists_that_cannot_be_believed_choose_nothing() {
    let directory = workspace();
    let sums = std::fs::read_to_string(directory.path().join("SHA256SUMS")).unwrap();
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (name, list, code) in [
        ("stale", format!("{sums}{nothing}  BEST-BEFORE-2026-11-29\n"), "stale-checksums"),
        ("other", format!("{}  kubernetes-v1.35.9-arm64.raw\n", "0".repeat(64)), "contradicting-checksums"),
        ("paths", format!("{sums}{nothing}  ../../etc/passwd\n"), "unknown-version-list"),
    ] {
        std::fs::write(directory.path().join(name), list).unwrap();
        let done = lock(directory.path(), &["--from", name]);
        assert_eq!(done.code, Some(1), "{name}");
        assert!(done.stderr.contains(code), "{name}: {}", done.stderr);
        assert!(!directory.path().join("flatwright.lock").exists());
    }
}

#[test]
fn a_locked_compile_needs_no_network_at_all() {
    let directory = workspace();
    assert_eq!(lock(directory.path(), &[]).code, Some(0));
    let mut command = Command::new("unshare");
    command.args(["-rn"]).arg(program()).args(["compile", "cluster.yaml", "--locked"]).current_dir(directory.path());
    // Not every machine lets its users make namespaces.
    let can = Command::new("unshare").args(["-rn", "true"]).status().is_ok_and(|status| status.success());
    if can {
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
