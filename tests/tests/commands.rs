//! Every command line that users are shown – in the help of commands, in README and in the guides – does what it says.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::path::Path;
use std::process::{Command, Output};

use flatwright_tests::{blocks, commands, files_below, program, repository, run};

fn help(command: &str) -> String {
    let run = run(repository(), &[command, "--help"], b"");
    assert_eq!(run.code, Some(0), "{command}");
    String::from_utf8(run.stdout).unwrap()
}

/// A directory with every file that the shown commands name.
fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let starter = run(repository(), &["init"], b"").stdout;
    let manifests = run(repository(), &["compile", "-"], &starter).stdout;
    let files: [(&str, &[u8]); 11] = [
        ("cluster.yaml", &starter),
        ("in-place.yaml", &starter),
        ("applied.yaml", &manifests),
        ("new.yaml", &manifests),
        ("node.bu", b"variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n  - {path: /etc/a, mode: 0644, contents: {inline: a}}\n"),
        ("node.clc", b"storage:\n  files:\n  - {path: /etc/a, mode: 0644, contents: {inline: a}}\n"),
        ("skus.json", b"[]"),
        ("usage.json", b"[]"),
        ("old.ign", br#"{"ignition": {"version": "2.3.0"}}"#),
        ("10-proxy.conf", b"[Service]\nEnvironment=HTTPS_PROXY=http://proxy.example:3128\n"),
        (
            "input.json",
            br#"{"kubeadmCommand": "kubeadm join --config /etc/kubeadm.yml", "kubeadmConfig": "kind: JoinConfiguration\n"}"#,
        ),
    ];
    std::fs::create_dir_all(directory.path().join("out")).unwrap();
    for (name, content) in files {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    for arguments in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "cluster.yaml"],
        &["-c", "user.name=me", "-c", "user.email=me@example.com", "commit", "--quiet", "--message", "A cluster"],
    ] {
        assert!(Command::new("git").args(arguments).current_dir(directory.path()).status().unwrap().success());
    }
    directory
}

/// Runs a line as a user's shell would, with the program in the search path.
fn shell(line: &str, directory: &Path) -> Output {
    let own = program().parent().unwrap().display();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(directory).env("PATH", path).env("PROGRAM", program());
    command.output().unwrap()
}

fn assert_runs(line: &str, directory: &Path) {
    let output = shell(line, directory);
    // `--check` says by 1 that something is out of date.
    let is_fine = output.status.success() || (line.contains("--check") && output.status.code() == Some(1));
    assert!(is_fine, "`{line}` ends with {:?}: {}", output.status.code(), String::from_utf8_lossy(&output.stderr));
}

/// Whether a command asks servers, or `az`: those are run with lists on a disk by tests of their own (`lock`, `mirrors`).
fn is_of_the_network(line: &str) -> bool {
    let asks = ["flatwright lock", "flatwright vendor", "flatwright images"];
    asks.iter().any(|command| line.starts_with(command)) && !line.contains("--used")
}

#[test]
fn every_command_has_help_with_an_example_that_runs() {
    for command in commands() {
        let help = help(&command);
        let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("`{command} --help` has no example"));
        let lines: Vec<&str> = examples.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect();
        let directory = workspace();
        let mut count = 0;
        for line in lines {
            let first = line.split(' ').next().unwrap_or_default();
            assert!(
                ["flatwright", "kubectl", "az", "#"].contains(&first),
                "`{command} --help` breaks a line before `{line}`"
            );
            if first == "flatwright" && !is_of_the_network(line) {
                // What is after a pipe is another program's; system directories are not ours to write.
                let line = line.split(" | kubectl").next().unwrap().replace("/etc/bash_completion.d/", "");
                assert_runs(&line, directory.path());
                count += 1;
            }
        }
        let is_only_there = ["lock", "vendor", "images"].contains(&command.as_str());
        assert!(count > 0 || is_only_there, "{command}: {examples}");
    }
}

#[test]
fn every_command_in_readme_and_guides_runs() {
    let pages = files_below(&repository().join("docs")).into_iter().chain([repository().join("README.md")]);
    let mut count = 0;
    for page in pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(&page).unwrap();
        let directory = workspace();
        let lines = blocks(&text).into_iter().filter(|(info, _)| *info == "console").map(|(_, body)| body);
        let lines: Vec<String> = lines
            .flat_map(|body| {
                body.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        for line in lines.iter().filter(|line| !line.starts_with("kubectl ") && !line.starts_with("script/")) {
            let is_of_repository = line.contains("examples/");
            assert_runs(line, if is_of_repository { repository() } else { directory.path() });
            count += 1;
        }
    }
    assert!(count >= 8, "only {count} commands");
}
