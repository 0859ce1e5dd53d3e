//! Specs of strangers: what one names stays in its directory, and it reads the variables that it may read.
#![allow(clippy::disallowed_methods, reason = "tests run the program and make files")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const HEAD: &str = "apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata: {name: demo}
spec:
  flavor: flatcar-sysext
  kubernetes: {version: v1.35.4}
  flatcar: {version: 4593.2.5}
  azure:
    subscriptionID: 00000000-0000-0000-0000-000000000001
    location: westeurope
    identity: {name: cluster-identity}
  pools:
  - {name: md-0, replicas: 2, vmSize: Standard_D4s_v5}
";

fn program(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatwright"));
    command.current_dir(directory).args(arguments).env("FLATWRIGHT_TEST", "westeurope");
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A spec's directory with a file in it, a secret beside it, and links to both.
fn directory() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    let spec = directory.path().join("spec");
    fs::create_dir_all(spec.join("tree")).expect("directories");
    fs::write(directory.path().join("secret"), "the secret of another").expect("a file");
    fs::write(spec.join("good"), "a good file").expect("a file");
    fs::write(spec.join("tree/file"), "a good file").expect("a file");
    symlink("good", spec.join("inside")).expect("a link");
    symlink("../secret", spec.join("outside")).expect("a link");
    symlink("..", spec.join("up")).expect("a link");
    directory
}

fn compile(directory: &TempDir, control_plane: &str) -> Output {
    let spec = directory.path().join("spec");
    let text = format!("{HEAD}  controlPlane:\n    replicas: 3\n    vmSize: Standard_D4s_v5\n{control_plane}");
    fs::write(spec.join("cluster.yaml"), text).expect("a spec");
    // From above, so that the spec's directory is not the one that the program runs in.
    program(directory.path(), &["compile", "spec/cluster.yaml"])
}

#[test]
fn no_path_of_a_spec_leaves_its_directory() {
    let directory = directory();
    let file = |path: &str| format!("    files: [{{path: /etc/x, local: {path}}}]\n");
    let butane =
        |body: &str| format!("    butane:\n      inline: {{variant: flatcar, version: 1.1.0, storage: {body}}}\n");
    let config = |path: &str| format!("    butane: {path}\n");
    for good in [
        file("good"),
        file("inside"),
        butane("{files: [{path: /etc/x, contents: {local: inside}}]}"),
        butane("{trees: [{local: tree, path: /etc/x}]}"),
    ] {
        let output = compile(&directory, &good);
        assert!(output.status.success(), "{good}: {}", said(&output));
    }
    for bad in [
        file("outside"),
        file("up/secret"),
        file("../secret"),
        config("outside"),
        butane("{files: [{path: /etc/x, contents: {local: outside}}]}"),
        butane("{files: [{path: /etc/x, contents: {local: up/secret}}]}"),
        butane("{trees: [{local: up, path: /etc/x}]}"),
        "    users: []\n  plugins: [{name: a, source: outside}]\n".to_owned(),
        "    users: []\n  plugins: [{name: a, source: up/secret}]\n".to_owned(),
    ] {
        let output = compile(&directory, &bad);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{bad}: {said}");
        assert!(!said.contains("the secret of another") && said.contains("outside"), "{bad}: {said}");
    }
}

#[test]
fn a_spec_reads_the_variables_that_it_may_read() {
    let directory = TempDir::new().expect("a directory");
    let text = HEAD.replace("westeurope", "\"${env:FLATWRIGHT_TEST}\"");
    let text = format!("{text}  controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}\n");
    fs::write(directory.path().join("cluster.yaml"), text).expect("a spec");
    let run = |command: &str, arguments: &[&str]| {
        program(directory.path(), &[&[command, "cluster.yaml"], arguments].concat())
    };
    for command in ["compile", "validate", "preview"] {
        for allowed in [&[][..], &["--env", "FLATWRIGHT_TEST"], &["--env", "A", "--env", "FLATWRIGHT_TEST"]] {
            let output = run(command, allowed);
            assert!(output.status.success(), "{command} {allowed:?}: {}", said(&output));
        }
        for withheld in [&["--env", "none"], &["--env", "A"]] {
            let output = run(command, withheld);
            let said = said(&output);
            assert_eq!(output.status.code(), Some(1), "{command} {withheld:?}: {said}");
            assert!(said.contains("withheld-variable") && said.contains("--env FLATWRIGHT_TEST"), "{said}");
        }
    }
    assert_eq!(run("compile", &["--env", "a b"]).status.code(), Some(2));
}
