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
