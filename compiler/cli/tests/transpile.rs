//! The program against the answers of the originals, and its own command line. The first half is skipped with a printed line where the data is absent.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests run the program, read the data and print their figures"
)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::read::GzDecoder;
use flatwright_ignition::ignition2::decode_data_url;
use serde_json::Value;

fn program(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flatwright"))
        .arg("transpile")
        .args(arguments)
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that fails before it reads closes the pipe.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn data() -> Option<PathBuf> {
    let named = std::env::var("FLATWRIGHT_CONFORMANCE").ok().map(PathBuf::from);
    let root = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    let is_there = root.is_dir();
    if !is_there {
        println!("skipped: no conformance data");
    }
    is_there.then_some(root)
}

fn cases(root: &Path, program: &str) -> Vec<Value> {
    let text = fs::read_to_string(root.join(program).join("cases.jsonl")).expect("cases are readable");
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

fn text<'c>(case: &'c Value, key: &str) -> &'c str {
    case[key].as_str().unwrap_or_default()
}

fn input(case: &Value) -> Vec<u8> {
    match case["input_b64"].as_str() {
        Some(encoded) => decode_data_url(&format!("data:;base64,{encoded}")).expect("base64"),
        None => text(case, "input").into(),
    }
}

fn arguments(case: &Value) -> Vec<&str> {
    case["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What a plain copy of the data loses: links are files that hold their target, and some execute bits are gone.
const LINKS: [&str; 5] =
    ["tree/t1/link", "tree/t1/abslink", "tree/t1/sub/dangling", "tree/t4/dirlink", "basic/link-to-file-1"];
const EXECUTABLES: [(&str, u32); 2] = [("tree/exec/group-exec", 0o654), ("tree/exec/other-exec", 0o645)];

/// A copy of the files with links and bits restored.
fn restored(root: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("butane-files");
    let _ = fs::remove_dir_all(&copy);
    copy_tree(&root.join("butane/_files"), &copy.join("_files"));
    for link in LINKS {
        let path = copy.join("_files").join(link);
        if path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            let target = fs::read_to_string(&path).expect("a target");
            fs::remove_file(&path).expect("ours");
            std::os::unix::fs::symlink(target.trim_end(), &path).expect("a link");
        }
    }
    for (path, mode) in EXECUTABLES {
        let _ = fs::set_permissions(copy.join("_files").join(path), fs::Permissions::from_mode(mode));
    }
    copy
}

fn copy_tree(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(to).expect("ours");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            copy_tree(&from, &to);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&from).expect("a link"), &to).expect("ours");
        } else {
            let mode = from.metadata().expect("metadata").permissions().mode() | 0o200;
            fs::copy(&from, &to).expect("ours");
            fs::set_permissions(&to, fs::Permissions::from_mode(mode)).expect("ours");
        }
    }
}

/// Replaces gzip in `data:` URLs by what it holds.
fn unpack(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let is_gzip = map.get("compression") == Some(&Value::from("gzip"));
            if let Some(bytes) =
                map.get("source").and_then(Value::as_str).filter(|_| is_gzip).and_then(decode_data_url_of)
            {
                let mut text = Vec::new();
                let _ = GzDecoder::new(&*bytes).read_to_end(&mut text);
                map.insert("source".to_owned(), Value::from(String::from_utf8_lossy(&text).into_owned()));
            }
            map.values_mut().for_each(unpack);
        }
        Value::Array(items) => items.iter_mut().for_each(unpack),
        _ => {}
    }
}

fn decode_data_url_of(source: &str) -> Option<Vec<u8>> {
    source.starts_with("data:;base64,").then(|| decode_data_url(source).ok())?
}

fn json(bytes: &[u8]) -> Value {
    let mut value = serde_json::from_slice(bytes).unwrap_or_default();
    unpack(&mut value);
    value
}

/// Counts, prints what differs, and fails below the floor.
fn judge(name: &str, cases: &[Value], floor: f64, is_same: impl Fn(&Value) -> Result<(), String> + Sync) {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let is_same = &is_same;
        let threads: Vec<_> = cases
            .chunks(cases.len().div_ceil(workers).max(1))
            .map(|chunk| scope.spawn(move || chunk.iter().map(is_same).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let good = results.iter().filter(|result| result.is_ok()).count();
    for (case, result) in cases.iter().zip(&results) {
        if let Err(detail) = result {
            println!("--- {}: {detail}", case["name"]);
        }
    }
    println!("{name} through the program: {good} of {} cases", cases.len());
    assert!(good as f64 >= floor * cases.len() as f64, "below the recorded floor");
}

#[test]
fn it_answers_as_butane() {
    let Some(root) = data() else { return };
    let directory = restored(&root);
    // Cases of files that are no part of the data, of flags that are not taken over, and of variants that are out of scope.
    let is_outside = |case: &Value| {
        let name = text(case, "name");
        let is_absent = case["input"].is_null() && case["input_b64"].is_null();
        let has_file = arguments(case).iter().any(|argument| argument.ends_with(".bu"));
        is_absent
            || has_file
            || ["hdr-r4e", "flag-debug", "flag-help", "flag-color-junk", "flag-input-deprecated"].contains(&name)
    };
    let cases: Vec<Value> = cases(&root, "butane").into_iter().filter(|case| !is_outside(case)).collect();
    judge("butane", &cases, 0.999, |case| {
        let mut pretty_arguments = arguments(case);
        let input = input(case);
        let pretty = program(&directory, &pretty_arguments, &input);
        pretty_arguments.push("--raw-errors");
        let raw = program(&directory, &pretty_arguments, &input);
        let is_exit = [&pretty, &raw].iter().all(|output| output.status.code().map(i64::from) == case["exit"].as_i64());
        let variants = case["stderr_raw_variants"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let raw_text = String::from_utf8_lossy(&raw.stderr);
        let is_raw = variants.chain([text(case, "stderr_raw")]).any(|wanted| sorted(wanted) == sorted(&raw_text));
        let is_nondeterministic = case["stderr_raw_variants"].is_array();
        let is_pretty = is_nondeterministic || text(case, "stderr") == String::from_utf8_lossy(&pretty.stderr);
        let is_json = json(text(case, "stdout").as_bytes()) == json(&pretty.stdout);
        if is_exit && is_raw && is_pretty && is_json {
            return Ok(());
        }
        Err(format!("exit {is_exit}, JSON {is_json}, raw {is_raw}, pretty {is_pretty}\n{raw:?}\n{case}"))
    });
}

/// Entries of ct's report, sorted: the order of unknown keys is not defined.
fn clc_entries(report: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in report.lines() {
        let starts = ["error", "warning", "info"].iter().any(|kind| {
            line.strip_prefix(kind).is_some_and(|rest| rest.starts_with(" at line ") || rest.starts_with(": "))
        });
        match entries.last_mut() {
            Some(last) if !starts && line != "Failed to parse config" => {
                last.push('\n');
                last.push_str(line);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries.sort();
    entries
}

#[test]
fn it_answers_as_ct() {
    let Some(root) = data() else { return };
    let directory = root.join("clc");
    // ct prints its report as a format, which garbles `%`; that is not taken over.
    let cases: Vec<Value> = cases(&root, "clc")
        .into_iter()
        .filter(|case| text(case, "name") != "own-flag-help" && !text(case, "stderr").contains("%!"))
        .collect();
    judge("clc", &cases, 0.99, |case| {
        let own: Vec<String> = arguments(case)
            .iter()
            .map(|argument| match argument.strip_prefix('-') {
                Some(flag) => format!("--{}", flag.trim_start_matches('-')),
                None => (*argument).to_owned(),
            })
            .collect();
        let mut arguments = vec!["--from", "clc"];
        arguments.extend(own.iter().map(String::as_str));
        let output = program(&directory, &arguments, &input(case));
        let is_exit = output.status.code().map(i64::from) == case["exit"].as_i64();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let is_report = clc_entries(&stderr) == clc_entries(text(case, "stderr"));
        let is_json = String::from_utf8_lossy(&output.stdout).trim_end() == text(case, "stdout").trim_end();
        if is_exit && is_report && is_json {
            return Ok(());
        }
        Err(format!("exit {is_exit}, JSON {is_json}, report {is_report}\n{output:?}\n{case}"))
    });
}

const SMALL: &[u8] = b"variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n  - {path: /etc/motd, mode: 0644, contents: {inline: hello}}\n";

fn scratch(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).expect("ours");
    directory
}

#[test]
fn the_output_file_is_replaced_only_by_a_success() {
    let directory = scratch("output");
    let path = directory.join("node.ign");
    fs::write(&path, "old").expect("ours");
    let failed = program(&directory, &["-o", "node.ign"], b"variant: flatcar\nversion: 9.0.0\n");
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&path).expect("kept"), "old");
    let output = program(&directory, &["-o", "node.ign"], SMALL);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert!(fs::read_to_string(&path).expect("written").ends_with("\"mode\":420}]}}\n"));
    assert_eq!(fs::read_dir(&directory).expect("ours").count(), 1, "nothing is left beside it");
}

#[test]
fn local_files_stay_below_their_directory() {
    let directory = scratch("local");
    fs::create_dir(directory.join("files")).expect("ours");
    fs::write(directory.join("secret"), "x").expect("ours");
    let config =
        "variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: /a, mode: 0600, contents: {local: ../secret}}]}\n";
    let output = program(&directory, &["-d", "files", "--raw-errors"], config.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("local file path traverses outside the files directory"));
}

#[test]
fn ignition_2_becomes_what_the_node_acts_on() {
    let directory = scratch("ignition2");
    let config = br#"{"ignition":{"version":"2.3.0"},"systemd":{"units":[{"name":"a.service","enable":true}]}}"#;
    let output = program(&directory, &["--from", "ignition2"], config);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "{\"ignition\":{\"version\":\"3.1.0\"},\"systemd\":{\"units\":[{\"enabled\":true,\"name\":\"a.service\"}]}}\n"
    );
    let twice = br#"{"ignition":{"version":"2.3.0"},"storage":{"files":[{"filesystem":"root","path":"/a"},{"filesystem":"root","path":"/a"}]}}"#;
    let output = program(&directory, &["--from", "ignition2"], twice);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("conflicting inodes"), "{output:?}");
}

#[test]
fn the_flags_are_butanes() {
    let directory = scratch("flags");
    let run = |arguments: &[&str]| program(&directory, arguments, SMALL);
    assert!(run(&["--check"]).stdout.is_empty());
    assert!(String::from_utf8_lossy(&run(&["-p"]).stdout).starts_with("{\n  \"ignition\""));
    assert!(run(&["-r", "-s", "--color=always"]).status.success());
    assert!(run(&["--color"]).status.success());
    assert!(String::from_utf8_lossy(&run(&["-V"]).stdout).contains(env!("CARGO_PKG_VERSION")));
    assert_eq!(run(&["a.bu", "b.bu"]).status.code(), Some(2));
    assert_eq!(run(&["--no-such-flag"]).status.code(), Some(2));
    let missing = run(&["missing.bu"]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&missing.stderr),
        "failed to open missing.bu: open missing.bu: no such file or directory\n"
    );
}
