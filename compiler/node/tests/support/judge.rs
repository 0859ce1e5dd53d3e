//! The real Ignition, where it is installed: a root is made of the table, a config is applied to it, and what came of it is read back.
#![allow(clippy::print_stdout, reason = "a tool prints what it skips, and a test may")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "runs a program on a scratch directory")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use flatwright_node::{Kind, before};
use serde_json::{Value, json};

use super::{Verdict, hash, root};

/// The kind of a failure that Ignition did not put into words.
pub(crate) const CRASH: &str = "crash";

/// Debian's package.
const IGNITION: &str = "/usr/lib/dracut/modules.d/30ignition/ignition";

/// What the programs of shadow write beside the lines that are compared.
const NOT_COMPARED: &[&str] = &["passwd", "group", "shadow", "gshadow", "subuid", "subgid"];

/// The program and a directory of its own.
pub(crate) struct Judge {
    directory: tempfile::TempDir,
}

impl Judge {
    /// The judge; with a printed line, none where it is not installed or may not make files of others.
    pub(crate) fn find() -> Option<Self> {
        let is_root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        if !Path::new(IGNITION).exists() || !is_root {
            println!("skipped: the real Ignition needs Debian's package `ignition` and root");
            return None;
        }
        // The programs of shadow wait for the disk, which memory does not need.
        let memory = Path::new("/dev/shm");
        let directory = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let stub = directory.path().join("stubs");
        fs::create_dir(&stub).unwrap();
        fs::write(stub.join("setfiles"), "#!/bin/sh\nexit 0\n").unwrap();
        fs::set_permissions(stub.join("setfiles"), fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { directory })
    }

    /// Applies a config.
    pub(crate) fn verdict(&self, config: &Value) -> Verdict {
        let root = self.directory.path().join("root");
        make_root(&root);
        let old = tree(&root);
        let lines = |name: &str| -> Vec<String> {
            fs::read_to_string(root.join("etc").join(name)).unwrap_or_default().lines().map(str::to_owned).collect()
        };
        let (users, groups) = (lines("passwd"), lines("group"));
        let log = self.run(&root, config);
        let verdict = if let Some(log) = log {
            let (first, subject) = kind(&log.replace(root.to_str().unwrap(), ""));
            Verdict { first, subject, ..Verdict::default() }
        } else {
            let new = |old: &[String], new: Vec<String>| new.into_iter().filter(|line| !old.contains(line)).collect();
            Verdict {
                first: "ok".to_owned(),
                subject: None,
                tree: tree(&root).into_iter().filter(|(path, form)| old.get(path) != Some(form)).collect(),
                users: new(&users, lines("passwd")),
                groups: new(&groups, lines("group")),
            }
        };
        fs::remove_dir_all(&root).unwrap();
        verdict
    }

    /// The first failure in Ignition's words, if there is one.
    fn run(&self, root: &Path, config: &Value) -> Option<String> {
        let work = self.directory.path();
        fs::write(work.join("config.ign"), config.to_string()).unwrap();
        let path = format!("{}:{}", work.join("stubs").display(), std::env::var("PATH").unwrap());
        let at = |name: &str| work.join(name).display().to_string();
        for name in ["cache.json", "state", "neednet"] {
            let _ = fs::remove_file(work.join(name));
        }
        for stage in ["fetch", "files"] {
            let output = Command::new(IGNITION)
                .args(["--platform=file", "--log-to-stdout", "--fetch-timeout=5s"])
                .arg(format!("--root={}", root.display()))
                .arg(format!("--stage={stage}"))
                .arg(format!("--config-cache={}", at("cache.json")))
                .arg(format!("--state-file={}", at("state")))
                .arg(format!("--neednet={}", at("neednet")))
                .env("IGNITION_CONFIG_FILE", work.join("config.ign"))
                .env("PATH", &path)
                .output()
                .unwrap();
            if !output.status.success() {
                let log = String::from_utf8_lossy(&output.stdout);
                return Some(log.lines().rfind(|line| line.contains("CRITICAL")).unwrap_or(CRASH).to_owned());
            }
        }
        None
    }
}

fn make_root(root: &Path) {
    fs::create_dir(root).unwrap();
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    let base = root_of_table();
    for entry in base.tree.entries() {
        let path = root.join(entry.path.trim_start_matches('/'));
        match entry.kind {
            Kind::Directory { .. } => fs::create_dir(&path).unwrap(),
            Kind::File(_) => fs::write(&path, text_of(&base, &entry.path)).unwrap(),
            Kind::Link(target) => std::os::unix::fs::symlink(target, &path).unwrap(),
            Kind::Unknown => continue,
        }
        std::os::unix::fs::lchown(&path, entry.user, entry.group).unwrap();
        if !matches!(entry.kind, Kind::Link(_)) {
            fs::set_permissions(&path, fs::Permissions::from_mode(entry.mode)).unwrap();
        }
    }
}

fn root_of_table() -> flatwright_node::Node<'static> {
    before(&root())
}

/// The files of the root that have something in them.
fn text_of(node: &flatwright_node::Node<'_>, path: &str) -> String {
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| format!("{line}\n")).collect::<String>();
    match path {
        "/etc/passwd" => lines(node.users().map(ToString::to_string).collect()),
        "/etc/group" => lines(node.groups().map(ToString::to_string).collect()),
        "/etc/shadow" => lines(node.users().map(|user| format!("{}:*:15887:0:::::", user.name)).collect()),
        "/etc/selinux/config" => "SELINUX=disabled\nSELINUXTYPE=mcs\n".to_owned(),
        "/etc/login.defs" => settings(&|name| !matches!(name, "GROUP" | "HOME" | "SHELL" | "NAMES"), ' '),
        "/etc/default/useradd" => settings(&|name| matches!(name, "GROUP" | "HOME" | "SHELL"), '='),
        _ => String::new(),
    }
}

/// Settings of the table in the form of a file.
fn settings(is_in: &dyn Fn(&str) -> bool, separator: char) -> String {
    let lines = include_str!("../recorded.root").lines().filter_map(|line| line.strip_prefix("setting "));
    let pairs = lines.filter_map(|line| line.split_once(' ')).filter(|(name, _)| is_in(name));
    pairs.map(|(name, value)| format!("{name}{separator}{value}\n")).collect()
}

/// What is below a root, in the recorded form.
fn tree(root: &Path) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let mut rest: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(directory) = rest.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let place = format!("/{}", path.strip_prefix(root).unwrap().display());
            let about = fs::symlink_metadata(&path).unwrap();
            let mode = format!("0o{:o}", about.mode() & 0o7777);
            let form = if about.is_dir() {
                rest.push(path);
                json!(["dir", mode, about.uid(), about.gid()])
            } else if about.is_symlink() {
                json!(["link", fs::read_link(&path).unwrap().to_str().unwrap()])
            } else {
                json!(["file", mode, about.uid(), about.gid(), hash(&fs::read(&path).unwrap())])
            };
            let name = place.strip_prefix("/etc/").map(|name| name.trim_end_matches('-'));
            if !name.is_some_and(|name| {
                NOT_COMPARED.contains(&name) || name.starts_with(".ignition") || name == ".pwd.lock"
            }) {
                all.insert(place, form);
            }
        }
    }
    all
}

/// Kind and subject of a failure in Ignition's words.
fn kind(words: &str) -> (String, Option<String>) {
    let has = |text: &str| words.contains(text);
    let between = |before: &str, after: &str| {
        let start = words.find(before)? + before.len();
        let length = words[start..].find(after)?;
        Some(words[start..start + length].to_owned())
    };
    let account = || {
        between("create group \"", "\"")
            .or_else(|| between("create user \"", "\""))
            .or_else(|| between("to user \"", "\""))
    };
    let kind = |kind: &str, subject: Option<String>| (kind.to_owned(), subject);
    if has("config is not valid") || has("config version") {
        return kind("config-invalid", None);
    }
    if has("failed to configure groups") || has("failed to configure users") {
        let is_group = has("failed to configure groups");
        let status = between("exit status ", ":").unwrap_or_default();
        let name = match (is_group, &*status) {
            _ if has("failed to add keys") => "ssh-keys",
            (_, "1" | "3") => "bad-argument",
            (_, "2") => "bad-argument",
            (true, "4") => "gid-in-use",
            (true, "8") => "group-busy",
            (true, "9") => "group-exists",
            (false, "4") => "uid-in-use",
            (false, "6") => "group-missing",
            (false, "9") => "user-group-exists",
            (false, "12") => "home",
            _ => words,
        };
        return kind(name, account());
    }
    let subject = if has("failed to create units") || has("setting preset") {
        Some("units".to_owned())
    } else {
        between("error creating /", ": ")
            .or_else(|| between("error removing existing file /", ": "))
            .or_else(|| between("error relabeling paths for /", ": "))
            .map(|path| format!("/{path}"))
    };
    for (text, name) in [
        ("no such user", "user-unknown"),
        ("no such group", "group-unknown"),
        ("hash verification failed", "hash"),
        ("encoding/hex", "hash"),
        ("unexpected EOF", "gzip"),
        ("gzip:", "gzip"),
        ("flate:", "gzip"),
        (": EOF", "gzip"),
        ("not a directory", "not-a-directory"),
        ("file name too long", "too-long"),
        ("too many levels of symbolic links", "circle"),
        ("resolved to", "same-place"),
        ("operation not permitted", "hard-link-of-directory"),
        ("no such file or directory", "link-target-missing"),
        ("exists", "exists"),
    ] {
        if has(text) {
            return kind(name, subject);
        }
    }
    kind(words, subject)
}
