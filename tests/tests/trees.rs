//! `validate DIR` on trees of a real disk: what is looked at, what is counted and not looked at, what is told where, and the exit codes.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the program on a disk and say what they leave out"
)]

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use flatwright_tests::{Run, conformance, golden, program, repository, run};
use serde_json::Value;

const EXAMPLE: &str = "examples/capz-flatcar-sysext.yaml";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null");
    assert!(command.status().unwrap().success(), "git {arguments:?}");
}

/// Runs the program without the right to read everything, which tests may have. Says nothing where this machine has no way to.
fn run_without_rights(directory: &Path, arguments: &[&str]) -> Option<Run> {
    let probe = directory.join("probe");
    std::fs::write(&probe, "").unwrap();
    std::fs::set_permissions(&probe, Permissions::from_mode(0o000)).unwrap();
    let may_read_all = std::fs::read(&probe).is_ok();
    std::fs::remove_file(&probe).unwrap();
    if !may_read_all {
        return Some(run(directory, arguments, b""));
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]);
    let Ok(output) = command.arg(program()).args(arguments).current_dir(directory).stdin(Stdio::null()).output() else {
        println!("not tested: no `setpriv` here, and these tests may read everything");
        return None;
    };
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(Run { code: output.status.code(), stdout: output.stdout, stderr })
}

/// A tree with every kind of file, three directories deep, and all that is not looked at.
fn plant(root: &Path) {
    let spec = std::fs::read_to_string(repository().join(EXAMPLE)).unwrap();
    for name in ["a", "b"] {
        write(root, &format!("specs/{name}.yaml"), &spec);
        let out = format!("clusters/{name}");
        let compiled = run(root, &["compile", &format!("specs/{name}.yaml"), "-o", &out], b"");
        assert_eq!(compiled.code, Some(0), "{}", compiled.stderr);
        // An overlay of each: a copy of one object, a patch that is not whole, and what it stands on.
        let overlay = format!("overlays/{name}");
        write(
            root,
            &format!("{overlay}/kustomization.yaml"),
            &format!("resources: [../../clusters/{name}, own.yaml]\npatches:\n- path: patch.yaml\n"),
        );
        write(
            root,
            &format!("{overlay}/patch.yaml"),
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureCluster\nmetadata: {name: x}\n",
        );
        let own = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";
        write(root, &format!("{overlay}/own.yaml"), own);
        write(root, &format!("base-{name}/settings.yaml"), own);
    }
    write(root, "machines/node.bu", "variant: flatcar\nversion: 1.1.0\n");
    write(root, "machines/x/y/z/clc.yaml", "storage:\n  files:\n  - path: /etc/motd\n    filesystem: root\n");
    write(root, "machines/x/y/z/deep.bu", "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n  - path: etc/motd\n");
    write(root, "machines/x/node.ign", "{\"ignition\": {\"version\": \"3.3.0\"}}");
    write(root, "machines/x/a.service", "[Service]\nExecStart=/usr/bin/true\n");
    write(
        root,
        "machines/x/kubernetes.transfer",
        "[Transfer]\nVerify=false\n\n[Source]\nType=url-file\nPath=https://example.com/\nMatchPattern=kubernetes-@v.raw\n\n[Target]\nType=regular-file\nPath=/opt/extensions\nMatchPattern=kubernetes-@v.raw\n",
    );
    write(root, "plugins/pin.wasm", "{\"name\": \"pin-images\", \"version\": \"1.0.0\", \"summary\": \"pins images\"}");
    // Not ours.
    write(root, "README.md", "# Clusters\n");
    write(root, ".gitlab-ci.yml", "stages: [test]\nkind: ci\n");
    write(root, "values.yaml", "storage: {size: 10Gi}\nvariant: small\n");
    write(root, "chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
    write(root, "chart/values.yaml", "docker: {image: x}\n");
    write(root, "chart/templates/x.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {{ .Values.meta }}\n");
    write(root, "broken/notes.yaml", "steps: [\n");
    write(
        root,
        "mixed.yaml",
        "note: this is no object\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n",
    );
    // Not looked at.
    write(root, ".github/workflows/ci.bu", "variant: nothing\n");
    write(root, "machines/.old/x.bu", "variant: nothing\n");
    write(root, "build/x.bu", "variant: nothing\n");
    write(root, "build/y.bu", "variant: nothing\n");
    write(root, "build/kept.bu", "variant: flatcar\nversion: 1.1.0\n");
    write(root, "machines/x.tmp.bu", "variant: nothing\n");
    write(root, ".gitignore", "/build/\n*.tmp.bu\n");
    git(root, &["init", "-q"]);
    git(root, &["add", "-f", "build/kept.bu"]);
    symlink("machines", root.join("again")).unwrap();
    symlink("/etc", root.join("machines/out")).unwrap();
    assert!(Command::new("mkfifo").arg(root.join("machines/pipe.bu")).status().unwrap().success());
    write(root, "secret/key.bu", "variant: nothing\n");
    write(root, "locked/node.bu", "variant: nothing\n");
    std::fs::set_permissions(root.join("secret/key.bu"), Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(root.join("locked"), Permissions::from_mode(0o000)).unwrap();
}

#[test]
fn a_tree_with_every_kind_of_file_is_counted() {
    let directory = tempfile::tempdir().unwrap();
    plant(directory.path());
    let mut problems = Vec::new();
    for (format, extension) in
        [("text", "txt"), ("json", "json"), ("sarif", "sarif"), ("junit", "xml"), ("github", "github")]
    {
        let Some(run) = run_without_rights(directory.path(), &["validate", ".", "--report", format]) else { break };
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{format}");
        let mut report = String::from_utf8(run.stdout).unwrap();
        if format == "sarif" {
            // The pages of the codes are tested elsewhere.
            let log: Value = serde_json::from_str(&report).unwrap();
            report = format!("{:#}\n", log["runs"][0]["invocations"]);
        }
        problems.extend(golden(&repository().join(format!("tests/trees/every-kind.{extension}")), Some(&report)).err());
    }
    std::fs::set_permissions(directory.path().join("locked"), Permissions::from_mode(0o700)).unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_was_compiled_is_valid_as_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    git(directory, &["init", "-q"]);
    write(directory, ".gitignore", ".out/\n");
    std::fs::copy(repository().join(EXAMPLE), directory.join("cluster.yaml")).unwrap();
    assert_eq!(run(directory, &["compile", "cluster.yaml", "-o", ".out"], b"").code, Some(0));
    let valid = run(directory, &["validate", ".out", "--complete"], b"");
    let report = String::from_utf8(valid.stdout).unwrap();
    assert_eq!(valid.code, Some(0), "{report}");
    let objects = std::fs::read_dir(directory.join(".out/manifests")).unwrap().count();
    assert!(report.contains(&format!(" {objects} manifests; {objects} objects: ")), "{report}");
    // A mistake in the deepest file is found from the root, through a directory that git ignores and that is hidden, if it is named.
    let machine = std::fs::read_dir(directory.join(".out/manifests")).unwrap();
    let machine =
        machine.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().contains("azurecluster-"));
    let machine = machine.unwrap();
    let text = std::fs::read_to_string(&machine).unwrap();
    assert!(text.contains("  location:"));
    std::fs::write(&machine, text.replace("  location:", "  loaction:")).unwrap();
    let broken = run(directory, &["validate", ".out"], b"");
    assert_eq!(broken.code, Some(1), "{}", String::from_utf8_lossy(&broken.stdout));
    // From above it stays unseen, and that is said.
    let above = run(directory, &["validate", "."], b"");
    let report = String::from_utf8(above.stdout).unwrap();
    assert_eq!(above.code, Some(0), "{report}");
    assert!(report.contains("not checked because git ignores it: 1 (`.out`)"), "{report}");
}

#[test]
fn a_tree_without_anything_to_check_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::fs::create_dir(root.join("empty")).unwrap();
    write(root, "texts/a/README.md", "# Notes\n");
    write(root, "texts/values.yaml", "replicas: 3\n");
    std::fs::create_dir(root.join("links")).unwrap();
    symlink("../texts/values.yaml", root.join("links/values.yaml")).unwrap();
    symlink("..", root.join("links/up")).unwrap();
    for (name, counted) in [
        ("empty", "checked 0 files\n"),
        ("texts", "not checked because its kind is not known here: 1 (`texts/a/README.md`)\n"),
        (
            "links",
            "not checked because it is a link, and links are not followed: 2 (`links/up`, `links/values.yaml`)\n",
        ),
    ] {
        let run = run(root, &["validate", name], b"");
        let report = String::from_utf8(run.stdout).unwrap();
        assert_eq!(run.code, Some(1), "{name}: {report}");
        assert!(report.starts_with("error[nothing-to-check]") && report.contains(counted), "{name}: {report}");
    }
}

#[test]
fn copies_in_sibling_directories_are_no_duplicates_and_in_one_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    for path in ["base/a.yaml", "overlays/prod/a.yaml", "overlays/test/a.yaml"] {
        write(root, path, object);
    }
    let duplicates = |root| {
        let run = run(root, &["validate", ".", "--report", "json"], b"");
        assert_eq!(run.code, Some(0));
        String::from_utf8(run.stdout).unwrap().matches("\"code\":\"manifest-duplicate\"").count()
    };
    assert_eq!(duplicates(root), 0);
    write(root, "base/b.yaml", object);
    assert_eq!(duplicates(root), 1);
    // A kustomization takes all that is below it.
    write(root, "overlays/kustomization.yaml", "resources: [prod, test]\n");
    assert_eq!(duplicates(root), 2);
}

/// CRDs and what was applied before are found as deep as what is checked.
#[test]
fn crds_and_old_objects_are_walked_alike() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(
        root,
        "crds/a/b/pool.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: pools.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {kind: Pool, plural: pools}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec:\n            type: object\n            properties: {size: {type: integer, x-kubernetes-validations: [{rule: self == oldSelf}]}}\n",
    );
    write(root, "crds/a/kustomization.yaml", "resources: [b/pool.yaml]\npatches: [{path: patch.yaml}]\n");
    write(
        root,
        "crds/a/patch.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: pools.example.com}\n",
    );
    write(root, "crds/values.yaml", "a: 1\n");
    let pool =
        |size: u32| format!("apiVersion: example.com/v1\nkind: Pool\nmetadata: {{name: a}}\nspec: {{size: {size}}}\n");
    write(root, "old/a/b/pool.yaml", &pool(1));
    write(root, "old/README.md", "# Old\n");
    write(root, "new/a/b/pool.yaml", &pool(2));
    let checked = run(root, &["validate", "new", "--crds", "crds"], b"");
    let report = String::from_utf8(checked.stdout).unwrap();
    assert_eq!((checked.code, report.as_str()), (Some(0), "checked 1 file: 1 manifests; 1 object: 1 Pool\n"));
    let updated = run(root, &["validate", "new", "--crds", "crds", "--old", "old"], b"");
    assert_eq!(updated.code, Some(1), "{}", String::from_utf8_lossy(&updated.stdout));
    assert!(String::from_utf8_lossy(&updated.stdout).contains("new/a/b/pool.yaml:4"));
}

#[test]
fn trees_of_others_have_no_false_error() {
    let Some(templates) = conformance("capz-templates") else { return };
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(root, "values.yaml", "storage: {class: premium}\nsystemd: {enabled: true}\nvariant: flatcar\nkind: x\n");
    write(root, "dependabot.yml", "version: 2\nupdates: []\n");
    write(root, "docker-compose.yaml", "version: '3'\nservices: {}\n");
    let own = run(root, &["validate", ".", "--report", "json"], b"");
    assert_eq!(own.code, Some(1));
    assert!(String::from_utf8(own.stdout).unwrap().contains("\"nothing-to-check\""));
    // Two of them are for management clusters with these gates.
    let gates = ["--gate", "api-server-ilb", "--gate", "edge-zone"];
    let arguments = [&["validate", templates.to_str().unwrap(), "--report", "json"][..], &gates].concat();
    let run = run(repository(), &arguments, b"");
    let report = String::from_utf8(run.stdout).unwrap();
    let findings: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut errors: Vec<&Value> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
    // Its variable for the type of the location was filled in with a placeholder that the schema refuses.
    errors.retain(|finding| finding["path"] != "spec.extendedLocation.type");
    assert!(errors.is_empty(), "{errors:#?}");
    let checked = findings.last().unwrap();
    assert!(checked["checked"]["files"]["manifests"].as_u64().unwrap() > 10, "{checked}");
}

/// Whoever is first done, and however many work: one report.
#[test]
fn a_report_does_not_depend_on_the_number_of_cores() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    for number in 0..150 {
        let object = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: MachineDeployment\nmetadata: {name: a}\n";
        write(root, &format!("flat/{number}.yaml"), object);
        write(
            root,
            &format!("deep/{number}/x.bu"),
            "variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: x}]}\n",
        );
    }
    let many: String = (0..2_000)
        .map(|number| {
            format!(
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a-{}}}\ndata: {{a: {number}}}\n",
                number / 2
            )
        })
        .collect();
    write(root, "many.yaml", &many);
    let all = run(root, &["validate", "."], b"");
    assert_eq!(all.code, Some(1));
    let mut alone = Command::new("taskset");
    let alone = alone.args(["-c", "0"]).arg(program()).args(["validate", "."]).current_dir(root).output();
    match alone {
        Ok(alone) => assert!(alone.stdout == all.stdout, "one core reports something else"),
        Err(_) => println!("not compared with one core: no `taskset` here"),
    }
}
