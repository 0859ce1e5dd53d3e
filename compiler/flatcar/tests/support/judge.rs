//! The real systemd, where it is installed. Owns: how it is asked. Must not: know what we say.
#![allow(clippy::print_stdout, reason = "a tool prints what it skips, and a test may")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "runs a program on a scratch directory")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const SYSTEMD: &str = "/lib/systemd/systemd";

/// The program and a directory of its own.
pub(crate) struct Judge {
    directory: tempfile::TempDir,
}

impl Judge {
    /// The judge; with a printed line, none where it is not installed.
    pub(crate) fn find() -> Option<Self> {
        let has_analyze = Command::new("systemd-analyze").arg("--version").output().is_ok();
        if !has_analyze || !Path::new(SYSTEMD).exists() {
            println!("skipped: the real systemd needs Debian's package `systemd`");
            return None;
        }
        let memory = Path::new("/dev/shm");
        let directory = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        Some(Self { directory })
    }

    /// The lines of a unit that systemd complains of.
    pub(crate) fn lines(&self, name: &str, text: &str) -> BTreeMap<u32, String> {
        std::fs::write(self.directory.path().join(name), text).unwrap();
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no"])
            .arg(format!("./{name}"))
            .current_dir(self.directory.path())
            .env("SYSTEMD_COLORS", "0")
            .output()
            .unwrap();
        let mut lines = BTreeMap::new();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let Some((_, rest)) = line.split_once(&format!("{name}:")) else { continue };
            let Some((number, words)) = rest.split_once(": ") else { continue };
            if let Ok(number) = number.parse() {
                lines.entry(number).or_insert_with(|| words.to_owned());
            }
        }
        lines
    }

    /// The settings that this systemd has, by section.
    pub(crate) fn settings(&self) -> BTreeMap<String, Vec<String>> {
        let output = Command::new(SYSTEMD).arg("--dump-configuration-items").output().unwrap();
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut section = String::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name.to_owned();
            } else if let Some((key, _)) = line.split_once('=') {
                sections.entry(section.clone()).or_default().push(key.to_owned());
            }
        }
        sections
    }
}
