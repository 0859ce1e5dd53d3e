//! The examples of docs/machine-configs.md do what they promise.

#![allow(clippy::disallowed_methods, reason = "tests run the program and read the documentation")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flatwright"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

/// The fenced blocks of the page: info string and text.
fn blocks() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/machine-configs.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let mut parts = page.split("```");
    let mut blocks = Vec::new();
    while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
        let (info, text) = block.split_once('\n').expect("an info string");
        blocks.push((info.to_owned(), text.to_owned()));
    }
    blocks
}

#[test]
fn the_configs_of_the_guide_are_good() {
    let mut count = 0;
    for (info, text) in blocks() {
        let commands: &[&[&str]] = match info.as_str() {
            "yaml,spec,good" => {
                &[&["compile", "-"], &["preview", "-"], &["preview", "-", "--group", "md-0", "--as", "3.1"]]
            }
            "yaml,butane,good" => &[&["transpile", "--strict", "--check", "--raw-errors"]],
            _ => continue,
        };
        for command in commands {
            let output = program(command, &text);
            assert!(output.status.success() && output.stderr.is_empty(), "{command:?}: {output:?}");
        }
        count += 1;
    }
    assert_eq!(count, 2);
}

/// Every flag that the guide shows is one that the program has.
#[test]
fn the_commands_of_the_guide_exist() {
    for (info, text) in blocks() {
        if info != "sh" {
            continue;
        }
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().take_while(|word| *word != "<").collect();
            let [_, command, flags @ ..] = words.as_slice() else { panic!("`{line}` is no command") };
            let help = String::from_utf8_lossy(&program(&[command, "--help"], "").stdout).into_owned();
            for flag in flags.iter().filter(|flag| flag.starts_with('-')) {
                assert!(help.contains(flag), "`{command}` has no `{flag}`");
            }
        }
    }
}

/// A spec is often compiled by another than its writer: it must not carry that one's files away.
#[cfg(unix)]
#[test]
fn local_files_of_a_spec_cannot_leave_its_directory() {
    let outside = tempfile::tempdir().expect("a directory");
    std::fs::write(outside.path().join("secret"), "s3cret").expect("written");
    std::fs::create_dir(outside.path().join("specs")).expect("made");
    let inside = outside.path().join("specs");
    std::fs::write(inside.join("motd"), "hello").expect("written");
    for (link, target) in [("within", "motd"), ("file", "../secret"), ("directory", ".."), ("circle", "circle")] {
        std::os::unix::fs::symlink(target, inside.join(link)).expect("linked");
    }
    let refused = "is a link to outside the files directory";
    for (line, wanted) in [
        ("files: [{path: /a, mode: 0644, contents: {local: within}}]", Ok(())),
        ("files: [{path: /a, mode: 0644, contents: {local: file}}]", Err(refused)),
        ("files: [{path: /a, mode: 0644, contents: {local: directory/secret}}]", Err(refused)),
        ("files: [{path: /a, mode: 0644, contents: {local: circle}}]", Err("symbolic links")),
        ("files: [{path: /a, mode: 0644, contents: {local: ../secret}}]", Err("traverses outside the files directory")),
        ("trees: [{local: directory}]", Err(refused)),
    ] {
        let name = inside.join("node.bu");
        std::fs::write(&name, format!("variant: flatcar\nversion: 1.1.0\nstorage: {{{line}}}\n")).expect("written");
        let output = program(&["validate", &name.to_string_lossy()], "");
        let report = String::from_utf8_lossy(&output.stdout);
        match wanted {
            Ok(()) => assert!(output.status.success(), "{line}: {report}"),
            Err(words) => assert!(!output.status.success() && report.contains(words), "{line}: {report}"),
        }
    }
}
